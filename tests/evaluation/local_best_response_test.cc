#include "solver/evaluation/local_best_response.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "tests/evaluation/explicit_game.h"
#include "tests/evaluation/tree_and_cards.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

constexpr StreamName kStream = {.seed = 11, .round = 0, .unit = 0};
constexpr int kLeducCards = 6;

// What it wins in each position, over `deals` deals.
DealMean Play(const PublicTree& tree, const CardModel& cards, const Policy& policy,
              const LbrOptions& options, uint32_t deals) {
  ThreadPool pool(1);
  const auto lbr = LocalBestResponse::Make(tree, cards, policy, options, &pool);
  EXPECT_TRUE(lbr.ok()) << lbr.status();
  const auto workspace = (*lbr)->MakeWorkspace();
  DealMean mean;
  for (uint32_t deal = 0; deal < deals; ++deal) {
    mean.Add((*lbr)->Play(kStream, deal, workspace.get()));
  }
  return mean;
}

// The same on Leduc, from the paper and for one pair of own card and board at a time: ranges are by
// card, and nothing is put together.
class LeducTwin {
 public:
  LeducTwin(const PublicTree& tree, const ExplicitModel& model, const Policy& policy, int position,
            bool bets, int from_street)
      : tree_(tree),
        model_(model),
        policy_(policy),
        position_(position),
        bets_(bets),
        from_street_(from_street),
        deck_(MakeDeck(3, 2)) {}

  double Value() {
    double sum = 0;
    for (own_ = 0; own_ < kLeducCards; ++own_) {
      for (board_ = 0; board_ < kLeducCards; ++board_) {
        if (board_ == own_) continue;
        Range range;
        range.fill(1);
        range[own_] = 0;
        sum += After(0, BettingState(&tree_.game()), range);
      }
    }
    return sum / (6 * 5 * 4);
  }

 private:
  using Range = std::array<double, kLeducCards>;  // by card of the strategy

  double Wins(int other, int board) const {
    const Card own_card = deck_[own_];
    const Card other_card = deck_[other];
    const Card board_card = deck_[board];
    const int own = model_.Strength({&own_card, 1}, {&board_card, 1});
    const int theirs = model_.Strength({&other_card, 1}, {&board_card, 1});
    return own > theirs ? 1 : own == theirs ? 0.5 : 0;
  }
  // The chance to win, and the reach, with what is known on `street`.
  double Equity(const Range& range, int street, double* reach) const {
    double equity = *reach = 0;
    for (int other = 0; other < kLeducCards; ++other) {
      if (range[other] == 0 || (street == 1 && other == board_)) continue;
      double wins = 0;
      int boards = 0;
      for (int board = 0; board < kLeducCards; ++board) {
        if (board == own_ || board == other || (street == 1 && board != board_)) continue;
        wins += Wins(other, board);
        ++boards;
      }
      equity += range[other] * wins / boards;
      *reach += range[other];
    }
    return equity / *reach;
  }
  double Probability(NodeIndex node, int street, int card, int edge) const {
    std::vector<double> probabilities(tree_.nodes()[node].num_actions);
    const Card hole = deck_[card];
    const Card board = deck_[board_];
    const auto seen = street == 0 ? absl::Span<const Card>() : absl::Span<const Card>(&board, 1);
    policy_.Probabilities(node, model_.Bucket(street, {&hole, 1}, seen),
                          absl::MakeSpan(probabilities));
    return probabilities[edge];
  }

  double Follow(NodeIndex node, const BettingState& state, const Range& range, int edge) {
    BettingState next = state;
    const ActionLabel label = tree_.LabelsOf(node)[edge];
    if (label == kFoldLabel) {
      next.Fold();
    } else if (label == kCallLabel) {
      next.Call();
    } else {
      next.RaiseTo(label);
    }
    const PublicEdge& taken = tree_.EdgesOf(node)[edge];
    if (taken.kind() == EdgeKind::kDecision) return After(taken.payload(), next, range);
    double value = 0;
    for (int other = 0; other < kLeducCards; ++other) {
      if (other == board_) continue;
      if (taken.kind() == EdgeKind::kFold) {
        const int sign = static_cast<int>(taken.payload()) == position_ ? -1 : 1;
        value += range[other] * sign * taken.amount_chips;
      } else {
        value += range[other] * (2 * Wins(other, board_) - 1) * taken.amount_chips;
      }
    }
    return value;
  }

  // Summed over the strategy's cards.
  double After(NodeIndex node, const BettingState& state, const Range& range) {
    const PublicNode& n = tree_.nodes()[node];
    if (n.player == position_) return Follow(node, state, range, Choice(node, state, range));
    double value = 0;
    for (int edge = 0; edge < n.num_actions; ++edge) {
      Range next = range;
      for (int card = 0; card < kLeducCards; ++card) {
        if (next[card] > 0) next[card] *= Probability(node, n.street, card, edge);
      }
      value += Follow(node, state, next, edge);
    }
    return value;
  }

  int Choice(NodeIndex node, const BettingState& state, const Range& range) {
    const int street = tree_.nodes()[node].street;
    const auto labels = tree_.LabelsOf(node);
    const int call = labels[0] == kFoldLabel ? 1 : 0;
    double reach = 0;
    const double w = Equity(range, street, &reach);
    if (street < from_street_ || reach == 0) return call;
    const double pot = state.pot_chips();
    const double asked = state.owed_chips();
    double best = w * pot - (1 - w) * asked;
    int choice = call;
    if (call == 1 && best <= 0) best = choice = 0;
    if (!bets_ || labels.back() <= 0) return choice;
    const int raise = call + 1;
    const double more = labels[raise] - state.max_spent_chips();
    const NodeIndex answer = tree_.EdgesOf(node)[raise].payload();
    Range calls = range;
    double folds = 0;
    for (int card = 0; card < kLeducCards; ++card) {
      if (range[card] == 0 || (street == 1 && card == board_)) continue;
      const double chance = Probability(answer, street, card, 0);
      folds += range[card] * chance / reach;
      calls[card] *= 1 - chance;
    }
    double calls_reach = 0;
    const double w_called = folds < 1 ? Equity(calls, street, &calls_reach) : 0;
    const double value =
        folds * pot + (1 - folds) * (w_called * (pot + more) - (1 - w_called) * (asked + more));
    return value > best ? raise : choice;
  }

  const PublicTree& tree_;
  const ExplicitModel& model_;
  const Policy& policy_;
  const int position_;
  const bool bets_;
  const int from_street_;
  const std::vector<Card> deck_;
  int own_ = 0;
  int board_ = 0;
};

TEST(LocalBestResponse, OnLeducIsWhatASlowTwinWinsAndNeverMoreThanABestResponse) {
  const ExplicitRules rules = LeducRules(2);
  const PublicTree tree = TreeOf(rules);
  const ExplicitModel model(rules, ExplicitModel::Detail::kCards);
  const uint32_t deals = CountEnumeratedDeals(tree.game());
  ASSERT_EQ(deals, 6u * 5 * 4);
  std::vector<ExplicitPolicy> strategies = {ExplicitGame(rules).SolveByCfr(30)};
  for (uint64_t seed = 1; seed <= 6; ++seed) strategies.push_back(RandomPolicy(seed));
  double gained = 0;
  for (size_t s = 0; s < strategies.size(); ++s) {
    const TabularPolicy policy = TabularOf(tree, rules, strategies[s]);
    const auto exact = NashConv(tree, model, policy);
    ASSERT_TRUE(exact.ok());
    for (const bool bets : {false, true}) {
      for (int from_street : {0, 1}) {
        SCOPED_TRACE("strategy " + std::to_string(s) + (bets ? " bets" : "") + " from " +
                     std::to_string(from_street));
        const LbrOptions options = {bets ? LbrBets::kMany : LbrBets::kNone, from_street, {}};
        const DealMean mean = Play(tree, model, policy, options, deals);
        for (int position : {0, 1}) {
          LeducTwin twin(tree, model, policy, position, bets, from_street);
          EXPECT_NEAR(mean.chips_in(position), twin.Value(), 1e-9);
          EXPECT_LE(mean.chips_in(position), exact->best_response_chips[position] + 1e-9);
        }
        gained += mean.chips();
      }
    }
  }
  EXPECT_GT(gained / (4 * strategies.size()), 0.3) << "it hardly wins anything";
}

// What a bet between two of the menu is taken for is drawn, but nothing of a game whose deals are
// enumerated: its figure is the same for every seed.
TEST(LocalBestResponse, FollowsEveryMeaningOfABetWhereDealsAreEnumerated) {
  class Mixes : public Policy {
   public:
    void Probabilities(NodeIndex node, uint32_t bucket,
                       absl::Span<double> probabilities) const override {
      double sum = 0;
      for (size_t a = 0; a < probabilities.size(); ++a) {
        sum += probabilities[a] = 1 + (7 * node + 3 * bucket + 5 * a) % 11;
      }
      for (double& probability : probabilities) probability /= sum;
    }
  };
  GameDefinition game = ShippedGame("leduc_2p");
  game.betting = BettingKind::kNoLimit;
  game.stack_chips = {40, 40};
  game.max_raises = {2, 2};
  const PublicTree tree = Built(game, MenuOf({"pot", "allin"}, 2));
  const Mixes policy;
  std::vector<double> chips;
  for (uint64_t seed : {1, 2, 3}) {
    LbrOptions options = {LbrBets::kMany, 0, {}};
    options.translation.seed = seed;
    chips.push_back(Play(tree, UnbucketedHands(game.ranking), policy, options, 120).chips());
  }
  EXPECT_NEAR(chips[0], chips[1], 1e-9);
  EXPECT_NEAR(chips[0], chips[2], 1e-9);
}

class AlwaysCalls : public Policy {
 public:
  explicit AlwaysCalls(const PublicTree& tree) : tree_(tree) {}
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override {
    std::fill(probabilities.begin(), probabilities.end(), 0.0);
    probabilities[tree_.LabelsOf(node)[0] == kFoldLabel ? 1 : 0] = 1;
  }

 private:
  const PublicTree& tree_;
};

// Against one who calls everything, the best is to see the river and to go all-in when ahead. The
// chance to be ahead of a random hand is nearly uniform, so that 200 big blinds win nearly
// 200 * 2 * E[(w - 1/2)+] = 200 / 4 = 50 of them, as the paper says. A tie takes a little off.
TEST(LocalBestResponse, WinsFiftyBlindsFromTheRiverOnAgainstOneWhoAlwaysCalls) {
  const PublicTree tree = Built(ShippedGame("nolimit_2p"), MenuOf({"pot", "allin"}, 1));
  const AlwaysCalls policy(tree);
  const LbrOptions options = {LbrBets::kPotAndAllIn, 3, {}};
  const DealMean mean = Play(tree, UnbucketedHands(Ranking::kStandard), policy, options, 2000);
  constexpr double kBigBlind = 100;
  EXPECT_LT(mean.half_width_chips() / kBigBlind, 3);
  EXPECT_NEAR(mean.chips() / kBigBlind, 49, 3);
}

// A strategy that folds to every bet off the tree's least line gives its blinds away at once.
TEST(LocalBestResponse, TakesTheBlindsOfOneWhoFoldsToBets) {
  class Folds : public AlwaysCalls {
   public:
    explicit Folds(const PublicTree& tree) : AlwaysCalls(tree), tree_(tree) {}
    void Probabilities(NodeIndex node, uint32_t bucket,
                       absl::Span<double> probabilities) const override {
      AlwaysCalls::Probabilities(node, bucket, probabilities);
      if (tree_.LabelsOf(node)[0] != kFoldLabel) return;
      std::fill(probabilities.begin(), probabilities.end(), 0.0);
      probabilities[0] = 1;
    }

   private:
    const PublicTree& tree_;
  };
  const PublicTree tree = Built(ShippedGame("nolimit_2p_100bb"), MenuOf({"pot", "allin"}, 1));
  const Folds policy(tree);
  // It is the big blind that is folded to at once by the small one; it takes a big blind itself by
  // a bet on the river, after calls.
  const LbrOptions options = {LbrBets::kPotAndAllIn, 3, {}};
  const DealMean mean = Play(tree, UnbucketedHands(Ranking::kStandard), policy, options, 50);
  EXPECT_EQ(mean.chips_in(0), 50);
  EXPECT_EQ(mean.chips_in(1), 100);
}

TEST(LocalBestResponse, BetsAreThePapersFiftyFiveFractionsAndAllIn) {
  const PublicTree tree = Built(ShippedGame("nolimit_2p"), MenuOf({"pot"}, 1));
  BettingState state(&tree.game());
  std::vector<double> fractions;
  for (int k = 0; k < kLbrFractions; ++k) fractions.push_back(0.05 * std::pow(1.15, k));
  EXPECT_NEAR(fractions.back(), 94.7, 0.1);
  std::vector<int32_t> totals;
  // 150 in the pot, 50 to call: fractions of 200 above 100, at least 200.
  LocalBestResponse::ListRaises(state, fractions, &totals);
  EXPECT_EQ(totals.front(), 200);
  EXPECT_EQ(totals.back(), 20000);
  EXPECT_TRUE(std::binary_search(totals.begin(), totals.end(), 100 + 108))
      << "0.05 * 1.15^17 = 0.538 of 200";
  EXPECT_TRUE(std::is_sorted(totals.begin(), totals.end()));
  // 0.05 * 1.15^k < 0.5 for k up to 16: 17 of them are the least raise; the others are distinct.
  EXPECT_EQ(totals.size(), 1u + (55 - 17) + 1);
}

TEST(LocalBestResponse, RefusesAMenuThatHasNothingToTranslateABetTo) {
  const PublicTree tree = Built(ShippedGame("nolimit_2p"), {});
  ThreadPool pool(1);
  const AlwaysCalls policy(tree);
  const UnbucketedHands cards(Ranking::kStandard);
  const auto lbr =
      LocalBestResponse::Make(tree, cards, policy, {LbrBets::kPotAndAllIn, 3, {}}, &pool);
  EXPECT_EQ(lbr.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(LocalBestResponse::Make(tree, cards, policy, {LbrBets::kNone, 3, {}}, &pool).ok());
}

}  // namespace
}  // namespace nash
