// One node's values, as a checkpoint holds them, read as strategies.
//
// Immutable and thread-safe. Memory: none; the layout and the values must outlive it.
#ifndef NASHVILLE_TOOLS_STORED_NODE_STRATEGY_H_
#define NASHVILLE_TOOLS_STORED_NODE_STRATEGY_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cfr/row_view.h"
#include "solver/evaluation/policy.h"

namespace nash {

class NodeStrategy {
 public:
  // values: [layout.ValuesOf(node)] in canonical form.
  NodeStrategy(const TableLayout& layout, NodeIndex node, absl::Span<const int32_t> values)
      : layout_(layout), node_(node), values_(values) {}

  bool has_sums() const { return layout_.HasSums(node_); }
  // Regrets, and where has_sums() strategy sums.
  RowView Row(uint32_t bucket) const {
    return {layout_, node_, values_.data() + size_t{bucket} * layout_.ValuesPerRow(node_)};
  }
  // Of the average strategy; of the current one where no sums are kept.
  // probabilities: [num_actions], written.
  void Probabilities(uint32_t bucket, absl::Span<double> probabilities) const {
    if (has_sums()) {
      Row(bucket).CopySums(probabilities);
    } else {
      Row(bucket).CopyRegrets(probabilities);
    }
    MakeProbabilities(probabilities);
  }

 private:
  const TableLayout& layout_;
  const NodeIndex node_;
  const absl::Span<const int32_t> values_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_NODE_STRATEGY_H_
