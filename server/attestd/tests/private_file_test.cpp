// SPDX-License-Identifier: Apache-2.0
#include "attestd/private_file.hpp"

#include "temporary_state.hpp"

#include <array>

namespace keystone::server::attestd {
namespace {

class PrivateFile : public ::testing::Test {
 protected:
  [[nodiscard]] Result<SecretBytes> read(const std::string& name, std::size_t most = 100) const {
    return read_private_file(folder_, name, "shown", most);
  }

  void expect_refused(const std::string& name) const {
    const auto content = read(name);
    ASSERT_FALSE(content) << name;
    EXPECT_EQ(content.error().code, ErrorCode::unreadable) << name;
  }

  TemporaryState state_;
  Descriptor folder_ = *open_private_folder(state_.path(), false);
};

constexpr std::array<std::uint8_t, 3> kContent{'a', 'b', 'c'};

TEST_F(PrivateFile, IsWrittenForItsOwnerAloneAndReadBack) {
  ASSERT_TRUE(write_private_file(folder_, "key", "shown", kContent));
  EXPECT_EQ(state_.mode_of("key"), 0600U);
  const auto content = read("key");
  ASSERT_TRUE(content);
  EXPECT_TRUE(std::ranges::equal(content->bytes(), kContent));
}

TEST_F(PrivateFile, IsNeverWrittenOver) {
  state_.write("key", "old", 0600);
  const auto written = write_private_file(folder_, "key", "shown", kContent);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::unwritable);
  EXPECT_EQ(state_.read("key"), "old");
}

TEST_F(PrivateFile, IsRefusedWhereOthersMayReadOrWriteIt) {
  for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0601U, 0644U}) {
    state_.write("key", "abc", mode);
    expect_refused("key");
  }
  state_.write("key", "abc", 0400);
  EXPECT_TRUE(read("key"));
}

TEST_F(PrivateFile, IsRefusedWhereItIsALinkOrNoFile) {
  state_.write("key", "abc", 0600);
  ASSERT_EQ(::symlink("key", state_.path_of("link").c_str()), 0);
  ASSERT_EQ(::mkfifo(state_.path_of("pipe").c_str(), 0600), 0);
  ASSERT_EQ(::mkdir(state_.path_of("folder").c_str(), 0700), 0);
  for (const char* const name : {"link", "pipe", "folder", "missing"}) {
    expect_refused(name);
  }
}

TEST_F(PrivateFile, IsNotReadBeyondItsBound) {
  state_.write("key", "abc", 0600);
  EXPECT_TRUE(read("key", 3));
  const auto content = read("key", 2);
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, ErrorCode::limit_exceeded);
}

TEST(PrivateFolder, IsMadeForItsOwnerAlone) {
  const TemporaryState state;
  ASSERT_TRUE(open_private_folder(state.path_of("new"), true));
  EXPECT_EQ(state.mode_of("new"), 0700U);
  EXPECT_TRUE(open_private_folder(state.path_of("new"), true));
}

TEST(PrivateFolder, IsRefusedWhereItIsMissingOrOpenToOthersOrNone) {
  const TemporaryState state;
  EXPECT_FALSE(open_private_folder(state.path_of("missing"), false));
  EXPECT_FALSE(open_private_folder(state.path_of("missing/deep"), true));
  state.write("file", "", 0600);
  EXPECT_FALSE(open_private_folder(state.path_of("file"), true));
  for (const unsigned mode : {0750U, 0705U, 0701U, 0770U}) {
    ASSERT_EQ(::chmod(state.path().c_str(), mode), 0);
    EXPECT_FALSE(open_private_folder(state.path(), true)) << mode;
  }
  ASSERT_EQ(::chmod(state.path().c_str(), 0700), 0);
}

TEST(StateFolder, LetsOneDaemonIn) {
  const TemporaryState temporary;
  auto first = temporary.open();
  auto second = temporary.open();
  ASSERT_TRUE(first.lock());
  const auto locked = second.lock();
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().code, ErrorCode::usage);
}

TEST(StateFolder, LetsTheNextDaemonInWhenTheFirstIsGone) {
  const TemporaryState temporary;
  {
    auto first = temporary.open();
    ASSERT_TRUE(first.lock());
  }
  auto second = temporary.open();
  EXPECT_TRUE(second.lock());
}

}  // namespace
}  // namespace keystone::server::attestd
