// A round of b batches takes  e + b * t:  e is its end (discount, sweep), t what a batch takes. Two
// lengths tell them apart:
//
//   b = 1, and more until a round is long enough for     the table is empty: this is the warm-up
//   the clock, and its batches take longer than its end
//   b, 2b, b, 2b, ... until the seconds are spent          T1 = e + b t,  T2 = e + 2 b t
//   e = 2 T1 - T2, of the shortest of each length          t = all seconds without ends, by batches
//
// The shortest rounds give e, because what disturbs a round makes it longer; all of them give t,
// because a run is disturbed as well. Rounds of the run's own length could not serve: they may take
// minutes.
//
// Rows reached are counted on the way and at the end, since the model of `simulate` wants their
// power law in visits. A run so large that one such round takes more than half of the time has one
// round, and no e.
//
// The rounds are real ones, by Trainer, on a table of the run's size whose pages are taken before.
// tests/tools/plan_test.sh compares the parts of a plan with each other; docs/planning.md has plans
// beside the runs that they were made for.
#include "tools/planning/calibration.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/table.h"
#include "solver/cfr/table_survey.h"
#include "solver/cfr/trainer.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

// A round that is too short measures the clock and the threads' waking up.
constexpr double kRoundSecondsMin = 0.3;
constexpr uint32_t kBatchesMax = 1 << 16;
constexpr double kHardlyGrows = 1.25;
constexpr uint64_t kSurveyedRows = 1 << 20;  // of a street

class Calibrator {
 public:
  Calibrator(const LoadedRun& run, int num_threads)
      : run_(run),
        pool_(num_threads),
        deals_(run.definition().game, run.abstraction()),
        boards_(run.MakeBoardSource()) {}

  absl::StatusOr<Calibration> Measure(double seconds) {
    ASSIGN_OR_RETURN(Table table, Table::Make(run_.layout()));
    table_ = &table;
    pool_.ForEach(pool_.num_threads(),
                  [&](size_t part, int) { table.TakePages(part, pool_.num_threads()); });
    const auto start = Clock::now();
    const auto spent = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    // The first rounds are of an empty table; they find the length, and how fast rows are reached.
    uint32_t batches = 1;
    double last = 0, first = 0;
    while (true) {
      ASSIGN_OR_RETURN(last, RoundOf(batches));
      KeepRows();
      if (batches == 1) first = last;
      const bool is_resolved = batches > 1 && last >= 2 * first;
      if (last >= kRoundSecondsMin && is_resolved) break;
      if (spent() > seconds / 2 || batches >= kBatchesMax) break;
      // A round that hardly grows is all end: the sweep of a large table whose batches are short.
      batches *= last >= kRoundSecondsMin && last < kHardlyGrows * first ? 16 : 2;
    }
    std::array<std::vector<double>, 2> took;  // rounds of `batches`, and of twice as many
    const double batches_before = batches_run_, deals_before = deals_run_;
    const double touches_before = touches_run_;
    // A round that takes longer than all that was granted is what there is.
    const bool is_long = last > seconds / 2;
    while (!is_long && (took[0].size() < 2 || took[1].size() < 2 || spent() < seconds)) {
      const int k = took[1].size() < took[0].size() ? 1 : 0;
      ASSIGN_OR_RETURN(const double one, RoundOf(batches << k));
      took[k].push_back(one);
    }
    KeepRows();

    Calibration out;
    out.threads = pool_.num_threads();
    out.seconds = spent();
    double batches_seen = batches_run_, seconds_seen = 0;
    out.batch_deals = deals_run_;
    out.batch_touches = touches_run_;
    if (is_long) {
      out.batch_seconds = last / batches;
    } else {
      // What disturbs a round makes it longer, so the shortest of either length tell what its end
      // takes; all of them together tell the rate that there is.
      const double one = *std::min_element(took[0].begin(), took[0].end());
      const double two = *std::min_element(took[1].begin(), took[1].end());
      out.round_seconds = std::clamp(2 * one - two, 0.0, 0.9 * one);
      batches_seen -= batches_before;
      for (const std::vector<double>& rounds : took) {
        for (const double round : rounds) seconds_seen += round - out.round_seconds;
      }
      out.batch_seconds = seconds_seen / batches_seen;
      out.batch_deals -= deals_before;
      out.batch_touches -= touches_before;
    }
    out.batch_deals /= batches_seen;
    out.batch_touches /= batches_seen;
    if (rows_touched_.size() == 1) AddHalf();
    out.rows_touched = std::move(rows_touched_);
    return out;
  }

 private:
  using Clock = std::chrono::steady_clock;

  // Seconds of one round of so many batches.
  absl::StatusOr<double> RoundOf(uint32_t batches) {
    if (stop_signal_received.load() != 0) return absl::CancelledError("stopped by a signal");
    const RunDefinition& definition = run_.definition();
    const RoundShape shape = {1, batches, definition.round.deals, 1};
    // As many rounds between discounts as the run has, whatever their length.
    CfrOptions algorithm = definition.algorithm;
    algorithm.discount_every_iterations = algorithm.discount_every_iterations /
                                          definition.round.DealsPerRound() * shape.DealsPerRound();
    // Nothing is kept of this table, and its rounds lie elsewhere than the run's.
    algorithm.snapshot_every_iterations = 0;
    const TrainingSetup setup = {algorithm, shape,  definition.seed, table_,
                                 &deals_,   &pool_, boards_.get(),   &run_.cards()};
    const Progress begin = {rounds_, rounds_ * shape.DealsPerRound(), 0};
    ASSIGN_OR_RETURN(const std::unique_ptr<Trainer> trainer, Trainer::Make(setup, begin));
    const auto start = Clock::now();
    trainer->RunRound(nullptr);
    const std::chrono::duration<double> took = Clock::now() - start;
    ++rounds_;
    deals_run_ += trainer->progress().iterations - begin.iterations;
    touches_run_ += trainer->progress().touches;
    batches_run_ += batches;
    return took.count();
  }

  void KeepRows() {
    const TableSurvey survey = SurveyTable(*table_, kSurveyedRows);
    RowsTouched rows;
    rows.touches = touches_run_;
    for (size_t s = 0; s < survey.streets.size() && s < kCostStreetsMax; ++s) {
      const StreetSurvey& street = survey.streets[s];
      // At least one: the model takes logarithms.
      rows.rows[s] = std::max(
          1.0, double(street.rows) * street.reached_rows / std::max<uint64_t>(street.seen_rows, 1));
    }
    if (!rows_touched_.empty() && rows_touched_.back().touches >= rows.touches) return;
    rows_touched_.push_back(rows);
  }

  // The model wants two points for its power law.
  void AddHalf() {
    RowsTouched half = rows_touched_[0];
    half.touches /= 2;
    for (double& rows : half.rows) rows /= 2;
    rows_touched_.insert(rows_touched_.begin(), half);
  }

  const LoadedRun& run_;
  ThreadPool pool_;
  BucketDealSource deals_;
  const std::unique_ptr<BoardSource> boards_;
  Table* table_ = nullptr;
  uint64_t rounds_ = 0;
  double batches_run_ = 0, deals_run_ = 0, touches_run_ = 0;
  std::vector<RowsTouched> rows_touched_;
};

}  // namespace

absl::StatusOr<Calibration> Calibrate(const LoadedRun& run, int num_threads, double seconds) {
  return Calibrator(run, num_threads).Measure(seconds);
}

}  // namespace nash
