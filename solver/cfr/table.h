// The master table: regrets and strategy sums of every infoset, as int32.
//
// Regrets are in units of the run's quantum, strategy sums in a unit that shrinks as a run grows
// (schedule.h). Nothing ever wraps: a regret is clamped to [floor, ceiling] when its owner's pass
// reads it and a batch adds less than kBatchHeadroom before the next; sums stay below kSumLimit
// because their unit is halved in time. See docs/determinism.md. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_TABLE_H_
#define NASHVILLE_SOLVER_CFR_TABLE_H_

#include <cstdint>

#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/cfr/table_layout.h"

namespace nash {

inline constexpr int32_t kRegretCeiling = 1 << 30;
inline constexpr int32_t kRegretFloorMin = -(1 << 30);
inline constexpr int32_t kSumLimit = 1 << 30;
inline constexpr int32_t kBatchHeadroom = (1 << 30) - 1;
// What a visit with probability 1 adds to a strategy sum at the start of a run.
inline constexpr int32_t kSumUnit = 256;
// The same with public chance sampling, where a board adds the shares of all hands of a bucket.
inline constexpr int32_t kPublicSumUnit = 1 << 14;
// Outcome sampling weights what it adds to sums by how unlikely the path was, up to this.
inline constexpr int32_t kOutcomeWeightMax = 64;

class Table {
 public:
  // Takes zeroed memory, on 2 MB pages where the system gives them.
  // Error: ResourceExhausted, with what is needed and what there is.
  static absl::StatusOr<Table> Make(const TableLayout& layout);

  const TableLayout& layout() const { return *layout_; }
  // See HugeArray::TakePages(). For a table that is still all zero, before anybody else uses it.
  void TakePages(size_t part, size_t num_parts) { memory_.TakePages(part, num_parts); }
  // The row of an infoset: regrets [num_actions], then sums [num_actions] where kept.
  int32_t* Row(NodeIndex node, uint32_t bucket) {
    return reinterpret_cast<int32_t*>(Block(node) + uint64_t{bucket} * layout_->RowBytes(node));
  }
  const int32_t* Row(NodeIndex node, uint32_t bucket) const {
    return const_cast<Table*>(this)->Row(node, bucket);
  }
  char* Block(NodeIndex node) {
    return memory_.data() + uint64_t{layout_->BlockLine(node)} * TableLayout::kBlockAlignBytes;
  }
  const char* Block(NodeIndex node) const { return const_cast<Table*>(this)->Block(node); }

  // Copies a node's values out of or into the table in canonical form (no padding).
  // values: [layout().ValuesOf(node)].
  void CopyOut(NodeIndex node, absl::Span<int32_t> values) const;
  // The same for rows of `node` that lie somewhere else as they lie in the table.
  // values: [num_rows * layout().ValuesPerRow(node)].
  void CopyOutRows(NodeIndex node, const char* rows, uint32_t num_rows, int32_t* values) const;
  void CopyIn(NodeIndex node, absl::Span<const int32_t> values);

 private:
  Table(const TableLayout* layout, HugeArray memory)
      : layout_(layout), memory_(std::move(memory)) {}
  const TableLayout* layout_;
  HugeArray memory_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_H_
