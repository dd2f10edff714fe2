// A unit's change of one row, lane by lane:
//
//   start   where the unit began: the table's row, or that with the line's own delta (line_start.h)
//   row     where it ended, still in the table
//   before  what the table held, from `undo`; put back when the change is taken
//
//   regrets, several units    (clamp(row) - start) / units, bounded to +-limit
//   regrets, one unit         row - start
//   sums                      row - start
//
// The unit has added its regrets times the number of units, as if all others did the same; a share
// is what it may claim. Shares within the limit cannot pass int32 together, so the merger need not
// look; a border checks that a peer's are within it. Sums were not multiplied, and the schedule
// bounds them.
//
// Division is done in doubles because processors divide those faster, and gives the integer's
// answer: a quotient that is not whole lies at least 1/units, and so at least 2^-16, short of the
// next whole number, and rounding moves one below 2^32 by less than 2^-20. Restoring and encoding
// go together, since both read each changed row once. tests/cfr/units_test.cc and lines_test.cc
// recompute deltas from two copies of the table.
#include "solver/cfr/unit_delta.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/schedule.h"

namespace nash {
DeltaLimits LimitsOfUnit(const CfrOptions& options, const RoundShape& shape) {
  DeltaLimits limits;
  limits.regret = shape.units == 1
                      ? uint32_t{1} << 31
                      : static_cast<uint32_t>((kRegretCeiling - 1) / static_cast<int>(shape.units));
  const double sum = std::max(1.0f, SumUnitAt(options.sampler, shape, 0)) *
                     SumWeightMax(options.sampler) *
                     (static_cast<double>(shape.batches) * shape.deals);
  limits.sum = static_cast<uint32_t>(std::min<double>(sum, std::numeric_limits<int32_t>::max()));
  return limits;
}

UnitSealer::UnitSealer(const CfrOptions& options, const RoundShape& shape, const LineStart* start,
                       Table* table, ThreadPool* pool)
    : shape_(shape),
      floor_(RegretFloorOf(options)),
      limit_(LimitsOfUnit(options, shape).regret),
      start_(start),
      table_(table),
      pool_(pool) {}

std::vector<EncodedRows> UnitSealer::SealSection(const UndoLog& undo, size_t section) const {
  const TableLayout& layout = table_->layout();
  const NodeIndex begin = start_->sections().begin(section), end = start_->sections().end(section);
  const int64_t units = shape_.units;
  std::vector<EncodedRows> parts;
  DeltaPacker packer(
      [&](const SparseDelta& part) { parts.push_back(EncodeRows(part, start_->rows())); });
  // start: the row at the unit's start; before: as it was in the table.
  const auto seal = [&](NodeIndex node, uint32_t bucket, int32_t* row, const int32_t* start,
                        const int32_t* before) {
    const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
    const uint32_t num_values = layout.ValuesPerRow(node);
    std::array<int32_t, 2 * kActionsMax> change;
    uint32_t i = 0;
    for (; units > 1 && i < num_actions; ++i) {
      const int64_t is = std::clamp<int64_t>(row[i], floor_, kRegretCeiling);
      const auto part =
          static_cast<int64_t>(static_cast<double>(is - start[i]) / static_cast<double>(units));
      change[i] = static_cast<int32_t>(std::clamp(part, -limit_, limit_));
    }
    for (; i < num_values; ++i) {  // modulo 2^32, as it will be added
      change[i] =
          static_cast<int32_t>(static_cast<uint32_t>(row[i]) - static_cast<uint32_t>(start[i]));
    }
    std::copy_n(before, num_values, row);
    if (std::all_of(change.begin(), change.begin() + num_values,
                    [](int32_t x) { return x == 0; })) {
      return;
    }
    packer.Add({layout.FirstRow(node).value + bucket}, change.data(), num_actions,
               num_values > num_actions);
  };
  if (start_->is_table()) {
    ForEachChangedRow(undo, begin, end, table_,
                      [&](NodeIndex node, uint32_t bucket, int32_t* row, const int32_t* before) {
                        seal(node, bucket, row, before, before);
                      });
  } else {
    // A row may have come back to where it was before the line's delta was added.
    LineStart::Section line(*start_, section);
    ForEachSavedRow(undo, begin, end, table_,
                    [&](NodeIndex node, uint32_t bucket, uint32_t num_values, int32_t* row,
                        const int32_t* before) {
                      const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
                      std::array<int32_t, 2 * kActionsMax> start;
                      std::copy_n(before, num_values, start.begin());
                      line.RegretsOf({layout.FirstRow(node).value + bucket}, before, num_actions,
                                     start.data());
                      seal(node, bucket, row, start.data(), before);
                    });
  }
  packer.Finish();
  return parts;
}

void UnitSealer::Seal(const UndoLog& undo, UnitDelta* delta) const {
  std::vector<std::vector<EncodedRows>> parts(start_->sections().size());
  pool_->ForEach(start_->sections().size(),
                 [&](size_t section, int) { parts[section] = SealSection(undo, section); });
  for (std::vector<EncodedRows>& of_section : parts) {
    std::move(of_section.begin(), of_section.end(), std::back_inserter(delta->parts));
    delta->part_ends.push_back(static_cast<uint32_t>(delta->parts.size()));
  }
}

}  // namespace nash
