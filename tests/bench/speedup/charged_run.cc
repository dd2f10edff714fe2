// From one stage to the next the table stays and the shape of rounds changes: the iterations that
// are complete must be whole rounds of the new shape, since schedules count rounds. Draws are named
// by round and unit, so a stage of other rounds takes a seed of its own, lest it deal again what
// was dealt.
//
// What is charged for a stretch is rounds x the model's seconds of one, whose unit has the mean
// touches and rows of the stretch. Rows by touches have two points then, a unit's and a round's,
// and the model asks for no others. Of merging only the whole was timed; all but the decoding is
// charged as the finishing of merged rows, so that the model's sum is what was measured.
#include "tests/bench/speedup/charged_run.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/schedule.h"
#include "solver/ranges/dealt_boards.h"
#include "tests/bench/measure.h"

namespace nash {
namespace {

double Nanos(double seconds, double count) { return count > 0 ? 1e9 * seconds / count : 0; }

double Share(uint64_t part, uint64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

void AddMeasured(const UnitCosts& timed, ClusterCosts* costs) {
  const double rows = static_cast<double>(timed.rows);
  const double merged = static_cast<double>(timed.merged_rows);
  costs->touches_per_core_s = static_cast<double>(timed.touches) / timed.traverse_s;
  costs->seal_ns = Nanos(timed.seal_s, rows);
  costs->encode_ns = 0;  // sealing is timed with it
  costs->decode_ns = Nanos(timed.decode_s, rows);
  costs->merge_ns = 0;
  costs->finish_ns = std::max(0.0, Nanos(timed.merge_s - timed.decode_s, merged));
  costs->apply_ns = std::max(0.0, Nanos(timed.follow_s, merged) - costs->decode_ns);
}

}  // namespace

ClusterCosts CostsOf(const ChargeOptions& options, const UnitCosts& counted, const UnitCosts& timed,
                     double table_rows) {
  ClusterCosts costs = options.costs;
  costs.num_streets = 1;
  costs.table_rows = {table_rows};
  costs.rows_touched = {{1e18, {1}}};
  if (options.is_measured) AddMeasured(timed, &costs);
  if (counted.rows == 0) return costs;
  const double unit_touches = Share(counted.touches, counted.units);
  const double unit_rows = Share(counted.rows, counted.units);
  const double round_rows = Share(counted.merged_rows, counted.rounds);
  costs.rows_touched = {{unit_touches, {unit_rows}}};
  const double units = Share(counted.units, counted.rounds);
  if (units > 1) {
    costs.rows_touched.push_back({units * unit_touches, {std::max(unit_rows, round_rows)}});
  }
  costs.bytes_up_per_row = Share(counted.encoded_bytes, counted.rows);
  costs.bytes_down_per_row = Share(counted.merged_regret_bytes, counted.merged_rows);
  costs.bytes_log_per_row = Share(counted.merged_bytes, counted.merged_rows);
  costs.rows_per_part = std::max(1.0, Share(counted.rows, counted.parts));
  return costs;
}

ChargedRun::ChargedRun(const LoadedRun& run, std::vector<Stage> stages, Table table, Table replica)
    : run_(run),
      stages_(std::move(stages)),
      table_(std::move(table)),
      replica_(std::move(replica)),
      deals_(run.definition().game, run.abstraction()) {}

absl::StatusOr<std::unique_ptr<ChargedRun>> ChargedRun::Make(const LoadedRun& run,
                                                             const std::vector<Stage>& stages) {
  CHECK(!stages.empty());
  CHECK_EQ(stages.back().rounds, 0);
  ASSIGN_OR_RETURN(Table table, Table::Make(run.layout()));
  ASSIGN_OR_RETURN(Table replica, Table::Make(run.layout()));
  std::unique_ptr<ChargedRun> charged(
      new ChargedRun(run, stages, std::move(table), std::move(replica)));
  for (const Stage& stage : stages) {
    RETURN_IF_ERROR(CheckTrainingSetup(charged->SetupOf(stage)));
  }
  RETURN_IF_ERROR(charged->BeginStage(0));
  return charged;
}

TrainingSetup ChargedRun::SetupOf(const Stage& stage) {
  const RunDefinition& definition = run_.definition();
  RoundShape shape = definition.round;
  shape.batches = stage.batches;
  shape.amplification = stage.amplification;
  if (definition.algorithm.sampler == Sampler::kPublic) {
    std::unique_ptr<const BoardCycle> cycle;
    if (definition.algorithm.boards == BoardOrder::kCycled) {
      cycle =
          std::make_unique<BoardCycle>(definition.game, shape.units, shape.batches * shape.deals);
    }
    boards_ = std::make_unique<DealtBoards>(definition.game, run_.cards(), std::move(cycle));
  }
  TrainingSetup setup = {definition.algorithm, shape, definition.seed, &table_};
  setup.source = &deals_;
  setup.pool = &pool_;
  setup.boards = boards_.get();
  return setup;
}

absl::Status ChargedRun::BeginStage(size_t stage) {
  units_ = nullptr;
  alone_ = nullptr;
  stage_ = stage;
  stage_rounds_ = 0;
  TrainingSetup setup = SetupOf(stages_[stage]);
  setup.seed += stage << 32;
  const uint64_t round = setup.shape.DealsPerRound();
  if (iterations_ % round != 0) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "--stages: stage %d begins after %d iterations, which are no whole rounds of its %d",
        stage + 1, iterations_, round));
  }
  const Progress progress = {.rounds = iterations_ / round, .iterations = iterations_};
  if (setup.shape.units == 1) {
    ASSIGN_OR_RETURN(alone_, Trainer::Make(setup, progress));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      units_, MeasuredRounds::Make(setup, {.start_round = progress.rounds, .replica = &replica_}));
  return absl::OkStatus();
}

UnitCosts ChargedRun::RunRound() {
  if (units_ != nullptr) {
    const UnitCosts costs = units_->RunRound();
    iterations_ = units_->iterations();
    return costs;
  }
  const uint64_t touches = alone_->progress().touches;
  const double start = ProcessSeconds();
  alone_->RunRound(nullptr);
  iterations_ = alone_->progress().iterations;
  UnitCosts costs;
  costs.units = 1;
  costs.rounds = 1;
  costs.traverse_s = ProcessSeconds() - start;
  costs.touches = alone_->progress().touches - touches;
  return costs;
}

absl::Status ChargedRun::TrainTo(uint64_t iterations) {
  UnitCosts costs;
  while (iterations_ < iterations) {
    costs += RunRound();
    ++rounds_;
    const uint64_t stage_ends = stages_[stage_].rounds;
    if (++stage_rounds_ != stage_ends || stage_ends == 0) continue;
    RETURN_IF_ERROR(BeginStage(stage_ + 1));
    break;  // a point's rounds are alike
  }
  all_ += costs;
  points_.push_back({iterations_, rounds_, costs});
  return absl::OkStatus();
}

ClusterPlan ChargedRun::PlanOf(const ChargeOptions& options, const UnitCosts& costs) const {
  const RoundShape& shape = run_.definition().round;
  ClusterPlan plan;
  plan.workers = static_cast<int>(shape.units);
  plan.units = static_cast<int>(shape.units);
  plan.unit_touches = Share(costs.touches, costs.units);
  plan.gbit_per_s = options.gbit_per_s;
  plan.lag = shape.meet_every > 1 ? 1 : 0;
  plan.merge_threads = options.merge_threads;
  return plan;
}

std::vector<double> ChargedRun::Seconds(const ChargeOptions& options) const {
  std::vector<double> seconds;
  const double table_rows = static_cast<double>(run_.layout().num_rows());
  double now = 0;
  for (const Point& point : points_) {
    const ClusterCosts costs = CostsOf(options, point.costs, all_, table_rows);
    if (run_.definition().round.units == 1) {
      now += static_cast<double>(point.costs.touches) / costs.touches_per_core_s;
    } else if (point.costs.rounds > 0) {
      now += static_cast<double>(point.costs.rounds) *
             Simulate(PlanOf(options, point.costs), costs).round_s;
    }
    seconds.push_back(now);
  }
  return seconds;
}

SimulatedRate ChargedRun::LastRate(const ChargeOptions& options) const {
  const Point& point = points_.back();
  const double table_rows = static_cast<double>(run_.layout().num_rows());
  return Simulate(PlanOf(options, point.costs), CostsOf(options, point.costs, all_, table_rows));
}

}  // namespace nash
