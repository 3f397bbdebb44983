// SPDX-License-Identifier: Apache-2.0
// Enclaves of the page-walk generations, with the answers of genuine hosts and monitors, through
// loader and create call.
#include "keystone/base/number.hpp"
#include "keystone/emulator/device.hpp"
#include "keystone/emulator/enclave_loader.hpp"
#include "support.hpp"

#include <map>

namespace keystone {
namespace {

using namespace keystone::testing;
using nlohmann::json;

std::uint64_t number(const json& text) {
  return parse_unsigned("vector", text.get<std::string>()).value();
}

PageWalkParameters parameters_of(Profile profile, const json& given) {
  PageWalkParameters parameters = default_parameters(profile);
  const std::map<std::string, std::uint64_t PageWalkParameters::*> fields = {
      {"untrusted_ptr", &PageWalkParameters::untrusted_ptr},
      {"untrusted_size", &PageWalkParameters::untrusted_size},
      {"stack_size", &PageWalkParameters::stack_size},
      {"freemem", &PageWalkParameters::freemem},
      {"runtime_stack", &PageWalkParameters::runtime_stack}};
  for (const auto& [key, value] : given.items()) {
    if (key == "user_entry") {
      parameters.user_entry = number(value);
    } else {
      parameters.*fields.at(key) = number(value);
    }
  }
  return parameters;
}

// What the create call answers; an Error where already the host refuses the files.
Result<SecurityMonitor::Created> create_case(const json& test) {
  const Bytes eapp = read_vector_file("pagewalk/elf/" + test.at("eapp").get<std::string>());
  const Bytes runtime = read_vector_file("pagewalk/elf/" + test.at("runtime").get<std::string>());
  const ArraySource eapp_source(eapp);
  const ArraySource runtime_source(runtime);
  const Profile profile = profile_from_name(test.at("profile").get<std::string>()).value();
  KEYSTONE_TRY(const auto image,
               lay_out(PageWalkInputs{eapp_source, runtime_source}, profile,
                       parameters_of(profile, test.at("params")), page_walk_placement()));
  Machine machine(monitor_options(profile));
  KEYSTONE_TRY(const auto arguments, load_enclave(image, machine.memory));
  return machine.monitor.create(arguments);
}

// As v1.0 says what older monitors say with other numbers.
SmCode code_of(const std::string& error) {
  const std::map<std::string, SmCode> codes = {{"8", SmCode::illegal_argument},
                                               {"100008", SmCode::illegal_argument},
                                               {"15", SmCode::illegal_pte},
                                               {"100015", SmCode::illegal_pte}};
  return codes.at(error.substr(std::string("rejected by the SM: ").size()));
}

TEST(PageWalkVectors, EachEnclaveHasItsHashOrItsCode) {
  const json file = read_vector_json("pagewalk/vectors.json");
  ASSERT_GE(file.at("cases").size(), 281U);
  int created_enclaves = 0;
  int refused_enclaves = 0;
  for (const json& test : file.at("cases")) {
    SCOPED_TRACE(test.dump());
    const auto created = create_case(test);
    const json& error = test.at("expected_error");
    if (error.is_null()) {
      ASSERT_TRUE(created && created->hash);
      EXPECT_EQ(created->hash->hex(), test.at("expected_hash"));
      ++created_enclaves;
    } else if (created) {
      ASSERT_EQ(error.get<std::string>().rfind("rejected by the SM: ", 0), 0U);
      EXPECT_EQ(created->code, code_of(error.get<std::string>()));
      ++refused_enclaves;
    }
  }
  EXPECT_GE(created_enclaves, 152);
  EXPECT_GE(refused_enclaves, 18);
}

}  // namespace
}  // namespace keystone
