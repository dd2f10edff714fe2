#include "common/append_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <string>

#include "common/files.h"

namespace nash {
namespace {

std::string FreshPath(const std::string& name) {
  const std::string path = JoinPath(::testing::TempDir(), name);
  EXPECT_TRUE(RemoveAll(path).ok());
  return path;
}

TEST(AppendFile, GrowsAcrossOpenings) {
  const std::string path = FreshPath("append_grows");
  {
    AppendFile file = AppendFile::Open(path).value();
    ASSERT_TRUE(file.Append("one\n").ok());
    ASSERT_TRUE(file.Sync().ok());
  }
  AppendFile file = AppendFile::Open(path).value();
  EXPECT_EQ(file.bytes(), 4);
  ASSERT_TRUE(file.Append("two\n").ok());
  EXPECT_EQ(ReadFile(path).value(), "one\ntwo\n");
}

TEST(AppendFile, TruncateDropsATornTail) {
  const std::string path = FreshPath("append_truncate");
  AppendFile file = AppendFile::Open(path).value();
  ASSERT_TRUE(file.Append("whole\nto").ok());
  ASSERT_TRUE(file.Truncate(6).ok());
  ASSERT_TRUE(file.Append("next\n").ok());
  EXPECT_EQ(ReadFile(path).value(), "whole\nnext\n");
  EXPECT_EQ(file.Truncate(100).code(), absl::StatusCode::kInvalidArgument);
}

TEST(AppendFile, ARecordThatDoesNotFitLeavesNoHalfBehind) {
  const std::string path = FreshPath("append_full");
  AppendFile file = AppendFile::Open(path).value();
  ASSERT_TRUE(file.Append("kept\n").ok());
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tight = {4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const absl::Status status = file.Append(std::string(10000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(file.bytes(), 5);
  ASSERT_TRUE(file.Append("again\n").ok());
  EXPECT_EQ(ReadFile(path).value(), "kept\nagain\n");
}

TEST(AppendFile, RefusesAFolderThatDoesNotExist) {
  const absl::Status status = AppendFile::Open(FreshPath("append_none") + "/f").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
}

}  // namespace
}  // namespace nash
