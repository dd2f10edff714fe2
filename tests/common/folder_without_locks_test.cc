// Folders of a file system that has no locks, as Lustre without `-o flock`.
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "common/files.h"
#include "common/folder_lock.h"

namespace {
int flock_error = 0;
}  // namespace

// Takes the C library's place in this program.
extern "C" int flock(int, int) {
  errno = flock_error;
  return -1;
}

namespace nash {
namespace {

TEST(FolderWithoutLocks, IsRefusedForGoodAndTheRemedyIsNamed) {
  const std::string folder = JoinPath(::testing::TempDir(), "without_locks");
  ASSERT_TRUE(CreateDirectories(folder).ok());
  for (const int error : {ENOSYS, EOPNOTSUPP, ENOLCK}) {
    flock_error = error;
    const absl::Status status = FolderLock::Acquire(folder).status();
    // Not Unavailable, which restart loops try again after.
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
    for (const char* part : {"without_locks/lock", "no locks", "-o flock", "--out"}) {
      EXPECT_NE(status.message().find(part), absl::string_view::npos) << part << ": " << status;
    }
  }
}

// Whether anybody is at work on it cannot be known, so it stays.
TEST(FolderWithoutLocks, FilesAreReplacedAndLeftoversStay) {
  const std::string folder = JoinPath(::testing::TempDir(), "without_locks_files");
  ASSERT_TRUE(RemoveAll(folder).ok());
  ASSERT_TRUE(CreateDirectories(folder).ok());
  flock_error = ENOLCK;
  char host[256] = {};
  ASSERT_EQ(gethostname(host, sizeof(host) - 1), 0);
  const std::string leftover = std::string("f.") + std::string(host).substr(0, 32) + "-1-0.partial";
  ASSERT_TRUE(WriteNewFile(JoinPath(folder, leftover), "").ok());
  ASSERT_TRUE(WriteFileAtomically(JoinPath(folder, "f"), "text").ok());
  EXPECT_EQ(ListFolder(folder).value(), (std::vector<std::string>{"f", leftover}));
}

}  // namespace
}  // namespace nash
