#include "tools/planning/round_cost.h"

#include <gtest/gtest.h>

#include <string>

namespace nash {
namespace {

// A machine on which a round takes exactly what is said, and a batch has ten touches.
struct Case {
  std::string name;
  double batch_seconds;
  double end_seconds;
};

class RoundCostTest : public testing::TestWithParam<Case> {
 protected:
  absl::StatusOr<TimedRound> Run(uint32_t batches) {
    ++rounds_;
    return TimedRound{GetParam().end_seconds + batches * GetParam().batch_seconds, 10.0 * batches};
  }
  int rounds_ = 0;
};

TEST_P(RoundCostTest, TellsBatchesFromEnds) {
  const auto times = TimeRounds(10, [&](uint32_t batches) { return Run(batches); });
  ASSERT_TRUE(times.ok());
  EXPECT_NEAR(times->batch_seconds, GetParam().batch_seconds, 0.01 * GetParam().batch_seconds);
  EXPECT_NEAR(times->round_seconds, GetParam().end_seconds, 0.01 * GetParam().end_seconds + 1e-9);
  EXPECT_NEAR(times->batch_touches, 10, 1e-9);
  EXPECT_LT(times->spent_seconds, 25);
}

INSTANTIATE_TEST_SUITE_P(Machines, RoundCostTest,
                         testing::Values(Case{"no end", 0.01, 0}, Case{"a small end", 0.01, 0.05},
                                         Case{"Leduc", 1e-5, 1e-4},
                                         Case{"a large table, short batches", 4e-4, 1.0},
                                         Case{"as large, shorter batches", 1e-4, 1.0},
                                         Case{"long batches and a long end", 0.5, 0.5}),
                         [](const auto& info) {
                           std::string name = info.param.name;
                           std::erase_if(name, [](char c) { return !isalnum(c); });
                           return name;
                         });

TEST(RoundCost, ARoundThatTakesMoreThanHalfOfTheTimeIsAllThereIs) {
  int rounds = 0;
  const auto times = TimeRounds(10, [&](uint32_t batches) -> absl::StatusOr<TimedRound> {
    ++rounds;
    return TimedRound{8.0 * batches, 3.0 * batches};
  });
  ASSERT_TRUE(times.ok());
  EXPECT_EQ(rounds, 1);
  EXPECT_EQ(times->batch_seconds, 8);
  EXPECT_EQ(times->round_seconds, 0);
  EXPECT_EQ(times->batch_touches, 3);
}

TEST(RoundCost, ErrorsEndIt) {
  int rounds = 0;
  const auto times = TimeRounds(10, [&](uint32_t) -> absl::StatusOr<TimedRound> {
    if (++rounds == 3) return absl::CancelledError("stopped");
    return TimedRound{0.1, 1};
  });
  EXPECT_TRUE(absl::IsCancelled(times.status()));
  EXPECT_EQ(rounds, 3);
}

}  // namespace
}  // namespace nash
