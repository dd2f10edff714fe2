// One pass over all rows at the end of a round, node by node on any thread. It is memory-bound, so
// that everything that needs the rows then is done at once: discounts, halvings, clamps, and the
// new hash of regrets, which is a sum and so may be added up in any order. Who merges a round
// sweeps a section's nodes as soon as the section is merged, while its rows are in the cache
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

uint64_t SweepNode(const TrainingSetup& setup, const RoundEnd& end, uint64_t round, NodeIndex node,
                   UndoLog* checkpoint_log, int thread) {
  const TableLayout& layout = setup.table->layout();
  if (!setup.Learns(layout.tree().nodes()[node].player)) return 0;
  const int32_t floor = RegretFloorOf(setup.options);
  UndoLog::Saver saver(checkpoint_log, node, thread);
  RowDithers dithers(setup.seed, round);
  const uint64_t first_row = layout.FirstRow(node).value;
  const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
  const bool has_sums = layout.HasSums(node);
  uint64_t hash = 0;
  // Rows of zeros stay as they are, and add nothing to the hash.
  ForEachNonzeroRow(setup.table, node, [&](uint32_t bucket, int32_t* row) {
    if (saver.saves()) saver.Save(bucket);
    SweepRow(end, floor, num_actions, has_sums, dithers.Of(first_row + bucket), row);
    hash += HashOfRegrets({first_row + bucket}, row, num_actions);
  });
  return hash;
}

void SweepTable(const TrainingSetup& setup, uint64_t round, UndoLog* checkpoint_log,
                std::atomic<uint64_t>* regret_hash) {
  const RoundEnd end = EndOfRound(setup.options, setup.shape, round);
  if (!end.sweeps) return;
  const TableLayout& layout = setup.table->layout();
  // Nodes side by side may be of both players.
  const bool by_lanes = layout.lanes() > 1 && setup.learner < 0;
  std::atomic<uint64_t> hash{0};
  ForEachPlace(layout, setup.pool, [&](size_t place, int thread) {
    uint64_t part = 0;
    if (!by_lanes) {
      part = SweepNode(setup, end, round, layout.NodeAt(place), checkpoint_log, thread);
    } else if (const auto nodes = layout.SideBySide(place); !nodes.empty()) {
      SweepSideBySide(setup, end, round, nodes, checkpoint_log, thread,
                      regret_hash == nullptr ? nullptr : &part);
    }
    hash.fetch_add(part, std::memory_order_relaxed);
  });
  if (regret_hash != nullptr) regret_hash->store(hash.load());
}

}  // namespace nash
