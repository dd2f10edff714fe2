// The rules look at what people could see: the actions that there are, and how strong the hand is
// among all that the board leaves. A strength is a tenth, so that a rule is a policy over ten
// buckets like any strategy, and AIVAT (aivat_match.h) can take out the luck of its actions.
//
// Before the board is complete a hand is as strong as it is with the cards that are there: a draw
// is nothing. So the tight-aggressive rule is no good player, but one that anybody can repeat. The
// strength is by the ranking of the game, which the caller of UnbucketedHands must say.
#include "solver/evaluation/rule_player.h"

#include <glog/logging.h>

#include <algorithm>

#include "solver/evaluation/abstraction_hands.h"
#include "solver/ranges/board_hands.h"

namespace nash {
namespace {

constexpr uint32_t kRaisingTenth = 8;
constexpr uint32_t kCallingTenth = 5;

struct RuleName {
  absl::string_view name;
  PlayerRule rule;
};
constexpr RuleName kRules[] = {{"uniform", PlayerRule::kUniform},
                               {"always_call", PlayerRule::kAlwaysCall},
                               {"always_fold", PlayerRule::kAlwaysFold},
                               {"always_raise", PlayerRule::kAlwaysRaise},
                               {"tight_aggressive", PlayerRule::kTightAggressive}};

std::vector<Card> Sorted(std::vector<Card> cards) {
  std::sort(cards.begin(), cards.end());
  return cards;
}

}  // namespace

const char kPlayerRuleNames[] = "uniform, always_call, always_fold, always_raise, tight_aggressive";

std::optional<PlayerRule> ParsePlayerRule(absl::string_view name) {
  for (const RuleName& rule : kRules) {
    if (name == rule.name) return rule.rule;
  }
  return std::nullopt;
}

void RulePolicy::Probabilities(NodeIndex node, uint32_t bucket,
                               absl::Span<double> probabilities) const {
  if (rule_ == PlayerRule::kUniform) {
    std::fill(probabilities.begin(), probabilities.end(), 1.0 / probabilities.size());
    return;
  }
  const absl::Span<const ActionLabel> labels = tree_.LabelsOf(node);
  const size_t call = labels[0] == kFoldLabel ? 1 : 0;
  const size_t raise = std::min(call + 1, labels.size() - 1);  // a call where there is none
  size_t action = 0;
  switch (rule_) {
    case PlayerRule::kUniform:
    case PlayerRule::kAlwaysFold:
      break;
    case PlayerRule::kAlwaysCall:
      action = call;
      break;
    case PlayerRule::kAlwaysRaise:
      action = raise;
      break;
    case PlayerRule::kTightAggressive:
      if (bucket >= kRaisingTenth) {
        action = raise;
      } else if (bucket >= kCallingTenth) {
        action = call;
      }
      break;
  }
  std::fill(probabilities.begin(), probabilities.end(), 0.0);
  probabilities[action] = 1;
}

RuleDeals::RuleDeals(const GameDefinition& game, PlayerRule rule)
    : game_(game),
      ranks_hands_(rule == PlayerRule::kTightAggressive),
      deck_(MakeDeck(game.num_ranks, game.num_suits)) {
  CHECK_LE(game.num_hole_cards, kRangeHoleCardsMax);
}

uint32_t RuleDeals::TenthOf(absl::Span<const Card> hole, absl::Span<const Card> board) const {
  const UnbucketedHands ranks(game_.ranking);
  BoardHands hands(deck_, game_.num_hole_cards);
  CardSet dead = 0;
  for (Card card : board) dead |= SetOf(card);
  hands.Set(dead);
  std::vector<int32_t> strengths(hands.size());
  ranks.FindStrengths(board, hands, absl::MakeSpan(strengths));
  const int number = hole.size() == 1 ? HandNumber(hole[0]) : HandNumber(hole[0], hole[1]);
  const int32_t own = strengths[hands.PositionOf(number)];
  int64_t halves = 0;  // hands that are weaker count two, equal ones count one
  for (int32_t strength : strengths) halves += (own > strength) + (own >= strength);
  return static_cast<uint32_t>(
      std::min<int64_t>(kTenths - 1, halves * kTenths / (2 * int64_t{hands.size()})));
}

void RuleDeals::Fill(const StreamName& name, uint32_t first_deal, int n, int place,
                     DealBatch* out) const {
  CardBatch cards(game_.CardsPerDeal(), n);
  DrawCards(game_, name, first_deal, n, &cards);
  const UnbucketedHands ranks(game_.ranking);
  const int first_board_slot = game_.num_players * game_.num_hole_cards;
  for (int d = 0; d < n; ++d) {
    std::vector<Card> board;
    for (int street = 0, slot = first_board_slot; street < game_.num_streets; ++street) {
      std::vector<Card> dealt;
      for (; slot < first_board_slot + game_.BoardCardsOn(street); ++slot) {
        dealt.push_back(cards.slot(slot)[d]);
      }
      for (Card card : Sorted(dealt)) board.push_back(card);
    }
    for (int player = 0; player < game_.num_players; ++player) {
      std::vector<Card> hole;
      for (int h = 0; h < game_.num_hole_cards; ++h) {
        hole.push_back(cards.slot(player * game_.num_hole_cards + h)[d]);
      }
      hole = Sorted(hole);
      out->strengths(player)[place + d] = ranks.Strength(hole, board);
      for (int street = 0; street < game_.num_streets; ++street) {
        const auto seen = absl::MakeConstSpan(board).subspan(0, game_.BoardCardsOn(street));
        out->buckets(street, player)[place + d] = ranks_hands_ ? TenthOf(hole, seen) : 0;
      }
    }
  }
}

}  // namespace nash
