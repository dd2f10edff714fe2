// Hands as the rules of poker rank them, with the buckets of a run.
//
// Thread-safe.
#ifndef NASHVILLE_SOLVER_EVALUATION_ABSTRACTION_HANDS_H_
#define NASHVILLE_SOLVER_EVALUATION_ABSTRACTION_HANDS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/abstraction/abstraction.h"
#include "solver/evaluation/hand_space.h"

namespace nash {

// All hands are in bucket 0: for policies that do not look at their cards.
class UnbucketedHands : public HandModel {
 public:
  explicit UnbucketedHands(Ranking ranking) : ranking_(ranking) {}
  uint32_t Bucket(int street, absl::Span<const Card> hole,
                  absl::Span<const Card> board) const override;
  int32_t Strength(absl::Span<const Card> hole, absl::Span<const Card> board) const override;

  uint32_t NumBuckets(int street) const override { return 1; }
  void FindStrengths(absl::Span<const Card> board, const BoardHands& hands,
                     absl::Span<int32_t> strengths) const override;
  bool SuitsAreAlike() const override { return true; }

 private:
  Ranking ranking_;
};

class AbstractionHands : public UnbucketedHands {
 public:
  // The abstraction must outlive this.
  explicit AbstractionHands(const Abstraction& abstraction)
      : UnbucketedHands(abstraction.game().ranking), abstraction_(&abstraction) {}
  uint32_t Bucket(int street, absl::Span<const Card> hole,
                  absl::Span<const Card> board) const override;
  uint32_t NumBuckets(int street) const override { return abstraction_->num_buckets(street); }
  void FindBuckets(int street, absl::Span<const Card> board, const BoardHands& hands,
                   absl::Span<uint32_t> buckets) const override;

 private:
  const Abstraction* abstraction_;  // not owned
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_ABSTRACTION_HANDS_H_
