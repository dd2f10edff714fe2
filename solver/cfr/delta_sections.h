// A table's strips in sections, so that threads can make parts of one delta side by side, and
// deltas can be merged a few sections at a time.
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
  // A section ends with the strip that brings it to kSectionRows rows.
  explicit DeltaSections(const TableLayout& layout) : ends_(1, 0) {
    uint64_t rows = 0;
    for (StripIndex strip = 0; strip < layout.num_strips(); ++strip) {
      if (rows >= kSectionRows) {
        ends_.push_back(strip);
        end_bundles_.push_back(layout.FirstBundle(strip).value);
        rows = 0;
      }
      rows += layout.BundlesOf(strip) * layout.NumNodesOf(strip);
    }
    ends_.push_back(layout.num_strips());
    end_bundles_.push_back(layout.num_bundles());
  }

  size_t size() const { return end_bundles_.size(); }
  // Strips [begin, end) of a section.
  StripIndex begin(size_t section) const { return ends_[section]; }
  StripIndex end(size_t section) const { return ends_[section + 1]; }
  // The section that holds a bundle of the table.
  size_t SectionOf(BundleIndex bundle) const {
    return std::upper_bound(end_bundles_.begin(), end_bundles_.end(), bundle.value) -
           end_bundles_.begin();
  }

 private:
  std::vector<StripIndex> ends_;       // after 0, of each section
  std::vector<uint64_t> end_bundles_;  // of each section
};

// Where a part of a delta lies in the table. Its rows are bundles.
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
