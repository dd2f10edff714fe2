#include "tests/gpu/host_lookup.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

// HoldemTables takes 277 MB, so there is one test.
TEST(HostLookup, IsWhatHandsOneByOneHave) {
  constexpr int kDeals = 700;  // not a multiple of a block
  constexpr int kPlace = 3;
  const HoldemTables tables;
  const StreamName name = {.seed = 9};
  for (int num_streets : {2, 3, 4}) {
    for (int num_players : {2, 6}) {
      for (bool lossless : {true, false}) {
        const HostLookup lookup(tables, num_players, num_streets, lossless);
        DealBatch batch(num_players, num_streets, kDeals + kPlace);
        lookup.Fill(name, 50, kDeals, kPlace, &batch);
        CardBatch cards(lookup.game().CardsPerDeal(), kDeals);
        DrawCards(lookup.game(), name, 50, kDeals, &cards);
        for (int d = 0; d < kDeals; ++d) {
          for (int p = 0; p < num_players; ++p) {
            std::vector<Card> hand = {cards.slot(2 * p)[d], cards.slot(2 * p + 1)[d]};
            for (int street = 0; street < num_streets; ++street) {
              while (static_cast<int>(hand.size()) < 2 + lookup.game().BoardCardsOn(street)) {
                const int slot = 2 * num_players + static_cast<int>(hand.size()) - 2;
                hand.push_back(cards.slot(slot)[d]);
              }
              const uint64_t index = tables.indexer(street).Index(hand);
              const uint64_t bucket =
                  lossless || street == 0 ? index : tables.buckets(street)[index];
              ASSERT_EQ(batch.buckets(street, p)[kPlace + d], bucket) << CardNames(hand);
            }
            ASSERT_EQ(batch.strengths(p)[kPlace + d], RankHand(hand)) << CardNames(hand);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace nash
