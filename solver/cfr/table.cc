#include "solver/cfr/table.h"

#include <cstring>
#include <utility>

#include "common/status_macros.h"

namespace nash {

absl::StatusOr<Table> Table::Make(const TableLayout& layout) {
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Make(layout.table_bytes()));
  return Table(&layout, std::move(memory));
}

void Table::CopyOut(NodeIndex node, absl::Span<int32_t> values) const {
  CopyOutOfBlock(node, Block(node), values);
}

void Table::CopyOutOfBlock(NodeIndex node, const char* block, absl::Span<int32_t> values) const {
  const size_t row_values = layout_->ValuesPerRow(node);
  const size_t row_bytes = layout_->RowBytes(node);
  const uint32_t num_buckets = layout_->NumBuckets(node);
  for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) {
    std::memcpy(values.data() + bucket * row_values, block + bucket * row_bytes, row_values * 4);
  }
}

void Table::CopyIn(NodeIndex node, absl::Span<const int32_t> values) {
  const size_t row_values = layout_->ValuesPerRow(node);
  const uint32_t num_buckets = layout_->NumBuckets(node);
  for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) {
    std::memcpy(Row(node, bucket), values.data() + bucket * row_values, row_values * 4);
  }
}

}  // namespace nash
