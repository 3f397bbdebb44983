// SPDX-License-Identifier: Apache-2.0
// Many signatures at once get the results that each gets alone, by every engine.
#include "engines.hpp"
#include "signature_cases.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;

struct Batch {
  std::vector<SignatureCase> cases;
  std::vector<SignatureJob> jobs;

  explicit Batch(std::size_t size) {
    CaseMaker maker(7);
    for (std::size_t i = 0; i < size; ++i) {
      cases.push_back(maker.next());
    }
    for (const SignatureCase& each : cases) {
      jobs.push_back(each.job());
    }
  }
};

TEST(VerifySignatures, GivesEachTheResultThatItGetsAlone) {
  const Batch batch(130);
  std::vector<SignatureResult> alone;
  for (const SignatureCase& each : batch.cases) {
    alone.push_back(result_of(each.key, each.message, Signature(each.signature)));
  }
  const KeyTables tables;
  for (std::size_t size = 0; size <= batch.jobs.size(); size += size < 20 ? 1 : 11) {
    std::vector<SignatureResult> results(size);
    ASSERT_TRUE(verify_signatures(std::span(batch.jobs).first(size), results, &tables));
    EXPECT_TRUE(std::equal(results.begin(), results.end(), alone.begin())) << size;
  }
}

TEST(VerifySignatures, FindsTheOneBadSignatureAtEveryPlace) {
  const Signer signer = honest_signer();
  const Bytes message(96, 5);
  const Signature good = signer.sign(message);
  const Signature bad = signer.sign(Bytes(96, 6));
  for (const auto& [name, engine] : own_engines()) {
    for (std::size_t place = 0; place < 17; ++place) {
      std::vector<SignatureJob> jobs(17, {signer.key, message, good.bytes()});
      jobs[place].signature = bad.bytes();
      std::vector<SignatureResult> expected(jobs.size(), SignatureResult::valid);
      expected[place] = SignatureResult::mismatch;
      EXPECT_EQ(results_by(*engine, jobs), expected) << name << ' ' << place;
    }
  }
}

TEST(VerifySignatures, TakesMessagesOfAllLengthsTogether) {
  const Signer signer = honest_signer();
  std::vector<Bytes> messages;
  std::vector<Signature> signatures;
  for (const std::size_t size : {0U, 1U, 71U, 72U, 73U, 4095U, 4096U, 4097U, 100'000U}) {
    messages.emplace_back(size, std::uint8_t{0xa5});
    signatures.push_back(signer.sign(messages.back()));
  }
  std::vector<SignatureJob> jobs;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    jobs.push_back({signer.key, messages[i], signatures[i].bytes()});
    jobs.push_back({signer.key, messages[i], signatures[(i + 1) % messages.size()].bytes()});
  }
  for (const auto& [name, engine] : own_engines()) {
    const auto results = results_by(*engine, jobs);
    for (std::size_t i = 0; i < results.size(); ++i) {
      EXPECT_EQ(results[i], i % 2 == 0 ? SignatureResult::valid : SignatureResult::mismatch)
          << name << ' ' << i;
    }
  }
}

TEST(VerifySignatures, MakesNoTablesForKeysThatNobodyVouchesFor) {
  const Signer signer = honest_signer();
  const Signature signature = signer.sign({});
  const std::vector<SignatureJob> jobs(100, {signer.key, {}, signature.bytes()});
  std::vector<SignatureResult> results(jobs.size());
  const KeyTables tables;
  ASSERT_TRUE(verify_signatures(jobs, results, &tables));
  EXPECT_EQ(tables.bytes(), 0U);
}

TEST(VerifySignatures, WantsARoomForEachResult) {
  const Batch batch(2);
  std::vector<SignatureResult> results(1);
  EXPECT_DEATH((void)verify_signatures(batch.jobs, results), "bug:");
}

}  // namespace
}  // namespace keystone
