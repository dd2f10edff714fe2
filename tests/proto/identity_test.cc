#include "proto/identity.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

TEST(Identity, ASharedKeyCoversAllThatHaveIt) {
  EXPECT_TRUE(Covers("workers/*", SharerOf("workers/*", "pod-7")));
  EXPECT_TRUE(Covers("workers/*", SharerOf("workers/*", "host/12")));
  EXPECT_TRUE(Covers("workers/*", SharerOf("workers/*", "")));
  EXPECT_TRUE(Covers("workers/*", "workers/*"));
  EXPECT_FALSE(Covers("workers/*", "workers"));
  EXPECT_FALSE(Covers("workers/*", "workers-2/pod-7"));
}

TEST(Identity, OthersCoverThemselvesOnly) {
  EXPECT_TRUE(Covers("worker-1", "worker-1"));
  EXPECT_FALSE(Covers("worker-1", "worker-12"));
  EXPECT_FALSE(Covers("workers/pod-7", "workers/pod-71"));
  EXPECT_FALSE(Covers("", "worker-1"));
}

// Connections are numbers in four bytes, and all numbers come.
TEST(Identity, AConnectionIsNoSharedKeyWhateverItsNumber) {
  const std::string connection("\0ab/*", 5), next("\0ab/+", 5);
  EXPECT_FALSE(IsShared(connection));
  EXPECT_FALSE(Covers(connection, next));
}

}  // namespace
}  // namespace nash
