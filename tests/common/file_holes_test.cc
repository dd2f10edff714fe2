#include "common/file_holes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "common/files.h"

namespace nash {
namespace {

TEST(FileHoles, AreFound) {
  const std::string path = JoinPath(::testing::TempDir(), "holes");
  ASSERT_TRUE(RemoveAll(path).ok());
  ASSERT_TRUE(WriteNewFile(path, "x").ok());
  constexpr uint64_t kBytes = uint64_t{1} << 30;
  ASSERT_EQ(truncate(path.c_str(), kBytes), 0);
  EXPECT_EQ(NextDataOffset(path, 0), 0);
  EXPECT_EQ(NextDataOffset(path, 1 << 20), kBytes);
  const int file = open(path.c_str(), O_WRONLY);
  ASSERT_EQ(pwrite(file, "y", 1, kBytes / 2), 1);
  close(file);
  const uint64_t data = NextDataOffset(path, 1 << 20);
  EXPECT_LE(data, kBytes / 2);
  EXPECT_GT(data, kBytes / 4) << "a hole ends at a block's start";
  EXPECT_EQ(NextDataOffset(path, kBytes / 2), kBytes / 2);
  EXPECT_EQ(NextDataOffset(JoinPath(::testing::TempDir(), "no such file"), 7), 7);
}

}  // namespace
}  // namespace nash
