// Rows of a table: those of one part of a delta, those that have changed. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_
#define NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "solver/cfr/delta_packer.h"
#include "solver/cfr/row_shape.h"
#include "solver/cfr/undo_log.h"

namespace nash {

// Rows of one node that follow each other in a part.
struct PartRun {
  NodeIndex node;
  uint32_t num_actions;
  absl::Span<const uint64_t> rows;  // of the table
  const int32_t* regrets;           // [rows][num_actions]; null where the part has none
  const int32_t* sums;              // the same
};

// Calls visit(run) for all rows of `part`, in order. The part fits the layout.
template <typename Visit>
void ForEachRun(const TableLayout& layout, const SparseDelta& part, const Visit& visit) {
  if (part.rows.empty()) return;
  const int32_t* regrets = part.lanes[kRegretLane].data();
  const int32_t* sums = part.lanes[kSumLane].data();
  const bool has_regrets = !part.lanes[kRegretLane].empty();
  const bool has_sums = !part.lanes[kSumLane].empty();
  NodeIndex node = layout.NodeOf({part.rows.front()});
  for (size_t begin = 0, end; begin < part.rows.size(); begin = end) {
    while (part.rows[begin] - layout.FirstRow(node).value >= layout.NumBuckets(node)) ++node;
    end = EndOfRun(part.rows, begin, layout.FirstRow(node).value + layout.NumBuckets(node));
    PartRun run = {node,
                   layout.tree().nodes()[node].num_actions,
                   {&part.rows[begin], end - begin},
                   nullptr,
                   nullptr};
    const size_t num_values = run.rows.size() * run.num_actions;
    if (has_regrets) {
      run.regrets = regrets;
      regrets += num_values;
    }
    if (has_sums && layout.HasSums(node)) {
      run.sums = sums;
      sums += num_values;
    }
    visit(run);
  }
}

struct PartRow {
  NodeIndex node;
  uint32_t bucket;
  uint32_t num_actions;
  const int32_t* regrets;  // [num_actions]; null where the part has none
  const int32_t* sums;     // the same
};

// The same, row by row, where nothing is won by runs.
template <typename Visit>
void ForEachRow(const TableLayout& layout, const SparseDelta& part, const Visit& visit) {
  ForEachRun(layout, part, [&](const PartRun& run) {
    PartRow row = {run.node, 0, run.num_actions, run.regrets, run.sums};
    for (const uint64_t index : run.rows) {
      row.bucket = static_cast<uint32_t>(index - layout.FirstRow(run.node).value);
      visit(static_cast<const PartRow&>(row));
      if (row.regrets != nullptr) row.regrets += run.num_actions;
      if (row.sums != nullptr) row.sums += run.num_actions;
    }
  });
}

// Adds modulo 2^32. n: few. kCount: as ForValues() has it, here and below.
template <int kCount = 0>
inline void AddValues(const int32_t* from, uint32_t n, int32_t* to) {
  ForValues<kCount>(n, [&](uint32_t i) {
    to[i] = static_cast<int32_t>(static_cast<uint32_t>(to[i]) + static_cast<uint32_t>(from[i]));
  });
}

// Whether all of n values are zero.
template <int kCount = 0>
inline bool IsZeroRow(const int32_t* values, uint32_t n) {
  int32_t any = 0;
  ForValues<kCount>(n, [&](uint32_t i) { any |= values[i]; });
  return any == 0;
}

// Whether two rows of `num_values` values differ. Rows are short: a loop beats a call.
template <int kCount = 0>
inline bool RowsDiffer(const int32_t* a, const int32_t* b, uint32_t num_values) {
  int32_t any = 0;
  ForValues<kCount>(num_values, [&](uint32_t i) { any |= a[i] ^ b[i]; });
  return any != 0;
}

// Calls visit(bucket, row now, row before) for every row of the node that was saved, in order.
// visit may change the row.
template <typename Visit>
void ForEachSavedRow(const UndoLog& undo, NodeIndex node, Table* table, const Visit& visit) {
  const uint32_t row_bytes = table->layout().RowBytes(node);
  RowRoom room;
  undo.ForEachSavedGroup(node, [&](uint32_t first, uint32_t num_rows, const char* saved) {
    for (uint32_t bucket = first; bucket < first + num_rows; ++bucket, saved += row_bytes) {
      int32_t* const row = table->ReadRow(node, bucket, &room);
      visit(bucket, row, reinterpret_cast<const int32_t*>(saved));
      table->WriteRow(node, bucket, row);
    }
  });
}

// Puts back all rows that `undo` holds.
inline void TakeBack(const UndoLog& undo, Table* table) {
  for (NodeIndex node = 0; node < table->layout().num_nodes(); ++node) {
    const uint32_t num_values = table->layout().ValuesPerRow(node);
    ForEachSavedRow(undo, node, table, [&](uint32_t, int32_t* row, const int32_t* before) {
      if (RowsDiffer(row, before, num_values)) {
        std::memcpy(row, before, num_values * sizeof(int32_t));
      }
    });
  }
}

// Saves rows of one node after the other, with one lock a node.
class NodeSaver {
 public:
  // log: may be null. thread: that saves; another saves other nodes.
  NodeSaver(UndoLog* log, int thread) : log_(log), thread_(thread) {}

  // Call before the row changes. Rows of a node follow each other.
  void Save(NodeIndex node, uint32_t bucket) {
    if (log_ == nullptr) return;
    if (node != node_) {
      saver_.emplace(log_, node, thread_);
      node_ = node;
    }
    if (saver_->saves()) saver_->Save(bucket);
  }

 private:
  UndoLog* const log_;
  const int thread_;
  NodeIndex node_ = ~NodeIndex{0};
  std::optional<UndoLog::Saver> saver_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_
