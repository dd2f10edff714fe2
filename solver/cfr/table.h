// The master table: regrets and strategy sums of every infoset, as int32.
//
// Regrets are in units of the run's quantum, strategy sums in a unit that shrinks as a run grows
// (schedule.h). Nothing ever wraps: a regret is clamped to [floor, ceiling] when its owner's pass
// reads it and a batch adds less than kBatchHeadroom before the next; sums stay below kSumLimit
// because their unit is halved in time. See docs/determinism.md. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_TABLE_H_
#define NASHVILLE_SOLVER_CFR_TABLE_H_

#include <array>
#include <cstdint>
#include <utility>

#include "absl/types/span.h"
#include "common/huge_array.h"
#include "common/thread_pool.h"
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

// Room for the values of any row.
using RowRoom = std::array<int32_t, 2 * kActionsMax>;
// Room for the values of any bundle, and for a vector more.
inline constexpr uint32_t kBundleValuesMax = 2 * kActionsMax * LanesOf(Sampler::kPublic);
using BundleRoom = std::array<int32_t, kBundleValuesMax + 8>;

class Table {
 public:
  // Takes zeroed memory, on 2 MB pages where the system gives them.
  // Error: ResourceExhausted, with what is needed and what there is.
  static absl::StatusOr<Table> Make(const TableLayout& layout);

  const TableLayout& layout() const { return *layout_; }
  // See HugeArray::TakePages(). For a table that is still all zero, before anybody else uses it.
  void TakePages(size_t part, size_t num_parts) { memory_.TakePages(part, num_parts); }
  // The first value of an infoset's row, the others layout().lanes() further each: regrets
  // [num_actions], then sums [num_actions] where kept. Who walks a table of one lane may take it
  // for an array.
  int32_t* Row(NodeIndex node, uint32_t bucket) {
    return reinterpret_cast<int32_t*>(Block(node) + uint64_t{bucket} * layout_->RowStep(node));
  }
  const int32_t* Row(NodeIndex node, uint32_t bucket) const {
    return const_cast<Table*>(this)->Row(node, bucket);
  }
  char* Block(NodeIndex node) { return memory_.data() + layout_->Offset(node); }
  const char* Block(NodeIndex node) const { return const_cast<Table*>(this)->Block(node); }
  // The values of a bundle, as an array: [layout().ShapeOf(strip).num_values()].
  int32_t* Bundle(StripIndex strip, uint32_t bucket) {
    return Row(layout_->FirstNodeOf(strip), bucket);
  }
  const int32_t* Bundle(StripIndex strip, uint32_t bucket) const {
    return const_cast<Table*>(this)->Bundle(strip, bucket);
  }

  // The values of a row as an array, for who must not care how it lies: the row itself where it is
  // one, else a copy in `room`.
  int32_t* ReadRow(NodeIndex node, uint32_t bucket, RowRoom* room) {
    int32_t* const row = Row(node, bucket);
    return layout_->lanes() == 1 ? row : Gather(row, layout_->ValuesPerRow(node), room);
  }
  const int32_t* ReadRow(NodeIndex node, uint32_t bucket, RowRoom* room) const {
    return const_cast<Table*>(this)->ReadRow(node, bucket, room);
  }

  // Copies a node's values out of or into the table in canonical form (no padding).
  // values: [layout().ValuesOf(node)].
  void CopyOut(NodeIndex node, absl::Span<int32_t> values) const {
    CopyOutRows(node, 0, layout_->NumBuckets(node), values.data());
  }
  void CopyIn(NodeIndex node, absl::Span<const int32_t> values);
  // The same of num_rows rows from first_row on. values: [num_rows * layout().ValuesPerRow(node)].
  void CopyOutRows(NodeIndex node, uint32_t first_row, uint32_t num_rows, int32_t* values) const {
    CopyOutFrom(node, reinterpret_cast<const char*>(Row(node, first_row)), num_rows, values);
  }
  // The same of rows of `node` that lie elsewhere as rows of it lie in the table, the first at
  // `first`.
  void CopyOutFrom(NodeIndex node, const char* first, uint32_t num_rows, int32_t* values) const;
  // All values become zero.
  void Clear(ThreadPool* pool);

 private:
  int32_t* Gather(const int32_t* row, uint32_t num_values, RowRoom* room) const;
  void Scatter(const int32_t* values, uint32_t num_values, int32_t* row) const;

  Table(const TableLayout* layout, HugeArray memory)
      : layout_(layout), memory_(std::move(memory)) {}
  const TableLayout* layout_;
  HugeArray memory_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_H_
