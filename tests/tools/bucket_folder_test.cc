#include "tools/stored/bucket_folder.h"

#include <gtest/gtest.h>

#include "tools/program/shell_word.h"

namespace nash {
namespace {

TEST(BucketFolder, IsTheOneNamedOrOfTheUser) {
  const HomeFolders homes = {"/xdg", "/home/me", "/passwd/me"};
  EXPECT_EQ(BucketFolder("/named", homes), "/named");
  EXPECT_EQ(BucketFolder("", homes), "/xdg/nashville");
  EXPECT_EQ(BucketFolder("", {"", "/home/me", "/passwd/me"}), "/home/me/.cache/nashville");
  // Never the working folder.
  EXPECT_EQ(BucketFolder("", {"", "", "/passwd/me"}), "/passwd/me/.cache/nashville");
  EXPECT_EQ(BucketFolder("", {"", "", ""}), "");
}

TEST(BucketFolder, ErrorsNameItsFlag) {
  const absl::Status error = BucketFolderError(
      absl::PermissionDeniedError("/x: cannot be written; choose another folder (--out)"));
  EXPECT_EQ(error.message(), "/x: cannot be written; choose another folder (--bucket_cache)");
  EXPECT_EQ(error.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_TRUE(BucketFolderError(absl::OkStatus()).ok());
}

TEST(ShellWord, IsOneWordToAShell) {
  EXPECT_EQ(ShellWord("runs/a_b-1.2"), "runs/a_b-1.2");
  EXPECT_EQ(ShellWord(""), "''");
  EXPECT_EQ(ShellWord("a b"), "'a b'");
  EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
  EXPECT_EQ(ShellWord("$x"), "'$x'");
}

}  // namespace
}  // namespace nash
