// Rows lie padded in the table (table_layout.h) and without padding in checkpoints and hashes: the
// canonical form, which does not change when padding does. Copying between the two is what a
// checkpoint does with each row, billions of times, so it is the one thing here that is written for
// speed.
#include "solver/cfr/table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/status_macros.h"

namespace nash {
namespace {

struct RowsFrom {
  const char* begin;
  size_t step_bytes;
};
struct RowsTo {
  char* begin;
  size_t step_bytes;
};

template <size_t kRowBytes>
void CopyRowsOf(RowsFrom from, RowsTo to, uint32_t num_rows) {
  for (uint32_t row = 0; row < num_rows; ++row) {
    std::memcpy(to.begin + row * to.step_bytes, from.begin + row * from.step_bytes, kRowBytes);
  }
}

// A call of memcpy per row takes 5 ns, more than all else a checkpoint does with it: rows without
// padding go at once, and the sizes that small rows with padding have are compiled in.
void CopyRows(RowsFrom from, RowsTo to, size_t row_bytes, uint32_t num_rows) {
  if (from.step_bytes == row_bytes && to.step_bytes == row_bytes) {
    std::memcpy(to.begin, from.begin, row_bytes * num_rows);
    return;
  }
  switch (row_bytes) {
    case 12:
      return CopyRowsOf<12>(from, to, num_rows);
    case 20:
      return CopyRowsOf<20>(from, to, num_rows);
    case 24:
      return CopyRowsOf<24>(from, to, num_rows);
    case 28:
      return CopyRowsOf<28>(from, to, num_rows);
    case 48:
      return CopyRowsOf<48>(from, to, num_rows);
    case 56:
      return CopyRowsOf<56>(from, to, num_rows);
  }
  for (uint32_t row = 0; row < num_rows; ++row) {
    std::memcpy(to.begin + row * to.step_bytes, from.begin + row * from.step_bytes, row_bytes);
  }
}

}  // namespace

absl::StatusOr<Table> Table::Make(const TableLayout& layout) {
  ASSIGN_OR_RETURN(HugeArray memory, HugeArray::Make(layout.table_bytes()));
  return Table(&layout, std::move(memory));
}

int32_t* Table::Gather(const int32_t* row, uint32_t num_values, RowRoom* room) const {
  for (uint32_t i = 0; i < num_values; ++i) (*room)[i] = row[i * layout_->lanes()];
  return room->data();
}

void Table::Scatter(const int32_t* values, uint32_t num_values, int32_t* row) const {
  for (uint32_t i = 0; i < num_values; ++i) row[i * layout_->lanes()] = values[i];
}

void Table::CopyOutFrom(NodeIndex node, const char* first, uint32_t num_rows,
                        int32_t* values) const {
  const uint32_t num_values = layout_->ValuesPerRow(node);
  if (layout_->lanes() == 1) {
    const size_t values_step = num_values * sizeof(int32_t);
    return CopyRows({first, layout_->RowBytes(node)},
                    {reinterpret_cast<char*>(values), values_step}, values_step, num_rows);
  }
  const uint32_t step = layout_->RowStep(node);
  RowRoom room;
  for (uint32_t i = 0; i < num_rows; ++i, first += step, values += num_values) {
    const auto* const row = reinterpret_cast<const int32_t*>(first);
    std::copy_n(Gather(row, num_values, &room), num_values, values);
  }
}

void Table::Clear(ThreadPool* pool) {
  constexpr uint64_t kBytesPerTurn = 1 << 22;
  const uint64_t bytes = memory_.bytes();
  pool->ForEach((bytes + kBytesPerTurn - 1) / kBytesPerTurn, [&](size_t i, int) {
    const uint64_t begin = i * kBytesPerTurn;
    std::memset(memory_.data() + begin, 0, std::min(kBytesPerTurn, bytes - begin));
  });
}

void Table::CopyIn(NodeIndex node, absl::Span<const int32_t> values) {
  const uint32_t num_values = layout_->ValuesPerRow(node);
  for (uint32_t bucket = 0; layout_->lanes() > 1 && bucket < layout_->NumBuckets(node); ++bucket) {
    Scatter(values.data() + uint64_t{bucket} * num_values, num_values, Row(node, bucket));
  }
  if (layout_->lanes() > 1) return;
  const size_t values_step = num_values * sizeof(int32_t);
  CopyRows({reinterpret_cast<const char*>(values.data()), values_step},
           {Block(node), layout_->RowBytes(node)}, values_step, layout_->NumBuckets(node));
}

}  // namespace nash
