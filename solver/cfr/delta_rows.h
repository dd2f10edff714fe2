// Rows of a table: those of one part of a delta, those that have changed. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_
#define NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "solver/cfr/delta_packer.h"
#include "solver/cfr/row_shape.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// Rows of one block that follow each other in a part.
struct PartRun {
  size_t block;        // of the row space: a strip, or of stored regrets a node
  uint64_t first_row;  // of the block
  uint32_t num_regrets;
  absl::Span<const uint64_t> rows;  // from the space's first on
  const int32_t* regrets;           // [rows][num_regrets]; null where the part has none
  const int32_t* sums;              // the same
};

// Calls visit(run) for all rows of `part`, in order. The part fits the space.
template <typename Visit>
void ForEachRun(const RowSpace& space, const SparseDelta& part, const Visit& visit) {
  if (part.rows.empty()) return;
  const int32_t* regrets = part.lanes[kRegretLane].data();
  const int32_t* sums = part.lanes[kSumLane].data();
  const bool has_regrets = !part.lanes[kRegretLane].empty();
  const bool has_sums = !part.lanes[kSumLane].empty();
  size_t block = space.BlockOf(part.rows.front());
  for (size_t begin = 0, end; begin < part.rows.size(); begin = end) {
    while (part.rows[begin] >= space.EndOf(block)) ++block;
    end = EndOfRun(part.rows, begin, space.EndOf(block));
    const RowBlock& shape = space.block(block);
    PartRun run = {.block = block,
                   .first_row = shape.first_row,
                   .num_regrets = shape.widths[kRegretLane],
                   .rows = {&part.rows[begin], end - begin},
                   .regrets = nullptr,
                   .sums = nullptr};
    const size_t num_values = run.rows.size() * run.num_regrets;
    if (has_regrets) {
      run.regrets = regrets;
      regrets += num_values;
    }
    if (has_sums && shape.widths[kSumLane] > 0) {
      run.sums = sums;
      sums += num_values;
    }
    visit(run);
  }
}

struct PartRow {
  size_t block;
  uint64_t row;
  uint32_t bucket;
  uint32_t num_regrets;
  const int32_t* regrets;  // [num_regrets]; null where the part has none
};

// The same, row by row, where nothing is won by runs, and without sums.
template <typename Visit>
void ForEachRow(const RowSpace& space, const SparseDelta& part, const Visit& visit) {
  ForEachRun(space, part, [&](const PartRun& run) {
    PartRow row = {run.block, 0, 0, run.num_regrets, run.regrets};
    for (const uint64_t index : run.rows) {
      row.row = index;
      row.bucket = static_cast<uint32_t>(index - run.first_row);
      visit(static_cast<const PartRow&>(row));
      if (row.regrets != nullptr) row.regrets += run.num_regrets;
    }
  });
}

// Calls visit(bucket, bundle now, bundle before) for every bundle of the strip that was saved, in
// order. visit may change the bundle.
template <typename Visit>
void ForEachSavedBundle(const UndoLog& undo, StripIndex strip, Table* table, const Visit& visit) {
  const uint32_t step = table->layout().RowStep(table->layout().FirstNodeOf(strip));
  undo.ForEachSavedGroup(strip, [&](uint32_t first, uint32_t num_bundles, const char* saved) {
    for (uint32_t bucket = first; bucket < first + num_bundles; ++bucket, saved += step) {
      visit(bucket, table->Bundle(strip, bucket), reinterpret_cast<const int32_t*>(saved));
    }
  });
}

// The same for bundles that have changed since. kValues: what a loop over a bundle's values is
// compiled for (row_shape.h); num_values: how many there are.
template <int kValues, typename Visit>
void ForEachChangedBundle(const UndoLog& undo, StripIndex strip, Table* table, uint32_t num_values,
                          const Visit& visit) {
  const uint32_t step = table->layout().RowStep(table->layout().FirstNodeOf(strip));
  undo.ForEachSavedGroup(strip, [&](uint32_t first, uint32_t num_bundles, const char* saved) {
    char* const bundles = reinterpret_cast<char*>(table->Bundle(strip, first));
    const auto now = [&](uint32_t i) { return reinterpret_cast<int32_t*>(bundles + i * step); };
    const auto before = [&](uint32_t i) {
      return reinterpret_cast<const int32_t*>(saved + i * step);
    };
    // The whole group is compared before any of it is visited: which of its bundles have changed is
    // as good as random, and a processor's wrong guesses cost more than comparing.
    uint32_t changed = 0;
    for (uint32_t i = 0; i < num_bundles; ++i) {
      changed |= uint32_t{ValuesDiffer<kValues>(now(i), before(i), num_values)} << i;
    }
    for (; changed != 0; changed &= changed - 1) {
      const uint32_t i = std::countr_zero(changed);
      visit(first + i, now(i), before(i));
    }
  });
}
static_assert(UndoLog::kGroupRows <= 32);

// Puts back all rows that `undo` holds.
inline void TakeBack(const UndoLog& undo, Table* table) {
  for (StripIndex strip = 0; strip < table->layout().num_strips(); ++strip) {
    const uint32_t n = table->layout().ShapeOf(strip).num_values();
    ForEachChangedBundle<kAnyCount>(
        undo, strip, table, n,
        [n](uint32_t, int32_t* bundle, const int32_t* before) { CopyValues(before, n, bundle); });
  }
}

// Saves bundles of one strip after the other, with one lock a strip.
class StripSaver {
 public:
  // log: may be null. thread: that saves; another saves other strips.
  StripSaver(UndoLog* log, int thread) : log_(log), thread_(thread) {}

  // Call before the bundle changes. Bundles of a strip follow each other. first_node: of the strip.
  void Save(NodeIndex first_node, uint32_t bucket) {
    if (log_ == nullptr) return;
    if (first_node != first_node_) {
      saver_.emplace(log_, first_node, thread_);
      first_node_ = first_node;
    }
    if (saver_->saves()) saver_->Save(bucket);
  }

 private:
  UndoLog* const log_;
  const int thread_;
  NodeIndex first_node_ = ~NodeIndex{0};
  std::optional<UndoLog::Saver> saver_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_
