// SPDX-License-Identifier: Apache-2.0
#include "api/policies.hpp"

#include "keystone/base/golden.hpp"
#include "site.hpp"

#include <gtest/gtest.h>

namespace keystone::testing {
namespace {

using server::Role;

std::string device_document(const Site& site, const char* name) {
  return Json{{"name", name}, {"key", site.attester.device_key().hex()}}.dump();
}

std::string revoked_device(const Site& site, const char* name) {
  Json device = Json::parse(device_document(site, name));
  device["revoked"] = {{"at", "2026-06-01T11:00:00Z"}, {"reason", "stolen"}};
  return device.dump();
}

// Takes its devices and reference values from the store.
std::string composed_policy(const Json& devices) {
  return Json{{"schema", "keystone.server-policy/1"},
              {"policy", {{"schema", "keystone.policy/1"}, {"max_age_s", 300}}},
              {"devices", devices},
              {"reference_values", {"build"}}}
      .dump();
}

// A golden file with the hashes of the attester.
std::string golden_file(const Site& site) {
  const FileDigest digest(bytes_for<32>("file"));
  const GoldenInput input{"file", digest};
  GoldenFile golden;
  golden.enclaves.push_back({"hello",
                             "keystone-loader-rv64",
                             input,
                             input,
                             input,
                             false,
                             {},
                             site.attester.enclave_hash});
  golden.security_monitors.push_back(
      {"board", "generic", input, {}, {}, {}, site.attester.sm_hash});
  return golden.serialize().value();
}

class ServerPolicy : public ::testing::Test {
 protected:
  void put_all(const Json& devices) {
    site.put("/v1/policies/default", composed_policy(devices));
    site.put("/v1/devices/board-7", device_document(site, "board-7"));
    site.put("/v1/reference-values/build", golden_file(site));
  }
  bool accepts() { return site.ear_in(site.answer(site.open())).accepted(); }
  Site site;
};

TEST_F(ServerPolicy, TakesDevicesAndGoldenFilesFromTheStore) {
  put_all({"board-7"});
  EXPECT_TRUE(accepts());
}

TEST_F(ServerPolicy, TakesAllDevicesWhereItSaysSo) {
  put_all("all");
  EXPECT_TRUE(accepts());
}

TEST_F(ServerPolicy, TrustsNoDeviceThatItDoesNotName) {
  put_all({"board-8"});
  EXPECT_FALSE(accepts());
}

TEST_F(ServerPolicy, TrustsNoDeviceWhereItNamesNone) {
  put_all(Json::array());
  EXPECT_FALSE(accepts());
}

TEST_F(ServerPolicy, ExpectsNothingWithoutItsGoldenFile) {
  put_all("all");
  ASSERT_EQ(site.ask_as(Role::operator_, "DELETE", "/v1/reference-values/build").status, 204U);
  EXPECT_FALSE(accepts());
}

TEST_F(ServerPolicy, RejectsADeviceThatIsRevokedWhileASessionIsOpen) {
  put_all("all");
  const auto path = site.open();
  site.put("/v1/devices/board-7", revoked_device(site, "board-7"));
  const auto ear = site.ear_in(site.answer(path));
  EXPECT_FALSE(ear.accepted());
  EXPECT_EQ(ear.submods.at("platform").claims[TrustClaim::instance_identity], 96);
}

TEST_F(ServerPolicy, RejectsAKeyThatIsRevokedUnderAnyName) {
  put_all("all");
  ASSERT_TRUE(accepts());
  site.put("/v1/devices/board-1", revoked_device(site, "board-1"));
  EXPECT_FALSE(accepts());
}

TEST_F(ServerPolicy, RejectsADeviceThatIsRemovedWhileASessionIsOpen) {
  put_all("all");
  const auto path = site.open();
  ASSERT_EQ(site.ask_as(Role::operator_, "DELETE", "/v1/devices/board-7").status, 204U);
  EXPECT_FALSE(site.ear_in(site.answer(path)).accepted());
}

TEST_F(ServerPolicy, SeesARevocationOnAnotherNodeAtOnce) {
  put_all("all");
  Site other({.anonymous_attesters = true}, open_store(site.folder));
  ASSERT_TRUE(other.ear_in(other.answer(other.open())).accepted());
  site.put("/v1/devices/board-7", revoked_device(site, "board-7"));
  EXPECT_FALSE(other.ear_in(other.answer(other.open())).accepted());
}

TEST_F(ServerPolicy, SeesARevocationOnAnotherNodeWhileASessionIsOpen) {
  put_all("all");
  Site other({.anonymous_attesters = true}, open_store(site.folder));
  const auto path = other.open();
  ASSERT_TRUE(other.ear_in(other.answer(other.open())).accepted());
  site.put("/v1/devices/board-7", revoked_device(site, "board-7"));
  EXPECT_FALSE(other.ear_in(other.answer(path)).accepted());
  EXPECT_EQ(other.recorded(true), 1U);
  EXPECT_EQ(other.recorded(false), 1U);
}

TEST_F(ServerPolicy, ReadsAllDevicesPageByPage) {
  put_all("all");
  for (const char* const name : {"a", "b", "zz"}) {
    const DevicePublicKey key(bytes_for<32>(name));
    site.put("/v1/devices/" + std::string(name), Json{{"name", name}, {"key", key.hex()}}.dump());
  }
  for (const std::size_t page : {1U, 2U, 3U, 4U, 5U}) {
    server::Policies policies(site.store, page);
    const auto ref = policies.choose(nullptr).value();
    EXPECT_EQ(policies.verifier(ref).value()->policy().devices.size(), 4U) << page;
  }
}

TEST(SessionPolicy, IsNoneWhereNoneIsConfigured) {
  Site site;
  const auto ear = site.ear_in(site.answer(site.open()));
  EXPECT_FALSE(ear.accepted());
  for (const auto& [name, submod] : ear.submods) {
    EXPECT_EQ(submod.status, TrustTier::contraindicated) << name;
    EXPECT_EQ(submod.policy_ids, std::vector<std::string>{"none"});
  }
}

TEST(SessionPolicy, StaysNoneForASessionThatBeganWithoutOne) {
  Site site;
  const auto path = site.open();
  site.put_policy();
  EXPECT_FALSE(site.ear_in(site.answer(path)).accepted());
}

TEST(SessionPolicy, IsTheOneThatIsNamed) {
  Site site;
  site.put_policy("production");
  EXPECT_FALSE(site.ear_in(site.answer(site.open())).accepted());
  EXPECT_TRUE(site.ear_in(site.answer(site.open("policy=production"))).accepted());
}

TEST(SessionPolicy, IsFixedWhenTheSessionBegins) {
  Site site;
  site.put_policy();
  const auto replaced = site.open();
  Policy other = site.attester.policy();
  other.enclaves.front().hash = field_for<EnclaveHash>("another");
  site.put("/v1/policies/default", other.serialize().value());
  const auto removed = site.open();
  EXPECT_TRUE(site.ear_in(site.answer(replaced)).accepted());
  ASSERT_EQ(site.ask_as(Role::operator_, "DELETE", "/v1/policies/default").status, 204U);
  const auto ear = site.ear_in(site.answer(removed));
  EXPECT_EQ(ear.submods.at("enclave").claims[TrustClaim::executables], 33);
  EXPECT_EQ(ear.submods.at("enclave").policy_ids, std::vector<std::string>{"default@2"});
}

}  // namespace
}  // namespace keystone::testing
