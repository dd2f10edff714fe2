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

uint64_t RegretHashOf(Table* table, ThreadPool* pool) {
  const TableLayout& layout = table->layout();
  std::atomic<uint64_t> sum{0};
  ForEachStrip(layout, pool, [&](StripIndex strip, int) {
    const uint64_t first = layout.FirstBundle(strip).value;
    const uint32_t num_regrets = layout.ShapeOf(strip).num_regrets;
    uint64_t of_strip = 0;
    ForEachNonzeroBundle(table, strip, [&](uint32_t bucket, const int32_t* bundle) {
      of_strip += HashOfRegrets({first + bucket}, bundle, num_regrets);
    });
    sum.fetch_add(of_strip, std::memory_order_relaxed);
  });
  return sum.load();
}

}  // namespace

RoundTable::RoundTable(const TrainingSetup& setup, uint64_t rounds)
    : setup_(setup),
      floor_(RegretFloorOf(setup.options)),
      rows_(RowSpaceOf(setup.table->layout())),
      stored_rows_(StoredRowSpaceOf(setup.table->layout())),
      rounds_(rounds) {
  if (rounds > 0) regret_hash_ = RegretHashOf(setup.table, setup.pool);
}

void RoundTable::Clear(uint64_t rounds) {
  setup_.table->Clear(setup_.pool);
  rounds_ = rounds;
  regret_hash_ = 0;
}

void RoundTable::LoadRegrets(const SparseDelta& part) {
  const TableLayout& layout = setup_.table->layout();
  const auto lanes = static_cast<uint32_t>(layout.lanes());
  uint64_t hash = 0;
  ForEachRow(stored_rows_, part, [&](const PartRow& row) {
    const auto node = static_cast<NodeIndex>(row.block);
    int32_t* const to = setup_.table->Row(node, row.bucket);
    uint64_t sum = 0;
    for (uint32_t a = 0; a < row.num_regrets; ++a) {
      to[a * lanes] = row.regrets[a];
      sum += static_cast<uint64_t>(int64_t{row.regrets[a]}) *
             kValueHashKeys[a * lanes + layout.LaneOf(node)];
    }
    const uint64_t bundle = layout.FirstBundle(layout.StripOf(node)).value + row.bucket;
    hash += RegretHashKey(bundle) * sum;
  });
  regret_hash_ += hash;
}

void RoundTable::Apply(const SparseDelta& part) {
  BundleAdder adder(this, /*thread=*/0);
  const TableLayout& layout = setup_.table->layout();
  ForEachRun(rows_, part, [&](const PartRun& run) {
    const auto strip = static_cast<StripIndex>(run.block);
    adder.Enter(strip);
    BundleShape shape = layout.ShapeOf(strip);
    shape.has_sums = run.sums != nullptr;
    ForShape(shape, [&]<int A, bool S>() {
      const uint32_t n = A > 0 ? A : run.num_regrets;
      const int32_t* regrets = run.regrets;
      const int32_t* sums = run.sums;
      for (size_t i = 0; i < run.rows.size(); ++i) {
        const uint64_t row = run.rows[i];
        if (i + kRowsAhead < run.rows.size()) {
          adder.Prefetch(static_cast<uint32_t>(run.rows[i + kRowsAhead] - run.first_row));
        }
        adder.Add<A>(static_cast<uint32_t>(row - run.first_row), regrets, S ? sums : nullptr);
        regrets += n;
        if constexpr (S) sums += n;
      }
    });
  });
}

void RoundTable::EndRoundOf(StripIndex begin, StripIndex end, int thread) {
  const RoundEnd round_end = EndOfRound(setup_.options, setup_.shape, rounds_);
  if (!round_end.sweeps) return;
  uint64_t hash = 0;
  for (StripIndex strip = begin; strip < end; ++strip) {
    SweepStrip(setup_, round_end, rounds_, strip, checkpoint_log_, thread, &hash);
  }
  ended_hash_.fetch_add(hash, std::memory_order_relaxed);
  ended_strips_.fetch_add(end - begin, std::memory_order_relaxed);
}

void RoundTable::EndRound() {
  const uint32_t ended = ended_strips_.exchange(0);
  const uint64_t hash = ended_hash_.exchange(0);
  if (ended > 0) {
    CHECK_EQ(ended, setup_.table->layout().num_strips());
    regret_hash_ = hash;
  } else {
    SweepTable(setup_, rounds_, checkpoint_log_, &regret_hash_);
  }
  ++rounds_;
}

}  // namespace nash
