#include "common/files.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "common/append_file.h"
#include "common/folder_lock.h"
#include "common/large_file.h"
#include "common/partial_file.h"
#include "common/text_file.h"

namespace nash {
namespace {

using ::testing::TempDir;

// A fresh, empty folder per test.
class Files : public ::testing::Test {
 protected:
  Files() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = JoinPath(TempDir(), std::string("files_") + info->name());
    EXPECT_TRUE(RemoveAll(folder_).ok());
    EXPECT_TRUE(CreateDirectories(folder_).ok());
  }
  ~Files() override { EXPECT_TRUE(RemoveAll(folder_).ok()); }

  std::string Path(absl::string_view name) const { return JoinPath(folder_, name); }
  std::vector<std::string> Names() const { return ListFolder(folder_).value(); }

  std::string folder_;
};

void ExpectHas(const absl::Status& status, absl::StatusCode code,
               const std::vector<std::string>& parts) {
  EXPECT_EQ(status.code(), code) << status;
  for (const std::string& part : parts) {
    EXPECT_NE(status.message().find(part), absl::string_view::npos)
        << "'" << part << "' is missing in: " << status;
  }
}

TEST_F(Files, WhatIsWrittenIsReadBack) {
  const std::string contents("a\0b\nc", 5);
  ASSERT_TRUE(WriteFileAtomically(Path("f"), contents).ok());
  EXPECT_EQ(ReadFile(Path("f")).value(), contents);
  EXPECT_EQ(FileBytes(Path("f")).value(), 5);
}

// Takes all descriptors that there are, and gives them back after some time.
class NoDescriptors {
 public:
  NoDescriptors() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    const rlimit few = {64, before_.rlim_max};
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (int number = dup(0); number >= 0; number = dup(0)) taken_.push_back(number);
    EXPECT_EQ(errno, EMFILE);
  }
  ~NoDescriptors() {
    for (const int number : taken_) close(number);
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0);
  }

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

// Takes all descriptors, and gives them back from a thread of its own while `read` wants one.
void WhileDescriptorsComeBack(const std::function<void()>& read) {
  std::unique_ptr<NoDescriptors> none;
  std::promise<void> begun, taken;
  std::thread giver([&] {
    begun.set_value();
    taken.get_future().wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    none.reset();
  });
  begun.get_future().wait();
  none = std::make_unique<NoDescriptors>();
  taken.set_value();
  read();
  giver.join();
}

TEST_F(Files, WhereNoDescriptorIsFreeOneIsWaitedFor) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "text").ok());
  WhileDescriptorsComeBack([&] {
    const auto names = ListFolder(folder_);
    EXPECT_TRUE(names.ok()) << names.status();
  });
  WhileDescriptorsComeBack([&] {
    const auto text = ReadFile(Path("f"));
    EXPECT_TRUE(text.ok()) << text.status();
  });
}

TEST_F(Files, WhereNoDescriptorBecomesFreeThatIsTheError) {
  const NoDescriptors none;
  ExpectHas(ReadFile(Path("f")).status(), absl::StatusCode::kResourceExhausted,
            {Path("f"), "Too many open files"});
}

TEST_F(Files, AtomicWriteReplacesAndLeavesNothingElse) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "old").ok());
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "new").ok());
  EXPECT_EQ(ReadFile(Path("f")).value(), "new");
  EXPECT_EQ(Names(), std::vector<std::string>{"f"});
}

TEST_F(Files, NewFileIsNotWrittenOverAnOldOne) {
  ASSERT_TRUE(WriteNewFile(Path("f"), "old").ok());
  ExpectHas(WriteNewFile(Path("f"), "new"), absl::StatusCode::kAlreadyExists, {Path("f")});
  EXPECT_EQ(ReadFile(Path("f")).value(), "old");
}

TEST_F(Files, ErrorsNameThePathTheReasonAndTheRemedy) {
  ExpectHas(ReadFile(Path("none")).status(), absl::StatusCode::kNotFound,
            {Path("none"), "No such file", "check the path"});
  ExpectHas(ReadFile(folder_).status(), absl::StatusCode::kDataLoss,
            {folder_, "a folder stands where a file is expected"});
  ExpectHas(MappedFile::Open(Path("none")).status(), absl::StatusCode::kNotFound, {Path("none")});
  ExpectHas(WriteFileAtomically(Path("none/f"), "x"), absl::StatusCode::kNotFound,
            {Path("none/f")});
  ExpectHas(FileError("p", "cannot be written", ENOSPC), absl::StatusCode::kResourceExhausted,
            {"p: cannot be written", "No space left", "free space", "--out"});
  ExpectHas(FileError("p", "cannot be written", EROFS), absl::StatusCode::kPermissionDenied,
            {"p: cannot be written", "Read-only", "--out"});
}

TEST_F(Files, ReadFileRefusesMoreThanItsLimit) {
  ASSERT_TRUE(WriteNewFile(Path("f"), "12345").ok());
  EXPECT_EQ(ReadFile(Path("f"), 5).value(), "12345");
  ExpectHas(ReadFile(Path("f"), 4).status(), absl::StatusCode::kResourceExhausted, {Path("f")});
  // Files that tell no size are limited as well.
  EXPECT_TRUE(ReadFile("/proc/self/status").ok());
  ExpectHas(ReadFile("/proc/self/status", 100).status(), absl::StatusCode::kResourceExhausted,
            {"/proc/self/status"});
}

// Nobody writes to the pipe, nobody reads from it: opening it as a file would wait for ever.
TEST_F(Files, WhatIsNoFileIsNamedAndNotWaitedFor) {
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0666), 0);
  ASSERT_EQ(symlink("loop", Path("loop").c_str()), 0);
  ASSERT_TRUE(CreateDirectories(Path("folder")).ok());
  const struct {
    std::string path;
    const char* words;
  } cases[] = {
      {Path("pipe"), "a pipe, a socket or a device stands where a file is expected"},
      {Path("loop"), "a link leads to itself"},
      {Path("folder"), "a folder stands where a file is expected"},
      {"/dev/zero", "a pipe, a socket or a device stands where a file is expected"},
  };
  for (const auto& c : cases) {
    ExpectHas(ReadFile(c.path).status(), absl::StatusCode::kDataLoss, {c.path, c.words});
    ExpectHas(ReadFilePart(c.path, 0, 1).status(), absl::StatusCode::kDataLoss, {c.path});
    ExpectHas(MappedFile::Open(c.path).status(), absl::StatusCode::kDataLoss, {c.path});
    ExpectHas(AppendFile::Open(c.path).status(), absl::StatusCode::kDataLoss, {c.path});
    ExpectHas(ReadTextFile(c.path, 100).status(), absl::StatusCode::kInvalidArgument, {c.path});
  }
  char buffer[kDirectAlignBytes];
  ExpectHas(ReadLargeFile(Path("pipe"), 1, buffer), absl::StatusCode::kDataLoss, {Path("pipe")});
  ExpectHas(FolderLock::Acquire(Path("folder")).status(), absl::StatusCode::kOk, {});
  ASSERT_EQ(unlink(Path("folder/lock").c_str()), 0);
  ASSERT_EQ(mkfifo(Path("folder/lock").c_str(), 0666), 0);
  ExpectHas(FolderLock::Acquire(Path("folder")).status(), absl::StatusCode::kDataLoss,
            {Path("folder/lock")});
  ExpectHas(WriteFileAtomically(Path("folder"), "x"), absl::StatusCode::kDataLoss,
            {Path("folder") + ": cannot be written", "a folder stands"});
}

TEST_F(Files, TextsMayComeThroughPipesAndHaveAByteOrderMark) {
  ASSERT_TRUE(WriteNewFile(Path("marked"), "\xef\xbb\xbftext").ok());
  ASSERT_TRUE(WriteNewFile(Path("empty"), "").ok());
  EXPECT_EQ(ReadTextFile(Path("marked"), 7).value(), "text");
  EXPECT_EQ(ReadTextFile(Path("empty"), 7).value(), "");
  ExpectHas(ReadTextFile(Path("marked"), 6).status(), absl::StatusCode::kInvalidArgument,
            {Path("marked"), "more than the 6 bytes"});
  ExpectHas(ReadTextFile(Path("none"), 7).status(), absl::StatusCode::kNotFound, {Path("none")});
  // As bash does it for <(program): what is read is a pipe, and its writer takes a while.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::thread writer([&] {
    for (const char* piece : {"first ", "second"}) {
      usleep(20'000);
      EXPECT_GT(write(ends[1], piece, strlen(piece)), 0);
    }
    close(ends[1]);
  });
  const auto text = ReadTextFile("/dev/fd/" + std::to_string(ends[0]), 100);
  writer.join();
  EXPECT_EQ(text.value(), "first second");
  close(ends[0]);
}

TEST_F(Files, AFileThatCannotBeFinishedLeavesTheOldOneAndNoRest) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "old").ok());
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tight = {4096, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const absl::Status status = WriteFileAtomically(Path("f"), std::string(10000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  ExpectHas(status, absl::StatusCode::kResourceExhausted, {Path("f"), "cannot be written"});
  EXPECT_EQ(ReadFile(Path("f")).value(), "old");
  EXPECT_EQ(Names(), std::vector<std::string>{"f"});
}

// Begins to write a file in another process, which stays in the middle of it until it is killed.
class UnfinishedWrite {
 public:
  explicit UnfinishedWrite(const std::string& path) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    pid_ = fork();
    if (pid_ == 0) {
      absl::StatusOr<PartialFile> file = PartialFile::Create(path);
      const bool begun = file.ok() && file->Append("half of it").ok();
      if (begun && write(ends[1], "x", 1) == 1) pause();
      _exit(1);
    }
    close(ends[1]);
    char begun = 0;
    EXPECT_EQ(read(ends[0], &begun, 1), 1);
    close(ends[0]);
  }
  void Kill() const {
    kill(pid_, SIGKILL);
    EXPECT_EQ(waitpid(pid_, nullptr, 0), pid_);
  }

 private:
  pid_t pid_;
};

TEST_F(Files, WhatAKilledWriterLeftIsRemovedByTheNextAndNothingElseIs) {
  const UnfinishedWrite write(Path("f"));
  ASSERT_EQ(Names().size(), 1u);
  const std::string partial = Names()[0];
  EXPECT_TRUE(absl::EndsWith(partial, "-0.partial")) << partial;
  // Its writer is alive: it is left alone, by whoever writes whatever.
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "new").ok());
  EXPECT_EQ(Names(), (std::vector<std::string>{"f", partial}));
  write.Kill();
  ASSERT_TRUE(WriteFileAtomically(Path("g"), "another file").ok());
  EXPECT_EQ(Names(), (std::vector<std::string>{"f", partial, "g"}));
  // Names that only look so: of another host, of nobody, of a user.
  const std::string host = partial.substr(2, partial.find_last_of('-') - 2);
  const std::vector<std::string> others = {"f.elsewhere-1-0.partial",    "f." + host + "-0.part",
                                           "f." + host + "-x.partial",   "f." + host + ".partial",
                                           "f." + host + "-0-0.partial", "f.partial"};
  for (const std::string& name : others) ASSERT_TRUE(WriteNewFile(Path(name), "").ok());
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "newer").ok());
  EXPECT_EQ(ReadFile(Path("f")).value(), "newer");
  std::vector<std::string> expected = others;
  expected.insert(expected.end(), {"f", "g"});
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(Names(), expected);
}

TEST_F(Files, PiecesOfAPartialFileComeInAnyOrderAndItsNameLast) {
  {
    auto file = PartialFile::Create(Path("f"));
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(file->WriteAt(4, "ef").ok());
    EXPECT_TRUE(file->WriteAt(0, "ab").ok());
    EXPECT_EQ(ReadFile(file->partial_path()).value(), std::string("ab\0\0ef", 6));
    EXPECT_TRUE(file->WriteAt(2, "cd").ok());
    EXPECT_TRUE(file->CommitAs(Path("g")).ok());
    auto other = PartialFile::Create(Path("f"));
    EXPECT_TRUE(other.ok() && other->WriteAt(9, "dropped").ok());
  }
  EXPECT_EQ(Names(), std::vector<std::string>{"g"});
  EXPECT_EQ(ReadFile(Path("g")).value(), "abcdef");
}

// Each sees the partial files of the others, by the dozen.
TEST_F(Files, ManyWritersOfOneNameDoNotTakeEachOthersFilesForLeftovers) {
  std::vector<std::future<absl::Status>> writers;
  for (int w = 0; w < 4; ++w) {
    writers.push_back(std::async(std::launch::async, [&, w] {
      for (int i = 0; i < 50; ++i) {
        const absl::Status status = WriteFileAtomically(Path("f"), std::to_string(w));
        if (!status.ok()) return status;
      }
      return absl::OkStatus();
    }));
  }
  for (std::future<absl::Status>& writer : writers) EXPECT_TRUE(writer.get().ok());
  EXPECT_EQ(Names(), std::vector<std::string>{"f"});
}

TEST_F(Files, CreateDirectoriesMakesAllAboveAndAcceptsWhatIsThere) {
  ASSERT_TRUE(CreateDirectories(Path("a/b/c")).ok());
  ASSERT_TRUE(CreateDirectories(Path("a/b/c/")).ok());
  EXPECT_TRUE(FileExists(Path("a/b/c")));
  ASSERT_TRUE(WriteNewFile(Path("file"), "").ok());
  ExpectHas(CreateDirectories(Path("file")), absl::StatusCode::kFailedPrecondition,
            {Path("file"), "a file stands"});
  ExpectHas(CreateDirectories(Path("file/sub")), absl::StatusCode::kFailedPrecondition,
            {Path("file/sub"), "a file stands"});
}

TEST_F(Files, ListIsSortedAndRemoveTakesAll) {
  for (const char* name : {"b", "a", "c"}) ASSERT_TRUE(WriteNewFile(Path(name), "").ok());
  EXPECT_EQ(Names(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(RemoveAll(Path("none")).ok());
  EXPECT_TRUE(RemoveAll(folder_).ok());
  EXPECT_FALSE(FileExists(folder_));
  ExpectHas(ListFolder(folder_).status(), absl::StatusCode::kNotFound, {folder_});
}

TEST_F(Files, APartIsMappedFromItsOffsetAndNotBeyondTheEnd) {
  const std::string contents = std::string(kMappedPartAlign, 'a') + "bcd";
  ASSERT_TRUE(WriteNewFile(Path("parts"), contents).ok());
  EXPECT_EQ(MappedFile::OpenPart(Path("parts"), kMappedPartAlign, 3)->contents(), "bcd");
  EXPECT_EQ(MappedFile::OpenPart(Path("parts"), kMappedPartAlign, 2)->contents(), "bc");
  EXPECT_EQ(MappedFile::OpenPart(Path("parts"), 0, 2)->contents(), "aa");
  const uint64_t kBeyond[][2] = {
      {kMappedPartAlign, 4}, {2 * kMappedPartAlign, 1}, {kMappedPartAlign, UINT64_MAX}};
  for (const auto& [offset, bytes] : kBeyond) {
    ExpectHas(MappedFile::OpenPart(Path("parts"), offset, bytes).status(),
              absl::StatusCode::kDataLoss, {Path("parts"), "ends before"});
  }
}

TEST_F(Files, MappedFileShowsTheContents) {
  ASSERT_TRUE(WriteNewFile(Path("f"), "mapped").ok());
  ASSERT_TRUE(WriteNewFile(Path("empty"), "").ok());
  MappedFile file = MappedFile::Open(Path("f")).value();
  const MappedFile moved = std::move(file);
  EXPECT_EQ(moved.contents(), "mapped");
  EXPECT_EQ(MappedFile::Open(Path("empty")).value().bytes(), 0);
  // A replaced file stays as it was for those who have it mapped.
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "other").ok());
  EXPECT_EQ(moved.contents(), "mapped");
}

TEST(FolderOf, IsTheFolderAbove) {
  EXPECT_EQ(FolderOf("a/b"), "a");
  EXPECT_EQ(FolderOf("a/b/"), "a");
  EXPECT_EQ(FolderOf("a"), ".");
  EXPECT_EQ(FolderOf("/a"), "/");
  EXPECT_EQ(FolderOf("/"), "/");
}

TEST(ReadFilePart, APartOfAFileIsReadByItsPlace) {
  const std::string path = JoinPath(::testing::TempDir(), "part");
  ASSERT_TRUE(WriteFileAtomically(path, "0123456789").ok());
  EXPECT_EQ(ReadFilePart(path, 3, 4).value(), "3456");
  EXPECT_EQ(ReadFilePart(path, 10, 0).value(), "");
  EXPECT_EQ(ReadFilePart(path, 8, 3).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadFilePart(path, 11, 0).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadFilePart(path, ~uint64_t{0}, 2).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace nash
