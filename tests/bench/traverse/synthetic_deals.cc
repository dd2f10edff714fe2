#include "tests/bench/traverse/synthetic_deals.h"

#include <algorithm>

namespace nash {

void SyntheticDeals::Fill(const StreamName& name, uint32_t first_deal, int n, int place,
                          DealBatch* out) const {
  // A hand is worth the sum of what each street reveals; earlier streets see less of it.
  constexpr double kShares[kStreetsMax] = {0.4, 0.3, 0.15, 0.15};
  for (int i = 0; i < n; ++i) {
    for (int player = 0; player < out->num_players(); ++player) {
      const RandomBlock draw = Draw(name, DrawPurpose::kCards, first_deal + i, player);
      double seen = 0, share = 0;
      for (int street = 0; street < out->num_streets(); ++street) {
        seen += draw[street] * 0x1p-32 * kShares[street];
        share += kShares[street];
        const uint32_t bucket = static_cast<uint32_t>(seen / share * num_buckets_[street]);
        out->buckets(street, player)[place + i] = std::min(bucket, num_buckets_[street] - 1);
      }
      out->strengths(player)[place + i] = static_cast<int32_t>(seen * 7462);
    }
  }
}

}  // namespace nash
