#include "common/reminder.h"

#include <gtest/gtest.h>

#include <vector>

namespace nash {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// The minutes at which one that lasts for `span` is told of.
std::vector<int> Told(Reminder* reminder, minutes start, minutes span) {
  std::vector<int> told;
  for (minutes at(0); at < span; ++at) {
    if (reminder->Lasts(start + at)) told.push_back(static_cast<int>(at.count()));
  }
  return told;
}

TEST(Reminder, TellsAtOnceThenEverMoreRarelyThenHourly) {
  Reminder reminder;
  // 1, 2, 4, 8, 16, 32 and then 60 minutes later each.
  EXPECT_EQ(Told(&reminder, hours(5), minutes(250)),
            std::vector<int>({0, 1, 3, 7, 15, 31, 63, 123, 183, 243}));
}

TEST(Reminder, ANewTroubleIsToldAtOnce) {
  Reminder reminder;
  EXPECT_FALSE(reminder.Ends()) << "nobody was told";
  EXPECT_EQ(Told(&reminder, minutes(0), minutes(3)), std::vector<int>({0, 1}));
  EXPECT_TRUE(reminder.Ends());
  EXPECT_FALSE(reminder.Ends());
  EXPECT_EQ(Told(&reminder, minutes(3), minutes(3)), std::vector<int>({0, 1}));
}

TEST(Reminder, WhatEndsWithinItsPatienceIsNeverTold) {
  Reminder reminder(minutes(2));
  EXPECT_EQ(Told(&reminder, minutes(0), minutes(2)), std::vector<int>());
  EXPECT_FALSE(reminder.Ends());
  // The next one has as long.
  EXPECT_EQ(Told(&reminder, minutes(2), minutes(6)), std::vector<int>({2, 3, 5}));
  EXPECT_TRUE(reminder.Ends());
}

}  // namespace
}  // namespace nash
