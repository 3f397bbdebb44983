// SPDX-License-Identifier: Apache-2.0
#include "signature_group.hpp"

#include "key_tables_impl.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/crypto/digests.hpp"
#include "strict_rules.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace keystone::detail {
namespace {

using ed25519::EncodedPoint;

std::span<const std::uint8_t, 32> r_of(const SignatureJob& job) {
  return job.signature.first<32>();
}

std::span<const std::uint8_t, 32> s_of(const SignatureJob& job) {
  return job.signature.last<32>();
}

std::array<std::uint8_t, 32> copy_of(std::span<const std::uint8_t, 32> bytes) {
  std::array<std::uint8_t, 32> copy{};
  std::copy(bytes.begin(), bytes.end(), copy.begin());
  return copy;
}

// A signature that arithmetic has to decide about.
struct Question {
  std::size_t index;
  // The result if nothing is wrong with the key: `valid` stands for "as the equation says".
  SignatureResult with_good_key;
  Scalar s;
  Scalar k;
  EncodedPoint key;
  const ed25519::KeyTable* minus_a;       // the multiples of -A; null: the key is to be decoded
  KeyTables::Impl::Table made = nullptr;  // what keeps them, where the reader does not
};

class Group {
 public:
  Group(const PointEngine& engine, std::span<const SignatureJob> jobs,
        std::span<SignatureResult> results, const KeyTables* tables)
      : engine_(engine), jobs_(jobs), results_(results) {
    questions_.reserve(jobs.size());
    if (tables != nullptr && engine.takes_tables()) {
      tables_.emplace(*tables);
    }
  }

  // What the rules say without arithmetic is final; the rest become questions.
  void sort_out() {
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      results_[i] = first_look(jobs_[i]);
      if (results_[i] == SignatureResult::valid) {
        ask(i);
      }
    }
  }

  // k = SHA3-512(R || A || M) mod L where an equation is asked about.
  [[nodiscard]] Status hash() {
    std::vector<Question*> side_by_side;
    std::size_t size = 0;
    for (Question& question : questions_) {
      const SignatureJob& job = jobs_[question.index];
      if (question.with_good_key != SignatureResult::valid) {
        continue;
      }
      if (jobs_.size() == 1 || job.message.size() > kMaxCopied) {
        KEYSTONE_TRY(question.k, hash_alone(job));
      } else {
        side_by_side.push_back(&question);
        size += kPrefix + job.message.size();
      }
    }
    return hash_side_by_side(side_by_side, size);
  }

  void decide() {
    std::array<PointJob, kMaxGroup> jobs{};
    std::array<PointResult, kMaxGroup> answers{};
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      const Question& question = questions_[i];
      const EncodedPoint* const key = question.minus_a == nullptr ? &question.key : nullptr;
      jobs[i] = {&question.s, &question.k, question.minus_a, key};
    }
    engine_.combine(std::span(jobs).first(questions_.size()),
                    std::span(answers).first(questions_.size()));
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      results_[questions_[i].index] = decision(questions_[i], answers[i]);
    }
  }

 private:
  // Of a text R || A || M; messages above kMaxCopied bytes are not copied to make it.
  static constexpr std::size_t kPrefix = 64;
  static constexpr std::size_t kMaxCopied = 4096;

  [[nodiscard]] SignatureResult first_look(const SignatureJob& job) const {
    return engine_.is_reduced(s_of(job)) ? check_key_encoding(job.public_key)
                                         : SignatureResult::s_not_reduced;
  }

  void ask(std::size_t index) {
    const SignatureJob& job = jobs_[index];
    Question question{index, check_commitment(r_of(job)), {}, {}, copy_of(job.public_key), nullptr};
    if (tables_ && job.is_vouched_for) {
      question.minus_a = tables_->use(question.key, question.made);
    }
    if (question.with_good_key == SignatureResult::valid) {
      question.s = copy_of(s_of(job));
    } else if (question.minus_a != nullptr) {  // and so the key is a good one
      results_[index] = question.with_good_key;
      return;
    }
    questions_.push_back(std::move(question));
  }

  [[nodiscard]] Result<Scalar> hash_alone(const SignatureJob& job) const {
    KEYSTONE_TRY(auto hash, Sha3_512::create());
    hash.update(r_of(job));
    hash.update(job.public_key);
    hash.update(job.message);
    return engine_.reduce(std::move(hash).finish().bytes());
  }

  [[nodiscard]] Status hash_side_by_side(std::span<Question* const> questions, std::size_t size) {
    std::vector<std::uint8_t> room(size);
    std::vector<ByteView> texts;
    auto end = room.begin();
    for (const Question* const question : questions) {
      const SignatureJob& job = jobs_[question->index];
      const auto begin = end;
      end = std::copy(r_of(job).begin(), r_of(job).end(), begin);
      end = std::copy(job.public_key.begin(), job.public_key.end(), end);
      end = std::copy(job.message.begin(), job.message.end(), end);
      texts.emplace_back(begin, end);
    }
    std::vector<Digest512> digests(texts.size(), Digest512(std::array<std::uint8_t, 64>{}));
    KEYSTONE_CHECK_OK(sha3_512_many(texts, digests));
    for (std::size_t i = 0; i < questions.size(); ++i) {
      questions[i]->k = engine_.reduce(digests[i].bytes());
    }
    return {};
  }

  [[nodiscard]] SignatureResult decision(const Question& question,
                                         const PointResult& answer) const {
    if (answer.fault != KeyFault::none) {
      return result_of(answer.fault);
    }
    if (question.with_good_key != SignatureResult::valid) {
      return question.with_good_key;
    }
    return std::ranges::equal(answer.encoded, r_of(jobs_[question.index]))
               ? SignatureResult::valid
               : SignatureResult::mismatch;
  }

  const PointEngine& engine_;
  std::span<const SignatureJob> jobs_;
  std::span<SignatureResult> results_;
  std::optional<KeyTables::Impl::Reader> tables_;
  std::vector<Question> questions_;
};

}  // namespace

SignatureResult result_of(KeyFault fault) {
  switch (fault) {
    case KeyFault::none:
      return SignatureResult::valid;
    case KeyFault::mixed_order:
      return SignatureResult::key_mixed_order;
    case KeyFault::not_on_curve:
      return SignatureResult::key_not_on_curve;
  }
  KEYSTONE_ASSERT(false);
}

Status verify_all(const PointEngine& engine, std::span<const SignatureJob> jobs,
                  std::span<SignatureResult> results, const KeyTables* tables) {
  KEYSTONE_ASSERT(jobs.size() == results.size());
  for (std::size_t from = 0; from < jobs.size(); from += kMaxGroup) {
    const std::size_t count = std::min(kMaxGroup, jobs.size() - from);
    Group group(engine, jobs.subspan(from, count), results.subspan(from, count), tables);
    group.sort_out();
    KEYSTONE_CHECK_OK(group.hash());
    group.decide();
  }
  return {};
}

}  // namespace keystone::detail
