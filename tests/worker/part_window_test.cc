#include "worker/part_window.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Parts = std::vector<uint32_t>;

class PartWindowTest : public ::testing::Test {
 protected:
  RetryTimer timer_{seconds(1), seconds(8)};
};

TEST_F(PartWindowTest, AtMostAWindowIsUnderWay) {
  PartWindow window(5, 2, &timer_);
  EXPECT_EQ(window.Due(seconds(1)), (Parts{0, 1}));
  EXPECT_EQ(window.Due(seconds(1)), Parts{});
  window.Confirm(1, seconds(1));
  EXPECT_EQ(window.Due(seconds(1)), Parts{2});
  window.Confirm(0, seconds(1));
  window.Confirm(4, seconds(1));  // came without being asked for
  window.Confirm(2, seconds(1));
  EXPECT_EQ(window.Due(seconds(1)), Parts{3});
  EXPECT_FALSE(window.done());
  window.Confirm(3, seconds(1));
  EXPECT_TRUE(window.done());
}

TEST_F(PartWindowTest, WhatIsNotConfirmedComesUpAgainLaterAndLater) {
  PartWindow window(1, 2, &timer_);
  EXPECT_EQ(window.Due(seconds(100)), Parts{0});
  std::vector<int64_t> again;
  for (int second = 101; second < 130; ++second) {
    if (!window.Due(seconds(second)).empty()) again.push_back(second - 100);
  }
  EXPECT_EQ(again, (std::vector<int64_t>{1, 3, 7, 15, 23}));  // after 1, 2, 4, 8, 8 seconds
  window.Confirm(0, seconds(130));
  EXPECT_EQ(timer_.value(), seconds(1));
}

TEST_F(PartWindowTest, APartIsOpenUntilItIsConfirmed) {
  PartWindow window(2, 1, &timer_);
  EXPECT_TRUE(window.IsOpen(1));
  window.Confirm(1, seconds(1));
  EXPECT_FALSE(window.IsOpen(1));
  EXPECT_FALSE(window.IsOpen(2));
}

TEST_F(PartWindowTest, NoPartsAreDoneAtOnce) {
  PartWindow window(0, 1, &timer_);
  EXPECT_TRUE(window.done());
  EXPECT_EQ(window.Due(seconds(1)), Parts{});
}

TEST(RetryTimer, GrowsWithWhatAnswersTake) {
  RetryTimer timer(seconds(1), seconds(30));
  timer.Answered(milliseconds(100));
  EXPECT_EQ(timer.value(), seconds(1));
  for (int i = 0; i < 100; ++i) timer.Answered(seconds(2));
  EXPECT_GT(timer.value(), milliseconds(7900));  // 4 * 2 s
  EXPECT_LE(timer.value(), seconds(8));
  for (int i = 0; i < 100; ++i) timer.Silence();
  EXPECT_EQ(timer.value(), seconds(30));
  timer.Answered(Nanos(0));  // which of two questions, is not known
  EXPECT_GT(timer.value(), milliseconds(7900));
}

}  // namespace
}  // namespace nash
