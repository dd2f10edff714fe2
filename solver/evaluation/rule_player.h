// Built-in opponents: rules that everybody can repeat, as yardsticks for strategies.
//
// Thread-safe.
#ifndef NASHVILLE_SOLVER_EVALUATION_RULE_PLAYER_H_
#define NASHVILLE_SOLVER_EVALUATION_RULE_PLAYER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "solver/evaluation/policy.h"
#include "solver/game/deal.h"
#include "solver/game/public_tree.h"

namespace nash {

enum class PlayerRule : uint8_t {
  kUniform = 0,          // every action alike
  kAlwaysCall = 1,       // checks and calls
  kAlwaysFold = 2,       // checks, and folds to every bet
  kAlwaysRaise = 3,      // the smallest raise of the menu, or a call
  kTightAggressive = 4,  // by the tenth that a hand belongs to among all hands on the board:
                         // the two best raise, the next three call, the others check and fold
};

// "uniform", "always_call", ...; none for another name.
std::optional<PlayerRule> ParsePlayerRule(absl::string_view name);
// All names, for messages.
extern const char kPlayerRuleNames[];

// Its buckets are those of RuleDeals: tenths.
class RulePolicy : public Policy {
 public:
  // The tree must outlive it.
  RulePolicy(const PublicTree& tree, PlayerRule rule) : tree_(tree), rule_(rule) {}
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override;

 private:
  const PublicTree& tree_;
  const PlayerRule rule_;
};

// Deals with strengths by the rules of poker. Buckets: the tenth of all hands that a hand belongs
// to, by what it is worth with the board so far; 9 is the best. All 0 for rules that look at no
// cards.
class RuleDeals : public DealSource {
 public:
  static constexpr uint32_t kTenths = 10;
  // Needs one or two hole cards. The game must outlive it.
  RuleDeals(const GameDefinition& game, PlayerRule rule);
  uint32_t num_buckets(int street) const override { return kTenths; }
  void Fill(const StreamName& name, uint32_t first_deal, int n, int place,
            DealBatch* out) const override;

 private:
  uint32_t TenthOf(absl::Span<const Card> hole, absl::Span<const Card> board) const;

  const GameDefinition& game_;
  const bool ranks_hands_;
  const std::vector<Card> deck_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_RULE_PLAYER_H_
