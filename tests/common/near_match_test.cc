#include "common/near_match.h"

#include <gtest/gtest.h>

#include <string>

namespace nash {
namespace {

TEST(NearMatch, IsTheNearestWordThatIsNear) {
  const std::vector<absl::string_view> words = {"iterations", "out", "rounds"};
  EXPECT_EQ(NearMatch("iteration", words), "iterations");
  EXPECT_EQ(NearMatch("itertaions", words), "iterations");  // two of ten letters
  EXPECT_EQ(NearMatch("ouT", words), "out");
  EXPECT_EQ(NearMatch("seconds", words), "") << "three of seven letters differ";
  EXPECT_EQ(NearMatch("", words), "");
  EXPECT_EQ(NearMatch(std::string(1000, 'a'), words), "");
  EXPECT_EQ(NearMatch("out", {}), "");
}

}  // namespace
}  // namespace nash
