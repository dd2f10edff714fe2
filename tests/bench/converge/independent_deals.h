// Deals of a small game drawn independently, where DrawCards() would enumerate them in cycles
// (solver/game/deal.h): of every cycle only the first deal is taken, which may be any.
//
// For comparison with other programs, which sample chance. Thread-safe.
#ifndef NASHVILLE_TESTS_BENCH_CONVERGE_INDEPENDENT_DEALS_H_
#define NASHVILLE_TESTS_BENCH_CONVERGE_INDEPENDENT_DEALS_H_

#include <cstdint>

#include "solver/game/deal.h"

namespace nash {

class IndependentDeals : public DealSource {
 public:
  // source: not owned. Deals of a unit times deals of a cycle must stay below 2^32.
  IndependentDeals(const GameDefinition& game, const DealSource& source) : source_(source) {
    for (int slot = 0; slot < game.CardsPerDeal(); ++slot) {
      deals_of_cycle_ *= static_cast<uint32_t>(game.num_ranks * game.num_suits - slot);
      if (deals_of_cycle_ > kEnumeratedDealsMax) {  // these are independent as they are
        deals_of_cycle_ = 1;
        return;
      }
    }
  }
  uint32_t num_buckets(int street) const override { return source_.num_buckets(street); }
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
            DealBatch* out) const override {
    for (int i = 0; i < n; ++i) {
      source_.Fill(name, (first_deal + i) * deals_of_cycle_, 1, place + i, out);
    }
  }

 private:
  const DealSource& source_;
  uint32_t deals_of_cycle_ = 1;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_CONVERGE_INDEPENDENT_DEALS_H_
