#include "tools/run_reporter.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "tests/tools/leduc_training.h"

namespace nash {
namespace {

class RunReporterTest : public LeducTraining {
 protected:
  RunReporterTest() { CHECK(run_folder_.Begin("").ok()); }

  std::vector<nlohmann::json> Metrics() const {
    std::istringstream file(ReadFile(JoinPath(run_folder_.path(), "metrics.jsonl")).value());
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  const std::unique_ptr<LoadedRun> run_ = Loaded(definition_);
  Table table_ = Table::Make(run_->layout()).value();
  RunFolder run_folder_ = RunFolder::Open(Run("run"), /*resume=*/false).value();
  TrainingSample now_;
  RunReporter reporter_{{.every_seconds = 0}, [this] { return now_; }, table_, &run_folder_};
};

TEST_F(RunReporterTest, TheLastReportSaysNothingTwice) {
  reporter_.Begin();
  now_.progress.rounds = 3;
  reporter_.ReportIfDue();
  reporter_.Finish();
  ASSERT_EQ(Metrics().size(), 1);
  now_.progress.rounds = 4;
  reporter_.Finish();
  ASSERT_EQ(Metrics().size(), 2);
  EXPECT_EQ(Metrics()[0]["rounds"], 3);
  EXPECT_EQ(Metrics()[1]["rounds"], 4);
}

// Its workers and counters may have changed since.
TEST_F(RunReporterTest, TheLastReportOfAClusterIsAlwaysMade) {
  reporter_.Begin();
  now_.workers = 2;
  reporter_.ReportIfDue();
  now_.workers = 0;
  reporter_.Finish();
  ASSERT_EQ(Metrics().size(), 2);
  EXPECT_EQ(Metrics()[1]["workers"], 0);
}

TEST_F(RunReporterTest, TimeAndRatesCountFromTheBeginning) {
  now_.progress.iterations = 1'000'000'000;  // of a process before
  reporter_.Begin();
  reporter_.ReportIfDue();
  EXPECT_EQ(Metrics()[0]["iterations_per_s"], 0);
  EXPECT_LT(Metrics()[0]["seconds"], 60);
}

// Leduc's first street has 8 nodes of 3 buckets. Two regrets of a row of two at the ceiling, of two
// rows reached (the other has regrets of 0 and 5): half of four.
TEST_F(RunReporterTest, RegretsAtTheCeilingAreToldOfByStreetAndWarnedOfOnce) {
  table_.Row(0, 0)[0] = kRegretCeiling;
  table_.Row(0, 0)[1] = kRegretCeiling + 7;  // before the next clamp
  table_.Row(0, 1)[1] = 5;
  reporter_.Begin();
  testing::internal::CaptureStderr();
  reporter_.ReportIfDue();
  now_.progress.rounds = 1;
  reporter_.ReportIfDue();
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("50.0% of regrets at the ceiling"), std::string::npos) << said;
  const size_t warning = said.find("warning: 50.0% of the regrets of a street");
  EXPECT_NE(warning, std::string::npos) << said;
  EXPECT_EQ(said.find("warning:", warning + 1), std::string::npos) << said;
  const nlohmann::json metrics = Metrics()[0];
  EXPECT_EQ(metrics["regrets_at_ceiling_share"], nlohmann::json({0.5, 0.0}));
  EXPECT_EQ(metrics["regrets_at_floor_share"], nlohmann::json({0.0, 0.0}));
  EXPECT_GE(metrics["largest_regret_share_of_ceiling"][0], 1.0);
  EXPECT_EQ(metrics["largest_regret_share_of_ceiling"][1], 0.0);
}

TEST_F(RunReporterTest, ARunWithoutRegretsAtTheCeilingDoesNotSpeakOfThem) {
  table_.Row(0, 0)[0] = kRegretCeiling - 1;
  reporter_.Begin();
  testing::internal::CaptureStderr();
  reporter_.ReportIfDue();
  EXPECT_EQ(testing::internal::GetCapturedStderr().find("ceiling"), std::string::npos);
}

}  // namespace
}  // namespace nash
