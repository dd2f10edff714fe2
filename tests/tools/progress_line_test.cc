#include "tools/program/progress_line.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tools/program/build_progress.h"
#include "tools/training/training_report.h"

namespace nash {
namespace {

TEST(ShortRate, IsARateOrNone) {
  EXPECT_EQ(ShortRate(48, 1e-9), "-") << "the clock tells noise";
  EXPECT_EQ(ShortRate(48, 0), "-");
  EXPECT_EQ(ShortRate(3, 2), "1.50");
  EXPECT_EQ(ShortRate(48, 0.5), "96");
  EXPECT_EQ(ShortRate(2'620'000, 2), "1.31M");
  EXPECT_EQ(ShortRate(0, 2), "0");
}

TEST(StageLine, TellsShareRateAndTimeLeft) {
  // A quarter in 2 s: the rest takes three times as long.
  EXPECT_EQ(StageLine({"river strengths", 500, 2000, "boards"}, 2),
            "river strengths    25.0%  500 of 2000 boards, 250/s, 6.0 s left");
  EXPECT_EQ(StageLine({"river strengths", 2000, 2000, "boards"}, 8),
            "river strengths   100.0%  2000 of 2000 boards, 250/s, 8.0 s");
  EXPECT_EQ(StageLine({"flop buckets", 48, 48, "boards"}, 1e-9),
            "flop buckets      100.0%  48 of 48 boards, 0.0 s");
  EXPECT_EQ(StageLine({"flop buckets", 0, 48, "boards"}, 1),
            "flop buckets        0.0%  0 of 48 boards, 0/s");
  EXPECT_EQ(StageLine({"best responses", 5'000'000'000, 20'000'000'000, "terms"}, 10),
            "best responses     25.0%  5.00G of 20.00G terms, 500.00M/s, 30.0 s left");
}

std::string Shown(bool is_terminal) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  ProgressLine line(file.get(), is_terminal);
  line.Show("one");
  line.Show("two");
  line.End();
  line.End();
  std::string text(100, '\0');
  std::rewind(file.get());
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  return text;
}

TEST(ProgressLine, IsRewrittenOnATerminalAndALineElsewhere) {
  EXPECT_EQ(Shown(true), "\r\x1b[Kone\r\x1b[Ktwo\n");
  EXPECT_EQ(Shown(false), "one\ntwo\n");
}

TEST(TrainingReport, RatesRightAfterASampleAreThoseOfTheWholeRun) {
  TrainingReport report(1, {});
  report.Take({});
  TrainingSample sample;
  sample.seconds = 4;
  sample.progress.iterations = 4'000'000;
  report.Take(sample);
  sample.seconds += 1e-6;  // and one round more: 32,000 in a microsecond
  sample.progress.iterations += 32'000;
  const std::string line = report.Line(sample, TableSurvey());
  EXPECT_NE(line.find("4.03M iterations  1.01M/s"), std::string::npos) << line;
  EXPECT_NE(report.Json(sample, TableSurvey()).find("\"iterations_per_s\":1007999.7"),
            std::string::npos)
      << report.Json(sample, TableSurvey());
}

TEST(TrainingReport, ARunThatTookNoTimeHasNoRate) {
  TrainingReport report(1, {});
  report.Take({});
  TrainingSample sample;
  sample.progress.iterations = 320;
  const std::string line = report.Line(sample, TableSurvey());
  EXPECT_NE(line.find("320 iterations  -/s  - touches/s"), std::string::npos) << line;
}

}  // namespace
}  // namespace nash
