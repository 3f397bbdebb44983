// SPDX-License-Identifier: Apache-2.0
// Enclaves of the loader scheme that genuine code measured, through loader and create call.
#include "keystone/emulator/enclave_loader.hpp"
#include "keystone/testing/input_spec.hpp"
#include "support.hpp"

namespace keystone {
namespace {

using namespace keystone::testing;
using nlohmann::json;

// The three files of a case.
struct Files {
  explicit Files(const json& test)
      : eapp(expand_input(test.at("eapp").get<std::string>())),
        runtime(expand_input(test.at("runtime").get<std::string>())),
        loader(expand_input(test.at("loader").get<std::string>())) {}

  Bytes eapp;
  Bytes runtime;
  Bytes loader;
};

Bytes padded(Bytes file) {
  file.resize((file.size() + kPageSize - 1) / kPageSize * kPageSize);
  return file;
}

json vectors() {
  json file = read_vector_json("measurement-loader.json");
  require_keys(file, {"what", "inputs", "cases", "raw_windows"});
  return file;
}

std::string hash_of(const Files& files, Profile profile) {
  const ArraySource eapp(files.eapp);
  const ArraySource runtime(files.runtime);
  const ArraySource loader(files.loader);
  const auto image = lay_out({eapp, runtime, loader}, profile).value();
  Machine machine({.word = info(profile).word});
  const auto arguments = load_enclave(image, {}, machine.memory).value();
  return machine.monitor.create(arguments).value().hash.value().hex();
}

TEST(LoaderVectors, EachEnclaveHasItsHashOnBothWidths) {
  const json file = vectors();
  ASSERT_GE(file.at("cases").size(), 27U);
  for (const json& test : file.at("cases")) {
    SCOPED_TRACE(test.at("name"));
    require_keys(test, {"name", "eapp", "runtime", "loader", "rv64", "rv32"});
    const Files files(test);
    EXPECT_EQ(hash_of(files, Profile::keystone_loader_rv64), test.at("rv64"));
    EXPECT_EQ(hash_of(files, Profile::keystone_loader_rv32), test.at("rv32"));
  }
}

// Boundaries as a broken or hostile host gives them.
TEST(LoaderVectors, EachWindowHasItsHash) {
  const json file = vectors();
  ASSERT_GE(file.at("raw_windows").size(), 4U);
  for (const json& test : file.at("raw_windows")) {
    SCOPED_TRACE(test.at("name"));
    require_keys(test, {"name", "eapp", "runtime", "loader", "image", "runtime_off", "user_off",
                        "free_off", "rv64"});
    ASSERT_EQ(test.at("image"), "loader|runtime|eapp page padded, then one zero page");
    const Files files(test);
    Bytes image = padded(files.loader);
    append(image, padded(files.runtime));
    append(image, padded(files.eapp));
    Machine machine;
    CreateArguments arguments = enclave_arguments();
    ASSERT_TRUE(machine.memory.write(arguments.epm_base, image));
    arguments.runtime_base = arguments.epm_base + test.at("runtime_off").get<std::uint64_t>();
    arguments.user_base = arguments.epm_base + test.at("user_off").get<std::uint64_t>();
    arguments.free_base = arguments.epm_base + test.at("free_off").get<std::uint64_t>();
    const auto created = machine.monitor.create(arguments);
    ASSERT_TRUE(created && created->hash);
    EXPECT_EQ(created->hash->hex(), test.at("rv64"));
  }
}

TEST(LoaderVectors, AnEnclaveOfTheRustSdkHasTheHashThatItsMonitorGave) {
  const json file = read_vector_json("rust-sdk-0.3/vectors.json");
  int found = 0;
  for (const json& test : file.at("cases")) {
    if (!test.at("error").is_null()) {
      continue;
    }
    ++found;
    SCOPED_TRACE(test.at("name"));
    const auto read = [&](const char* role) {
      return read_vector_file("rust-sdk-0.3/in/" + test.at(role).get<std::string>());
    };
    const Bytes eapp = read("eapp");
    const Bytes runtime = read("runtime");
    const Bytes loader = read("loader_elf");
    const ArraySource eapp_source(eapp);
    const ArraySource runtime_source(runtime);
    const ArraySource loader_source(loader);
    const auto image =
        lay_out({eapp_source, runtime_source, loader_source}, Profile::rust_sdk_0_3).value();
    Machine machine;
    const auto arguments = load_enclave(image, {}, machine.memory).value();
    EXPECT_EQ(machine.monitor.create(arguments)->hash.value().hex(), test.at("hash"));
  }
  EXPECT_GE(found, 8);
}

}  // namespace
}  // namespace keystone
