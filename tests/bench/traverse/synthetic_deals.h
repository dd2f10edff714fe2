// Deals with hand strengths but without cards: buckets are noisy quantiles of the strength.
//
// A stand-in for bucket files of any size, so that a table of any size can be measured at once.
// Neither player's cards remove cards of the other. Thread-safe.
#ifndef NASHVILLE_TESTS_BENCH_TRAVERSE_SYNTHETIC_DEALS_H_
#define NASHVILLE_TESTS_BENCH_TRAVERSE_SYNTHETIC_DEALS_H_

#include <array>

#include "solver/game/deal.h"

namespace nash {

class SyntheticDeals : public DealSource {
 public:
  explicit SyntheticDeals(std::array<uint32_t, kStreetsMax> num_buckets)
      : num_buckets_(num_buckets) {}
  uint32_t num_buckets(int street) const override { return num_buckets_[street]; }
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
            DealBatch* out) const override;

 private:
  std::array<uint32_t, kStreetsMax> num_buckets_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_TRAVERSE_SYNTHETIC_DEALS_H_
