// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/profile.hpp"

#include "support.hpp"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace keystone::profile_test {
namespace {

using namespace keystone::testing;

TEST(Profiles, AreThese) {
  const struct {
    Profile profile;
    std::string_view name;
    Word word;
    Scheme scheme;
    HostLoader host_loader;
  } want[] = {
      {Profile::keystone_loader_rv64, "keystone-loader-rv64", Word::bits64, Scheme::loader,
       HostLoader::keystone_files},
      {Profile::keystone_loader_rv32, "keystone-loader-rv32", Word::bits32, Scheme::loader,
       HostLoader::keystone_files},
      {Profile::rust_sdk_0_3, "rust-sdk-0.3", Word::bits64, Scheme::loader, HostLoader::rust_sdk},
      {Profile::keystone_v1, "keystone-v1", Word::bits64, Scheme::page_walk,
       HostLoader::page_tables},
      {Profile::keystone_v1_rv32, "keystone-v1-rv32", Word::bits32, Scheme::page_walk,
       HostLoader::page_tables},
      {Profile::pagewalk_v0_3, "pagewalk-v0.3", Word::bits64, Scheme::page_walk,
       HostLoader::page_tables},
      {Profile::pagewalk_v0_2, "pagewalk-v0.2", Word::bits64, Scheme::page_walk,
       HostLoader::page_tables},
      {Profile::pagewalk_v0_1, "pagewalk-v0.1", Word::bits64, Scheme::page_walk,
       HostLoader::page_tables},
  };
  ASSERT_EQ(profiles().size(), std::size(want));
  for (std::size_t i = 0; i < std::size(want); ++i) {
    SCOPED_TRACE(want[i].name);
    const ProfileInfo& row = profiles()[i];
    EXPECT_EQ(row.profile, want[i].profile);
    EXPECT_EQ(row.name, want[i].name);
    EXPECT_EQ(row.word, want[i].word);
    EXPECT_EQ(row.scheme, want[i].scheme);
    EXPECT_EQ(row.host_loader, want[i].host_loader);
  }
}

TEST(Profiles, HaveTheDefaultFirst) {
  EXPECT_EQ(profiles()[0].profile, kDefaultProfile);
  EXPECT_EQ(kDefaultProfile, Profile::keystone_loader_rv64);
}

TEST(Profiles, SayWhatTheyStandForAndDoNotMeasure) {
  for (const ProfileInfo& row : profiles()) {
    SCOPED_TRACE(row.name);
    EXPECT_FALSE(row.description.empty());
    EXPECT_FALSE(row.upstream.empty());
    EXPECT_FALSE(not_measured(row.profile).empty());
    EXPECT_EQ(info(row.profile).name, row.name);
  }
}

TEST(Profiles, OfBothSchemesLeaveOutOtherThings) {
  const auto loader = not_measured(Profile::keystone_loader_rv64);
  const auto page_walk = not_measured(Profile::keystone_v1);
  const auto has = [](auto list, std::string_view word) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view text) { return text.find(word) != text.npos; });
  };
  EXPECT_TRUE(has(page_walk, "permissions of pages"));
  EXPECT_FALSE(has(loader, "permissions of pages"));
  EXPECT_TRUE(has(loader, "untrusted buffer"));  // a page walk hashes its address and size
  EXPECT_FALSE(has(page_walk, "untrusted buffer"));
}

TEST(Profiles, AreFoundByName) {
  for (const ProfileInfo& row : profiles()) {
    EXPECT_EQ(profile_from_name(row.name), row.profile);
  }
}

TEST(Profiles, AreNotFoundByAnyOtherName) {
  for (const std::string_view name :
       {"", "keystone", "Keystone-loader-rv64", "rust-sdk-0.3 ", "keystone-loader-rv128",
        "rust_sdk_0_3", "keystone-v0.4", "pagewalk-v0", "pagewalk-v0.3.0"}) {
    EXPECT_TRUE(fails_with(profile_from_name(name), ErrorCode::usage, "profile")) << name;
  }
}

TEST(Profiles, AreHintedWhenANameIsNear) {
  const auto result = profile_from_name("keystone-loader-rv46");
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().hint.find("keystone-loader-rv64"), std::string::npos);
  EXPECT_EQ(result.error().hint.find("rust-sdk"), std::string::npos);
}

TEST(Profiles, AreAllHintedWhenNoNameIsNear) {
  const auto result = profile_from_name("zzz");
  ASSERT_FALSE(result.has_value());
  for (const ProfileInfo& row : profiles()) {
    EXPECT_NE(result.error().hint.find(row.name), std::string::npos);
  }
}

TEST(Profiles, DoNotPutControlCharactersOfANameIntoTheError) {
  const auto result = profile_from_name("a\x1b[31m\nb");
  ASSERT_FALSE(result.has_value());
  for (const char c : result.error().message + result.error().hint) {
    EXPECT_TRUE(c >= ' ' && c <= '~');
  }
}

TEST(Words, HaveTheirSizes) {
  EXPECT_EQ(size_of(Word::bits32), 4U);
  EXPECT_EQ(size_of(Word::bits64), 8U);
}

}  // namespace
}  // namespace keystone::profile_test
