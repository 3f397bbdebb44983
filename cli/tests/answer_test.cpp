// SPDX-License-Identifier: Apache-2.0
#include "common/answer.hpp"

#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

namespace keystone::cli {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

TEST(WriteAnswer, ReplacesAFileAsAWhole) {
  const TemporaryFolder folder;
  const std::string path = folder.put("f", "the old answer, which is longer");
  ASSERT_TRUE(write_answer(path, "new\n"));
  EXPECT_EQ(content_of(path), "new\n");
  EXPECT_TRUE(fails_with(write_answer(folder / "nowhere/f", "x"), ErrorCode::unwritable));
  EXPECT_TRUE(fails_with(write_answer(folder.path(), "x"), ErrorCode::unwritable));
}

TEST(Answer, MayNotTakeThePlaceOfAnInputUnderAnyName) {
  const TemporaryFolder folder;
  const std::string input = folder.put("f", "content");
  std::filesystem::create_symlink("f", folder / "link");
  std::filesystem::create_hard_link(input, folder / "same");
  for (const char* const name : {"f", "./f", "link", "same"}) {
    EXPECT_TRUE(fails_with(refuse_overwriting(folder / name, {folder / "other", input}),
                           ErrorCode::usage, "is an input"))
        << name;
  }
}

TEST(Answer, MayTakeThePlaceOfAnythingElse) {
  const TemporaryFolder folder;
  const std::string input = folder.put("f", "content");
  EXPECT_TRUE(refuse_overwriting("", {input}));
  EXPECT_TRUE(refuse_overwriting(folder.put("g", "content"), {input}));
  EXPECT_TRUE(refuse_overwriting(folder / "nothing", {input}));
  EXPECT_TRUE(refuse_overwriting("/dev/null", {"/dev/null"}));  // nothing of it is lost
}

TEST(Answer, ToAFileIsNotForATerminal) {
  EXPECT_FALSE(goes_to_terminal("file"));
  EXPECT_FALSE(may_have_colours("file"));
}

}  // namespace
}  // namespace keystone::cli
