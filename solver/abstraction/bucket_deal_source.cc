#include "solver/abstraction/bucket_deal_source.h"

#include <algorithm>

namespace nash {

void BucketDealSource::Fill(const StreamName& name, uint32_t first_deal, int n, int place,
                            DealBatch* out) const {
  // Wide enough for any game, so that one per thread serves all sources.
  thread_local CardBatch cards(kCardsMax, kLookupBlock);
  for (int done = 0; done < n; done += kLookupBlock) {
    const int block = std::min(n - done, kLookupBlock);
    DrawCards(game_, name, first_deal + done, block, &cards);
    abstraction_.Lookup(cards, 0, block, out, place + done);
  }
}

}  // namespace nash
