#include "common/notice_limit.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace nash {
namespace {

using std::chrono::seconds;

TEST(NoticeLimit, TellsTheFirstAndCountsTheOthers) {
  NoticeLimit limit;
  EXPECT_EQ(limit.Pass("bad part", "host-1", "one", seconds(100)), "one");
  EXPECT_EQ(limit.Pass("bad part", "host-1", "two", seconds(101)), std::nullopt);
  EXPECT_EQ(limit.Pass("bad part", "host-1", "three", seconds(102)), std::nullopt);
  // Of another kind, or from another peer: that is news.
  EXPECT_EQ(limit.Pass("bad name", "host-1", "four", seconds(102)), "four");
  EXPECT_EQ(limit.Pass("bad part", "host-2", "five", seconds(102)), "five");
  EXPECT_EQ(limit.Pass("bad part", "host-1", "six", seconds(160)),
            "six (and 2 more like it since the last line)");
}

TEST(NoticeLimit, TellsOfWhatWasLeftOutAndDidNotComeAgain) {
  NoticeLimit limit;
  limit.Pass("bad part", "host-1", "one", seconds(100));
  limit.Pass("bad part", "host-1", "two", seconds(101));
  EXPECT_TRUE(limit.TakeLeftOut(seconds(159)).empty());
  EXPECT_EQ(limit.TakeLeftOut(seconds(160)),
            std::vector<std::string>{"two (one of 1 like it since the last line)"});
  EXPECT_TRUE(limit.TakeLeftOut(seconds(1000)).empty());
}

TEST(NoticeLimit, ManyPeersAreFewLines) {
  NoticeLimit limit;
  uint32_t told = 0;
  for (int i = 0; i < 100000; ++i) {
    told += limit.Pass("refused", absl::StrCat("key ", i), "x", seconds(100)).has_value();
  }
  EXPECT_EQ(told, NoticeLimit::kNewPeersMax);
  const std::vector<std::string> left_out = limit.TakeLeftOut(seconds(200));
  ASSERT_EQ(left_out.size(), 1);
  EXPECT_TRUE(absl::StrContains(left_out[0], absl::StrCat(100000 - told, " like it")));
}

}  // namespace
}  // namespace nash
