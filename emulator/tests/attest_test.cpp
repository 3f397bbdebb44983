// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/signature.hpp"
#include "support.hpp"

#include <algorithm>

namespace keystone {
namespace {

using namespace keystone::testing;

constexpr std::uint64_t kNowhere = kRamBase + kRamSize;

// Two enclaves that exist.
class Attest : public ::testing::Test {
 protected:
  Attest() {
    create_enclave(machine_.monitor, 0);
    create_enclave(machine_.monitor, 1);
  }

  [[nodiscard]] Result<SecurityMonitor::Attested> attest(const Bytes& data) const {
    return machine_.monitor.attest(0, data);
  }

  // The code of an attest call of enclave 0 that reads and writes memory.
  SmCode code_in_memory(std::uint64_t report_at, std::uint64_t data_at, std::uint64_t size = 32) {
    const auto attested = machine_.monitor.attest_in_memory(0, report_at, data_at, size);
    EXPECT_TRUE(attested.has_value());
    EXPECT_EQ(attested->report.has_value(), attested->code == SmCode::success);
    return attested->code;
  }

  Machine machine_;
  const CreateArguments own_ = enclave_arguments(0);
  const CreateArguments other_ = enclave_arguments(1);
};

TEST_F(Attest, ReportsTheEnclaveTheDataAndTheIdentity) {
  const Bytes data = noise(100, 1);
  const auto attested = attest(data);
  ASSERT_TRUE(attested && attested->report);
  EXPECT_EQ(attested->code, SmCode::success);
  const Report& report = *attested->report;
  const SmIdentity& identity = machine_.monitor.identity();
  Machine again;
  EXPECT_EQ(report.enclave_hash(), again.monitor.create(own_)->hash);
  EXPECT_TRUE(std::ranges::equal(report.data(), data));
  EXPECT_EQ(report.sm_hash(), identity.sm_hash);
  EXPECT_EQ(report.sm_public_key(), identity.sm_public_key);
  EXPECT_EQ(report.sm_signature(), identity.sm_signature);
  EXPECT_EQ(report.claimed_device_key(), identity.device_key);
  EXPECT_EQ(report.format(), ReportFormat::fixed);
  EXPECT_FALSE(report.has_dirty_tail());
}

TEST_F(Attest, SignsEveryLengthOfData) {
  for (const std::size_t size : {0U, 1U, 8U, 71U, 72U, 73U, 1023U, 1024U}) {
    const Report report = attest(noise(size, 1)).value().report.value();
    const auto checked = verify_signature(report.sm_public_key().bytes(), report.signed_by_sm(),
                                          report.enclave_signature());
    ASSERT_TRUE(checked.has_value());
    EXPECT_EQ(*checked, SignatureResult::valid) << size;
  }
}

TEST_F(Attest, RefusesMoreDataThanAReportHolds) {
  EXPECT_EQ(attest(Bytes(1024))->code, SmCode::success);
  EXPECT_EQ(attest(Bytes(1025))->code, SmCode::illegal_argument);
  // Whether there is such an enclave is looked at afterwards.
  EXPECT_EQ(machine_.monitor.attest(9, Bytes(1025))->code, SmCode::illegal_argument);
  EXPECT_EQ(machine_.monitor.attest(9, Bytes(1024))->code, SmCode::not_initialized);
}

TEST_F(Attest, InMemoryIsTheSameReportThere) {
  const Bytes data = noise(32, 1);
  ASSERT_TRUE(machine_.memory.write(own_.epm_base + 0x4000, data));
  EXPECT_EQ(code_in_memory(own_.epm_base + 0x5010, own_.epm_base + 0x4000), SmCode::success);
  EXPECT_EQ(read_memory(machine_.memory, own_.epm_base + 0x5010, 1352),
            attest(data)->report->encode_fixed());
}

TEST_F(Attest, InMemoryRefusesSizesFirst) {
  EXPECT_EQ(code_in_memory(kNowhere, kNowhere, 1025), SmCode::illegal_argument);
  EXPECT_EQ(code_in_memory(kNowhere, kNowhere, UINT64_MAX), SmCode::illegal_argument);
  const auto absent = machine_.monitor.attest_in_memory(9, kNowhere, kNowhere, 32);
  EXPECT_EQ(absent->code, SmCode::not_initialized);
}

TEST_F(Attest, InMemoryReadsTheEnclavesOwnMemoryAlone) {
  const std::uint64_t to = own_.epm_base;
  for (const std::uint64_t from :
       {kNowhere, std::uint64_t{0}, UINT64_MAX, UINT64_MAX - 31, kRamBase, other_.epm_base,
        other_.utm_base, own_.epm_base - 1, own_.epm_base + own_.epm_size - 31,
        own_.utm_base + own_.utm_size - 31, own_.utm_base - 32}) {
    EXPECT_EQ(code_in_memory(to, from), SmCode::not_accessible) << std::hex << from;
  }
  for (const std::uint64_t from : {own_.epm_base, own_.epm_base + own_.epm_size - 32, own_.utm_base,
                                   own_.utm_base + own_.utm_size - 32}) {
    EXPECT_EQ(code_in_memory(to, from), SmCode::success) << std::hex << from;
  }
  EXPECT_EQ(code_in_memory(to, kNowhere, 0), SmCode::success);
}

TEST_F(Attest, InMemoryWritesTheEnclavesOwnMemoryAlone) {
  const std::uint64_t from = own_.epm_base;
  for (const std::uint64_t to :
       {kNowhere, std::uint64_t{0}, UINT64_MAX, kRamBase, other_.epm_base, other_.utm_base,
        own_.epm_base - 1, own_.epm_base + own_.epm_size - 1351,
        own_.utm_base + own_.utm_size - 1351}) {
    EXPECT_EQ(code_in_memory(to, from), SmCode::illegal_argument) << std::hex << to;
  }
  for (const std::uint64_t to : {own_.epm_base + own_.epm_size - 1352, own_.utm_base,
                                 own_.utm_base + own_.utm_size - 1352}) {
    EXPECT_EQ(code_in_memory(to, from), SmCode::success) << std::hex << to;
  }
  // The data are looked at first.
  EXPECT_EQ(code_in_memory(kNowhere, kNowhere), SmCode::not_accessible);
}

TEST_F(Attest, InMemoryWritesNothingWhereItRefuses) {
  const std::uint64_t to = own_.epm_base + own_.epm_size - 1000;
  const Bytes before = noise(1000, 5);
  ASSERT_TRUE(machine_.memory.write(to, before));
  EXPECT_EQ(code_in_memory(to, own_.epm_base), SmCode::illegal_argument);
  EXPECT_EQ(read_memory(machine_.memory, to, 1000), before);
  EXPECT_EQ(code_in_memory(own_.epm_base + own_.epm_size - 1352, kNowhere), SmCode::not_accessible);
  EXPECT_EQ(read_memory(machine_.memory, to, 1000), before);
}

TEST(AttestInMemory, CrossesFromPrivateToUntrustedMemoryWhereTheyTouch) {
  Machine machine;
  CreateArguments arguments = enclave_arguments();
  arguments.utm_base = arguments.epm_base + arguments.epm_size;
  ASSERT_EQ(create_code(machine.monitor, arguments), SmCode::success);
  const auto attested =
      machine.monitor.attest_in_memory(0, arguments.utm_base - 100, arguments.utm_base - 10, 20);
  EXPECT_EQ(attested->code, SmCode::success);
  arguments = enclave_arguments(1);
  arguments.utm_base = arguments.epm_base - arguments.utm_size;
  ASSERT_EQ(create_code(machine.monitor, arguments), SmCode::success);
  const auto from_below =
      machine.monitor.attest_in_memory(1, arguments.epm_base - 100, arguments.epm_base - 10, 20);
  EXPECT_EQ(from_below->code, SmCode::success);
}

TEST(AttestNot, AMonitorWithoutItAnswersThatItHasNoSuchCall) {
  Machine machine({.attests = false});
  create_enclave(machine.monitor);
  EXPECT_EQ(machine.monitor.attest(0, {})->code, SmCode::not_implemented);
  EXPECT_EQ(machine.monitor.attest(0, Bytes(1025))->code, SmCode::not_implemented);
  EXPECT_EQ(machine.monitor.attest_in_memory(0, kNowhere, kNowhere, 1)->code,
            SmCode::not_implemented);
  EXPECT_EQ(machine.monitor.sealing_key(0, {})->code, SmCode::not_implemented);
  EXPECT_EQ(machine.monitor.run(0), SmCode::success);
}

TEST_F(Attest, ADirtyTailChangesNothingThatIsSigned) {
  const Report report = attest(noise(100, 1)).value().report.value();
  const Report dirty = with_dirty_tail(report, 1).value();
  EXPECT_TRUE(dirty.has_dirty_tail());
  const ByteView tail = dirty.unsigned_tail();
  EXPECT_EQ(tail.size(), 924U);
  EXPECT_TRUE(std::ranges::none_of(tail, [](std::uint8_t byte) { return byte == 0; }));
  EXPECT_EQ(dirty.encode_fixed(), report.encode_fixed());
  EXPECT_TRUE(std::ranges::equal(with_dirty_tail(report, 1)->received(), dirty.received()));
  EXPECT_FALSE(std::ranges::equal(with_dirty_tail(report, 2)->received(), dirty.received()));
}

TEST_F(Attest, AFullReportHasNoTailToBeDirty) {
  const Report report = attest(noise(1024, 1)).value().report.value();
  const auto dirty = with_dirty_tail(report, 1);
  ASSERT_TRUE(dirty.has_value());
  EXPECT_TRUE(std::ranges::equal(dirty->received(), report.received()));
}

}  // namespace
}  // namespace keystone
