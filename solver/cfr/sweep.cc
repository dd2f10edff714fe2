#include "solver/cfr/sweep.h"

#include <atomic>

#include "solver/cfr/nonzero_rows.h"
#include "solver/cfr/regret_hash.h"
#include "solver/cfr/schedule.h"

namespace nash {

void SweepTable(const CfrOptions& options, const RoundShape& shape, uint64_t round,
                TableSnapshot* snapshot, ThreadPool* pool, Table* table,
                std::atomic<uint64_t>* regret_hash) {
  const RoundEnd end = EndOfRound(options, shape, round);
  if (!end.sweeps) return;
  const int32_t floor = RegretFloorOf(options);
  const TableLayout& layout = table->layout();
  std::atomic<uint64_t> hash{0};
  ForEachNode(layout, pool, [&](NodeIndex node, int thread) {
    TableSnapshot::Saver saver(snapshot, node, thread);
    const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
    const bool has_sums = layout.HasSums(node);
    uint64_t of_node = 0;
    // Rows of zeros stay as they are, and add nothing to the hash.
    ForEachNonzeroRow(table, node, [&](uint32_t bucket, int32_t* row) {
      if (saver.saves()) saver.Save(bucket);
      SweepRow(end, floor, num_actions, has_sums, row);
      if (regret_hash == nullptr) return;
      of_node += HashOfRegrets({layout.FirstRow(node).value + bucket}, row, num_actions);
    });
    hash.fetch_add(of_node, std::memory_order_relaxed);
  });
  if (regret_hash != nullptr) regret_hash->store(hash.load());
}

}  // namespace nash
