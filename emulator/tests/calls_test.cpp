// SPDX-License-Identifier: Apache-2.0
#include "support.hpp"

#include <functional>
#include <map>
#include <set>

namespace keystone {
namespace {

using namespace keystone::testing;
using Stop = SecurityMonitor::StopReason;

// How an enclave comes into each state, from fresh on.
const std::map<std::string, std::function<void(SecurityMonitor&)>> kWays = {
    {"absent", [](SecurityMonitor& monitor) { (void)monitor.destroy(0); }},
    {"fresh", [](SecurityMonitor&) {}},
    {"running", [](SecurityMonitor& monitor) { (void)monitor.run(0); }},
    {"stopped",
     [](SecurityMonitor& monitor) {
       (void)monitor.run(0);
       (void)monitor.stop(0, Stop::edge_call);
     }},
    {"interrupted",
     [](SecurityMonitor& monitor) {
       (void)monitor.run(0);
       (void)monitor.stop(0, Stop::timer_interrupt);
     }},
    {"resumed",
     [](SecurityMonitor& monitor) {
       (void)monitor.run(0);
       (void)monitor.stop(0, Stop::edge_call);
       (void)monitor.resume(0);
     }},
    {"exited",
     [](SecurityMonitor& monitor) {
       (void)monitor.run(0);
       (void)monitor.exit(0);
     }},
};

using Call = std::function<SmCode(SecurityMonitor&, EnclaveId)>;

// The call's code is `otherwise` in every state that `codes` does not name.
void expect_codes(const Call& call, const std::map<std::string, SmCode>& codes, SmCode otherwise) {
  for (const auto& [state, way] : kWays) {
    SCOPED_TRACE(state);
    Machine machine;
    create_enclave(machine.monitor);
    way(machine.monitor);
    const auto found = codes.find(state);
    EXPECT_EQ(call(machine.monitor, 0), found == codes.end() ? otherwise : found->second);
  }
  Machine machine;
  for (const EnclaveId id : {EnclaveId{0}, EnclaveId{15}, EnclaveId{16}, EnclaveId{SIZE_MAX}}) {
    EXPECT_EQ(call(machine.monitor, id), otherwise) << id;
  }
}

TEST(Calls, RunTakesAFreshEnclave) {
  expect_codes([](SecurityMonitor& monitor, EnclaveId id) { return monitor.run(id); },
               {{"fresh", SmCode::success}}, SmCode::not_fresh);
}

TEST(Calls, ResumeTakesAStoppedEnclave) {
  expect_codes(
      [](SecurityMonitor& monitor, EnclaveId id) { return monitor.resume(id); },
      {{"stopped", SmCode::success}, {"interrupted", SmCode::success}, {"exited", SmCode::success}},
      SmCode::not_resumable);
}

TEST(Calls, StopTakesARunningEnclaveAndSaysWhy) {
  expect_codes(
      [](SecurityMonitor& monitor, EnclaveId id) { return monitor.stop(id, Stop::edge_call); },
      {{"running", SmCode::edge_call_host}, {"resumed", SmCode::edge_call_host}},
      SmCode::not_running);
  expect_codes([](SecurityMonitor& monitor,
                  EnclaveId id) { return monitor.stop(id, Stop::timer_interrupt); },
               {{"running", SmCode::interrupted}, {"resumed", SmCode::interrupted}},
               SmCode::not_running);
}

TEST(Calls, ExitTakesARunningEnclave) {
  expect_codes([](SecurityMonitor& monitor, EnclaveId id) { return monitor.exit(id); },
               {{"running", SmCode::success}, {"resumed", SmCode::success}}, SmCode::not_running);
}

TEST(Calls, DestroyTakesAnEnclaveThatDoesNotRun) {
  expect_codes([](SecurityMonitor& monitor, EnclaveId id) { return monitor.destroy(id); },
               {{"fresh", SmCode::success},
                {"stopped", SmCode::success},
                {"interrupted", SmCode::success},
                {"exited", SmCode::success}},
               SmCode::not_destroyable);
}

TEST(Calls, AttestAndSealTakeEveryEnclaveThatExists) {
  const std::map<std::string, SmCode> all = {
      {"fresh", SmCode::success},       {"running", SmCode::success}, {"stopped", SmCode::success},
      {"interrupted", SmCode::success}, {"resumed", SmCode::success}, {"exited", SmCode::success}};
  expect_codes([](SecurityMonitor& monitor,
                  EnclaveId id) { return monitor.attest(id, Bytes{1}).value().code; },
               all, SmCode::not_initialized);
  expect_codes([](SecurityMonitor& monitor,
                  EnclaveId id) { return monitor.sealing_key(id, Bytes{1}).value().code; },
               all, SmCode::not_initialized);
}

TEST(Calls, NoCallTouchesAnotherEnclave) {
  Machine machine;
  create_enclave(machine.monitor, 0);
  create_enclave(machine.monitor, 1);
  EXPECT_EQ(machine.monitor.run(1), SmCode::success);
  EXPECT_EQ(machine.monitor.stop(0, Stop::edge_call), SmCode::not_running);
  EXPECT_EQ(machine.monitor.destroy(0), SmCode::success);
  EXPECT_EQ(machine.monitor.stop(1, Stop::edge_call), SmCode::edge_call_host);
}

const std::set<std::uint64_t> kOfHost = {2001, 2002, 2003, 2005};
const std::set<std::uint64_t> kOfEnclave = {3001, 3002, 3003, 3004, 3006};

TEST(CallNumbers, AreTakenFromTheirOwnSideAlone) {
  for (const std::uint64_t number : kOfHost) {
    EXPECT_EQ(SecurityMonitor::check_call(number, false), SmCode::success) << number;
    EXPECT_EQ(SecurityMonitor::check_call(number, true), SmCode::sbi_prohibited) << number;
  }
  for (const std::uint64_t number : kOfEnclave) {
    EXPECT_EQ(SecurityMonitor::check_call(number, true), SmCode::success) << number;
    EXPECT_EQ(SecurityMonitor::check_call(number, false), SmCode::sbi_prohibited) << number;
  }
}

TEST(CallNumbers, OfNoCallAreAnsweredByTheirRange) {
  for (std::uint64_t number = 0; number < 6000; ++number) {
    if (kOfHost.count(number) != 0 || kOfEnclave.count(number) != 0) {
      continue;
    }
    for (const bool from_enclave : {false, true}) {
      const bool is_wrong_side =
          number >= 2000 && number < 4000 && from_enclave != (number >= 3000);
      EXPECT_EQ(SecurityMonitor::check_call(number, from_enclave),
                number < 2000   ? SmCode::deprecated
                : is_wrong_side ? SmCode::sbi_prohibited
                                : SmCode::not_implemented)
          << number;
    }
  }
  EXPECT_EQ(SecurityMonitor::check_call(4000, true), SmCode::not_implemented);  // a plugin's
  EXPECT_EQ(SecurityMonitor::check_call(UINT64_MAX, false), SmCode::not_implemented);
}

TEST(Codes, AreThoseOfTheMonitor) {
  // sm/src/sm_err.h, keystone 88c49ee.
  const std::map<std::string_view, std::pair<SmCode, std::uint64_t>> codes = {
      {"success", {SmCode::success, 0}},
      {"interrupted", {SmCode::interrupted, 100002}},
      {"pmp_failure", {SmCode::pmp_failure, 100003}},
      {"not_destroyable", {SmCode::not_destroyable, 100005}},
      {"not_accessible", {SmCode::not_accessible, 100007}},
      {"illegal_argument", {SmCode::illegal_argument, 100008}},
      {"not_running", {SmCode::not_running, 100009}},
      {"not_resumable", {SmCode::not_resumable, 100010}},
      {"edge_call_host", {SmCode::edge_call_host, 100011}},
      {"not_initialized", {SmCode::not_initialized, 100012}},
      {"no_free_resource", {SmCode::no_free_resource, 100013}},
      {"sbi_prohibited", {SmCode::sbi_prohibited, 100014}},
      {"illegal_pte", {SmCode::illegal_pte, 100015}},
      {"not_fresh", {SmCode::not_fresh, 100016}},
      {"deprecated", {SmCode::deprecated, 100099}},
      {"not_implemented", {SmCode::not_implemented, 100100}},
  };
  for (const auto& [word, code] : codes) {
    EXPECT_EQ(to_string(code.first), word);
    EXPECT_EQ(static_cast<std::uint64_t>(code.first), code.second);
  }
}

TEST(Random, IsAWordFromItsSource) {
  for (const auto& [word, want] : {std::pair(Word::bits64, std::uint64_t{0x0807060504030201}),
                                   std::pair(Word::bits32, std::uint64_t{0x04030201})}) {
    const Machine machine({.word = word});
    std::size_t asked = 0;
    const RandomSource source = [&](std::span<std::uint8_t> out) {
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(i + 1);
      }
      asked += out.size();
    };
    EXPECT_EQ(machine.monitor.random(source), want);
    EXPECT_EQ(asked, size_of(word));
  }
}

}  // namespace
}  // namespace keystone
