// SPDX-License-Identifier: Apache-2.0
// The members of the JSON form are read strictly: nothing is guessed.
#include "json_sample.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;

std::string with_data_length_text(std::string_view number) {
  return with("\"datalen\": 32", "\"datalen\": " + std::string(number));
}

// --- what is taken ------------------------------------------------------------------------------

TEST(ReportJson, IsTakenInAnyOrderAndSpacing) {
  const Report report = sample_report(2);
  const std::string text =
      "\n{ \"security_monitor\" :{\"signature\":\"" + report.sm_signature().hex() +
      "\",\"pubkey\":\"" + report.sm_public_key().hex() + "\",\n\"hash\":\"" +
      report.sm_hash().hex() + "\"},\"enclave\":{\"signature\":\"" +
      report.enclave_signature().hex() + "\",\"hash\":\"" + report.enclave_hash().hex() +
      "\",\"datalen\":\t2,\"data\":\"" + hex::encode(report.data()) +
      "\"},\r\n\"device_pubkey\":\"" + report.claimed_device_key().hex() + "\"}\n";
  const auto parsed = Report::parse(view_of(text));
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(same_fields(*parsed, report));
  EXPECT_EQ(parsed->encode_json(), report.encode_json());
}

TEST(ReportJson, IsTakenUpTo64KiBOfText) {
  const std::string text = sample_json();
  constexpr std::size_t kMost = 65536;
  EXPECT_TRUE(parse_json(text + std::string(kMost - text.size(), ' ')));
  EXPECT_TRUE(fails_with(parse_json(text + std::string(kMost - text.size() + 1, ' ')),
                         ErrorCode::limit_exceeded));
}

// --- members ------------------------------------------------------------------------------------

TEST(ReportJson, NeedsEveryMember) {
  std::vector<Member> all = members();
  all.push_back({"enclave.datalen", "\"datalen\": 32"});
  for (const auto& [path, text] : all) {
    const std::string gone = with(text, "\"x\": 0");
    EXPECT_TRUE(refused(gone, path + ": missing")) << path;
  }
  EXPECT_TRUE(refused("{}", "device_pubkey: missing"));
  EXPECT_TRUE(refused(with("\"enclave\": {", "\"enclaves\": {"), "enclave: missing"));
  EXPECT_TRUE(
      refused(with("\"security_monitor\": {", "\"monitor\": {"), "security_monitor: missing"));
}

TEST(ReportJson, TakesNoMemberTwice) {
  std::vector<Member> all = members();
  all.push_back({"enclave.datalen", "\"datalen\": 32"});
  for (const auto& [path, text] : all) {
    EXPECT_TRUE(refused(with(text, text + ", " + text), path + ": this key is there twice"));
  }
  const std::string start = "{\"enclave\": {}, ";
  EXPECT_TRUE(refused(start + sample_json().substr(1), "enclave: this key is there twice"));
}

TEST(ReportJson, TakesNoUnknownMember) {
  for (const auto& [path, text] : members()) {
    const std::string place = path.substr(0, path.find('.') + 1);
    EXPECT_TRUE(refused(with(text, text + ", \"x\": 0"), place + "x: unknown key"));
  }
}

TEST(ReportJson, TakesNoMemberOfAnotherType) {
  for (const auto& [path, text] : members()) {
    const std::string key = text.substr(0, text.find(':') + 2);
    for (const std::string_view other : {"null", "true", "0", "1.5", "[]", "{}", "[\"00\"]"}) {
      EXPECT_TRUE(refused(with(text, key + std::string(other)), path + ": got "));
    }
  }
  for (const std::string_view other : {"null", "0", "\"\"", "[]", "[{}]"}) {
    const std::string value(other);
    EXPECT_TRUE(refused("{\"device_pubkey\": \"" + std::string(64, '0') +
                            "\", \"security_monitor\": " + value + ", \"enclave\": {}}",
                        "security_monitor: got "));
    EXPECT_TRUE(refused("{\"device_pubkey\": \"" + std::string(64, '0') +
                            "\", \"security_monitor\": {}, \"enclave\": " + value + "}",
                        "enclave: got "));
  }
}

// --- hex ----------------------------------------------------------------------------------------

TEST(ReportJson, TakesLowerCaseHexOfTheExactLengthOnly) {
  for (const auto& [path, text] : members()) {
    const std::string start = text.substr(0, text.size() - 3);  // without two digits and a quote
    const std::vector<std::string> wrong = {
        start + "zz\"",   start + "AB\"",      start + "0G\"", start + "\"",   start + "0\"",
        start + "000\"",  start + "0000\"",    start + " 0\"", start + "0 \"", start + "0x\"",
        start + "\\n0\"", start + "\\u00e9\"", start + "-1\"", start + "+1\"", start + "\\u0000\""};
    for (const std::string& other : wrong) {
      EXPECT_TRUE(refused(with(text, other), path + ": ")) << other;
    }
    const std::string key = text.substr(0, text.find(':') + 2);
    EXPECT_TRUE(refused(with(text, key + "\"\""), path + ": "));
    EXPECT_TRUE(refused(with(text, key + "\"0x" + text.substr(key.size() + 1)), path + ": "));
  }
}

TEST(ReportJson, TakesHexThatIsWrittenWithEscapes) {
  const std::string text = members()[0].text;
  const std::string escaped = text.substr(0, text.size() - 2) + "\\u00" +
                              hex::encode(as_bytes(text.substr(text.size() - 2, 1))) + "\"";
  const auto parsed = parse_json(with(text, escaped));
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(same_fields(*parsed, sample_report(32)));
}

// --- datalen ------------------------------------------------------------------------------------

TEST(ReportJson, TakesAnIntegerForTheDataLengthOnly) {
  for (const std::string_view number : {"32.9", "32.0", "3.2e1", "32e0", "0.32e2", "-1", "-0",
                                        "-32", "\"32\"", "null", "true", "[32]"}) {
    EXPECT_TRUE(refused(with_data_length_text(number), "enclave.datalen: got ")) << number;
  }
  // Not even a number that the JSON library can hold.
  EXPECT_TRUE(refused(with_data_length_text("1e400"), ""));
  for (const std::string_view number : {"032", "+32", "0x20", "32u", "3 2", "", "32.", ".32"}) {
    EXPECT_TRUE(refused(with_data_length_text(number), "not valid JSON")) << number;
  }
}

TEST(ReportJson, TakesADataLengthUpTo1024Only) {
  for (const std::string_view number : {"1025", "4294967328", "18446744073709551615"}) {
    EXPECT_TRUE(refused(with_data_length_text(number), "enclave.datalen: got ")) << number;
  }
  // Beyond 64 bits, where it would wrap to 32.
  EXPECT_TRUE(refused(with_data_length_text("18446744073709551648"), "enclave.datalen: got "));
}

TEST(ReportJson, TakesDataOfItsDataLengthOnly) {
  for (const std::string_view number : {"0", "31", "33", "64", "1024"}) {
    EXPECT_TRUE(refused(with_data_length_text(number), "enclave.data: got 32 bytes, want"))
        << number;
  }
  const Member data = members()[1];
  EXPECT_TRUE(refused(with(data.text, "\"data\": \"" + repeated("41", 1400) + "\""),
                      "enclave.data: got 1400 bytes"));
  EXPECT_TRUE(parse_json(sample_json(0)));
  EXPECT_TRUE(parse_json(sample_json(1024)));
}

}  // namespace
}  // namespace keystone
