// SPDX-License-Identifier: Apache-2.0
// Enclaves of the page-walk generations: every hash, every refusal and every memory image that
// genuine host libraries, drivers and monitors gave.
#include "keystone/base/number.hpp"
#include "keystone/crypto/digest.hpp"
#include "page_walk_files.hpp"

#include <set>

#include <gtest/gtest.h>

namespace keystone::page_walk_vectors_test {
namespace {

using namespace keystone::testing;
using nlohmann::json;

std::uint64_t number(const json& text) {
  return parse_unsigned("vector", text.get<std::string>()).value();
}

PageWalkParameters parameters_of(Profile profile, const json& params) {
  PageWalkParameters parameters = default_parameters(profile);
  for (const auto& [key, value] : params.items()) {
    if (key == "untrusted_size") {
      parameters.untrusted_size = number(value);
    } else if (key == "untrusted_ptr") {
      parameters.untrusted_ptr = number(value);
    } else if (key == "stack_size") {
      parameters.stack_size = number(value);
    } else if (key == "freemem") {
      parameters.freemem = number(value);
    } else if (key == "runtime_stack") {
      parameters.runtime_stack = number(value);
    } else if (key == "user_entry") {
      parameters.user_entry = number(value);
    } else {
      ADD_FAILURE() << "unknown parameter " << key;
    }
  }
  return parameters;
}

TwoFiles files_of(const json& entry) {
  return {read_vector_file("pagewalk/elf/" + entry["eapp"].get<std::string>()),
          read_vector_file("pagewalk/elf/" + entry["runtime"].get<std::string>())};
}

// Wrong parameters are `usage`; all else that upstream does not measure is the files' fault.
bool is_right_code(ErrorCode code, const json& params) {
  if (params.contains("untrusted_size") && number(params["untrusted_size"]) == 0) {
    return code == ErrorCode::usage;
  }
  return code == ErrorCode::malformed || code == ErrorCode::limit_exceeded;
}

TEST(PageWalkVectors, EachCaseGivesTheHashOrAnError) {
  const auto vectors = read_vector_json("pagewalk/vectors.json");
  ASSERT_GE(vectors["cases"].size(), 281U);
  for (const auto& test : vectors["cases"]) {
    require_keys(test, {"profile", "upstream_version", "description", "eapp", "runtime", "params",
                        "expected_hash", "expected_error"});
    SCOPED_TRACE(test.dump());
    const Profile profile = profile_from_name(test["profile"].get<std::string>()).value();
    const auto hash = files_of(test).hash(profile, parameters_of(profile, test["params"]));
    if (test["expected_error"].is_null()) {
      EXPECT_EQ(value_of(hash), test["expected_hash"].get<std::string>());
      continue;
    }
    ASSERT_FALSE(hash.has_value());
    EXPECT_TRUE(is_right_code(hash.error().code, test["params"])) << hash.error().message;
    const auto reason = test["expected_error"].get<std::string>();
    if (reason.rfind("rejected by the SM: ", 0) == 0) {
      const std::string code = "(code " + reason.substr(20) + ")";
      EXPECT_NE(hash.error().message.find(code), std::string::npos) << hash.error().message;
    }
  }
}

// --- memory images ----------------------------------------------------------------------------

void expect_arguments(const PageWalkArguments& arguments, const json& image) {
  EXPECT_EQ(arguments.epm_base, number(image["epm_base"]));
  EXPECT_EQ(arguments.epm_size, number(image["epm_size"]));
  EXPECT_EQ(arguments.utm_base, number(image["utm_base"]));
  EXPECT_EQ(arguments.utm_size, number(image["utm_size"]));
  EXPECT_EQ(arguments.runtime_base, number(image["runtime_base"]));
  EXPECT_EQ(arguments.user_base, number(image["user_base"]));
  EXPECT_EQ(arguments.free_base, number(image["free_base"]));
  EXPECT_EQ(arguments.runtime_entry, number(image["runtime_entry"]));
  EXPECT_EQ(arguments.user_entry, number(image["user_entry"]));
  EXPECT_EQ(arguments.untrusted_ptr, number(image["untrusted_ptr"]));
  EXPECT_EQ(arguments.untrusted_size, number(image["untrusted_size"]));
}

std::string sha256(ByteView bytes) {
  auto hash = Sha256::create().value();
  hash.update(bytes);
  return std::move(hash).finish().hex();
}

Bytes private_memory(const PageWalkImage& image) {
  const PageWalkArguments& a = image.arguments();
  Bytes bytes(a.free_base - a.epm_base);
  EXPECT_TRUE(image.memory().read(a.epm_base, bytes));
  return bytes;
}

void expect_pages(const Bytes& memory, const json& digests) {
  ASSERT_EQ(digests.size() * 4096, memory.size());
  for (std::size_t i = 0; i < digests.size(); ++i) {
    EXPECT_EQ(sha256(slice(memory, i * 4096, 4096)).substr(0, 16), digests[i].get<std::string>())
        << "page " << i;
  }
}

// The roles of all pages in order as the vectors write them: `R1 t2 r3`, with R for the root.
std::string layout_of(const PageWalkImage& image) {
  const PageWalkArguments& a = image.arguments();
  std::string layout = "R1";
  char last = 'R';
  int count = 1;
  for (std::uint64_t page = a.epm_base + 4096; page < a.free_base; page += 4096) {
    const char role = to_string(image.content(page).role)[0];
    if (role == last) {
      layout.resize(layout.size() - std::to_string(count).size());
    } else {
      layout += std::string(" ") + role;
      count = 0;
    }
    layout += std::to_string(++count);
    last = role;
  }
  return layout;
}

// The low bits of the entries of mapped pages, by role.
void expect_entries(const Result<PageWalkImage>& image, const json& want) {
  std::set<std::string> roles = {"table"};  // whose bits are part of the pages' digests
  for (const auto& [address, page] : mapped_pages(image)) {
    const bool is_untrusted = page.physical >= image->arguments().utm_base;
    const std::string role(is_untrusted ? "utm" : to_string(image->content(page.physical).role));
    ASSERT_TRUE(want.contains(role)) << role;
    EXPECT_EQ(want[role], json::array({to_hex_number(page.entry & 0x3ffU)}));
    roles.insert(role);
  }
  EXPECT_EQ(roles.size(), want.size());
}

TEST(PageWalkVectors, EachImageIsThatOfTheHostPageByPage) {
  const auto vectors = read_vector_json("pagewalk/images.json");
  ASSERT_GE(vectors["images"].size(), 15U);
  for (const auto& want : vectors["images"]) {
    require_keys(
        want,
        {"profile",         "upstream_version", "xlen",           "eapp",
         "runtime",         "eapp_sha256",      "runtime_sha256", "params",
         "epm_base",        "epm_size",         "runtime_base",   "user_base",
         "free_base",       "utm_base",         "utm_size",       "runtime_entry",
         "user_entry",      "untrusted_ptr",    "untrusted_size", "image_sha256",
         "page_sha256",     "layout",           "pte_low10",      "bytes_zeroed_only_by_driver",
         "utm_at_sm_entry", "enclave_hash"});
    SCOPED_TRACE(want["eapp"].get<std::string>() + " " + want["runtime"].get<std::string>() + " " +
                 want["params"].dump());
    const Profile profile = profile_from_name(want["profile"].get<std::string>()).value();
    EXPECT_EQ(size_of(info(profile).word) * 8, want["xlen"]);
    for (const std::string role : {"eapp", "runtime"}) {
      EXPECT_EQ(sha256(read_vector_file("pagewalk/elf/" + want[role].get<std::string>())),
                want[role + "_sha256"]);
    }
    PageWalkPlacement placement;
    placement.epm_base = number(want["epm_base"]);
    placement.utm_base = number(want["utm_base"]);
    const TwoFiles files = files_of(want);
    const auto image = files.lay_out(profile, parameters_of(profile, want["params"]), placement);
    ASSERT_TRUE(succeeds(image));
    expect_arguments(image->arguments(), want);
    const Bytes memory = private_memory(*image);
    EXPECT_EQ(sha256(memory), want["image_sha256"]);
    expect_pages(memory, want["page_sha256"]);
    EXPECT_EQ(layout_of(*image), want["layout"]);
    expect_entries(image, want["pte_low10"]);
    EXPECT_EQ(measure(*image)->hash.hex(), want["enclave_hash"]);
  }
}

// --- the walker alone -------------------------------------------------------------------------

TEST(PageWalkVectors, TheWalkerAnswersAsAGenuineMonitorOverItsMemory) {
  const auto manifest = read_vector_json("genuine/manifest.json");
  int found = 0;
  for (const auto& enclave : manifest["enclaves"]) {
    const auto scheme = enclave["scheme"].get<std::string>();
    if (scheme.rfind("pagewalk", 0) != 0) {
      continue;
    }
    ++found;
    SCOPED_TRACE(scheme + " " + enclave["enclave"].get<std::string>());
    const auto& create = enclave["create"];
    require_keys(create, {"epm_base", "epm_size", "utm_base", "utm_size", "runtime", "user", "free",
                          "runtime_entry", "user_entry", "untrusted_ptr", "untrusted_size"});
    const PageWalkArguments arguments = {
        number(create["epm_base"]),      number(create["epm_size"]),
        number(create["utm_base"]),      number(create["utm_size"]),
        number(create["runtime"]),       number(create["user"]),
        number(create["free"]),          number(create["runtime_entry"]),
        number(create["user_entry"]),    number(create["untrusted_ptr"]),
        number(create["untrusted_size"])};
    const Bytes epm = read_vector_file("genuine/" + enclave["epm_file"].get<std::string>());
    const ArraySource source(epm);
    RegionMemory memory;
    ASSERT_TRUE(memory.add_bytes(arguments.epm_base, source, 0, epm.size()));
    ASSERT_TRUE(
        memory.add_fill(arguments.epm_base + epm.size(), arguments.epm_size - epm.size(), 0));
    ASSERT_TRUE(memory.add_fill(arguments.utm_base, arguments.utm_size, 0));
    WalkOptions options;
    options.word = scheme == "pagewalk-rv32" ? Word::bits32 : Word::bits64;
    const auto answer = measure_pages(memory, arguments, options);
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    if (const auto* const hash = std::get_if<EnclaveHash>(&*answer)) {
      EXPECT_EQ(enclave["create_error"], 0);
      EXPECT_EQ(hash->hex(), enclave["enclave_hash"].get<std::string>());
    } else {
      EXPECT_EQ(enclave["create_error"], 100015);
      EXPECT_EQ(std::get<SmRefusal>(*answer).kind, SmRefusal::Kind::illegal_mapping);
    }
  }
  EXPECT_GE(found, 7);
}

}  // namespace
}  // namespace keystone::page_walk_vectors_test
