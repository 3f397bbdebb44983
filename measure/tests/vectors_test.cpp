// SPDX-License-Identifier: Apache-2.0
// Expected hashes that programs built from the upstream sources computed.
#include "keystone/measure/elf.hpp"
#include "keystone/measure/enclave.hpp"
#include "keystone/testing/input_spec.hpp"
#include "support.hpp"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace keystone::vectors_test {
namespace {

using namespace keystone::testing;
using nlohmann::json;

std::string text(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

// The three inputs of a case of measurement-loader.json.
Files inputs_of(const json& vector) {
  return {expand_input(text(vector, "eapp")), expand_input(text(vector, "runtime")),
          expand_input(text(vector, "loader"))};
}

json loader_vectors() {
  json file = read_vector_json("measurement-loader.json");
  require_keys(file, {"what", "inputs", "cases", "raw_windows"});
  return file;
}

TEST(LoaderVectors, AreTheHashesOfBothWordSizes) {
  const json file = loader_vectors();
  ASSERT_EQ(file.at("cases").size(), 27U);
  for (const json& vector : file.at("cases")) {
    SCOPED_TRACE(text(vector, "name"));
    require_keys(vector, {"name", "eapp", "runtime", "loader", "rv64", "rv32"});
    const Files files = inputs_of(vector);
    EXPECT_EQ(files.hash(Profile::keystone_loader_rv64), text(vector, "rv64"));
    EXPECT_EQ(files.hash(Profile::keystone_loader_rv32), text(vector, "rv32"));
  }
}

TEST(LoaderVectors, AreTheHashesOfWindowsWithAnyBoundaries) {
  const json file = loader_vectors();
  ASSERT_EQ(file.at("raw_windows").size(), 4U);
  for (const json& vector : file.at("raw_windows")) {
    SCOPED_TRACE(text(vector, "name"));
    require_keys(vector, {"name", "eapp", "runtime", "loader", "image", "runtime_off", "user_off",
                          "free_off", "rv64"});
    ASSERT_EQ(text(vector, "image"), "loader|runtime|eapp page padded, then one zero page");
    const Files files = inputs_of(vector);
    const Bytes image =
        concat({padded(files.loader), padded(files.runtime), padded(files.eapp), Bytes(4096)});
    const ArraySource source(image);
    RegionMemory memory;
    ASSERT_TRUE(succeeds(memory.add_bytes(0, source, 0, image.size())));
    const LoaderWindow window{0, vector.at("runtime_off"), vector.at("user_off"),
                              vector.at("free_off")};
    const auto hash = measure_window(memory, window, Word::bits64);
    ASSERT_TRUE(succeeds(hash));
    EXPECT_EQ(hash->hex(), text(vector, "rv64"));
  }
}

// The size of the first section .text.
std::uint64_t text_size(const Bytes& file) {
  const auto elf = ElfView::parse(ArraySource(file));
  EXPECT_TRUE(succeeds(elf));
  for (const ElfSection& section : elf->sections()) {
    if (section.name == ".text") {
      return section.size;
    }
  }
  return 0;
}

// The files of a case of the Rust SDK, which are of the sizes that the case says.
Files rust_sdk_files(const json& vector) {
  const auto read = [&](const char* key) {
    return read_vector_file("rust-sdk-0.3/in/" + text(vector, key));
  };
  Files files{read("eapp"), read("runtime"), read("loader_elf")};
  const json& sizes = vector.at("len");
  require_keys(sizes, {"eapp", "runtime", "loader_elf", "loader_bin"});
  EXPECT_EQ(files.eapp.size(), sizes.at("eapp"));
  EXPECT_EQ(files.runtime.size(), sizes.at("runtime"));
  EXPECT_EQ(files.loader.size(), sizes.at("loader_elf"));
  EXPECT_EQ(text_size(files.loader), sizes.at("loader_bin"));
  return files;
}

// The sizes of the three regions, as the vectors write them.
std::string sizes_text(const LoaderWindow& window) {
  std::ostringstream out;
  out << std::hex << std::showbase << window.runtime_base - window.dram_base << ' '
      << window.user_base - window.runtime_base << ' ' << window.free_base - window.user_base;
  return out.str();
}

void check_rust_sdk_case(const json& vector) {
  require_keys(vector,
               {"name", "note", "len", "hash", "sizes", "error", "eapp", "runtime", "loader_elf"});
  const Files files = rust_sdk_files(vector);
  const auto hash = files.hash(Profile::rust_sdk_0_3);
  if (!vector.at("error").is_null()) {
    EXPECT_TRUE(vector.at("hash").is_null() && vector.at("sizes").is_null());
    const bool is_alignment = text(vector, "error") == "0xff07";
    EXPECT_TRUE(is_alignment || text(vector, "error") == "0xff03");
    EXPECT_TRUE(fails_with(hash, ErrorCode::malformed, is_alignment ? "page boundary" : "eapp: "));
    return;
  }
  EXPECT_EQ(hash, text(vector, "hash"));
  const auto image = files.lay_out_only(Profile::rust_sdk_0_3);
  ASSERT_TRUE(succeeds(image));
  EXPECT_EQ(sizes_text(image->window), text(vector, "sizes"));
}

TEST(RustSdkVectors, AreTheHashesAndTheErrors) {
  const json file = read_vector_json("rust-sdk-0.3/vectors.json");
  require_keys(file, {"what", "inputs", "sizes", "cases"});
  ASSERT_EQ(text(file, "inputs"), "in/");
  ASSERT_EQ(file.at("cases").size(), 14U);
  for (const json& vector : file.at("cases")) {
    SCOPED_TRACE(text(vector, "name"));
    check_rust_sdk_case(vector);
  }
}

}  // namespace
}  // namespace keystone::vectors_test
