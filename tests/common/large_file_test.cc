#include "common/large_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "common/files.h"

namespace nash {
namespace {

struct Free {
  void operator()(char* p) const { std::free(p); }
};

struct alignas(kDirectAlignBytes) Page {
  char bytes[kDirectAlignBytes];
};

constexpr size_t kBytesMax = (size_t{17} << 20) + 5;

class LargeFile : public ::testing::Test {
 protected:
  LargeFile()
      : buffer_(static_cast<char*>(std::aligned_alloc(kDirectAlignBytes, size_t{18} << 20))) {
    for (size_t i = 0; i < kBytesMax; ++i) buffer_[i] = static_cast<char>(i * 7 + i / 4096);
    EXPECT_TRUE(RemoveAll(path_).ok());
  }
  ~LargeFile() override { EXPECT_TRUE(RemoveAll(path_).ok()); }

  const std::string path_ = JoinPath(::testing::TempDir(), "large_file");
  std::unique_ptr<char[], Free> buffer_;
};

TEST_F(LargeFile, HoldsTheSameAtAnySizeAndAddress) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{4095}, size_t{4096}, size_t{4097},
                            size_t{8192}, size_t{16} << 20, kBytesMax - 3}) {
    for (const size_t shift : {0, 3}) {  // an unaligned start goes through the cache
      const absl::string_view contents(buffer_.get() + shift, size);
      const absl::Status status = WriteLargeNewFile(path_, contents);
      ASSERT_TRUE(status.ok()) << status;
      EXPECT_TRUE(ReadFile(path_).value() == contents) << size << " bytes from " << shift;
      ASSERT_TRUE(RemoveAll(path_).ok());
    }
  }
}

TEST_F(LargeFile, IsReadAsItWasWritten) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{4096}, size_t{4097}, kBytesMax - 3}) {
    ASSERT_TRUE(WriteLargeNewFile(path_, absl::string_view(buffer_.get(), size)).ok());
    for (const size_t shift : {0, 3}) {
      const auto read = std::make_unique<Page[]>(kBytesMax / sizeof(Page) + 2);
      char* into = read[0].bytes + shift;
      const absl::Status status = ReadLargeFile(path_, size, into);
      ASSERT_TRUE(status.ok()) << status;
      EXPECT_EQ(std::memcmp(into, buffer_.get(), size), 0) << size << " bytes to " << shift;
    }
    ASSERT_TRUE(RemoveAll(path_).ok());
  }
}

TEST_F(LargeFile, OfAnotherSizeIsRefused) {
  constexpr size_t kSize = 10000;
  ASSERT_TRUE(WriteLargeNewFile(path_, absl::string_view(buffer_.get(), kSize)).ok());
  for (const size_t asked : {size_t{0}, size_t{4096}, kSize - 1, kSize + 1, 2 * kSize}) {
    EXPECT_EQ(ReadLargeFile(path_, asked, buffer_.get()).code(), absl::StatusCode::kDataLoss)
        << asked;
  }
  EXPECT_EQ(ReadLargeFile(path_ + "none", 1, buffer_.get()).code(), absl::StatusCode::kNotFound);
}

TEST_F(LargeFile, IsNotWrittenOverAnother) {
  ASSERT_TRUE(WriteNewFile(path_, "old").ok());
  EXPECT_EQ(WriteLargeNewFile(path_, "new").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReadFile(path_).value(), "old");
}

TEST_F(LargeFile, ThatCannotBeFinishedIsRemoved) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  for (const rlim_t limit : {rlim_t{4096}, rlim_t{5000}, rlim_t{17} << 20}) {
    const rlimit tight = {limit, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
    const absl::Status status =
        WriteLargeNewFile(path_, absl::string_view(buffer_.get(), kBytesMax));
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << limit << ": " << status;
    EXPECT_FALSE(FileExists(path_));
  }
}

}  // namespace
}  // namespace nash
