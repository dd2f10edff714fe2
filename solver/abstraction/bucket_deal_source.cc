#include "solver/abstraction/bucket_deal_source.h"

#include <algorithm>
#include <optional>

namespace nash {

void BucketDealSource::Fill(const StreamName& name, uint32_t first_deal, int n, int place,
                            DealBatch* out) const {
  // Made again only when a thread changes to a game of another number of cards.
  thread_local std::optional<CardBatch> cards;
  if (!cards.has_value() || cards->num_slots() != game_.CardsPerDeal()) {
    cards.emplace(game_.CardsPerDeal(), kLookupBlock);
  }
  for (int done = 0; done < n; done += kLookupBlock) {
    const int block = std::min(n - done, kLookupBlock);
    DrawCards(game_, name, first_deal + done, block, &*cards);
    abstraction_.Lookup(*cards, 0, block, out, place + done);
  }
}

}  // namespace nash
