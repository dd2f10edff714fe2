// What a walk has put off: clamping and adding, one list at a time.
//
// Above the cuts all threads walk the same nodes, each with its share of the deals (pass_runner.h),
// so that several lists, one a thread, hold rows of one node, and some hold the same row. A walk
// there leaves the table alone and keeps what it would add in strategies_, as bits of integers.
// Afterwards one thread at a time takes a node with all its lists.
//
// All rows are clamped before anything is added to any: a row that had one list's additions already
// when another list clamped it would depend on how the deals were shared out, and so on the number
// of threads. The additions themselves do not, since sums of integers have no order. Rows are saved
// (undo, checkpoint) before the clamp, which is their first change.
//
// Sums need no clamp: their unit is halved in time (schedule.h). ClampRows() goes action by action,
// not in lanes, because trunks are a small part of a pass. tests/cfr/trainer_test.cc compares the
// bytes of several threads with those of one; external_walk_test.cc has rows clamped above the
// cuts.
#include <algorithm>

#include "solver/cfr/external_walk.h"
#include "solver/cfr/lanes.h"
#include "solver/cfr/walk_checks.h"

namespace nash {

void ExternalWalk::ClampRows(const Pass& pass, const WalkList& list, int thread) {
  const PublicNode& node = pass.table->layout().tree().nodes()[list.node];
  if (pass.saves()) {
    RowSaver saver(pass.logs, list.node, thread);
    const uint32_t* buckets = pass.batch->deals().buckets(node.street, node.player);
    for (uint32_t i = 0; i < list.count && saver.saves(); ++i) {
      saver.Save(buckets[deals_[list.deals + i]]);
    }
  }
  if (node.player != pass.traverser) return;
  for (uint32_t i = 0; i < list.count; ++i) {
    int32_t* row = rows_[list.items + i];
    for (int a = 0; a < node.num_actions; ++a) {
      row[a] = std::clamp(row[a], pass.regret_floor, kRegretCeiling);
    }
  }
}

void ExternalWalk::ApplyAdditions(const Pass& pass, const WalkList& list) {
  WithWidth(pass.table->layout().tree().nodes()[list.node].num_actions,
            [&]<int W>() { AddStored<W>(pass, list); });
}

template <int W>
void ExternalWalk::AddStored(const Pass& pass, const WalkList& list) {
  const TableLayout& layout = pass.table->layout();
  const PublicNode& node = layout.tree().nodes()[list.node];
  const bool to_regrets = node.player == pass.traverser;
  if (!to_regrets && !layout.HasSums(list.node)) return;
  const float* added = strategies_.data() + list.strategies;
  const int32_t factor = to_regrets ? pass.amplification : 1;
  for (uint32_t i = 0; i < list.count; ++i) {
    int32_t* values = rows_[list.items + i] + (to_regrets ? 0 : node.num_actions);
    const auto units = BitsAsInts<W>(LoadFloats<W>(added + size_t{i} * W));
    DcheckNoWrap<W>(LoadInts<W>(values), units, factor);
    StoreInts<W>(values, LoadInts<W>(values) + units * factor);
  }
}

}  // namespace nash
