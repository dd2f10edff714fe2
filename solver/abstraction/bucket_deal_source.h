// Deals of a real game: cards drawn by name, buckets and strengths looked up.
//
// Thread-safe. Keeps scratch of a few KB for each thread that calls it; allocates nothing else.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_DEAL_SOURCE_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_DEAL_SOURCE_H_

#include <cstdint>

#include "solver/abstraction/abstraction.h"
#include "solver/game/deal.h"
#include "solver/game/game_definition.h"

namespace nash {

class BucketDealSource : public DealSource {
 public:
  // Neither is owned; both outlive us, and `abstraction` is of `game`.
  BucketDealSource(const GameDefinition& game, const Abstraction& abstraction)
      : game_(game), abstraction_(abstraction) {}

  uint32_t num_buckets(int street) const override { return abstraction_.num_buckets(street); }
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
            DealBatch* out) const override;

 private:
  const GameDefinition& game_;
  const Abstraction& abstraction_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_DEAL_SOURCE_H_
