// The whole life of a run in one process: round, checkpoint, report, and again, until a limit is
// reached.
//
// Limits are looked at between rounds, since a round is the unit of determinism: what a run holds
// at its end is a function of how many rounds it had, however it was told to stop. So a run stops a
// little after its limit and never before it. With lag it goes on to the next meeting, the only
// place from which it can be taken up.
//
// Turns of a checkpoint's writer come between batches, through RunRound()'s callback: rounds may
// take minutes, and a checkpoint should not have to wait for one. A coordinator has the same pieces
// in tools/cluster/coordinator_node.cc.
#include "tools/training/training_loop.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/cfr/schedule.h"
#include "tools/program/stop_signals.h"
#include "tools/training/checkpoint_keeper.h"
#include "tools/training/run_reporter.h"

namespace nash {

uint64_t TargetIterations(const LoopOptions& options, const RoundShape& shape) {
  const uint64_t by_rounds = options.until_rounds * shape.DealsPerRound();
  const bool has_one = options.until_iterations == 0 || by_rounds == 0;
  const uint64_t target = has_one ? std::max(options.until_iterations, by_rounds)
                                  : std::min(options.until_iterations, by_rounds);
  const uint64_t rounds = (target + shape.DealsPerRound() - 1) / shape.DealsPerRound();
  return shape.meet_every == 1 ? target : IterationsAfter(shape, MeetingAfter(shape, rounds));
}

TrainingTarget TargetOf(const LoopOptions& options, const RoundShape& shape) {
  return {TargetIterations(options, shape), options.time_budget_seconds};
}

namespace {

class Loop {
 public:
  Loop(const LoopOptions& options, const LoadedRun& run, ThreadPool* pool, Trainer* trainer,
       Table* table, RunFolder* folder)
      : options_(options),
        shape_(run.definition().round),
        pool_(pool),
        trainer_(trainer),
        reporter_(
            {.num_threads = pool->num_threads(),
             .quantum_chips = run.definition().algorithm.quantum_chips,
             .every_seconds = options.report_every_seconds,
             .target = TargetOf(options, run.definition().round),
             .shape = run.definition().round,
             .memory_plan = options.memory_plan,
             .yardstick = options.yardstick,
             .metrics_server = options.metrics_server,
             .tensorboard = options.tensorboard},
            [this] { return Sample(); }, *table, folder),
        keeper_(run, options.checkpoint_every_seconds, folder->path(), *table,
                options.checkpoint_log, pool, &reporter_) {
    keeper_.set_saved_rounds(trainer->progress().rounds);
  }

  absl::Status Run() {
    reporter_.Begin();
    while (!IsMeeting(shape_, trainer_->progress().rounds) || !IsDone()) {
      trainer_->RunRound(keeper_.checkpoint_log(), [this] { keeper_.Step(); });
      RETURN_IF_ERROR(keeper_.EndRound(trainer_->progress(), reporter_.Seconds()));
      TellOfStop();
      reporter_.ReportIfDue();
    }
    reporter_.Finish();
    return keeper_.SaveLast(trainer_->progress());
  }

 private:
  TrainingSample Sample() const {
    TrainingSample sample;
    sample.progress = trainer_->progress();
    sample.waited_seconds = pool_->waited_seconds();
    sample.prepare_waited_seconds = trainer_->prepare_waited_seconds();
    sample.checkpoints = keeper_.sample();
    if (options_.deals != nullptr) sample.lookups = options_.deals->counts();
    return sample;
  }

  bool IsDone() const {
    const Progress& progress = trainer_->progress();
    if (stop_signal_received.load() != 0 || reporter_.has_reached_bound()) return true;
    if (options_.until_rounds > 0 && progress.rounds >= options_.until_rounds) return true;
    if (options_.until_iterations > 0 && progress.iterations >= options_.until_iterations) {
      return true;
    }
    return options_.time_budget_seconds > 0 && reporter_.Seconds() >= options_.time_budget_seconds;
  }

  // With lag a run ends at a meeting: there may be some rounds to it.
  void TellOfStop() {
    const uint64_t rounds = trainer_->progress().rounds;
    if (told_of_stop_ || stop_signal_received.load() == 0 || IsMeeting(shape_, rounds)) return;
    told_of_stop_ = true;
    reporter_.Say(absl::StrFormat("stopping at the next meeting, round %d; once more ends at once",
                                  MeetingAfter(shape_, rounds)));
  }

  const LoopOptions options_;
  const RoundShape shape_;
  ThreadPool* const pool_;
  Trainer* const trainer_;
  bool told_of_stop_ = false;
  RunReporter reporter_;
  CheckpointKeeper keeper_;
};

}  // namespace

absl::Status TrainUntil(const LoopOptions& options, const LoadedRun& run, ThreadPool* pool,
                        Trainer* trainer, Table* table, RunFolder* folder) {
  return Loop(options, run, pool, trainer, table, folder).Run();
}

}  // namespace nash
