// What a walk has put off: clamping and adding, one list at a time.
#include <algorithm>

#include "solver/cfr/external_walk.h"
#include "solver/cfr/lanes.h"
#include "solver/cfr/walk_checks.h"

namespace nash {

void ExternalWalk::ClampRows(const Pass& pass, const WalkList& list, int thread) {
  const PublicNode& node = pass.table->layout().tree().nodes()[list.node];
  if (pass.saves()) {
    RowSaver saver(pass, list.node, thread);
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
  switch (WidthFor(pass.table->layout().tree().nodes()[list.node].num_actions)) {
    case 4:
      return AddStored<4>(pass, list);
    case 8:
      return AddStored<8>(pass, list);
    default:
      return AddStored<16>(pass, list);
  }
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
    const auto units = (typename Lanes<W>::I)LoadFloats<W>(added + size_t{i} * W);
    DcheckNoWrap<W>(LoadInts<W>(values), units, factor);
    StoreInts<W>(values, LoadInts<W>(values) + units * factor);
  }
}

}  // namespace nash
