// SPDX-License-Identifier: Apache-2.0
#include "diagnose_stripped.hpp"
#include "diagnose_ways.hpp"
#include "keystone/base/number.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/measure/diagnose.hpp"
#include "page_entry.hpp"
#include "page_walk_rules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace keystone {
namespace {

// Enough for the page tables of all that is measured at most, in bytes.
constexpr std::uint64_t kAmpleFreemem = std::uint64_t{64} << 20U;

// Names a stream of measured bytes by where they come from, without reading them.
class StreamName {
 public:
  [[nodiscard]] static Result<StreamName> create() {
    KEYSTONE_TRY(auto hash, Sha256::create());
    return StreamName(std::move(hash));
  }

  void numbers(std::initializer_list<std::uint64_t> values) {
    for (const std::uint64_t value : values) {
      std::array<std::uint8_t, sizeof value> bytes{};
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
      }
      hash_.update(bytes);
    }
  }

  [[nodiscard]] FileDigest finish() && { return std::move(hash_).finish(); }

 private:
  explicit StreamName(Sha256 hash) : hash_(std::move(hash)) {}

  Sha256 hash_;
};

Result<EnclaveHash> hash_of(const Result<Measurement>& measurement) {
  return measurement ? Result<EnclaveHash>(measurement->hash) : fail(measurement.error());
}

// The search: what was tried so far.
class EnclaveSearch {
 public:
  EnclaveSearch(const DiagnoseInputs& inputs, const EnclaveHash& seen)
      : inputs_(inputs), seen_(seen) {}

  // Whether `way` gives the hash.
  Result<bool> try_way(const EnclaveWay& way) {
    KEYSTONE_TRY(auto name, StreamName::create());
    const bool is_walk = info(way.profile).scheme == Scheme::page_walk;
    more_freemem_ = false;
    const auto hash = is_walk ? walk_hash(way, std::move(name)) : loader_hash(way, std::move(name));
    if (!hash) {
      if (!is_refusal(hash.error())) {
        return fail(hash.error());
      }
      add_refusal(way.attempt, hash.error().message);
      return false;
    }
    if (!*hash) {
      return false;
    }
    ++diagnosis_.attempts;
    if (**hash != seen_) {
      return false;
    }
    diagnosis_.match = way.attempt;
    if (more_freemem_) {
      diagnosis_.match->options += " --freemem " + to_hex_number(kAmpleFreemem);
    }
    return true;
  }

  EnclaveDiagnosis take() { return std::move(diagnosis_); }

 private:
  // No hash: the same bytes were measured before, or strip leaves them as they are.
  using OtherHash = std::optional<EnclaveHash>;

  [[nodiscard]] const ByteSource& eapp(const EnclaveWay& way) const {
    return way.swapped ? inputs_.runtime : inputs_.eapp;
  }
  [[nodiscard]] const ByteSource& runtime(const EnclaveWay& way) const {
    return way.swapped ? inputs_.eapp : inputs_.runtime;
  }

  // A number of the file in names of streams; 0 is none.
  [[nodiscard]] std::uint64_t number_of(const ByteSource* source) {
    const auto known = std::find(sources_.begin(), sources_.end(), source);
    const auto number = static_cast<std::uint64_t>(known - sources_.begin());
    if (known == sources_.end()) {
      sources_.push_back(source);
    }
    return number;
  }

  // The file, or its stripped form where `way` says so; null where there is no other form.
  Result<const ByteSource*> form_of(const ByteSource& file, const EnclaveWay& way,
                                    bool StrippedInputs::*is_stripped) {
    if (way.stripped && (*way.stripped).*is_stripped) {
      return stripped_.of(file, way.stripped->mode);
    }
    return &file;
  }

  Result<OtherHash> loader_hash(const EnclaveWay& way, StreamName name) {
    KEYSTONE_TRY(const auto* loader, form_of(*inputs_.loader, way, &StrippedInputs::loader));
    KEYSTONE_TRY(const auto* runtime, form_of(this->runtime(way), way, &StrippedInputs::runtime));
    KEYSTONE_TRY(const auto* eapp, form_of(this->eapp(way), way, &StrippedInputs::eapp));
    if (loader == nullptr || runtime == nullptr || eapp == nullptr) {
      return OtherHash();
    }
    const EnclaveInputs inputs{*eapp, *runtime, *loader, way.loader_raw};
    KEYSTONE_TRY(const auto image, lay_out(inputs, way.profile));
    const std::array<const ByteSource*, 3> placed = {&inputs.loader, &inputs.runtime, &inputs.eapp};
    const LoaderWindow& window = image.window;
    name.numbers({static_cast<std::uint64_t>(Scheme::loader), size_of(info(way.profile).word),
                  window.runtime_base, window.user_base, window.free_base});
    for (const PlacedPiece& piece : image.pieces) {
      name.numbers({piece.address, number_of(placed[piece.input]), piece.file_offset, piece.size});
    }
    if (!tried_.insert(std::move(name).finish()).second) {
      return OtherHash();
    }
    return hash_of(measure(image));
  }

  // Free memory is not measured, but page tables come out of it: where the default is too little,
  // the host was told more.
  Result<PageWalkImage> laid_out(const EnclaveWay& way) {
    const PageWalkInputs inputs{eapp(way), runtime(way)};
    auto image = lay_out(inputs, way.profile, way.parameters, {});
    more_freemem_ = !image && image.error().code == ErrorCode::limit_exceeded &&
                    !rules_of(way.profile).driver_loads;
    if (!more_freemem_) {
      return image;
    }
    PageWalkParameters parameters = way.parameters;
    parameters.freemem = kAmpleFreemem;
    return lay_out(inputs, way.profile, parameters, {});
  }

  Result<OtherHash> walk_hash(const EnclaveWay& way, StreamName name) {
    KEYSTONE_TRY(const auto image, laid_out(way));
    const WalkOptions options = walk_options(image);
    const Paging& paging = paging_of(options.word);
    const PageWalkArguments& a = image.arguments();
    name.numbers({static_cast<std::uint64_t>(Scheme::page_walk), size_of(options.word),
                  paging.wrap(a.runtime_entry), paging.wrap(a.user_entry),
                  paging.wrap(a.untrusted_ptr), paging.wrap(a.untrusted_size)});
    const auto visit = [&](const WalkedPage& page) -> Status {
      PageContent content;
      if (page.physical_address < a.free_base) {
        content = image.content(page.physical_address);
      }
      name.numbers({page.virtual_address, number_of(content.source), content.offset, content.at,
                    content.size});
      return {};
    };
    KEYSTONE_TRY(const auto refusal, walk_pages(image.memory(), a, options, visit));
    if (refusal) {
      return fail(ErrorCode::malformed,
                  "the security monitor refuses the enclave: " + refusal->why);
    }
    if (!tried_.insert(std::move(name).finish()).second) {
      return OtherHash();
    }
    return hash_of(measure(image));
  }

  void add_refusal(const Attempt& attempt, const std::string& why) {
    const bool is_known = std::any_of(
        diagnosis_.refused.begin(), diagnosis_.refused.end(), [&](const RefusedAttempt& other) {
          return other.attempt.profile == attempt.profile && other.why == why;
        });
    if (!is_known) {
      diagnosis_.refused.push_back({attempt, why});
    }
  }

  const DiagnoseInputs& inputs_;
  const EnclaveHash& seen_;
  StrippedFiles stripped_;
  bool more_freemem_ = false;                           // of the way that was tried last
  std::vector<const ByteSource*> sources_ = {nullptr};  // by their numbers
  std::set<FileDigest> tried_;                          // names of streams
  EnclaveDiagnosis diagnosis_{std::nullopt, 0, {}};
};

}  // namespace

Result<EnclaveDiagnosis> diagnose_enclave(const DiagnoseInputs& inputs, const EnclaveHash& seen,
                                          const AttemptProgress& progress) {
  const auto ways = enclave_ways(inputs);
  EnclaveSearch search(inputs, seen);
  for (std::size_t done = 0; done < ways.size(); ++done) {
    if (progress && !progress(done, ways.size())) {
      break;
    }
    KEYSTONE_TRY(const bool found, search.try_way(ways[done]));
    if (found) {
      break;
    }
  }
  return search.take();
}

}  // namespace keystone
