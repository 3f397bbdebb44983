// SPDX-License-Identifier: Apache-2.0
// Everything that a genuine Security Monitor answered, over the same memory.
#include "keystone/base/number.hpp"
#include "keystone/emulator/security_monitor.hpp"
#include "keystone/testing/vectors.hpp"

#include <map>

#include <gtest/gtest.h>

namespace keystone {
namespace {

using nlohmann::json;
using testing::read_vector_file;
using testing::read_vector_json;
using testing::require_keys;

std::uint64_t number(const json& text) {
  return parse_unsigned("vector", text.get<std::string>()).value();
}

std::uint64_t number_or_zero(const json& object, const char* key) {
  return object.contains(key) ? number(object[key]) : 0;
}

CreateArguments arguments_of(const json& create) {
  return {number(create["epm_base"]),
          number(create["epm_size"]),
          number(create["utm_base"]),
          number(create["utm_size"]),
          number(create["runtime"]),
          number(create["user"]),
          number(create["free"]),
          number_or_zero(create, "runtime_entry"),
          number_or_zero(create, "user_entry"),
          number_or_zero(create, "untrusted_ptr"),
          number_or_zero(create, "untrusted_size")};
}

BootedSm boot_run(const json& run) {
  const auto hash = SmHash::from_hex("sm_hash", run["sm_hash"].get<std::string>()).value();
  return boot(DeviceKey::published_test_key(), hash, BootRom::upstream).value();
}

// The machine of the vectors: RAM from 0x80000000 on.
class Machine {
 public:
  Machine(const json& run, const json& enclave)
      : monitor_(boot_run(run), memory_, options(enclave)) {
    EXPECT_TRUE(memory_.add(0x80000000, 0x20000000));
    if (enclave.contains("epm_file")) {
      const auto epm = read_vector_file("genuine/" + enclave["epm_file"].get<std::string>());
      EXPECT_TRUE(memory_.write(number(enclave["create"]["epm_base"]), epm));
    }
  }

  SecurityMonitor& monitor() { return monitor_; }

 private:
  static SecurityMonitor::Options options(const json& enclave) {
    const auto scheme = enclave["scheme"].get<std::string>();
    SecurityMonitor::Options options;
    options.scheme = scheme.rfind("pagewalk", 0) == 0 ? Scheme::page_walk : Scheme::loader;
    options.word = scheme.find("rv32") != std::string::npos ? Word::bits32 : Word::bits64;
    return options;
  }

  PhysicalMemory memory_;
  SecurityMonitor monitor_;
};

void expect_reports(SecurityMonitor& monitor, EnclaveId id, const json& reports) {
  for (const auto& expected : reports) {
    require_keys(expected, {"file", "data"});
    const auto genuine =
        Report::parse(read_vector_file("genuine/" + expected["file"].get<std::string>())).value();
    const auto data = hex::decode("data", expected["data"].get<std::string>()).value();
    const auto attested = monitor.attest(id, data);
    ASSERT_TRUE(attested && attested->report);
    EXPECT_EQ(attested->report->encode_fixed(), genuine.encode_fixed());
    EXPECT_FALSE(attested->report->has_dirty_tail());
  }
}

void expect_sealing_keys(SecurityMonitor& monitor, EnclaveId id, const json& sealing) {
  for (const auto& expected : sealing) {
    require_keys(expected, {"ident", "key", "signature"});
    const auto ident = hex::decode("ident", expected["ident"].get<std::string>()).value();
    const auto sealed = monitor.sealing_key(id, ident);
    ASSERT_TRUE(sealed && sealed->signature);
    EXPECT_EQ(hex::encode(sealed->key.bytes()), expected["key"].get<std::string>());
    EXPECT_EQ(sealed->signature->hex(), expected["signature"].get<std::string>());
  }
}

TEST(GenuineMonitor, EveryAnswerIsTheSame) {
  const auto manifest = read_vector_json("genuine/manifest.json");
  std::map<std::string, json> runs;
  for (const auto& run : manifest["runs"]) {
    runs[run["run"].get<std::string>()] = run;
  }
  ASSERT_GE(manifest["enclaves"].size(), 15U);
  for (const auto& enclave : manifest["enclaves"]) {
    SCOPED_TRACE(enclave["scheme"].get<std::string>() + " " +
                 enclave["enclave"].get<std::string>());
    const json& run = runs.at(enclave["run"].get<std::string>());
    Machine machine(run, enclave);
    const SmIdentity& identity = machine.monitor().identity();
    EXPECT_EQ(identity.sm_public_key.hex(), run["sm_public_key"].get<std::string>());
    EXPECT_EQ(identity.sm_signature.hex(), run["sm_signature"].get<std::string>());
    const auto created = machine.monitor().create(arguments_of(enclave["create"]));
    ASSERT_TRUE(created.has_value()) << created.error().message;
    EXPECT_EQ(static_cast<std::uint64_t>(created->code), enclave["create_error"]);
    if (created->code != SmCode::success) {
      EXPECT_FALSE(enclave.contains("enclave_hash"));
      continue;
    }
    EXPECT_EQ(created->hash->hex(), enclave["enclave_hash"].get<std::string>());
    expect_reports(machine.monitor(), created->id, enclave["reports"]);
    expect_sealing_keys(machine.monitor(), created->id, enclave["sealing"]);
  }
}

}  // namespace
}  // namespace keystone
