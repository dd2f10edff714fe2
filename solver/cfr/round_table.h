// A table that follows the rounds of a run: what every round changed, applied in order.
//
// A round's merged delta is applied once for every bundle: regrets are added and clamped (rounds of
// several units; with one unit the sum is exact as it is and clamping is the traverser's), strategy
// sums are added, then the round's discounts are taken (schedule.h). So every table that has
// followed the same rounds holds the same regrets, which the regret hash shows.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_
#define NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "common/sparse_delta.h"
#include "common/thread_pool.h"
#include "solver/cfr/delta_packer.h"
#include "solver/cfr/delta_rows.h"
#include "solver/cfr/regret_hash.h"
#include "solver/cfr/table.h"
#include "solver/cfr/training_setup.h"
#include "solver/cfr/undo_log.h"

namespace nash {

class RoundTable {
 public:
  // The setup's table holds the end of round number `rounds` (0: all zero). Nothing is drawn from
  // its source, which may be null.
  RoundTable(const TrainingSetup& setup, uint64_t rounds);

  // Rounds complete.
  uint64_t rounds() const { return rounds_; }
  // See regret_hash.h. Kept up to date by Apply() and EndRound().
  uint64_t regret_hash() const { return regret_hash_.load(std::memory_order_relaxed); }
  const Table& table() const { return *setup_.table; }
  // What parts of rounds name.
  const RowSpace& rows() const { return rows_; }
  ThreadPool* pool() const { return setup_.pool; }
  // From now on `checkpoint_log` (may be null) is told before rows change. Not owned.
  void set_checkpoint_log(UndoLog* checkpoint_log) { checkpoint_log_ = checkpoint_log; }

  // Starts over from a table of zeros: the regrets stored at the end of round `rounds` are loaded
  // next, each part once, in any order; only then is anything else called.
  void Clear(uint64_t rounds);
  // part: of stored_rows().
  void LoadRegrets(const SparseDelta& part);
  const RowSpace& stored_rows() const { return stored_rows_; }

  // Adds one part of what the next round changed; the parts in any order, each once. The sum lane
  // may be left out by tables that need no sums.
  void Apply(const SparseDelta& part);
  // The same, bundle by bundle, for what is not in parts: each bundle once, by one thread of
  // several. Bundles of a strip follow each other.
  class BundleAdder {
   public:
    // thread: of the pool. What was added is complete when the adder is gone; table outlives it.
    BundleAdder(RoundTable* table, int thread)
        : table_(table),
          floor_(table->floor_),
          clamps_(table->setup_.shape.units > 1),
          saver_(table->checkpoint_log_, thread) {}
    ~BundleAdder() { table_->regret_hash_.fetch_add(hash_, std::memory_order_relaxed); }
    BundleAdder(const BundleAdder&) = delete;
    BundleAdder& operator=(const BundleAdder&) = delete;
    // The strip of the bundles that come next.
    void Enter(StripIndex strip) {
      const TableLayout& layout = table_->table().layout();
      node_ = layout.FirstNodeOf(strip);
      first_bundle_ = layout.FirstBundle(strip).value;
      num_regrets_ = layout.ShapeOf(strip).num_regrets;
      block_ = table_->setup_.table->Block(node_);
      step_ = layout.RowStep(node_);
    }
    // Asks for the memory of a bundle that is added soon.
    void Prefetch(uint32_t bucket) const {
      const char* const bundle = block_ + bucket * step_;
      __builtin_prefetch(bundle, 1);
      for (uint64_t at = 64; at < step_; at += 64) __builtin_prefetch(bundle + at, 1);
    }
    // Adds to a bundle of the strip, modulo 2^32, and clamps regrets. kCount: what the caller's
    // loop over regrets is compiled for (row_shape.h). regrets: [the strip's]; sums: the same, or
    // null.
    template <int kCount>
    void Add(uint32_t bucket, const int32_t* regrets, const int32_t* sums) {
      saver_.Save(node_, bucket);
      const uint32_t n = kCount > 0 ? kCount : num_regrets_;
      auto* const bundle = reinterpret_cast<int32_t*>(block_ + bucket * step_);
      hash_ += RegretHashKey(first_bundle_ + bucket) * AddRegrets<kCount>(regrets, n, bundle);
      if (sums != nullptr) AddValues<kCount>(sums, n, bundle + n);
    }

   private:
    // Returns by how much SumByValue() of the bundle's regrets has grown.
    template <int kCount>
    uint64_t AddRegrets(const int32_t* regrets, uint32_t n, int32_t* to) const {
      if constexpr (kCount == kEights) {
        typedef int32_t Signed __attribute__((vector_size(32)));
        HashSums sums{};
        for (uint32_t i = 0; i < n; i += 8) {
          const Eight before = EightAt(to + i);
          Signed after = (Signed)(before + EightAt(regrets + i));
          if (clamps_) {
            after = after < floor_ ? Signed{} + floor_ : after;
            after = after > kRegretCeiling ? Signed{} + kRegretCeiling : after;
          }
          AddToHashSums(before, (Eight)after, &kValueHashKeys[i], &sums);
          EightAt(to + i) = (Eight)after;
        }
        return sums[0] + sums[1] + sums[2] + sums[3];
      } else {
        uint64_t change = 0;
        ForValues<kCount>(n, [&](uint32_t a) {
          int32_t regret = static_cast<int32_t>(static_cast<uint32_t>(to[a]) +
                                                static_cast<uint32_t>(regrets[a]));
          if (clamps_) regret = std::min(std::max(regret, floor_), kRegretCeiling);
          change += static_cast<uint64_t>(int64_t{regret} - to[a]) * kValueHashKeys[a];
          to[a] = regret;
        });
        return change;
      }
    }

    RoundTable* const table_;
    const int32_t floor_;
    const bool clamps_;
    StripSaver saver_;
    uint64_t hash_ = 0;
    NodeIndex node_ = 0;
    char* block_ = nullptr;  // of the node
    uint64_t step_ = 0;      // from bundle to bundle, in bytes
    uint64_t first_bundle_ = 0;
    uint32_t num_regrets_ = 0;
  };

  // Takes the round's discounts of the strips [begin, end) ahead of EndRound(), while their bundles
  // are in the cache: everything was added to them, and no BundleAdder is at them. One thread; of a
  // round, all strips once or none.
  void EndRoundOf(StripIndex begin, StripIndex end, int thread);
  // All parts were applied: takes the round's discounts. The table has come one round further.
  void EndRound();

 private:
  const TrainingSetup setup_;
  const int32_t floor_;  // of regrets
  const RowSpace rows_;
  const RowSpace stored_rows_;
  uint64_t rounds_;
  UndoLog* checkpoint_log_ = nullptr;
  std::atomic<uint64_t> regret_hash_{0};
  // What EndRoundOf() has done of the round: strips, and the hash of their regrets.
  std::atomic<uint32_t> ended_strips_{0};
  std::atomic<uint64_t> ended_hash_{0};
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROUND_TABLE_H_
