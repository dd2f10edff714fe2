// Deals whose buckets and strengths are random and independent: enough for tests of traversal.
#ifndef NASHVILLE_TESTS_CFR_RANDOM_DEALS_H_
#define NASHVILLE_TESTS_CFR_RANDOM_DEALS_H_

#include "solver/game/deal.h"

namespace nash {

class RandomDeals : public DealSource {
 public:
  explicit RandomDeals(uint32_t num_buckets) : num_buckets_(num_buckets) {}
  uint32_t num_buckets(int) const override { return num_buckets_; }
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
            DealBatch* out) const override {
    for (int i = 0; i < n; ++i) {
      for (int player = 0; player < out->num_players(); ++player) {
        const RandomBlock streets = Draw(name, DrawPurpose::kCards, first_deal + i, 2 * player);
        const RandomBlock strength =
            Draw(name, DrawPurpose::kCards, first_deal + i, 2 * player + 1);
        for (int street = 0; street < out->num_streets(); ++street) {
          out->buckets(street, player)[place + i] = UniformBelow(streets[street], num_buckets_);
        }
        out->strengths(player)[place + i] = static_cast<int32_t>(UniformBelow(strength[0], 5));
      }
    }
  }

 private:
  uint32_t num_buckets_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_RANDOM_DEALS_H_
