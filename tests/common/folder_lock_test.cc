#include "common/folder_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "common/files.h"

namespace nash {
namespace {

std::string FreshFolder(const std::string& name) {
  const std::string folder = JoinPath(::testing::TempDir(), name);
  EXPECT_TRUE(RemoveAll(folder).ok());
  EXPECT_TRUE(CreateDirectories(folder).ok());
  return folder;
}

TEST(FolderLock, RefusesASecondUserAndNamesTheFirst) {
  const std::string folder = FreshFolder("lock_second");
  const absl::StatusOr<FolderLock> first = FolderLock::Acquire(folder);
  ASSERT_TRUE(first.ok()) << first.status();
  const absl::Status second = FolderLock::Acquire(folder).status();
  EXPECT_EQ(second.code(), absl::StatusCode::kUnavailable) << second;
  for (const std::string& part : {folder, "process " + std::to_string(getpid()),
                                  std::string("in use"), std::string("--out")}) {
    EXPECT_NE(second.message().find(part), absl::string_view::npos) << part << ": " << second;
  }
}

TEST(FolderLock, IsFreeAgainAfterDestruction) {
  const std::string folder = FreshFolder("lock_free");
  { ASSERT_TRUE(FolderLock::Acquire(folder).ok()); }
  EXPECT_EQ(FileBytes(JoinPath(folder, "lock")).value(), 0);
  EXPECT_TRUE(FolderLock::Acquire(folder).ok());
}

TEST(FolderLock, MovesWithItsOwner) {
  const std::string folder = FreshFolder("lock_move");
  std::optional<FolderLock> kept;
  {
    FolderLock lock = FolderLock::Acquire(folder).value();
    kept.emplace(std::move(lock));
  }
  EXPECT_FALSE(FolderLock::Acquire(folder).ok());
  kept.reset();
  EXPECT_TRUE(FolderLock::Acquire(folder).ok());
}

TEST(FolderLock, AProcessThatDiesLeavesNoLockBehind) {
  const std::string folder = FreshFolder("lock_dies");
  int ready[2], go[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(go), 0);
  const pid_t child = fork();
  char byte = 'x';
  if (child == 0) {
    const absl::StatusOr<FolderLock> lock = FolderLock::Acquire(folder);
    byte = lock.ok() ? '1' : '0';
    if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1) _exit(1);
    _exit(0);  // no destructor runs
  }
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, '1');
  const absl::Status busy = FolderLock::Acquire(folder).status();
  EXPECT_NE(busy.message().find("process " + std::to_string(child)), absl::string_view::npos)
      << busy;
  ASSERT_EQ(write(go[1], "x", 1), 1);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(FolderLock::Acquire(folder).ok());
}

TEST(FolderLock, RefusesAFolderThatDoesNotExist) {
  const std::string folder = FreshFolder("lock_none") + "/none";
  EXPECT_EQ(FolderLock::Acquire(folder).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace nash
