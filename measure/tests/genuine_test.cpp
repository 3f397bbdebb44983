// SPDX-License-Identifier: Apache-2.0
// Enclaves that a genuine Security Monitor measured (loader generation).
#include "keystone/base/number.hpp"
#include "keystone/measure/enclave.hpp"
#include "support.hpp"

#include <string>

#include <gtest/gtest.h>

namespace keystone::genuine_test {
namespace {

using namespace keystone::testing;
using nlohmann::json;

// sbi error codes of the monitor (keystone sm/src/sm_err.h @88c49ee).
constexpr int kPmpFailed = 100003;
constexpr int kIllegalArgument = 100008;

std::string text(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

std::uint64_t address(const json& object, const char* key) {
  return parse_unsigned(key, text(object, key)).value();
}

json manifest() {
  json file = read_vector_json("genuine/manifest.json");
  require_keys(file, {"what", "device_public_key", "runs", "enclaves", "files_of_loader_rv64_E0"});
  return file;
}

LoaderWindow window_of(const json& create) {
  require_keys(create, {"epm_base", "epm_size", "utm_base", "utm_size", "runtime", "user", "free",
                        "free_requested"});
  return {address(create, "epm_base"), address(create, "runtime"), address(create, "user"),
          address(create, "free")};
}

// The enclave's memory: the file, and zeros behind it.
RegionMemory memory_of(const json& create, const ByteSource& file) {
  const std::uint64_t base = address(create, "epm_base");
  RegionMemory memory;
  EXPECT_TRUE(succeeds(memory.add_bytes(base, file, 0, file.size())));
  EXPECT_TRUE(
      succeeds(memory.add_fill(base + file.size(), address(create, "epm_size") - file.size(), 0)));
  return memory;
}

Word word_of(const std::string& scheme) {
  return scheme == "loader-rv32" ? Word::bits32 : Word::bits64;
}

// The hash in a report (report bytes [0, 64)).
std::string reported_hash(const std::string& file) {
  const Bytes report = read_vector_file("genuine/" + file);
  EXPECT_EQ(report.size(), 1352U);
  return hex::encode(ByteView(report).first(64));
}

void check_enclave(const json& enclave) {
  require_keys(enclave, {"scheme", "run", "enclave", "create", "create_error", "epm_file",
                         "enclave_hash", "reports", "sealing"});
  const Bytes file = read_vector_file("genuine/" + text(enclave, "epm_file"));
  const ArraySource source(file);
  const json& create = enclave.at("create");
  const auto hash = measure_window(memory_of(create, source), window_of(create),
                                   word_of(text(enclave, "scheme")));
  ASSERT_TRUE(succeeds(hash));
  EXPECT_EQ(hash->hex(), text(enclave, "enclave_hash"));
  for (const json& report : enclave.at("reports")) {
    EXPECT_EQ(hash->hex(), reported_hash(text(report, "file")));
  }
}

// An enclave that the monitor refused. Of its reasons this library knows one: boundaries out of
// order. That the memory may not be the monitor's own is for an emulated monitor to check.
void check_refused(const json& enclave) {
  require_keys(enclave, {"scheme", "run", "enclave", "create", "create_error"});
  const json& create = enclave.at("create");
  if (enclave.at("create_error") == kPmpFailed) {
    EXPECT_EQ(text(enclave, "enclave"), "X_epm_in_sm");
    return;
  }
  ASSERT_EQ(enclave.at("create_error"), kIllegalArgument);
  const ArraySource nothing({});
  EXPECT_TRUE(fails_with(measure_window(memory_of(create, nothing), window_of(create),
                                        word_of(text(enclave, "scheme"))),
                         ErrorCode::malformed, "order"));
}

TEST(GenuineEnclaves, HaveTheHashThatTheMonitorReported) {
  int measured = 0;
  int refused = 0;
  const json file = manifest();
  for (const json& enclave : file.at("enclaves")) {
    SCOPED_TRACE(text(enclave, "run") + " " + text(enclave, "enclave"));
    if (!text(enclave, "scheme").starts_with("loader-")) {
      ASSERT_TRUE(text(enclave, "scheme").starts_with("pagewalk-"));
      continue;
    }
    const bool accepted = enclave.at("create_error") == 0;
    accepted ? check_enclave(enclave) : check_refused(enclave);
    ++(accepted ? measured : refused);
  }
  EXPECT_EQ(measured, 6);
  EXPECT_EQ(refused, 2);
}

TEST(GenuineEnclaves, HaveTheReportedHashWhenLaidOutFromTheirFiles) {
  const json file = manifest();
  const json& names = file.at("files_of_loader_rv64_E0");
  require_keys(names, {"loader", "runtime", "eapp"});
  const auto read = [&](const char* role) {
    return read_vector_file("genuine/" + text(names, role));
  };
  const Files files{read("eapp"), read("runtime"), read("loader")};
  EXPECT_EQ(files.hash(Profile::keystone_loader_rv64),
            reported_hash("loader-rv64.E0_aligned.2.report.bin"));
}

}  // namespace
}  // namespace keystone::genuine_test
