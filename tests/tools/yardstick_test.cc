// What --evaluate means, and what evaluate's answers are taken for.
#include "tools/training/yardstick.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "solver/run/run_definition.h"

namespace nash {
namespace {

using Words = std::vector<std::string>;

GameDefinition GameOf(const std::string& config) {
  return LoadRunDefinition(absl::StrCat("configs/", config, ".yaml")).value().game;
}

TEST(ParseYardstick, KnowsWhatSuitsAGame) {
  EXPECT_EQ(ParseYardstick("", GameOf("leduc")).value(), Words({"nashconv"}));
  EXPECT_EQ(ParseYardstick("", GameOf("quickstart")).value(),
            Words({"nashconv", "--from=river", "--boards=200"}));
  EXPECT_EQ(ParseYardstick("", GameOf("leduc_3p")).value()[0], "exploit");
}

TEST(ParseYardstick, TakesFlagsAndRefusesWhatGivesNoBound) {
  EXPECT_EQ(ParseYardstick("  lbr --deals=2000  --bets=pot ", GameOf("leduc")).value(),
            Words({"lbr", "--deals=2000", "--bets=pot"}));
  for (const char* text : {"head_to_head runs/a", "match", "--deals=5", "nashcon"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseYardstick(text, GameOf("leduc")).status())) << text;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(ParseYardstick("lbr", GameOf("leduc_3p")).status()));
}

TEST(ParseMeasurement, ReadsTheBoundOfEachSubcommand) {
  const Measurement exact =
      ParseMeasurement(R"({"nash_conv": 3, "exploitability": 1.5, "iterations": 640})", "nashconv",
                       9)
          .value();
  EXPECT_EQ(exact.chips, 1.5);
  EXPECT_EQ(exact.half_width, 0);
  EXPECT_EQ(exact.round, 9);
  EXPECT_EQ(exact.iterations, 640);
  const Measurement bound =
      ParseMeasurement(R"({"exploitability_at_least": 2, "half_width_95": 0.25})", "exploit", 9)
          .value();
  EXPECT_EQ(bound.chips, 2);
  EXPECT_EQ(bound.half_width, 0.25);
  const Measurement lbr =
      ParseMeasurement(R"({"is_complete": true, "chips": -4, "chips_half_width": 1})", "lbr", 9)
          .value();
  EXPECT_EQ(lbr.chips, -4);
  EXPECT_EQ(lbr.half_width, 1);
}

TEST(ParseMeasurement, RefusesWhatIsNoWholeMeasurement) {
  for (const char* text :
       {"", "{", "[]", "{}", R"({"chips": "many"})", R"({"is_complete": false, "chips": 1})"}) {
    EXPECT_FALSE(ParseMeasurement(text, "lbr", 1).ok()) << text;
  }
}

TEST(Measurement, ReachesABoundWithItsWholeInterval) {
  Measurement measurement;
  measurement.chips = 2;
  measurement.half_width = 0.5;
  EXPECT_FALSE(measurement.Reaches(2.4));
  EXPECT_TRUE(measurement.Reaches(2.5));
}

// Bounds below zero: an exploiter that has learned too little loses, whatever the run is worth.
TEST(Measurement, WithoutANoticeableBoundReachesNothing) {
  Measurement measurement;
  measurement.chips = -12;
  measurement.half_width = 3;
  EXPECT_FALSE(measurement.Reaches(2));
  measurement.chips = -0.1;
  measurement.half_width = 0.5;
  EXPECT_TRUE(measurement.Reaches(2));
}

}  // namespace
}  // namespace nash
