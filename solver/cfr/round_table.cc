#include "solver/cfr/round_table.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/nonzero_rows.h"
#include "solver/cfr/regret_hash.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/sweep.h"

namespace nash {
namespace {

uint64_t RegretHashOf(const TableLayout& layout, NodeIndex node, uint32_t bucket,
                      const int32_t* row) {
  return HashOfRegrets({layout.FirstRow(node).value + bucket}, row,
                       layout.tree().nodes()[node].num_actions);
}

uint64_t RegretHashOf(Table* table, ThreadPool* pool) {
  const TableLayout& layout = table->layout();
  std::atomic<uint64_t> sum{0};
  ForEachNode(layout, pool, [&](NodeIndex node, int) {
    uint64_t of_node = 0;
    ForEachNonzeroRow(table, node, [&](uint32_t bucket, const int32_t* row) {
      of_node += RegretHashOf(layout, node, bucket, row);
    });
    sum.fetch_add(of_node, std::memory_order_relaxed);
  });
  return sum.load();
}

}  // namespace

RoundTable::RoundTable(const CfrOptions& options, const RoundShape& shape, uint64_t rounds,
                       Table* table, ThreadPool* pool)
    : options_(options),
      shape_(shape),
      floor_(RegretFloorOf(options)),
      table_(table),
      pool_(pool),
      rounds_(rounds) {
  if (rounds > 0) regret_hash_ = RegretHashOf(table, pool);
}

void RoundTable::Clear(uint64_t rounds) {
  ForEachNode(table_->layout(), pool_, [&](NodeIndex node, int) {
    std::memset(table_->Block(node), 0, table_->layout().BlockBytes(node));
  });
  rounds_ = rounds;
  regret_hash_ = 0;
}

void RoundTable::LoadSnapshot(const SparseDelta& part) {
  uint64_t hash = 0;
  ForEachRow(table_->layout(), part, [&](const PartRow& row) {
    int32_t* to = table_->Row(row.node, row.bucket);
    std::copy_n(row.regrets, row.num_actions, to);
    hash += RegretHashOf(table_->layout(), row.node, row.bucket, to);
  });
  regret_hash_ += hash;
}

uint64_t RoundTable::AddToRow(NodeIndex node, uint32_t bucket, const int32_t* change,
                              uint32_t num_values) {
  const TableLayout& layout = table_->layout();
  const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
  int32_t* row = table_->Row(node, bucket);
  const uint64_t before = SumByAction(row, num_actions);
  AddValues(change, num_values, row);
  if (shape_.units > 1) {
    const int32_t floor = floor_;
    for (uint32_t a = 0; a < num_actions; ++a) row[a] = std::clamp(row[a], floor, kRegretCeiling);
  }
  return RegretHashKey(layout.FirstRow(node).value + bucket) *
         (SumByAction(row, num_actions) - before);
}

void RoundTable::Apply(const SparseDelta& part) {
  NodeSaver saver(snapshot_, /*thread=*/0);
  uint64_t hash = 0;
  ForEachRow(table_->layout(), part, [&](const PartRow& row) {
    saver.Save(row.node, row.bucket);
    hash += AddToRow(row.node, row.bucket, row.regrets, row.num_actions);
    if (row.sums != nullptr) {
      AddValues(row.sums, row.num_actions, table_->Row(row.node, row.bucket) + row.num_actions);
    }
  });
  regret_hash_ += hash;
}

void RoundTable::EndRound() {
  SweepTable(options_, shape_, rounds_, snapshot_, pool_, table_, &regret_hash_);
  ++rounds_;
}

}  // namespace nash
