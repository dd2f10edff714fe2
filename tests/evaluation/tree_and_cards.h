// The same small games for the real code: definitions, hand models and policies by name of infoset.
#ifndef NASHVILLE_TESTS_EVALUATION_TREE_AND_CARDS_H_
#define NASHVILLE_TESTS_EVALUATION_TREE_AND_CARDS_H_

#include <string>
#include <vector>

#include "solver/cards/card.h"
#include "solver/evaluation/hand_space.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"
#include "tests/evaluation/explicit_game.h"

namespace nash {

// The definition that `rules` describe, as a tree.
GameDefinition GameOf(const ExplicitRules& rules);
PublicTree TreeOf(const ExplicitRules& rules);

// One bucket for every hole cards and board, by card or by rank; strengths from the rules.
class ExplicitModel : public HandModel {
 public:
  enum class Detail { kCards, kRanks };
  ExplicitModel(const ExplicitRules& rules, Detail detail) : rules_(rules), detail_(detail) {}

  uint32_t Bucket(int street, absl::Span<const Card> hole,
                  absl::Span<const Card> board) const override;
  int32_t Strength(absl::Span<const Card> hole, absl::Span<const Card> board) const override;

  // Cards numbered as ExplicitRules does.
  ExplicitCards Number(absl::Span<const Card> cards) const;
  // [num_streets] upper bounds on the buckets.
  std::vector<uint32_t> NumBuckets() const;
  uint32_t NumBuckets(int street) const override { return NumBuckets()[street]; }

 private:
  const ExplicitRules rules_;
  const Detail detail_;
};

// `policy` at every infoset of the tree. Needs an ExplicitModel that tells cards apart.
TabularPolicy TabularOf(const PublicTree& tree, const ExplicitRules& rules,
                        const ExplicitPolicy& policy);

// A policy that looks random, a pure function of (seed, key): some actions have probability 0.
ExplicitPolicy RandomPolicy(uint64_t seed);

}  // namespace nash

#endif  // NASHVILLE_TESTS_EVALUATION_TREE_AND_CARDS_H_
