// SPDX-License-Identifier: Apache-2.0
// Reports that genuine Security Monitors and others made, and what upstream's verifiers said. That
// their signatures verify shows that each field and each signed range is where it belongs.
#include "keystone/crypto/signature.hpp"
#include "keystone/crypto_compat/reference.hpp"
#include "support.hpp"

#include <filesystem>

namespace keystone {
namespace {

using namespace keystone::testing;
using compat::reference_accepts;
using nlohmann::json;

std::string text(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

SignatureResult enclave_signature_of(const Report& report) {
  return verify_signature(report.sm_public_key().bytes(), report.signed_by_sm(),
                          report.enclave_signature())
      .value();
}

SignatureResult sm_signature_of(const Report& report, const DevicePublicKey& device) {
  return verify_signature(device.bytes(), report.signed_by_device(), report.sm_signature()).value();
}

// Whether Keystone's verifier accepts both signatures, the one of the SM part under this key.
bool reference_accepts_both(const Report& report, const DevicePublicKey& device) {
  return reference_accepts(device.bytes(), report.signed_by_device(), report.sm_signature()) &&
         reference_accepts(report.sm_public_key().bytes(), report.signed_by_sm(),
                           report.enclave_signature());
}

DevicePublicKey device_key(const json& object, const char* key) {
  return DevicePublicKey::from_hex(key, text(object, key)).value();
}

// --- genuine/ -----------------------------------------------------------------------------------

const json& run_of(const json& file, const std::string& name) {
  for (const json& run : file.at("runs")) {
    if (run.at("run") == name) {
      return run;
    }
  }
  throw std::runtime_error("no such run: " + name);
}

void check_genuine(const Report& report, const json& enclave, const json& run) {
  EXPECT_EQ(report.format(), ReportFormat::fixed);
  EXPECT_EQ(report.enclave_hash().hex(), text(enclave, "enclave_hash"));
  EXPECT_EQ(report.sm_hash().hex(), text(run, "sm_hash"));
  EXPECT_EQ(report.sm_public_key().hex(), text(run, "sm_public_key"));
  EXPECT_EQ(report.sm_signature().hex(), text(run, "sm_signature"));
  EXPECT_EQ(enclave_signature_of(report), SignatureResult::valid);
  EXPECT_EQ(sm_signature_of(report, report.claimed_device_key()), SignatureResult::valid);
  // The monitor of these left something of its stack behind the data in every one.
  EXPECT_EQ(report.has_dirty_tail(), report.data().size() < 1024);
}

TEST(GenuineReports, HaveTheFieldsOfTheirMachine) {
  const json file = read_vector_json("genuine/manifest.json");
  require_keys(file, {"what", "device_public_key", "runs", "enclaves", "files_of_loader_rv64_E0"});
  int reports = 0;
  for (const json& enclave : file.at("enclaves")) {
    // The other members are read where enclaves are measured and where keys are derived.
    for (const json& vector : enclave.value("reports", json::array())) {
      SCOPED_TRACE(text(vector, "file"));
      require_keys(vector, {"file", "data"});
      const auto report = Report::parse(read_vector_file("genuine/" + text(vector, "file")));
      ASSERT_TRUE(report);
      EXPECT_EQ(hex::encode(report->data()), text(vector, "data"));
      EXPECT_EQ(report->claimed_device_key(), device_key(file, "device_public_key"));
      check_genuine(*report, enclave, run_of(file, text(enclave, "run")));
      ++reports;
    }
  }
  EXPECT_EQ(reports, 15);
}

// --- reports.json -------------------------------------------------------------------------------

Bytes input_of(const json& vector) {
  return vector.contains("json") ? as_bytes(text(vector, "json"))
                                 : hex::decode("report", text(vector, "report_hex")).value();
}

// Not read here: the members that say what a verifier with a policy finds ("expected_...", the
// list of failed checks), and "note", "asan" and "ref_stderr", which are for readers.
void require_report_keys(const json& vector) {
  std::vector<std::string> keys = {"name",
                                   "expected_enclave_hash",
                                   "expected_sm_hash",
                                   "device_pub",
                                   "ref",
                                   "note",
                                   "asan",
                                   "ref_tojson",
                                   "strict"};
  keys.emplace_back(vector.contains("json") ? "json" : "report_hex");
  if (vector.at("ref") == "crash" && vector.contains("ref_stderr")) {
    keys.emplace_back("ref_stderr");
  }
  require_keys(vector, keys);
  const bool is_rejected = vector.at("strict").at("result") == "rejected";
  require_keys(vector.at("strict"), is_rejected ? std::vector<std::string>{"result", "failed"}
                                                : std::vector<std::string>{"result"});
}

TEST(ReportVectors, AreRefusedExactlyWhereTheyAreMalformed) {
  const json file = read_vector_json("reports.json");
  require_keys(file, {"what", "cases"});
  ASSERT_EQ(file.at("cases").size(), 29U);
  int malformed = 0;
  for (const json& vector : file.at("cases")) {
    SCOPED_TRACE(text(vector, "name"));
    require_report_keys(vector);
    const auto report = Report::parse(input_of(vector));
    if (vector.at("strict").at("result") == "malformed") {
      EXPECT_TRUE(fails_with(report, ErrorCode::malformed));
      ++malformed;
      continue;
    }
    ASSERT_TRUE(report);
    EXPECT_EQ(report->encode_json(), text(vector, "ref_tojson"));
    EXPECT_EQ(reference_accepts_both(*report, device_key(vector, "device_pub")),
              text(vector, "ref").find("sigs=1") != std::string::npos);
  }
  EXPECT_EQ(malformed, 15);
}

// --- the VTT Rust SDK ---------------------------------------------------------------------------

void check_evidence(const Report& report, const json& vector) {
  const DevicePublicKey device = device_key(vector, "dev_pk");
  EXPECT_EQ(
      reference_accepts_both(report, device),
      text(vector, "cpp_sdk") == "verify=1 sigs=1" || text(vector, "cpp_sdk") == "verify=0 sigs=1");
  EXPECT_EQ(hex::encode(report.data()) != text(vector, "nonce"),
            text(vector, "rust_sdk") == "InvalidUserData");
  EXPECT_EQ(report.enclave_hash().hex() != text(vector, "enclave_hash"),
            text(vector, "rust_sdk") == "InvalidEnclaveHash");
  EXPECT_EQ(report.claimed_device_key() != device, text(vector, "rust_sdk") == "InvalidDeviceKey");
  EXPECT_EQ(report.sm_hash().hex(), text(vector, "sm_hash"));
  EXPECT_EQ(copy_of(report.received()), report.encode_compact());
}

TEST(RustSdkEvidence, IsReadExactlyWhereTheSdkReadsIt) {
  const json file = read_vector_json("rust-sdk-0.3/evidence.json");
  require_keys(file, {"what", "cases"});
  ASSERT_EQ(file.at("cases").size(), 20U);
  int refused = 0;
  for (const json& vector : file.at("cases")) {
    SCOPED_TRACE(text(vector, "name"));
    require_keys(vector, {"name", "len", "nonce", "enclave_hash", "sm_hash", "dev_pk", "rust_sdk",
                          "cpp_sdk", "file"});
    const Bytes bytes = read_vector_file("rust-sdk-0.3/evidence/" + text(vector, "file"));
    ASSERT_EQ(bytes.size(), vector.at("len"));
    const auto report = parse_as(ReportFormat::compact, bytes);
    if (text(vector, "rust_sdk") == "ParseError") {
      EXPECT_TRUE(fails_with(report, ErrorCode::malformed));
      EXPECT_TRUE(fails_with(Report::parse(bytes), ErrorCode::malformed));
      ++refused;
      continue;
    }
    ASSERT_TRUE(report);
    EXPECT_TRUE(same_fields(*report, Report::parse(bytes).value()));
    check_evidence(*report, vector);
  }
  EXPECT_EQ(refused, 3);
}

// --- the fuzz targets' corpora: their files say in their names what the reader says of them -----

std::size_t expect_judged_as_named(const std::string& folder, std::optional<ReportFormat> format) {
  std::size_t judged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(vector_path(folder))) {
    const std::string name = entry.path().filename();
    const bool is_good = name.starts_with("good-");
    if (is_good || name.starts_with("bad-")) {
      const Bytes bytes = read_vector_file(folder + "/" + name);
      EXPECT_EQ(Report::parse(bytes, {format, false}).has_value(), is_good) << name;
      ++judged;
    }
  }
  return judged;
}

TEST(ReportCorpus, IsJudgedAsItsFilesAreNamed) {
  EXPECT_GE(expect_judged_as_named("corpus/fuzz_report", std::nullopt), 14U);
  EXPECT_GE(expect_judged_as_named("corpus/fuzz_report_json", ReportFormat::json), 19U);
}

}  // namespace
}  // namespace keystone
