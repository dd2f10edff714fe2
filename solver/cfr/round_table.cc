// A table between rounds, with the hash of its regrets kept up to date: the hash is linear in each
// row's values (regret_hash.h), so that a row's change adds key * (sum after - sum before), and no
// row must be read again to know the hash of the whole.
//
// Regrets are clamped as a round's changes are added only where several units made them, since each
// unit clamped its own. One unit leaves its rows to the next pass, which clamps them where it reads
// them; adding a clamp here would change bytes.
//
// The atomic hash is for RoundMerger's threads; everything else here has one caller.
#include "solver/cfr/round_table.h"

#include <glog/logging.h>

#include <algorithm>
#include <atomic>

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/nonzero_rows.h"
#include "solver/cfr/regret_hash.h"
#include "solver/cfr/row_shape.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/sweep.h"

namespace nash {
namespace {

// Rows that a part adds to are asked for so many rows ahead: where few change, no two lie together.
constexpr size_t kRowsAhead = 16;

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

RoundTable::RoundTable(const TrainingSetup& setup, uint64_t rounds)
    : setup_(setup), floor_(RegretFloorOf(setup.options)), rounds_(rounds) {
  if (rounds > 0) regret_hash_ = RegretHashOf(setup.table, setup.pool);
}

void RoundTable::Clear(uint64_t rounds) {
  setup_.table->Clear(setup_.pool);
  rounds_ = rounds;
  regret_hash_ = 0;
}

void RoundTable::LoadRegrets(const SparseDelta& part) {
  uint64_t hash = 0;
  ForEachRow(setup_.table->layout(), part, [&](const PartRow& row) {
    RowRoom room;
    int32_t* to = setup_.table->ReadRow(row.node, row.bucket, &room);
    std::copy_n(row.regrets, row.num_actions, to);
    setup_.table->WriteRow(row.node, row.bucket, to);
    hash += RegretHashOf(setup_.table->layout(), row.node, row.bucket, to);
  });
  regret_hash_ += hash;
}

void RoundTable::Apply(const SparseDelta& part) {
  RowAdder adder(this, /*thread=*/0);
  const TableLayout& layout = setup_.table->layout();
  ForEachRun(layout, part, [&](const PartRun& run) {
    adder.Enter(run.node);
    const uint64_t first_row = layout.FirstRow(run.node).value;
    ForShape(run.num_actions, run.sums != nullptr, [&]<int A, bool S>() {
      const uint32_t n = A > 0 ? A : run.num_actions;
      const int32_t* regrets = run.regrets;
      const int32_t* sums = run.sums;
      for (size_t i = 0; i < run.rows.size(); ++i) {
        const uint64_t row = run.rows[i];
        if (i + kRowsAhead < run.rows.size()) {
          adder.Prefetch(static_cast<uint32_t>(run.rows[i + kRowsAhead] - first_row));
        }
        adder.Add<A>(static_cast<uint32_t>(row - first_row), regrets, S ? sums : nullptr);
        regrets += n;
        if constexpr (S) sums += n;
      }
    });
  });
}

void RoundTable::EndRoundOf(NodeIndex begin, NodeIndex end, int thread) {
  const RoundEnd round_end = EndOfRound(setup_.options, setup_.shape, rounds_);
  if (!round_end.sweeps) return;
  uint64_t hash = 0;
  for (NodeIndex node = begin; node < end; ++node) {
    hash += SweepNode(setup_, round_end, rounds_, node, checkpoint_log_, thread);
  }
  ended_hash_.fetch_add(hash, std::memory_order_relaxed);
  ended_nodes_.fetch_add(end - begin, std::memory_order_relaxed);
}

void RoundTable::EndRound() {
  const uint32_t ended = ended_nodes_.exchange(0);
  const uint64_t hash = ended_hash_.exchange(0);
  if (ended > 0) {
    CHECK_EQ(ended, setup_.table->layout().num_nodes());
    regret_hash_ = hash;
  } else {
    SweepTable(setup_, rounds_, checkpoint_log_, &regret_hash_);
  }
  ++rounds_;
}

}  // namespace nash
