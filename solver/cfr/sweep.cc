// One pass over all rows at the end of a round, strip by strip on any thread. It is memory-bound,
// so that everything that needs the rows then is done at once: discounts, halvings, clamps, and the
// new hash of regrets, which is a sum and so may be added up in any order. Who merges a round
// sweeps a section's strips as soon as the section is merged, while its rows are in the cache
// (round_merger.cc).
//
// Rows of zeros are skipped. That changes nothing (zero times anything is zero, whatever the
// dither: dithers are below one), and most rows of a large table are never reached. Old rows go to
// a checkpoint that is being taken first, as everywhere. Master, replicas and resumed runs sweep
// alike, since dithers come from (seed, round, row).
#include "solver/cfr/sweep.h"

#include <atomic>

#include "solver/cfr/lane_sweep.h"
#include "solver/cfr/nonzero_rows.h"
#include "solver/cfr/regret_hash.h"
#include "solver/cfr/schedule.h"

namespace nash {

namespace {

// Without lanes.
void SweepNode(const TrainingSetup& setup, const RoundEnd& end, uint64_t round, NodeIndex node,
               UndoLog* checkpoint_log, int thread, uint64_t* regret_hash) {
  const TableLayout& layout = setup.table->layout();
  if (!setup.Learns(layout.tree().nodes()[node].player)) return;
  const int32_t floor = RegretFloorOf(setup.options);
  UndoLog::Saver saver(checkpoint_log, node, thread);
  RowDithers dithers(setup.seed, round);
  const uint64_t first_row = layout.FirstRow(node).value;
  const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
  const bool has_sums = layout.HasSums(node);
  uint64_t hash = 0;
  // Rows of zeros stay as they are, and add nothing to the hash.
  ForEachNonzeroBundle(setup.table, layout.StripOf(node), [&](uint32_t bucket, int32_t* row) {
    if (saver.saves()) saver.Save(bucket);
    SweepRow(end, floor, num_actions, has_sums, dithers.Of(first_row + bucket), row);
    hash += HashOfRegrets({first_row + bucket}, row, num_actions);
  });
  if (regret_hash != nullptr) *regret_hash += hash;
}

}  // namespace

void SweepStrip(const TrainingSetup& setup, const RoundEnd& end, uint64_t round, StripIndex strip,
                UndoLog* checkpoint_log, int thread, uint64_t* regret_hash) {
  const TableLayout& layout = setup.table->layout();
  if (layout.lanes() > 1) {
    SweepSideBySide(setup, end, round, strip, checkpoint_log, thread, regret_hash);
  } else {
    SweepNode(setup, end, round, layout.FirstNodeOf(strip), checkpoint_log, thread, regret_hash);
  }
}

void SweepTable(const TrainingSetup& setup, uint64_t round, UndoLog* checkpoint_log,
                std::atomic<uint64_t>* regret_hash) {
  const RoundEnd end = EndOfRound(setup.options, setup.shape, round);
  if (!end.sweeps) return;
  std::atomic<uint64_t> hash{0};
  ForEachStrip(setup.table->layout(), setup.pool, [&](StripIndex strip, int thread) {
    uint64_t part = 0;
    SweepStrip(setup, end, round, strip, checkpoint_log, thread,
               regret_hash == nullptr ? nullptr : &part);
    hash.fetch_add(part, std::memory_order_relaxed);
  });
  if (regret_hash != nullptr) regret_hash->store(hash.load());
}

}  // namespace nash
