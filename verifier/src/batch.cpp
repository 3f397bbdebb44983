// SPDX-License-Identifier: Apache-2.0
#include "appraisal.hpp"
#include "key_cache.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/verifier/verifier.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

namespace keystone {
namespace {

constexpr std::size_t kBlock = 128;  // reports whose signatures are verified together

// Signatures to verify, and where each answer belongs.
class SignatureList {
 public:
  explicit SignatureList(std::size_t most) {
    jobs_.reserve(most);
    answers_.reserve(most);
  }

  void add(const SignatureJob& job, Result<SignatureResult>& answer) {
    jobs_.push_back(job);
    answers_.push_back(&answer);
  }

  void verify(const KeyTables& tables) {
    std::vector<SignatureResult> results(jobs_.size());
    const Status status = verify_signatures(jobs_, results, &tables);
    for (std::size_t i = 0; i < results.size(); ++i) {
      *answers_[i] = status ? Result<SignatureResult>(results[i])
                            : Result<SignatureResult>(fail(status.error()));
    }
  }

 private:
  std::vector<SignatureJob> jobs_;
  std::vector<Result<SignatureResult>*> answers_;
};

// One report, and what is found out about it.
struct Item {
  Item(const std::shared_ptr<const Policy>& policy, const Report& of, const Challenge& challenge,
       Instant now)
      : appraisal(std::make_shared<const detail::Appraisal>(policy, of, challenge, now)) {}

  std::shared_ptr<const detail::Appraisal> appraisal;
  const Report& report = appraisal->report();
  SmPublicKey sm_key = report.sm_public_key();
  Signature sm_signature = report.sm_signature();
  Signature enclave_signature = report.enclave_signature();
  detail::SignatureAnswers answers = {SignatureResult::mismatch, SignatureResult::mismatch};
};

// The same policy under a count of references of its own, so that threads do not wait for the count
// at every verdict.
std::shared_ptr<const Policy> counted_apart(const std::shared_ptr<const Policy>& policy) {
  const auto kept = std::make_shared<const std::shared_ptr<const Policy>>(policy);
  return {kept, policy.get()};
}

}  // namespace

// What Verifier::verify() does, one step after the other for all reports of a block.
class Verifier::Block {
 public:
  Block(const Verifier& verifier, std::span<const Evidence> evidence,
        std::span<const Challenge> challenges, Instant now)
      : verifier_(verifier) {
    const auto policy = counted_apart(verifier.policy_);
    items_.reserve(evidence.size());
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      items_.emplace_back(policy, evidence[i].report, challenges[i], now);
    }
  }

  void verify(std::span<Verdict> verdicts) {
    verify_sm_parts();
    verify_enclave_signatures();
    for (std::size_t i = 0; i < items_.size(); ++i) {
      verdicts[i] = Verdict(std::move(items_[i].appraisal), items_[i].answers);
    }
  }

 private:
  void verify_sm_parts() {
    KeyCache::Impl& cache = *verifier_.cache_.impl_;
    SignatureList list(items_.size());
    std::vector<std::pair<Item*, KeyCache::Impl::Entry>> asked;
    for (Item& item : items_) {
      const DevicePublicKey* const key = item.appraisal->sm_part_key();
      if (key == nullptr) {
        continue;
      }
      const auto entry = KeyCache::Impl::entry_for(*key, item.report);
      if (cache.contains(entry)) {
        item.answers.sm_part = SignatureResult::valid;
      } else {
        asked.emplace_back(&item, entry);
        list.add({key->bytes(), item.report.signed_by_device(), item.sm_signature.bytes(), true},
                 item.answers.sm_part);
      }
    }
    list.verify(verifier_.tables_);
    for (const auto& [item, entry] : asked) {
      if (item->answers.sm_part == SignatureResult::valid) {
        cache.remember(entry);
      }
    }
  }

  void verify_enclave_signatures() {
    SignatureList list(items_.size());
    for (Item& item : items_) {
      const bool is_vouched_for = item.appraisal->sm_part_key() != nullptr &&
                                  item.answers.sm_part == SignatureResult::valid &&
                                  item.appraisal->is_device_in_force();
      list.add({item.sm_key.bytes(), item.report.signed_by_sm(), item.enclave_signature.bytes(),
                is_vouched_for},
               item.answers.enclave);
    }
    list.verify(verifier_.tables_);
  }

  const Verifier& verifier_;
  std::vector<Item> items_;
};

void Verifier::verify_batch(std::span<const Evidence> evidence,
                            std::span<const Challenge> challenges, Instant now,
                            std::span<Verdict> verdicts, unsigned threads) const noexcept {
  KEYSTONE_ASSERT(evidence.size() == challenges.size() && evidence.size() == verdicts.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&]() noexcept {
    for (std::size_t from = next.fetch_add(kBlock); from < evidence.size();
         from = next.fetch_add(kBlock)) {
      const std::size_t count = std::min(kBlock, evidence.size() - from);
      const auto block = verdicts.subspan(from, count);
      try {
        Block(*this, evidence.subspan(from, count), challenges.subspan(from, count), now)
            .verify(block);
      } catch (...) {
        std::fill(block.begin(), block.end(), Verdict());  // which needs no memory
      }
    }
  };
  const std::size_t wanted = threads == 0 ? std::thread::hardware_concurrency() : threads;
  const std::size_t blocks = (evidence.size() + kBlock - 1) / kBlock;
  std::vector<std::thread> helpers;
  try {
    for (std::size_t i = 1; i < std::min(wanted, blocks); ++i) {
      helpers.emplace_back(work);
    }
  } catch (...) {
    // There are no more threads to be had: those that there are do the work.
  }
  work();
  for (std::thread& helper : helpers) {
    helper.join();
  }
}

std::vector<Verdict> Verifier::verify_batch(std::span<const Evidence> evidence,
                                            std::span<const Challenge> challenges, Instant now,
                                            unsigned threads) const {
  std::vector<Verdict> verdicts(evidence.size());
  verify_batch(evidence, challenges, now, verdicts, threads);
  return verdicts;
}

}  // namespace keystone
