// One node's values, as a checkpoint holds them, read as strategies.
//
// Immutable and thread-safe. Memory: none; the layout and the values must outlive it.
#ifndef NASHVILLE_TOOLS_STORED_NODE_STRATEGY_H_
#define NASHVILLE_TOOLS_STORED_NODE_STRATEGY_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cfr/table_layout.h"
#include "solver/evaluation/policy.h"

namespace nash {

class NodeStrategy {
 public:
  // values: [layout.ValuesOf(node)] in canonical form.
  NodeStrategy(const TableLayout& layout, NodeIndex node, absl::Span<const int32_t> values)
      : num_actions_(layout.tree().nodes()[node].num_actions),
        values_per_row_(layout.ValuesPerRow(node)),
        has_sums_(layout.HasSums(node)),
        values_(values) {}

  bool has_sums() const { return has_sums_; }
  // [num_actions], as stored.
  absl::Span<const int32_t> Regrets(uint32_t bucket) const {
    return values_.subspan(size_t{bucket} * values_per_row_, num_actions_);
  }
  // The same. Needs has_sums().
  absl::Span<const int32_t> Sums(uint32_t bucket) const {
    return values_.subspan(size_t{bucket} * values_per_row_ + num_actions_, num_actions_);
  }
  // Of the average strategy; of the current one where no sums are kept.
  // probabilities: [num_actions], written.
  void Probabilities(uint32_t bucket, absl::Span<double> probabilities) const {
    InProportion(has_sums_ ? Sums(bucket) : Regrets(bucket), probabilities);
  }

 private:
  const size_t num_actions_;
  const uint32_t values_per_row_;
  const bool has_sums_;
  const absl::Span<const int32_t> values_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_NODE_STRATEGY_H_
