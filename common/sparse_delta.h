// A sparse change of a table of rows: which rows, and integers for each.
//
// Rows are numbered from 0 and lie in blocks; all rows of a block hold the same number of values. A
// row's values come in up to two lanes (what the lanes mean is their users' business). A change is
// handled in parts of bounded size, in ascending order of rows, so that none of them is large.
// Thread-safe: values only, and an immutable class.
#ifndef NASHVILLE_COMMON_SPARSE_DELTA_H_
#define NASHVILLE_COMMON_SPARSE_DELTA_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "common/uninitialized_vector.h"

namespace nash {

inline constexpr int kLanes = 2;

// Consecutive rows of one shape.
struct RowBlock {
  uint64_t first_row = 0;
  std::array<uint16_t, kLanes> widths{};  // values of a row, by lane; 0: the lane is not kept
  // 0, or a row is so many columns side by side, at most eight: values come eight by eight, of each
  // the first of one column each, the others zero. Widths are multiples of eight then.
  uint8_t columns = 0;
};

class RowSpace {
 public:
  // blocks: ascending and without gaps, from row 0 on; the last ends before num_rows.
  RowSpace(std::vector<RowBlock> blocks, uint64_t num_rows)
      : blocks_(std::move(blocks)), num_rows_(num_rows) {}

  uint64_t num_rows() const { return num_rows_; }
  size_t num_blocks() const { return blocks_.size(); }
  const RowBlock& block(size_t i) const { return blocks_[i]; }
  // The row after the last of a block.
  uint64_t EndOf(size_t block) const {
    return block + 1 < blocks_.size() ? blocks_[block + 1].first_row : num_rows_;
  }
  // The block of a row below num_rows(), by binary search. A caller that visits rows in order moves
  // from block to block instead.
  size_t BlockOf(uint64_t row) const {
    const auto after = std::upper_bound(
        blocks_.begin(), blocks_.end(), row,
        [](uint64_t value, const RowBlock& block) { return value < block.first_row; });
    return static_cast<size_t>(after - blocks_.begin()) - 1;
  }

 private:
  std::vector<RowBlock> blocks_;
  uint64_t num_rows_;
};

// One part of a change. Row i has block.widths[lane] values in each lane, those of row 0 first, the
// zeros of eights with fewer columns among them. A lane that is not part of the change is empty.
// resize() alone leaves what memory held.
struct SparseDelta {
  UninitializedVector<uint64_t> rows;  // strictly ascending
  std::array<UninitializedVector<int32_t>, kLanes> lanes;

  void Clear() {
    rows.clear();
    for (auto& lane : lanes) lane.clear();
  }
  size_t num_values() const { return lanes[0].size() + lanes[1].size(); }
  friend bool operator==(const SparseDelta&, const SparseDelta&) = default;
};

// The end of the rows below end_row, from `begin` on, which is one of them. Looks in steps that
// double, then between the last two: one row costs one look, many rows few.
inline size_t EndOfRun(absl::Span<const uint64_t> rows, size_t begin, uint64_t end_row) {
  size_t inside = begin, outside = begin + 1;
  if (outside == rows.size() || rows[outside] >= end_row) return outside;
  while (outside < rows.size() && rows[outside] < end_row) {
    outside += 2 * (outside - std::exchange(inside, outside));
  }
  outside = std::min(outside, rows.size());
  return std::lower_bound(rows.begin() + inside, rows.begin() + outside, end_row) - rows.begin();
}

// A part ends before the row that would pass one of these. Where parts end decides what they are
// called, and a part that two workers send must be the same: another value is another protocol.
inline constexpr size_t kDeltaRowsMax = 1 << 16;
inline constexpr size_t kDeltaValuesMax = 1 << 17;

}  // namespace nash

#endif  // NASHVILLE_COMMON_SPARSE_DELTA_H_
