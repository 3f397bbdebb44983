// SPDX-License-Identifier: Apache-2.0
// Keys and signatures that Keystone's boot ROM made. How it comes to the seed and to the hash of
// the Security Monitor is for an emulated boot ROM to show.
#include "support.hpp"

#include <gtest/gtest.h>

namespace keystone {
namespace {

using namespace keystone::testing;
using nlohmann::json;

// Not read here: "sealing" and "weak_sm_keys".
json boot_vectors() {
  json file = read_vector_json("boot-and-sealing.json");
  require_keys(file, {"what", "bootrom", "sealing", "weak_sm_keys"});
  return file;
}

SecretKey device_key(const json& device) {
  if (device.at("seed").is_null()) {  // the published test key, of which nobody gave the seed
    require_keys(device, {"seed", "secret", "pub", "note"});
    return SecretKey::from_expanded(array_at<64>(device, "secret"));
  }
  require_keys(device, {"seed", "secret", "pub"});
  return SecretKey::from_seed(array_at<32>(device, "seed")).value();
}

// Hash and key of a Security Monitor one behind the other, as a device signs them.
Bytes signed_by_device(const json& object, const char* hash, const char* key) {
  Bytes message = bytes_at(object, hash);
  const Bytes end = bytes_at(object, key);
  message.insert(message.end(), end.begin(), end.end());
  return message;
}

void expect_key(const SecretKey& key, const json& secret, const json& public_key) {
  EXPECT_EQ(hex::encode(key.expose_secret()), secret);
  EXPECT_EQ(hex::encode(key.public_key()), public_key);
}

TEST(BootVectors, HaveTheKeysAndSignaturesOfTheBootRom) {
  const json file = boot_vectors();
  ASSERT_EQ(file.at("bootrom").size(), 6U);
  for (const json& vector : file.at("bootrom")) {
    // Not read here: "firmware", "dev_secret_left_in_ram", "verifier_sm_hash".
    require_keys(vector, {"firmware", "device", "sm_hash", "sm_seed", "sm_pub", "sm_secret",
                          "sm_sig", "dev_secret_left_in_ram", "verifier_sm_hash"});
    const json& device = vector.at("device");
    const SecretKey device_secret = device_key(device);
    expect_key(device_secret, device.at("secret"), device.at("pub"));
    expect_key(SecretKey::from_seed(array_at<32>(vector, "sm_seed")).value(),
               vector.at("sm_secret"), vector.at("sm_pub"));
    const Bytes message = signed_by_device(vector, "sm_hash", "sm_pub");
    EXPECT_EQ(device_secret.sign(message).value().hex(), vector.at("sm_sig"));
    EXPECT_EQ(
        result_of(array_at<32>(device, "pub"), message, Signature(array_at<64>(vector, "sm_sig"))),
        SignatureResult::valid);
  }
}

// The key that a signature is not by.
TEST(BootVectors, AreNotSignedByAnotherDevice) {
  const json file = boot_vectors();
  int others = 0;
  for (const json& vector : file.at("bootrom")) {
    const Bytes message = signed_by_device(vector, "sm_hash", "sm_pub");
    const Signature signature(array_at<64>(vector, "sm_sig"));
    for (const json& other : file.at("bootrom")) {
      const bool is_same = other.at("device").at("pub") == vector.at("device").at("pub");
      EXPECT_EQ(result_of(array_at<32>(other.at("device"), "pub"), message, signature),
                is_same ? SignatureResult::valid : SignatureResult::mismatch);
      others += is_same ? 0 : 1;
    }
  }
  EXPECT_GT(others, 10);
}

// The same of the machines on which the genuine reports were made.
TEST(BootVectors, HaveTheKeysAndSignaturesOfTheGenuineRuns) {
  const json file = read_vector_json("genuine/manifest.json");
  ASSERT_EQ(file.at("runs").size(), 4U);
  const SecretKey device = device_key(boot_vectors().at("bootrom").at(0).at("device"));
  EXPECT_EQ(hex::encode(device.public_key()), file.at("device_public_key"));
  for (const json& run : file.at("runs")) {
    SCOPED_TRACE(run.at("run"));
    require_keys(
        run, {"run", "sm_hash", "sm_public_key", "sm_key_seed", "sm_secret_key", "sm_signature"});
    expect_key(SecretKey::from_seed(array_at<32>(run, "sm_key_seed")).value(),
               run.at("sm_secret_key"), run.at("sm_public_key"));
    const Bytes message = signed_by_device(run, "sm_hash", "sm_public_key");
    EXPECT_EQ(device.sign(message).value().hex(), run.at("sm_signature"));
  }
}

}  // namespace
}  // namespace keystone
