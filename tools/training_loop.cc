#include "tools/training_loop.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/cfr/schedule.h"
#include "tools/checkpoint_keeper.h"
#include "tools/stop_signals.h"
#include "tools/training_report.h"

namespace nash {
namespace {

// Rows that are looked at to estimate the share of infosets reached.
constexpr uint64_t kSampledRows = 200'000;

using Clock = std::chrono::steady_clock;

}  // namespace

double ReachedShare(const Table& table) {
  const TableLayout& layout = table.layout();
  const uint64_t stride = std::max<uint64_t>(1, layout.num_rows() / kSampledRows);
  std::vector<int32_t> values;
  uint64_t rows = 0, reached = 0;
  for (uint64_t node = 0; node < layout.num_nodes(); node += stride) {
    values.resize(layout.ValuesOf(static_cast<NodeIndex>(node)));
    table.CopyOut(static_cast<NodeIndex>(node), absl::MakeSpan(values));
    const uint32_t per_row = layout.ValuesPerRow(static_cast<NodeIndex>(node));
    for (size_t i = 0; i < values.size(); i += per_row) {
      ++rows;
      reached += std::any_of(values.begin() + i, values.begin() + i + per_row,
                             [](int32_t value) { return value != 0; });
    }
  }
  return rows == 0 ? 0 : static_cast<double>(reached) / rows;
}

uint64_t TargetIterations(const LoopOptions& options, const RoundShape& shape) {
  const uint64_t by_rounds = options.until_rounds * shape.DealsPerRound();
  const bool has_one = options.until_iterations == 0 || by_rounds == 0;
  const uint64_t target = has_one ? std::max(options.until_iterations, by_rounds)
                                  : std::min(options.until_iterations, by_rounds);
  const uint64_t rounds = (target + shape.DealsPerRound() - 1) / shape.DealsPerRound();
  return shape.meet_every == 1 ? target : IterationsAfter(shape, MeetingAfter(shape, rounds));
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
        table_(table),
        folder_(folder),
        report_(pool->num_threads(), Sample(),
                {TargetIterations(options, shape_), options.time_budget_seconds}),
        keeper_(run, options.checkpoint_every_seconds, folder->path(), *table, options.snapshot,
                pool, &report_) {
    keeper_.set_saved_rounds(trainer->progress().rounds);
  }

  absl::Status Run() {
    double next_report = FirstReport();
    double next_line = report_.is_terminal() ? 1 : next_report;
    while (!IsMeeting(shape_, trainer_->progress().rounds) || !IsDone()) {
      trainer_->RunRound(keeper_.snapshot(), [this] { keeper_.Step(); });
      RETURN_IF_ERROR(keeper_.EndRound(trainer_->progress(), Seconds()));
      TellOfStop();
      const double now = Seconds();
      if (now >= next_line || now >= next_report) {
        next_line = now + (report_.is_terminal() ? 1 : options_.report_every_seconds);
        if (now >= next_report) {
          Report();
          next_report = now + options_.report_every_seconds;
        } else {
          report_.Print(report_.Line(Sample(), reached_share_));
        }
      }
    }
    Report();
    report_.EndLine();
    return keeper_.SaveLast(trainer_->progress());
  }

 private:
  double Seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  // On short runs something is to be seen as well.
  double FirstReport() const { return std::min(2.0, options_.report_every_seconds); }
  TrainingSample Sample() const {
    TrainingSample sample = {Seconds(), pool_->waited_seconds(), trainer_->progress()};
    sample.prepare_waited_seconds = trainer_->prepare_waited_seconds();
    if (options_.deals != nullptr) sample.lookups = options_.deals->counts();
    return sample;
  }

  bool IsDone() const {
    const Progress& progress = trainer_->progress();
    if (stop_signal_received.load() != 0) return true;
    if (options_.until_rounds > 0 && progress.rounds >= options_.until_rounds) return true;
    if (options_.until_iterations > 0 && progress.iterations >= options_.until_iterations) {
      return true;
    }
    return options_.time_budget_seconds > 0 && Seconds() >= options_.time_budget_seconds;
  }

  // With lag a run ends at a meeting: there may be some rounds to it.
  void TellOfStop() {
    const uint64_t rounds = trainer_->progress().rounds;
    if (told_of_stop_ || stop_signal_received.load() == 0 || IsMeeting(shape_, rounds)) return;
    told_of_stop_ = true;
    report_.EndLine();
    std::fprintf(stderr, "stopping at the next meeting, round %ld; once more ends at once\n",
                 static_cast<long>(MeetingAfter(shape_, rounds)));
  }

  void Report() {
    reached_share_ = ReachedShare(*table_);
    const TrainingSample now = Sample();
    if (now.progress.rounds == reported_rounds_) return;
    reported_rounds_ = now.progress.rounds;
    report_.Print(report_.Line(now, reached_share_));
    const absl::Status status = folder_->AppendMetrics(report_.Json(now, reached_share_));
    if (!status.ok()) {
      report_.EndLine();
      std::fprintf(stderr, "warning: %s\n", std::string(status.message()).c_str());
    }
    report_.Take(now);
  }

  const LoopOptions options_;
  const RoundShape shape_;
  ThreadPool* pool_;
  Trainer* trainer_;
  Table* table_;
  RunFolder* folder_;
  const Clock::time_point start_ = Clock::now();
  uint64_t reported_rounds_ = 0;
  double reached_share_ = 0;
  bool told_of_stop_ = false;
  TrainingReport report_;
  CheckpointKeeper keeper_;
};

}  // namespace

absl::Status TrainUntil(const LoopOptions& options, const LoadedRun& run, ThreadPool* pool,
                        Trainer* trainer, Table* table, RunFolder* folder) {
  return Loop(options, run, pool, trainer, table, folder).Run();
}

}  // namespace nash
