// Rows reached are counted on the way and at the end, since the model of `simulate` wants their
// power law in visits.
//
// The rounds are real ones, by Trainer, on a table of the run's size whose pages are taken before.
// tests/tools/plan_test.sh compares the parts of a plan with each other; docs/planning.md has plans
// beside the runs that they were made for.
#include "tools/planning/calibration.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/table.h"
#include "solver/cfr/table_survey.h"
#include "solver/cfr/trainer.h"
#include "tools/planning/round_cost.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

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
    const auto run_round = [&](uint32_t batches) { return RunRound(batches); };
    ASSIGN_OR_RETURN(const RoundCost times, TimeRounds(seconds, run_round));
    KeepRows();
    Calibration out;
    out.threads = pool_.num_threads();
    out.seconds = times.spent_seconds;
    out.batch_seconds = times.batch_seconds;
    out.round_seconds = times.round_seconds;
    out.batch_touches = times.batch_touches;
    out.batch_deals = run_.definition().round.deals;
    if (rows_touched_.size() == 1) AddHalf();
    out.rows_touched = std::move(rows_touched_);
    return out;
  }

 private:
  absl::StatusOr<TimedRound> RunRound(uint32_t batches) {
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
    const auto start = std::chrono::steady_clock::now();
    trainer->RunRound(nullptr);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    ++rounds_;
    const auto touches = static_cast<double>(trainer->progress().touches);
    touches_run_ += touches;
    if (rows_touched_.empty() || touches_run_ >= 2 * rows_touched_.back().touches) KeepRows();
    return TimedRound{took.count(), touches};
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
  double touches_run_ = 0;
  std::vector<RowsTouched> rows_touched_;
};

}  // namespace

absl::StatusOr<Calibration> Calibrate(const LoadedRun& run, int num_threads, double seconds) {
  return Calibrator(run, num_threads).Measure(seconds);
}

}  // namespace nash
