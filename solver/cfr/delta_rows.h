// Rows of a table: those of one part of a delta, those that have changed. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_
#define NASHVILLE_SOLVER_CFR_DELTA_ROWS_H_

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "solver/cfr/delta_packer.h"
#include "solver/cfr/undo_log.h"

namespace nash {

struct PartRow {
  NodeIndex node;
  uint32_t bucket;
  uint32_t num_actions;
  const int32_t* regrets;  // [num_actions]; null where the part has none
  const int32_t* sums;     // the same
};

// Calls visit(row) for every row of `part`, in order. The part fits the layout.
template <typename Visit>
void ForEachRow(const TableLayout& layout, const SparseDelta& part, const Visit& visit) {
  if (part.rows.empty()) return;
  const int32_t* regrets = part.lanes[kRegretLane].data();
  const int32_t* sums = part.lanes[kSumLane].data();
  const bool has_regrets = !part.lanes[kRegretLane].empty();
  const bool has_sums = !part.lanes[kSumLane].empty();
  NodeIndex node = layout.NodeOf({part.rows.front()});
  for (const uint64_t index : part.rows) {
    while (index - layout.FirstRow(node).value >= layout.NumBuckets(node)) ++node;
    PartRow row = {node, static_cast<uint32_t>(index - layout.FirstRow(node).value),
                   layout.tree().nodes()[node].num_actions, nullptr, nullptr};
    if (has_regrets) {
      row.regrets = regrets;
      regrets += row.num_actions;
    }
    if (has_sums && layout.HasSums(node)) {
      row.sums = sums;
      sums += row.num_actions;
    }
    visit(row);
  }
}

// Adds modulo 2^32. n: few.
inline void AddValues(const int32_t* from, uint32_t n, int32_t* to) {
  for (uint32_t i = 0; i < n; ++i) {
    to[i] = static_cast<int32_t>(static_cast<uint32_t>(to[i]) + static_cast<uint32_t>(from[i]));
  }
}

// Whether two rows of `num_values` values differ. Rows are short: a loop beats a call.
inline bool RowsDiffer(const int32_t* a, const int32_t* b, uint32_t num_values) {
  uint32_t any = 0;
  for (uint32_t i = 0; i < num_values; ++i) any |= static_cast<uint32_t>(a[i] ^ b[i]);
  return any != 0;
}

// Calls visit(node, bucket, its values, row now, row before) for every row of the nodes [begin,
// end) that was saved, in order. visit may change the row.
template <typename Visit>
void ForEachSavedRow(const UndoLog& undo, NodeIndex begin, NodeIndex end, Table* table,
                     const Visit& visit) {
  const TableLayout& layout = table->layout();
  std::vector<const int32_t*> saved;
  for (NodeIndex node = begin; node < end; ++node) {
    if (!undo.SavedRows(node, &saved)) continue;
    const uint32_t num_values = layout.ValuesPerRow(node);
    RowRoom room;
    for (uint32_t bucket = 0; bucket < saved.size(); ++bucket) {
      if (saved[bucket] == nullptr) continue;
      int32_t* const row = table->ReadRow(node, bucket, &room);
      visit(node, bucket, num_values, row, saved[bucket]);
      table->WriteRow(node, bucket, row);
    }
  }
}

// Calls visit(node, bucket, row now, row before) for those that have changed.
template <typename Visit>
void ForEachChangedRow(const UndoLog& undo, NodeIndex begin, NodeIndex end, Table* table,
                       const Visit& visit) {
  ForEachSavedRow(undo, begin, end, table,
                  [&](NodeIndex node, uint32_t bucket, uint32_t num_values, int32_t* row,
                      const int32_t* before) {
                    if (RowsDiffer(row, before, num_values)) visit(node, bucket, row, before);
                  });
}

// Puts back all rows that `undo` holds.
inline void TakeBack(const UndoLog& undo, Table* table) {
  ForEachChangedRow(undo, 0, table->layout().num_nodes(), table,
                    [&](NodeIndex node, uint32_t, int32_t* row, const int32_t* before) {
                      std::memcpy(row, before,
                                  table->layout().ValuesPerRow(node) * sizeof(int32_t));
                    });
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
