#include "tools/program/progress_line.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

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
  EXPECT_EQ(Joined(StageLine({"river strengths", 500, 2000, "boards"}, 2)),
            "river strengths    25.0%  500 of 2000 boards, 250/s, 6.0 s left");
  EXPECT_EQ(Joined(StageLine({"river strengths", 2000, 2000, "boards"}, 8)),
            "river strengths   100.0%  2000 of 2000 boards, 250/s, 8.0 s");
  EXPECT_EQ(Joined(StageLine({"flop buckets", 48, 48, "boards"}, 1e-9)),
            "flop buckets      100.0%  48 of 48 boards, 0.0 s");
  EXPECT_EQ(Joined(StageLine({"flop buckets", 0, 48, "boards"}, 1)),
            "flop buckets        0.0%  0 of 48 boards, 0/s");
  EXPECT_EQ(Joined(StageLine({"best responses", 5'000'000'000, 20'000'000'000, "terms"}, 10)),
            "best responses     25.0%  5.00G of 20.00G terms, 500.00M/s, 30.0 s left");
}

std::string Shown(bool is_terminal) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  ProgressLine line(file.get(), is_terminal);
  line.Show({{"one"}});
  line.Show({{"two"}});
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

TEST(ProgressLine, LeavesOutTheLeastImportantWhereTheTerminalIsNarrow) {
  const LineFields fields = {{"aaaa"}, {" bbb", 1}, {" ccc", 2}, {" ddd", 1}, {" ee"}};
  struct Case {
    int columns;
    const char* line;
    const char* reason;
  };
  for (const Case& c : std::vector<Case>{
           {19, "aaaa bbb ccc ddd ee", "4 + 4 + 4 + 4 + 3 columns are just enough"},
           {18, "aaaa bbb ddd ee", "the highest rank goes first"},
           {14, "aaaa bbb ee", "of equals the last goes"},
           {10, "aaaa ee", "rank 0 stays"},
           {5, "aaaa ", "and is cut at last"},
           {0, "a", "no terminal is that narrow"},
       }) {
    EXPECT_EQ(Fitted(fields, c.columns), c.line) << c.reason;
  }
}

TEST(ProgressLine, NeverFillsTheLastColumnOfATerminal) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  ProgressLine line(file.get(), /*is_terminal=*/true, /*columns=*/8);
  line.Show({{"1234567"}});
  line.Show({{"12345678"}});
  std::string text(100, '\0');
  std::rewind(file.get());
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  EXPECT_EQ(text, "\r\x1b[K1234567\r\x1b[K1234567");
}

TEST(ProgressLine, HasTheColumnsThatAreToldOr80) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  setenv("COLUMNS", "132", 1);
  EXPECT_EQ(TerminalColumns(file.get()), 132);
  setenv("COLUMNS", "wide", 1);
  EXPECT_EQ(TerminalColumns(file.get()), 80);
  unsetenv("COLUMNS");
  EXPECT_EQ(TerminalColumns(file.get()), 80);
}

// The longest that a line is likely to become.
TEST(TrainingReport, FitsIn80ColumnsWithWhatMattersMost) {
  TrainingReport report(1, {.iterations = 123'456'789'000});
  report.Take({});
  TrainingSample sample;
  sample.seconds = 90'000;
  sample.progress.iterations = 12'345'678'000;
  sample.progress.touches = 999'000'000'000;
  EXPECT_EQ(Fitted(report.Line(sample, TableSurvey()), 79),
            " 10.0%  12.35G iterations  137.2k/s  0.0% of infosets reached  ETA 225:00:00");
  sample.cluster = ClusterSample();
  sample.cluster->workers = 64;
  sample.cluster->is_paused = true;
  EXPECT_EQ(Fitted(report.Line(sample, TableSurvey()), 79),
            " 10.0%  12.35G iterations  64 workers  paused: the disk is full  ETA 225:00:00");
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
  const std::string line = Joined(report.Line(sample, TableSurvey()));
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
  const std::string line = Joined(report.Line(sample, TableSurvey()));
  EXPECT_NE(line.find("320 iterations  -/s  - touches/s"), std::string::npos) << line;
}

}  // namespace
}  // namespace nash
