// A run in rounds of K units, charged with the wall-clock of a cluster of K workers.
//
// The training is real: MeasuredRounds merges the units' deltas as a coordinator does, ends with
// the bytes of any cluster, and a second table follows as a worker's would. Only the time is not:
// units run one after another here, and the model of `simulate` (tools/simulation/round.h) says
// what K machines would have taken. It is given what was counted: touches, rows sent, rows merged
// and bytes of just these rounds; and what touches and rows cost here in processor time, or what a
// file of costs says. One worker is one process, which makes no delta and waits for nobody.
//
// Thread-compatible.
#ifndef NASHVILLE_TESTS_BENCH_SPEEDUP_CHARGED_RUN_H_
#define NASHVILLE_TESTS_BENCH_SPEEDUP_CHARGED_RUN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "tests/bench/converge/measured_rounds.h"
#include "tools/simulation/plan.h"
#include "tools/simulation/round.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// A stretch of a run whose rounds are alike.
struct Stage {
  uint64_t rounds = 0;         // 0: to the run's end
  uint32_t batches = 1;        // of a unit
  uint32_t amplification = 0;  // 0: the units of a round
  friend bool operator==(const Stage&, const Stage&) = default;
};

struct ChargeOptions {
  // Latency, log, threads, and what rows and touches cost unless that is measured.
  ClusterCosts costs;
  bool is_measured = true;
  double gbit_per_s = 10;
  int merge_threads = 16;
};

// The costs of a cluster that does as was counted: a unit and a round of `counted` have its rows,
// and if that is asked for, touches and rows the times of `timed`.
ClusterCosts CostsOf(const ChargeOptions& options, const UnitCosts& counted, const UnitCosts& timed,
                     double table_rows);

class ChargedRun {
 public:
  // A moment of the run.
  struct Point {
    uint64_t iterations = 0;
    uint64_t rounds = 0;
    UnitCosts costs;  // since the point before
  };

  // run: outlives us; its definition says all but the batches of a unit. stages: at least one, of
  // which the last goes on to the end. Errors: those of Trainer::Make() for any stage, and
  // InvalidArgument where a stage would begin within a round of its own length.
  static absl::StatusOr<std::unique_ptr<ChargedRun>> Make(const LoadedRun& run,
                                                          const std::vector<Stage>& stages);

  // Completes rounds until there are so many iterations, or an exact start of the next stage.
  absl::Status TrainTo(uint64_t iterations);

  const Table& table() const { return table_; }
  const std::vector<Point>& points() const { return points_; }  // one for each TrainTo()
  uint64_t iterations() const { return iterations_; }
  // Of the whole run.
  const UnitCosts& costs() const { return all_; }
  // Simulated seconds from the run's start to each point.
  std::vector<double> Seconds(const ChargeOptions& options) const;
  // The simulated rounds before the last point.
  SimulatedRate LastRate(const ChargeOptions& options) const;

 private:
  ChargedRun(const LoadedRun& run, std::vector<Stage> stages, Table table, Table replica);
  absl::Status BeginStage(size_t stage);
  TrainingSetup SetupOf(const Stage& stage);
  UnitCosts RunRound();
  ClusterPlan PlanOf(const ChargeOptions& options, const UnitCosts& costs) const;

  const LoadedRun& run_;
  const std::vector<Stage> stages_;
  Table table_, replica_;
  ThreadPool pool_{1};
  const BucketDealSource deals_;
  std::unique_ptr<BoardSource> boards_;
  size_t stage_ = 0;
  uint64_t stage_rounds_ = 0;  // complete of the stage
  std::unique_ptr<MeasuredRounds> units_;
  std::unique_ptr<Trainer> alone_;  // instead, with one worker
  uint64_t iterations_ = 0;
  uint64_t rounds_ = 0;
  UnitCosts all_;
  std::vector<Point> points_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_SPEEDUP_CHARGED_RUN_H_
