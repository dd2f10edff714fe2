// A part is full when it has kDeltaRowsMax rows or the next row could pass kDeltaValuesMax: that
// bounds what any receiver must hold, before it has decoded anything. Parts are cut by counts of
// rows and values, never by encoded bytes, so that where they are cut follows from the rows alone
// and is the same for every worker.
#include "solver/cfr/delta_packer.h"

#include <utility>
#include <vector>

namespace nash {

RowSpace RowSpaceOf(const TableLayout& layout) {
  std::vector<RowBlock> blocks(layout.num_nodes());
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint16_t actions = layout.tree().nodes()[node].num_actions;
    blocks[node].first_row = layout.FirstRow(node).value;
    blocks[node].widths = {actions, layout.HasSums(node) ? actions : uint16_t{0}};
  }
  return RowSpace(std::move(blocks), layout.num_rows());
}

DeltaPacker::DeltaPacker(PartSink sink) : sink_(std::move(sink)) {
  part_.rows.reserve(kDeltaRowsMax);
  for (auto& lane : part_.lanes) lane.reserve(kDeltaValuesMax);
}

void DeltaPacker::Add(RowIndex row, const int32_t* values, uint32_t num_actions, bool has_sums) {
  const uint32_t num_values = num_actions * (has_sums ? 2 : 1);
  if (part_.rows.size() == kDeltaRowsMax || part_.num_values() + num_values > kDeltaValuesMax) {
    Finish();
  }
  part_.rows.push_back(row.value);
  std::vector<int32_t>& regrets = part_.lanes[kRegretLane];
  regrets.insert(regrets.end(), values, values + num_actions);
  if (!has_sums) return;
  std::vector<int32_t>& sums = part_.lanes[kSumLane];
  sums.insert(sums.end(), values + num_actions, values + num_values);
}

void DeltaPacker::Finish() {
  if (part_.rows.empty()) return;
  sink_(part_);
  part_.Clear();
}

}  // namespace nash
