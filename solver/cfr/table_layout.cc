// Where a row lies: block_lines_[node] * 64 + bucket * row_bytes. All rows of a node are neighbours
// and have one length, which is a function of its number of actions and of whether its street keeps
// sums.
//
// Padding is a bargain between time and memory. A row within one cache line costs one miss, and a
// row across two costs two; but memory is what limits a run, so that no row of more than one value
// grows by more than a third. Blocks begin on lines of their own, so that threads at different
// nodes never write to one line, with slack behind each, because rows are read and written in whole
// lanes (lanes.h) that may pass the row's end.
//
// Line numbers have 32 bits, hence the limit of 256 GiB.
#include "solver/cfr/table_layout.h"

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

// Bytes from row to row for `values` int32. Rows of up to a cache line are padded to a power of
// two when that costs at most a third, so that they never straddle lines; 5 and 9 values (40 and
// 72 bytes with sums) stay tight, since memory is what limits a run.
uint32_t PaddedRowBytes(uint32_t values) {
  const uint32_t bytes = values * 4;
  for (uint32_t padded : {8u, 16u, 32u, 64u}) {
    if (padded >= bytes && padded * 3 <= bytes * 4) return padded;
  }
  return (bytes + 7) / 8 * 8;
}

}  // namespace

absl::StatusOr<TableLayout> TableLayout::Make(const PublicTree& tree,
                                              absl::Span<const uint32_t> num_buckets,
                                              AverageStreets average) {
  TableLayout layout;
  layout.tree_ = &tree;
  for (int street = 0; street < tree.num_streets(); ++street) {
    layout.num_buckets_[street] = num_buckets[street];
    layout.has_sums_[street] = average == AverageStreets::kAll || street == 0;
  }
  for (uint32_t actions = 1; actions <= kActionsMax; ++actions) {
    layout.row_bytes_[actions] = {PaddedRowBytes(actions), PaddedRowBytes(2 * actions)};
  }
  const uint32_t num_nodes = layout.num_nodes();
  layout.block_lines_.resize(num_nodes);
  layout.first_rows_.resize(num_nodes);
  uint64_t line = 0;
  for (NodeIndex node = 0; node < num_nodes; ++node) {
    if (line >> 32) {
      return absl::ResourceExhaustedError(
          "the table would pass 256 GiB: use fewer bet sizes or buckets");
    }
    layout.block_lines_[node] = static_cast<uint32_t>(line);
    layout.first_rows_[node] = layout.num_rows_;
    layout.num_rows_ += layout.NumBuckets(node);
    layout.num_values_ += layout.ValuesOf(node);
    line += (layout.BlockBytes(node) + kBlockSlackBytes + kBlockAlignBytes - 1) / kBlockAlignBytes;
  }
  layout.table_bytes_ = line * kBlockAlignBytes;
  return layout;
}

}  // namespace nash
