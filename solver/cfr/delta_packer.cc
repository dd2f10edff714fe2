// A part is full when it has kDeltaRowsMax rows or the next row could pass kDeltaValuesMax: that
// bounds what any receiver must hold, before it has decoded anything. Parts are cut by counts of
// rows and values, never by encoded bytes, so that where they are cut follows from the rows alone
// and is the same for every worker.
#include "solver/cfr/delta_packer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "solver/cfr/table.h"

namespace nash {

RowSpace RowSpaceOf(const TableLayout& layout) {
  std::vector<RowBlock> blocks(layout.num_strips());
  for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
    const BundleShape shape = layout.ShapeOf(strip);
    const auto regrets = static_cast<uint16_t>(shape.num_regrets);
    blocks[strip].first_row = layout.FirstBundle(strip).value;
    blocks[strip].widths = {regrets, shape.has_sums ? regrets : uint16_t{0}};
    if (shape.in_eights) {
      blocks[strip].columns = static_cast<uint8_t>(layout.NumNodesOf(strip));
    }
  }
  return RowSpace(std::move(blocks), layout.num_bundles());
}

RowSpace StoredRowSpaceOf(const TableLayout& layout) {
  std::vector<RowBlock> blocks(layout.num_nodes());
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint16_t actions = layout.tree().nodes()[node].num_actions;
    blocks[node].first_row = layout.FirstRow(node).value;
    blocks[node].widths = {actions, layout.HasSums(node) ? actions : uint16_t{0}};
  }
  return RowSpace(std::move(blocks), layout.num_rows());
}

DeltaPacker::DeltaPacker(PartSink sink) : sink_(std::move(sink)) { Begin(); }

void DeltaPacker::Begin() {
  part_.rows.resize(kDeltaRowsMax);
  for (auto& lane : part_.lanes) lane.resize(kDeltaValuesMax + BundleRoom{}.size());
  num_rows_ = num_regrets_ = num_sums_ = 0;
}

void DeltaPacker::StartNextPart(size_t num_regrets, size_t num_sums) {
  BundleRoom regrets, sums;
  std::copy_n(next().regrets, num_regrets, regrets.data());
  std::copy_n(next().sums, num_sums, sums.data());
  Finish();
  std::copy_n(regrets.data(), num_regrets, next().regrets);
  std::copy_n(sums.data(), num_sums, next().sums);
}

void DeltaPacker::Finish() {
  if (num_rows_ == 0) return;
  part_.rows.resize(num_rows_);
  part_.lanes[kRegretLane].resize(num_regrets_);
  part_.lanes[kSumLane].resize(num_sums_);
  sink_(part_);
  Begin();
}

}  // namespace nash
