// SPDX-License-Identifier: Apache-2.0
#include "store/audit_chain.hpp"

#include <algorithm>
#include <array>

namespace keystone::server {
namespace {

constexpr std::string_view kTag = "keystone-attest/audit/v1";
static_assert(kTag.size() == 24);

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void add_number(Sha3_512& hash, std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (unsigned i = 0; i < bytes.size(); ++i) {
    bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  }
  hash.update(bytes);
}

void add_text(Sha3_512& hash, std::string_view text) {
  add_number(hash, text.size());
  hash.update(bytes_of(text));
}

Result<ChainHash> hash_after(const AuditHead& before, const AuditEvent& event) {
  KEYSTONE_TRY(auto hash, Sha3_512::create());
  hash.update(bytes_of(kTag));
  add_number(hash, before.seq + 1);
  hash.update(before.hash.bytes());
  add_number(hash, static_cast<std::uint64_t>(event.time.time_since_epoch().count()));
  add_text(hash, event.kind);
  add_text(hash, event.actor);
  add_text(hash, event.body);
  return ChainHash(std::move(hash).finish().bytes());
}

using Kind = AuditBreak::Kind;

}  // namespace

AuditHead AuditHead::start() {
  return AuditHead{0, ChainHash(std::array<std::uint8_t, ChainHash::kSize>{})};
}

std::string_view to_string(AuditBreak::Kind kind) {
  switch (kind) {
    case Kind::wrong_hash:
      return "wrong_hash";
    case Kind::missing:
      return "missing";
    case Kind::out_of_order:
      return "out_of_order";
    case Kind::rewritten:
      return "rewritten";
  }
  return "";
}

Result<AuditRecord> next_record(const AuditHead& before, AuditEvent event) {
  KEYSTONE_TRY(const ChainHash hash, hash_after(before, event));
  return AuditRecord{before.seq + 1, std::move(event), hash};
}

AuditChain::AuditChain(const AuditHead& base, std::vector<Checkpoint> checkpoints)
    : head_(base), checkpoints_(std::move(checkpoints)) {
  std::sort(checkpoints_.begin(), checkpoints_.end(),
            [](const auto& left, const auto& right) { return left.head.seq < right.head.seq; });
  if (contradicts_checkpoint()) {
    base_break_ = AuditBreak{base.seq, Kind::rewritten};
  }
}

bool AuditChain::contradicts_checkpoint() {
  bool contradicts = false;
  for (; next_ < checkpoints_.size() && checkpoints_[next_].head.seq <= head_.seq; ++next_) {
    const AuditHead& head = checkpoints_[next_].head;
    contradicts = contradicts || (head.seq == head_.seq && head.hash != head_.hash);
  }
  return contradicts;
}

Result<std::optional<AuditBreak>> AuditChain::add(const AuditRecord& record) {
  if (base_break_) {
    return base_break_;
  }
  const std::uint64_t seq = head_.seq + 1;
  if (record.seq != seq) {
    return record.seq > seq ? AuditBreak{seq, Kind::missing}
                            : AuditBreak{record.seq, Kind::out_of_order};
  }
  KEYSTONE_TRY(const ChainHash hash, hash_after(head_, record.event));
  if (hash != record.hash) {
    return AuditBreak{seq, Kind::wrong_hash};
  }
  const AuditHead before = std::exchange(head_, AuditHead{seq, hash});
  if (contradicts_checkpoint()) {
    head_ = before;
    return AuditBreak{seq, Kind::rewritten};
  }
  return std::nullopt;
}

std::optional<AuditBreak> AuditChain::finish(const AuditHead& claimed) const {
  if (base_break_) {
    return base_break_;
  }
  const std::uint64_t last =
      checkpoints_.empty() ? claimed.seq : std::max(claimed.seq, checkpoints_.back().head.seq);
  if (head_.seq < last) {
    return AuditBreak{head_.seq + 1, Kind::missing};
  }
  if (head_.seq > claimed.seq) {
    return AuditBreak{claimed.seq + 1, Kind::out_of_order};
  }
  if (head_.hash != claimed.hash) {
    return AuditBreak{head_.seq, Kind::rewritten};
  }
  return std::nullopt;
}

}  // namespace keystone::server
