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

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sparse_delta_codec.h"
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

// Where a part of a delta lies in the table.
struct PartPlace {
  uint32_t section = 0;  // that holds all its rows
  uint64_t first_row = 0;
  uint64_t last_row = 0;
};

// What a border checks of the rows of a part, which ascend and are the table's. Sections:
// DeltaSections, or a stand-in. Error: InvalidArgument where it has no rows, or rows of two
// sections.
template <typename Sections>
absl::StatusOr<PartPlace> CheckPart(const RowsNamed& rows, const Sections& sections) {
  if (rows.count == 0) return absl::InvalidArgumentError("a part without rows");
  const uint64_t first = rows.first, last = rows.last;
  const size_t section = sections.SectionOf({first});
  if (sections.SectionOf({last}) != section) {
    return absl::InvalidArgumentError("a part with rows of two sections");
  }
  return PartPlace{static_cast<uint32_t>(section), first, last};
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_SECTIONS_H_
