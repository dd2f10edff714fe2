// A table's nodes in sections, so that threads can make parts of one delta side by side, and deltas
// can be merged a few sections at a time.
//
// A section's rows go into parts of their own, so which parts a delta has does not depend on who
// made them, or on how many did. Where sections end is part of the protocol, as kDeltaRowsMax is.
// Immutable, thread-safe.
#ifndef NASHVILLE_SOLVER_CFR_DELTA_SECTIONS_H_
#define NASHVILLE_SOLVER_CFR_DELTA_SECTIONS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "solver/cfr/table_layout.h"

namespace nash {

// The values of so many rows fit a core's cache.
inline constexpr uint64_t kSectionRows = 1 << 16;

class DeltaSections {
 public:
  // A section ends with the node that brings it to kSectionRows rows.
  explicit DeltaSections(const TableLayout& layout) : ends_(1, 0) {
    uint64_t first_row = 0;
    for (NodeIndex node = 1; node < layout.num_nodes(); ++node) {
      const uint64_t row = layout.FirstRow(node).value;
      if (row - first_row < kSectionRows) continue;
      ends_.push_back(node);
      end_rows_.push_back(row);
      first_row = row;
    }
    ends_.push_back(static_cast<NodeIndex>(layout.num_nodes()));
    end_rows_.push_back(layout.num_rows());
  }

  size_t size() const { return end_rows_.size(); }
  // Nodes [begin, end) of a section.
  NodeIndex begin(size_t section) const { return ends_[section]; }
  NodeIndex end(size_t section) const { return ends_[section + 1]; }
  // The section that holds a row of the table.
  size_t SectionOf(RowIndex row) const {
    return std::upper_bound(end_rows_.begin(), end_rows_.end(), row.value) - end_rows_.begin();
  }

 private:
  std::vector<NodeIndex> ends_;     // after 0, of each section
  std::vector<uint64_t> end_rows_;  // of each section
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_SECTIONS_H_
