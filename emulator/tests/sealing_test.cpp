// SPDX-License-Identifier: Apache-2.0
#include "keystone/crypto/signature.hpp"
#include "keystone/emulator/enclave_loader.hpp"
#include "keystone/testing/input_spec.hpp"
#include "support.hpp"

#include <map>
#include <type_traits>

namespace keystone {
namespace {

using namespace keystone::testing;
using nlohmann::json;

static_assert(!std::is_copy_constructible_v<SecurityMonitor::Sealed>);

Bytes unhex(const json& text) {
  return hex::decode("vector", text.get<std::string>()).value();
}

// A monitor that has that key, wherever it has it from.
BootedSm with_key(const Bytes& secret) {
  BootedSm sm = booted();
  sm.sm_key = SecretKey::from_expanded(std::span(secret).first<SecretKey::kSize>());
  return sm;
}

// The files of the enclaves of the loader scheme, by the hash that genuine code gave for them.
std::map<std::string, json> enclaves_by_hash() {
  std::map<std::string, json> enclaves;
  const json file = read_vector_json("measurement-loader.json");
  for (const json& test : file.at("cases")) {
    enclaves[test.at("rv64").get<std::string>()] = test;
  }
  return enclaves;
}

EnclaveId create_from(const json& files, Machine& machine, SecurityMonitor& monitor) {
  const Bytes eapp = expand_input(files.at("eapp").get<std::string>());
  const Bytes runtime = expand_input(files.at("runtime").get<std::string>());
  const Bytes loader = expand_input(files.at("loader").get<std::string>());
  const ArraySource eapp_source(eapp);
  const ArraySource runtime_source(runtime);
  const ArraySource loader_source(loader);
  const auto image =
      lay_out({eapp_source, runtime_source, loader_source}, Profile::keystone_loader_rv64).value();
  const auto arguments = load_enclave(image, {}, machine.memory).value();
  return monitor.create(arguments).value().id;
}

TEST(Sealing, KeysAreThoseOfGenuineMonitors) {
  const auto enclaves = enclaves_by_hash();
  const json vectors = read_vector_json("boot-and-sealing.json").at("sealing");
  ASSERT_GE(vectors.size(), 5U);
  for (const json& expected : vectors) {
    require_keys(expected,
                 {"sm_secret", "sm_pub", "enclave_hash", "key_ident", "key", "signature"});
    SCOPED_TRACE(expected.at("key_ident").get<std::string>());
    Machine machine;
    BootedSm sm = with_key(unhex(expected.at("sm_secret")));
    EXPECT_EQ(hex::encode(sm.sm_key.public_key()), expected.at("sm_pub"));
    SecurityMonitor monitor(std::move(sm), machine.memory, {});
    const EnclaveId id =
        create_from(enclaves.at(expected.at("enclave_hash").get<std::string>()), machine, monitor);
    const auto sealed = monitor.sealing_key(id, unhex(expected.at("key_ident")));
    ASSERT_TRUE(sealed && sealed->signature);
    EXPECT_EQ(hex::encode(sealed->key.bytes()), expected.at("key"));
    EXPECT_EQ(sealed->signature->hex(), expected.at("signature"));
  }
}

// An enclave, and what it seals with.
class SealingKey : public ::testing::Test {
 protected:
  SealingKey() { create_enclave(machine_.monitor); }

  [[nodiscard]] static std::string key_in(const SecurityMonitor& monitor, const Bytes& ident,
                                          EnclaveId id = 0) {
    const auto sealed = monitor.sealing_key(id, ident);
    EXPECT_EQ(sealed->code, SmCode::success);
    EXPECT_EQ(sealed->key.size(), SecurityMonitor::kSealingKeySize);
    return hex::encode(sealed->key.bytes());
  }

  Machine machine_;
};

TEST_F(SealingKey, IsTheSameAfterARestart) {
  Machine restarted;
  create_enclave(restarted.monitor);
  EXPECT_EQ(key_in(machine_.monitor, {1, 2}), key_in(restarted.monitor, {1, 2}));
}

TEST_F(SealingKey, IsTheSameForSiblings) {
  create_enclave(machine_.monitor, 1);
  EXPECT_EQ(key_in(machine_.monitor, {1, 2}, 0), key_in(machine_.monitor, {1, 2}, 1));
}

TEST_F(SealingKey, IsAnotherForAnotherIdentifierEnclaveOrMonitor) {
  const std::string key = key_in(machine_.monitor, {1, 2});
  EXPECT_NE(key_in(machine_.monitor, {}), key);
  EXPECT_NE(key_in(machine_.monitor, {1}), key);
  EXPECT_NE(key_in(machine_.monitor, {1, 2, 0}), key);
  ASSERT_TRUE(machine_.memory.write(enclave_arguments(1).epm_base, Bytes{1}));
  create_enclave(machine_.monitor, 1);
  EXPECT_NE(key_in(machine_.monitor, {1, 2}, 1), key);
  SecurityMonitor updated(booted(BootRom::sound, 4), machine_.memory, {});
  create_enclave(updated);
  EXPECT_NE(key_in(updated, {1, 2}), key);
}

TEST_F(SealingKey, IsSignedByTheMonitor) {
  const auto sealed = machine_.monitor.sealing_key(0, Bytes{1});
  const auto checked = verify_signature(machine_.monitor.identity().sm_public_key.bytes(),
                                        sealed->key.bytes(), *sealed->signature);
  EXPECT_EQ(checked.value(), SignatureResult::valid);
}

TEST_F(SealingKey, TakesAnIdentifierOfUpTo1024Bytes) {
  EXPECT_EQ(machine_.monitor.sealing_key(0, Bytes(1024))->code, SmCode::success);
  const auto refused = machine_.monitor.sealing_key(0, Bytes(1025));
  EXPECT_EQ(refused->code, SmCode::illegal_argument);
  EXPECT_EQ(refused->key.size(), 0U);
  EXPECT_FALSE(refused->signature.has_value());
  EXPECT_EQ(machine_.monitor.sealing_key(1, Bytes(1025))->code, SmCode::not_initialized);
}

TEST(SealingWithoutTrust, PolarFireHasZerosForKeysHashesAndSignatures) {
  Machine machine({}, BootRom::none_all_zero);
  const auto created = machine.monitor.create(enclave_arguments());
  EXPECT_EQ(created->hash->hex(), std::string(128, '0'));
  const auto sealed = machine.monitor.sealing_key(0, Bytes{1});
  EXPECT_EQ(hex::encode(sealed->key.bytes()), std::string(256, '0'));
  EXPECT_EQ(sealed->signature->hex(), std::string(128, '0'));
  const Report report = machine.monitor.attest(0, Bytes{1, 2}).value().report.value();
  Bytes want(1352);
  want[64] = 2;
  want[72] = 1;
  want[73] = 2;
  EXPECT_EQ(report.encode_fixed(), want);
}

// What it signs with is known to everybody; the enclave is measured all the same.
TEST(SealingWithoutTrust, Cva6SignsWithAKeyOfZeros) {
  Machine machine({}, BootRom::none);
  Machine other;
  const auto created = machine.monitor.create(enclave_arguments());
  EXPECT_EQ(created->hash, other.monitor.create(enclave_arguments())->hash);
  const Report report = machine.monitor.attest(0, Bytes{1, 2}).value().report.value();
  EXPECT_EQ(report.enclave_hash(), created->hash);
  EXPECT_EQ(report.enclave_signature(), SecretKey::all_zero().sign(report.signed_by_sm()).value());
  EXPECT_EQ(hex::encode(report.sm_part()), std::string(320, '0'));
  EXPECT_EQ(report.claimed_device_key(), device_key().public_key());
}

}  // namespace
}  // namespace keystone
