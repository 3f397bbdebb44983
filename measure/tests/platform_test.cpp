// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/platform.hpp"

#include "support.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace keystone::platform_test {
namespace {

using namespace keystone::testing;

void expect_window(const SmWindowRequest& request, std::uint64_t base, std::uint64_t size,
                   std::uint8_t fill) {
  const auto window = resolve_window(request);
  ASSERT_TRUE(succeeds(window));
  EXPECT_EQ(window->base, base);
  EXPECT_EQ(window->size, size);
  EXPECT_EQ(window->fill, fill);
}

::testing::AssertionResult refused(const SmWindowRequest& request, std::string_view culprit) {
  return fails_with(resolve_window(request), ErrorCode::usage, culprit);
}

SmWindowRequest of(std::string_view platform) {
  return {.platform = platform, .base = {}, .size = {}, .fill = {}};
}

SmWindowRequest at(std::optional<std::uint64_t> base, std::optional<std::uint64_t> size) {
  return {.platform = {}, .base = base, .size = size, .fill = {}};
}

TEST(Platforms, AreThese) {
  const struct {
    std::string_view name;
    bool has_root_of_trust;
    std::optional<std::uint64_t> base, size;
  } want[] = {
      {"generic", true, 0x80000000, 0x1ff000},
      {"visionfive2", true, 0x40000000, 0x1ff000},
      {"unmatched", true, {}, {}},
      {"miralis", true, 0x80000000, {}},
      {"cva6", false, {}, {}},
      {"mpfs", false, {}, {}},
  };
  ASSERT_EQ(platforms().size(), std::size(want));
  for (std::size_t i = 0; i < std::size(want); ++i) {
    SCOPED_TRACE(want[i].name);
    const PlatformInfo& row = platforms()[i];
    EXPECT_EQ(row.name, want[i].name);
    EXPECT_EQ(row.has_root_of_trust, want[i].has_root_of_trust);
    EXPECT_EQ(row.base, want[i].base);
    EXPECT_EQ(row.size, want[i].size);
    EXPECT_EQ(row.fill, 0);
    EXPECT_FALSE(row.description.empty());
    EXPECT_FALSE(row.upstream.empty());
  }
}

TEST(Platforms, AreFoundByName) {
  for (const PlatformInfo& row : platforms()) {
    const auto found = platform_from_name(row.name);
    ASSERT_TRUE(succeeds(found));
    EXPECT_EQ(*found, &row);
  }
}

TEST(Platforms, AreNotFoundByAnyOtherName) {
  for (const std::string_view name : {"", "Generic", "generic ", "qemu", "visionfive"}) {
    EXPECT_TRUE(fails_with(platform_from_name(name), ErrorCode::usage, "platform")) << name;
    EXPECT_TRUE(refused(of(name), "platform")) << name;
  }
}

TEST(Platforms, AreHintedWhenANameIsNear) {
  const auto result = platform_from_name("visionfive");
  ASSERT_FALSE(result.has_value());
  EXPECT_NE(result.error().hint.find("visionfive2"), std::string::npos);
  EXPECT_EQ(result.error().hint.find("mpfs"), std::string::npos);
}

TEST(SmWindow, IsTheGenericOneByDefault) {
  expect_window({}, 0x80000000, 0x1ff000, 0);
  expect_window(of("generic"), 0x80000000, 0x1ff000, 0);
}

TEST(SmWindow, IsThatOfThePlatform) {
  expect_window(of("visionfive2"), 0x40000000, 0x1ff000, 0);
}

TEST(SmWindow, HasTheFillThatIsAskedFor) {
  SmWindowRequest request;
  request.fill = 0xff;
  expect_window(request, 0x80000000, 0x1ff000, 0xff);
  request.platform = "visionfive2";
  expect_window(request, 0x40000000, 0x1ff000, 0xff);
  request = at(0x1000, 0x2000);
  request.fill = 0xaa;
  expect_window(request, 0x1000, 0x2000, 0xaa);
}

TEST(SmWindow, MayBeGivenWithoutAPlatform) {
  expect_window(at(0x1000, 0x2000), 0x1000, 0x2000, 0);
  expect_window(at(0, 1), 0, 1, 0);
}

TEST(SmWindow, NeedsBaseAndSizeTogetherWithoutAPlatform) {
  EXPECT_TRUE(refused(at(0x1000, {}), "size:"));
  EXPECT_TRUE(refused(at({}, 0x1000), "base:"));
}

TEST(SmWindow, KeepsWhatThePlatformFixes) {
  for (const std::string_view name : {"generic", "visionfive2", "miralis"}) {
    SmWindowRequest request = of(name);
    request.base = 0x1000;
    request.size = 0x1000;
    EXPECT_TRUE(refused(request, "base:"));
  }
  SmWindowRequest request = of("generic");
  request.size = 0x2ff000;
  EXPECT_TRUE(refused(request, "size:"));
}

TEST(SmWindow, MayRepeatWhatThePlatformFixes) {
  SmWindowRequest request = of("miralis");
  request.base = 0x80000000;
  request.size = 0x1000;
  expect_window(request, 0x80000000, 0x1000, 0);
}

TEST(SmWindow, NeedsBothValuesForUnmatched) {
  SmWindowRequest request = of("unmatched");
  EXPECT_TRUE(refused(request, "base:"));
  request.base = 0x80000000;
  EXPECT_TRUE(refused(request, "size:"));
  request.base.reset();
  request.size = 0x1000;
  EXPECT_TRUE(refused(request, "base:"));
  request.base = 0x80000000;
  expect_window(request, 0x80000000, 0x1000, 0);
}

TEST(SmWindow, NeedsTheSizeForMiralis) {
  SmWindowRequest request = of("miralis");
  EXPECT_TRUE(refused(request, "size:"));
  request.size = 0x1000;
  expect_window(request, 0x80000000, 0x1000, 0);
}

TEST(SmWindow, DoesNotExistWithoutARootOfTrust) {
  for (const std::string_view name : {"cva6", "mpfs"}) {
    EXPECT_TRUE(refused(of(name), "no root of trust"));
    SmWindowRequest request = of(name);
    request.base = 0x80000000;
    request.size = 0x1000;
    EXPECT_TRUE(refused(request, "no root of trust"));
  }
}

TEST(SmWindow, MayNotBeEmptyOrTooLarge) {
  EXPECT_TRUE(refused(at(0, 0), "size"));
  expect_window(at(0, kMaxSmWindow), 0, kMaxSmWindow, 0);
  EXPECT_TRUE(refused(at(0, kMaxSmWindow + 1), "size"));
  EXPECT_TRUE(refused(at(0, UINT64_MAX), "size"));
}

TEST(SmWindow, MayNotWrap) {
  expect_window(at(UINT64_MAX - 4095, 4096), UINT64_MAX - 4095, 4096, 0);
  EXPECT_TRUE(refused(at(UINT64_MAX - 4095, 4097), "base"));
  EXPECT_TRUE(refused(at(UINT64_MAX, 2), "base"));
}

}  // namespace
}  // namespace keystone::platform_test
