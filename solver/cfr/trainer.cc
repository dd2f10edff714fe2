// Three ways to run a round, the first two with the same schedule around them.
//
//   one unit        traverse in place, sweep                            no copy, no delta
//   several units   run each from the same table, take it back, seal    as replicas of a cluster do
//                   its delta; merge all deltas; sweep
//
//   all deals       iteration by iteration, in place (enumerator.h)
//
// The second does in one process what a cluster does on many, through the same classes (UnitRunner,
// RoundMerger), which is why a run may move between the two and keep its bytes. It costs time:
// units run one after the other here, each on all threads.
//
// With lag 1 the units of a round that is no meeting run before the round before them is merged,
// each from its own line's delta; RunSeveralUnits() keeps those deltas in `ahead` until the round's
// turn comes. A checkpoint can only be taken up at a meeting, since it holds no deltas.
// tests/cfr/units_test.cc compares with clusters of replicas, lines_test.cc with a slow
// recomputation.
#include "solver/cfr/trainer.h"

#include <glog/logging.h>

#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/sweep.h"

namespace nash {

absl::StatusOr<std::unique_ptr<Trainer>> Trainer::Make(const TrainingSetup& setup,
                                                       const Progress& start) {
  RETURN_IF_ERROR(CheckTrainingSetup(setup));
  if (!IsMeeting(setup.shape, start.rounds)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "round ", start.rounds, ": with round.lag 1 a run goes on from its meetings only, every ",
        setup.shape.meet_every, " rounds; take it up from round ",
        MeetingBefore(setup.shape, start.rounds)));
  }
  std::unique_ptr<Trainer> trainer(new Trainer(setup, start));
  if (setup.options.chance == Chance::kEnumerated) {
    const int64_t chips_max = MostChipsAtStake(setup.table->layout().tree().game());
    ASSIGN_OR_RETURN(trainer->enumerator_, Enumerator::Make(setup, chips_max, start.iterations));
  } else if (setup.shape.units > 1) {
    ASSIGN_OR_RETURN(std::unique_ptr<UndoLog> undo,
                     UndoLog::Make(*setup.table, setup.pool->num_threads()));
    trainer->units_ = std::make_unique<Units>(setup, start, std::move(undo));
  } else {
    trainer->traverser_ = std::make_unique<UnitTraverser>(setup);
  }
  return trainer;
}

uint64_t Trainer::RunOneUnit(UndoLog* checkpoint_log, const BetweenBatches& between_batches) {
  const uint64_t touches =
      *traverser_->Run({progress_.rounds, 0}, UnitId{progress_.rounds + 1, 0},
                       {.unit = nullptr, .checkpoint = checkpoint_log}, between_batches);
  SweepTable(setup_, progress_.rounds, checkpoint_log, /*regret_hash=*/nullptr);
  return touches;
}

std::vector<UnitDelta> Trainer::RunUnits(uint64_t round, const std::vector<UnitDelta>* starts,
                                         UndoLog* checkpoint_log,
                                         const BetweenBatches& between_batches) {
  std::vector<UnitDelta> deltas;
  for (uint32_t unit = 0; unit < setup_.shape.units; ++unit) {
    const bool is_last = unit + 1 == setup_.shape.units;
    const UnitId next = {round + is_last, is_last ? 0 : unit + 1};
    deltas.push_back(*units_->runner.Run({round, unit},
                                         starts == nullptr ? nullptr : &(*starts)[unit].parts, next,
                                         checkpoint_log, between_batches));
  }
  return deltas;
}

void Trainer::Merge(std::vector<UnitDelta> deltas, UndoLog* checkpoint_log) {
  const SectionReader read = [&deltas](size_t section) {
    std::vector<EncodedRows> parts;
    for (UnitDelta& delta : deltas) {
      const auto begin = delta.parts.begin();
      std::move(begin + (section == 0 ? 0 : delta.part_ends[section - 1]),
                begin + delta.part_ends[section], std::back_inserter(parts));
    }
    return parts;
  };
  units_->undo->Begin();
  units_->master.set_checkpoint_log(checkpoint_log);
  while (!units_->merger.is_merged()) {
    const auto merged = units_->merger.MergeNext(read);
    CHECK(merged.ok()) << merged.status();
  }
  units_->merger.EndRound();
}

uint64_t Trainer::RunSeveralUnits(UndoLog* checkpoint_log, const BetweenBatches& between_batches) {
  const uint64_t round = progress_.rounds;
  std::vector<UnitDelta> deltas = std::move(units_->ahead);
  if (IsMeeting(setup_.shape, round)) {
    deltas = RunUnits(round, nullptr, checkpoint_log, between_batches);
  }
  units_->ahead.clear();
  if (!IsMeeting(setup_.shape, round + 1)) {
    units_->ahead = RunUnits(round + 1, &deltas, checkpoint_log, between_batches);
  }
  uint64_t touches = 0;
  for (const UnitDelta& delta : deltas) touches += delta.touches;
  Merge(std::move(deltas), checkpoint_log);
  return touches;
}

uint64_t Trainer::RunIterations(UndoLog* checkpoint_log, const BetweenBatches& between_batches) {
  uint64_t touches = 0;
  for (uint32_t i = 0; i < setup_.shape.batches; ++i) {
    touches += enumerator_->Run();
    between_batches();
  }
  enumerator_->Store(checkpoint_log);
  return touches;
}

void Trainer::RunRound(UndoLog* checkpoint_log, const std::function<void()>& between_batches) {
  const BetweenBatches go_on = [&between_batches] {
    between_batches();
    return true;
  };
  if (enumerator_ != nullptr) {
    progress_.touches += RunIterations(checkpoint_log, go_on);
  } else {
    progress_.touches += units_ == nullptr ? RunOneUnit(checkpoint_log, go_on)
                                           : RunSeveralUnits(checkpoint_log, go_on);
  }
  ++progress_.rounds;
  progress_.iterations = IterationsAfter(setup_.shape, progress_.rounds);
}

}  // namespace nash
