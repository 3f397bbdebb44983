// SPDX-License-Identifier: Apache-2.0
#include "keystone/emulator/key_file.hpp"

#include "support.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <type_traits>

#include <sys/stat.h>

namespace keystone {
namespace {

using namespace keystone::testing;

static_assert(!std::is_copy_constructible_v<SecretBytes>);

constexpr std::string_view kSeedFile =
    "keystone-device-key/1\n"
    "seed 0701020300000000000000000000000000000000000000000000000000000000\n";

// The published test key of Keystone.
constexpr std::string_view kExpandedFile =
    "keystone-device-key/1\n"
    "expanded 40a099478ccefa3a0663abc95e7a1ec954b4f5f645bad804db13e7d7826c7073"
    "576a9ab62160d9d1c6aedc29852fb960ee5132835a1689ec06a8723451aa0e4a\n";

// Where the digits of an expanded key begin.
constexpr std::size_t kSchemaAndWord = 31;

ByteView view(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(const SecretBytes& bytes) {
  return {bytes.bytes().begin(), bytes.bytes().end()};
}

Result<DeviceKey> parse(std::string_view text) {
  return parse_device_key(view(text));
}

std::string replaced(std::string_view text, std::size_t at, std::string_view with) {
  return std::string(text.substr(0, at)) + std::string(with) +
         std::string(text.substr(at + with.size()));
}

TEST(KeyFile, HoldsASeedOrAnExpandedKey) {
  const auto from_seed = parse(kSeedFile);
  ASSERT_TRUE(from_seed.has_value());
  EXPECT_EQ(from_seed->public_key(), device_key(7).public_key());
  const auto from_expanded = parse(kExpandedFile);
  ASSERT_TRUE(from_expanded.has_value());
  EXPECT_EQ(from_expanded->public_key(), DeviceKey::published_test_key().public_key());
}

TEST(KeyFile, IsWrittenAsItIsRead) {
  EXPECT_EQ(text_of(serialize_seed(std::array<std::uint8_t, 32>{7, 1, 2, 3})), kSeedFile);
  EXPECT_EQ(text_of(serialize_expanded(DeviceKey::published_test_key())), kExpandedFile);
  const DeviceKey key = device_key(9);
  const auto again = parse_device_key(serialize_expanded(key).bytes());
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(std::ranges::equal(again->secret().expose_secret(), key.secret().expose_secret()));
}

TEST(KeyFile, IsRefusedWithAnyCharacterOutOfPlace) {
  for (const std::string_view file : {kSeedFile, kExpandedFile}) {
    for (std::size_t at = 0; at < file.size(); ++at) {
      for (const std::string_view other : {" ", "\n", "G", "A", "\r"}) {
        if (file.substr(at, 1) != other) {
          EXPECT_TRUE(fails_with(parse(replaced(file, at, other)), ErrorCode::malformed)) << at;
        }
      }
      EXPECT_TRUE(fails_with(parse(file.substr(0, at)), ErrorCode::malformed)) << at;
    }
    EXPECT_TRUE(fails_with(parse(std::string(file) + "\n"), ErrorCode::malformed));
  }
}

TEST(KeyFile, SaysWhichLineIsWrong) {
  EXPECT_TRUE(fails_with(parse("12345678"), ErrorCode::malformed, {"8 bytes", "92", "160"}));
  EXPECT_TRUE(fails_with(parse(replaced(kSeedFile, 20, "2")), ErrorCode::malformed, "first line"));
  EXPECT_TRUE(fails_with(parse(replaced(kSeedFile, 30, "x")), ErrorCode::malformed, "second line"));
  EXPECT_TRUE(
      fails_with(parse(replaced(kExpandedFile, 90, "x")), ErrorCode::malformed, "second line"));
}

// A seed under the word for an expanded key, and the other way round.
TEST(KeyFile, IsRefusedWithTheOtherWord) {
  EXPECT_TRUE(fails_with(parse(replaced(kSeedFile, 22, "expanded ")), ErrorCode::malformed));
  EXPECT_TRUE(fails_with(parse(replaced(kExpandedFile, 22, "seed 0000")), ErrorCode::malformed));
}

TEST(KeyFile, IsRefusedWithAScalarThatIsNotClamped) {
  constexpr std::size_t digits = kSchemaAndWord;
  EXPECT_TRUE(
      fails_with(parse(replaced(kExpandedFile, digits + 1, "1")), ErrorCode::malformed, "clamped"));
  EXPECT_TRUE(fails_with(parse(replaced(kExpandedFile, digits + 62, "f")), ErrorCode::malformed,
                         "clamped"));
  EXPECT_TRUE(fails_with(parse(replaced(kExpandedFile, digits + 62, "3")), ErrorCode::malformed,
                         "clamped"));
  EXPECT_TRUE(fails_with(parse(replaced(kExpandedFile, digits, std::string(128, '0'))),
                         ErrorCode::malformed, "clamped"));
  EXPECT_TRUE(parse(replaced(kExpandedFile, digits + 62, "5")).has_value());
}

TEST(KeyFile, MessagesSayNothingOfAKey) {
  std::set<std::string> messages;
  for (std::size_t at = kSchemaAndWord; at < kExpandedFile.size(); ++at) {
    for (const std::string_view wrong : {"A", "F", "x", "\xff"}) {
      const auto refused = parse(replaced(kExpandedFile, at, wrong));
      ASSERT_FALSE(refused.has_value());
      messages.insert(refused.error().message + refused.error().hint);
    }
  }
  EXPECT_EQ(messages.size(), 1U);
}

TEST(KeyFileStatus, TakesAFileOfItsOwnerAlone) {
  for (const std::uint32_t mode : {0600U, 0400U, 0700U}) {
    EXPECT_TRUE(check_key_file(S_IFREG | mode, 92).has_value());
    EXPECT_TRUE(check_key_file(S_IFREG | mode, 160).has_value());
  }
}

TEST(KeyFileStatus, RefusesAFileThatOthersCanUse) {
  for (std::uint32_t bits = 1; bits <= 077; ++bits) {
    const auto refused = check_key_file(S_IFREG | 0600U | bits, 92);
    EXPECT_TRUE(fails_with(refused, ErrorCode::unreadable, "others"));
    EXPECT_NE(refused.error().hint.find("chmod 600"), std::string::npos);
  }
}

TEST(KeyFileStatus, RefusesWhatIsNoFile) {
  const auto code = ErrorCode::unreadable;
  EXPECT_TRUE(fails_with(check_key_file(S_IFDIR | 0700U, 92), code, "a directory"));
  EXPECT_TRUE(fails_with(check_key_file(S_IFLNK | 0777U, 92), code, "a symbolic link"));
  for (const unsigned kind : {0U | S_IFIFO, 0U | S_IFCHR, 0U | S_IFBLK, 0U | S_IFSOCK}) {
    EXPECT_TRUE(fails_with(check_key_file(kind | 0600U, 92), code, "a pipe or a device"));
  }
}

TEST(KeyFileStatus, RefusesSizesThatNoKeyFileHas) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{8}, std::uint64_t{91},
                                   std::uint64_t{93}, std::uint64_t{161}, UINT64_MAX}) {
    EXPECT_TRUE(fails_with(check_key_file(S_IFREG | 0600U, size), ErrorCode::malformed,
                           "got " + std::to_string(size)));
  }
}

TEST(SecretBytes, AreWipedWhenTheyGoAway) {
  SecretBytes bytes(64);
  EXPECT_TRUE(std::ranges::all_of(bytes.bytes(), [](std::uint8_t byte) { return byte == 0; }));
  std::ranges::fill(bytes.bytes(), std::uint8_t{0xa5});
  const SecretBytes moved(std::move(bytes));
  EXPECT_EQ(bytes.size(), 0U);
  EXPECT_EQ(moved.size(), 64U);
  EXPECT_EQ(moved.bytes()[63], 0xa5);
  SecretBytes other(3);
  SecretBytes source(2);
  other = std::move(source);
  EXPECT_EQ(other.size(), 2U);
}

}  // namespace
}  // namespace keystone
