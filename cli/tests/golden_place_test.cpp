// SPDX-License-Identifier: Apache-2.0
#include "keystone-measure/golden_place.hpp"

#include "common/kept_file.hpp"
#include "keystone/testing/fails_with.hpp"
#include "keystone/testing/files.hpp"

namespace keystone::cli {
namespace {

using testing::content_of;
using testing::fails_with;
using testing::TemporaryFolder;

namespace fs = std::filesystem;

// in/ holds the golden file; out/ and in-too/ lie beside it.
class GoldenPlaces : public ::testing::Test {
 protected:
  GoldenPlaces() {
    for (const char* const name : {"in/f", "in/sub/f", "in-too/f", "out/f"}) {
      folder_.put(name, "content");
    }
    fs::create_directory_symlink(folder_ / "out", folder_ / "in/link");
    fs::create_directory_symlink("sub", folder_ / "in/inner");
    fs::create_symlink("nothing", folder_ / "in/dangling");
    fs::create_directory_symlink("in", folder_ / "in-link");
  }

  [[nodiscard]] GoldenPlace place(bool allow_outside = false) const {
    return *GoldenPlace::of(folder_ / "in/golden.json", allow_outside);
  }

  TemporaryFolder folder_;
};

TEST_F(GoldenPlaces, IsTheFolderOfTheFileWithoutLinks) {
  EXPECT_EQ(place().folder(), folder_ / "in");
  EXPECT_EQ(GoldenPlace::of(folder_ / "in-link/golden.json", false)->folder(), folder_ / "in");
  EXPECT_EQ(GoldenPlace::of("golden.json", false)->folder(), fs::current_path());
  EXPECT_TRUE(fails_with(GoldenPlace::of(folder_ / "nowhere/g", false), ErrorCode::unreadable));
  EXPECT_TRUE(fails_with(GoldenPlace::of(folder_ / "in/f/g", false), ErrorCode::unreadable));
}

TEST_F(GoldenPlaces, ResolvesPathsThatStayInside) {
  EXPECT_EQ(place().resolve("f"), folder_ / "in/f");
  EXPECT_EQ(place().resolve("./sub/../f"), folder_ / "in/f");
  EXPECT_EQ(place().resolve("../in/f"), folder_ / "in/f");
  EXPECT_EQ(place().resolve("inner/f"), folder_ / "in/sub/f");
  EXPECT_EQ(place().resolve("nothing"), folder_ / "in/nothing");
  EXPECT_EQ(place().resolve("-"), folder_ / "in/-");
}

TEST_F(GoldenPlaces, RefusesPathsThatLeadOutside) {
  for (const char* const path :
       {"../out/f", "..", "sub/../../out/f", "link/f", "link", "../in-too/f", "../nothing",
        "link/nothing", "../../../../../../etc/passwd"}) {
    EXPECT_TRUE(fails_with(place().resolve(path), ErrorCode::malformed, path));
    EXPECT_TRUE(place(true).resolve(path)) << path;
  }
}

TEST_F(GoldenPlaces, RecordsPathsFromTheFolderOn) {
  EXPECT_EQ(place().relative_to_folder(folder_ / "in/f"), "f");
  EXPECT_EQ(place().relative_to_folder(folder_ / "in-link/sub/./f"), "sub/f");
  EXPECT_EQ(place().relative_to_folder(folder_ / "in/inner/f"), "inner/f");
  EXPECT_EQ(place(true).relative_to_folder(folder_ / "out/f"), "../out/f");
}

TEST_F(GoldenPlaces, RecordsNothingOutside) {
  for (const char* const path : {"out/f", "in-too/f", "in/link/f", "in/../out/f"}) {
    EXPECT_TRUE(fails_with(place().relative_to_folder(folder_ / path), ErrorCode::usage, path));
  }
  EXPECT_TRUE(fails_with(place().relative_to_folder("-"), ErrorCode::usage, "standard input"));
  EXPECT_TRUE(fails_with(place(true).relative_to_folder("-"), ErrorCode::usage));
}

TEST_F(GoldenPlaces, AFileInTheRootFolderMayNameAnything) {
  const auto root = GoldenPlace::of("/golden.json", false);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->resolve("etc/passwd"), "/etc/passwd");
}

TEST_F(GoldenPlaces, WhatIsWrittenIsReadBack) {
  const std::string path = folder_ / "in/golden.json";
  ASSERT_TRUE(write_golden(path, {}));
  EXPECT_EQ(content_of(path), GoldenFile{}.serialize());
  EXPECT_TRUE(read_kept(path, GoldenFile::parse));
}

TEST_F(GoldenPlaces, StandardInputIsNotWritten) {
  EXPECT_TRUE(fails_with(write_golden("-", {}), ErrorCode::usage));
}

}  // namespace
}  // namespace keystone::cli
