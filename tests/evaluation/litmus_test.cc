// Strategies written by hand: one that passes, and for each check one that breaks it and no other.
// What a hand is worth is found by ranking it against every other, not by what the code uses.
#include "solver/evaluation/litmus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "solver/evaluation/abstraction_hands.h"
#include "tests/cards/reference_hand_rank.h"
#include "tests/evaluation/litmus_verdicts.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// A policy by what it does at a node with a bucket.
class RuledPolicy : public Policy {
 public:
  using Rule = std::function<void(NodeIndex, uint32_t bucket, absl::Span<double>)>;
  explicit RuledPolicy(Rule rule, bool is_learned = true)
      : rule_(std::move(rule)), is_learned_(is_learned) {}
  void Probabilities(NodeIndex node, uint32_t bucket, absl::Span<double> out) const override {
    std::fill(out.begin(), out.end(), 0.0);
    rule_(node, bucket, out);
    ASSERT_NEAR(std::accumulate(out.begin(), out.end(), 0.0), 1, 1e-12);
  }
  bool IsLearned(NodeIndex, uint32_t) const override { return is_learned_; }

 private:
  const Rule rule_;
  const bool is_learned_;
};

// --- Hands that are played: heads-up, twenty cards, all five cards of the board at once.

// What a hand is on the last street; before it, whether it is a pair of aces.
enum Kind : uint32_t { kOther, kAces, kNothing, kNuts, kMiddleA, kMiddleB };

// Middle hands are two kinds by a coin that their cards toss.
class KindsOfHands : public UnbucketedHands {
 public:
  explicit KindsOfHands(const GameDefinition& game)
      : UnbucketedHands(game.ranking), deck_(MakeDeck(game.num_ranks, 4)) {}
  uint32_t NumBuckets(int) const override { return kMiddleB + 1; }
  uint32_t Bucket(int street, absl::Span<const Card> hole,
                  absl::Span<const Card> board) const override {
    if (street == 0) return RankOf(hole[0]) == 12 && RankOf(hole[1]) == 12 ? kAces : kOther;
    const auto [kept, is_new] =
        kinds_.insert({{SetOfAll(hole), SetOfAll(board)}, static_cast<uint32_t>(kOther)});
    if (is_new) kept->second = KindOf(hole, board);
    return kept->second;
  }

 private:
  static CardSet SetOfAll(absl::Span<const Card> cards) {
    CardSet set = 0;
    for (const Card card : cards) set |= SetOf(card);
    return set;
  }

  uint32_t KindOf(absl::Span<const Card> hole, absl::Span<const Card> board) const {
    const auto rank = [&](Card a, Card b) {
      std::vector<Card> cards(board.begin(), board.end());
      cards.insert(cards.end(), {a, b});
      return ReferenceRank(cards);
    };
    const ReferenceStrength own = rank(hole[0], hole[1]);
    int beaten = 0, tied = 0, all = 0;
    const CardSet dead = SetOfAll(hole) | SetOfAll(board);
    for (const Card a : deck_) {
      for (const Card b : deck_) {
        if (a >= b || (dead & (SetOf(a) | SetOf(b))) != 0) continue;
        const ReferenceStrength other = rank(a, b);
        ++all;
        beaten += other < own;
        tied += other == own;
      }
    }
    if (beaten + tied == all && 2 * beaten >= all) return kNuts;
    if (beaten == 0 && tied < all && 10 * tied <= all) return kNothing;
    return (hole[0] + hole[1]) % 2 == 0 ? kMiddleA : kMiddleB;
  }

  const std::vector<Card> deck_;
  // Of hole cards and board; all tests deal the same.
  inline static std::map<std::pair<CardSet, CardSet>, uint32_t> kinds_;
};

// What the strategy does. A field that is not as here breaks a check.
struct Sense {
  double aces_fold = 0;
  double nuts_fold = 0;
  double nuts_raise = 1;
  double nothing_call = 0;
  double middle_a_fold = 0.9;  // with the other half calling, near what bluffs need
};

class LitmusOfHands : public testing::Test {
 protected:
  LitmusOfHands() : tree_(Built(Short(), MenuOf({"pot"}, 2))), hands_(tree_.game()) {}
  static GameDefinition Short() {
    GameDefinition game = ShippedGame("nolimit_2p_100bb");
    game.num_ranks = 5;
    game.num_streets = 2;
    game.num_board_cards = {0, 5};
    return game;
  }

  RuledPolicy PolicyOf(const Sense& sense) {
    return RuledPolicy([this, sense](NodeIndex node, uint32_t kind, absl::Span<double> out) {
      const bool faces_bet = tree_.LabelsOf(node)[0] == kFoldLabel;
      const size_t call = faces_bet;
      const size_t raise = std::min(call + 1, out.size() - 1);
      double raises = kind == kNuts ? sense.nuts_raise : 0.0;
      if (!faces_bet && kind >= kNothing && kind != kNuts) raises = 0.5;
      double folds = kind == kAces ? sense.aces_fold : kind == kNuts ? sense.nuts_fold : 0;
      if (kind == kMiddleA) folds = sense.middle_a_fold;
      if (kind == kNothing) folds = 1 - sense.nothing_call;
      if (faces_bet) {
        out[0] += folds;
      } else {
        folds = 0;
      }
      const double share = raises * (1 - folds);
      out[raise] += share;
      out[call] += 1 - folds - share;
    });
  }
  LitmusTally Tally(const Policy& policy, int deals) {
    LitmusHands player(tree_, hands_, policy);
    LitmusTally tally;
    for (int d = 0; d < deals; ++d) player.Play({5, 0, 0}, d, &tally);
    for (int d = 0; d < 500; ++d) player.PlayAces({5, 0, 1}, d, &tally);
    return tally;
  }
  Names Failed(const Sense& sense) {
    const RuledPolicy policy = PolicyOf(sense);
    const auto checks = JudgeLitmus(tree_, hands_, policy, Tally(policy, kDeals));
    for (const char* name :
         {"aces_folded", "nuts_folded", "nuts_not_raised", "nothing_called", "river_fold_excess"}) {
      EXPECT_NE(Find(checks, name).verdict, LitmusVerdict::kSkipped)
          << name << ": " << Find(checks, name).reason;
    }
    return NamesOf(checks, LitmusVerdict::kFail);
  }

  static constexpr int kDeals = 6000;
  const PublicTree tree_;
  const KindsOfHands hands_;
};

TEST_F(LitmusOfHands, EachFaultFailsItsCheckAndNoOther) {
  EXPECT_EQ(Failed({}), Names());
  EXPECT_EQ(Failed({.aces_fold = 0.05}), Names({"aces_folded"}));
  EXPECT_EQ(Failed({.nuts_fold = 0.05}), Names({"nuts_folded"}));
  EXPECT_EQ(Failed({.nuts_raise = 0.6}), Names({"nuts_not_raised"}));
  EXPECT_EQ(Failed({.nothing_call = 0.2}), Names({"nothing_called"}));
  EXPECT_EQ(Failed({.middle_a_fold = 0}), Names({"river_fold_excess"}));
}

// Every figure is the probability that the strategy was given, to the last digit.
TEST_F(LitmusOfHands, FiguresAreTheProbabilitiesOfTheStrategy) {
  const RuledPolicy policy =
      PolicyOf({.aces_fold = 0.125, .nuts_fold = 0.25, .nuts_raise = 1, .nothing_call = 0.375});
  const LitmusTally tally = Tally(policy, kDeals);
  EXPECT_DOUBLE_EQ(tally.aces_fold.mean(), 0.125);
  EXPECT_DOUBLE_EQ(tally.nuts_fold.mean(), 0.25);
  EXPECT_DOUBLE_EQ(tally.nothing_call.mean(), 0.375);
  EXPECT_EQ(tally.nuts_fold.half_width(), 0);
}

// Deals that were stopped are a sample, and so are those of aces in any game.
TEST(LitmusTally, HasIntervalsUntilAllDealsWerePlayed) {
  LitmusTally tally;
  for (double figure : {0.0, 1.0, 1.0}) {
    tally.aces_fold.Add(1, figure);
    tally.nuts_fold.Add(1, figure);
  }
  EXPECT_GT(tally.nuts_fold.half_width(), 0.1);
  tally.SetExact();
  EXPECT_EQ(tally.nuts_fold.half_width(), 0);
  EXPECT_GT(tally.aces_fold.half_width(), 0.1);
}

TEST_F(LitmusOfHands, WhatTrainingHasNotReachedIsSkipped) {
  const RuledPolicy policy(
      [](NodeIndex, uint32_t, absl::Span<double> out) {
        std::fill(out.begin(), out.end(), 1.0 / out.size());
      },
      /*is_learned=*/false);
  const auto checks = JudgeLitmus(tree_, hands_, policy, Tally(policy, kDeals));
  EXPECT_EQ(NamesOf(checks, LitmusVerdict::kSkipped).size(), checks.size());
  for (const char* name :
       {"aces_folded", "nuts_folded", "river_fold_excess", "suited_folded_more"}) {
    EXPECT_NE(Find(checks, name).reason.find("training has not reached"), std::string::npos)
        << Find(checks, name).reason;
  }
}

// Raised before the flop, bet by the pot on the river, and half of that folded: just what leaves a
// bluff even, since bet / (pot + bet) is a half. Who faces a raise there folds always, uncounted.
TEST_F(LitmusOfHands, FoldsToTheFirstBetAreSetAgainstWhatItRisks) {
  const RuledPolicy policy([&](NodeIndex node, uint32_t, absl::Span<double> out) {
    const std::string betting = tree_.Betting(node);
    const bool is_river = betting.find('/') != std::string::npos;
    const bool faces_bet = tree_.LabelsOf(node)[0] == kFoldLabel;
    if (!is_river) {
      out[betting.empty() ? 2 : 1] = 1;
    } else if (!faces_bet) {
      out[1] = 1;
    } else if (std::count(betting.begin() + betting.find('/'), betting.end(), 'r') == 1) {
      out[0] = 0.5;
      out[2] = 0.5;
    } else {
      out[0] = 1;
    }
  });
  const LitmusTally tally = Tally(policy, 400);
  EXPECT_EQ(tally.fold_excess.decisions(), 400u);
  EXPECT_NEAR(tally.fold_excess.mean(), 0, 1e-12);
  EXPECT_NEAR(tally.bet_fold.mean(), 0.5, 1e-12);
}

// Remembers the hole cards that were asked for.
class SeenHands : public UnbucketedHands {
 public:
  SeenHands() : UnbucketedHands(Ranking::kStandard) {}
  uint32_t Bucket(int, absl::Span<const Card> hole, absl::Span<const Card>) const override {
    seen.push_back(SetOf(hole[0]) | SetOf(hole[1]));
    return 0;
  }
  mutable std::vector<CardSet> seen;
};

TEST_F(LitmusOfHands, AcesAreDealtOnceAndToEachInTurn) {
  const SeenHands hands;
  const UniformPolicy policy;
  LitmusHands player(tree_, hands, policy);
  LitmusTally tally;
  CardSet aces = 0;
  for (int suit = 0; suit < 4; ++suit) aces |= SetOf(MakeCard(12, suit));
  std::map<CardSet, int> pairs;
  for (uint32_t d = 0; d < 600; ++d) {
    hands.seen.clear();
    player.PlayAces({5, 0, 1}, d, &tally);
    ASSERT_LE(hands.seen.size(), 2u);
    CardSet all = 0;
    for (const CardSet hole : hands.seen) {
      EXPECT_EQ(all & hole, 0u) << "a card is in two hands";
      all |= hole;
      if ((hole & ~aces) == 0) ++pairs[hole];
    }
    // The button, position 1, acts first.
    if (d % 2 == 1) {
      EXPECT_EQ(hands.seen[0] & ~aces, 0u);
    }
  }
  EXPECT_EQ(pairs.size(), 6u) << "all pairs of aces come";
}

// --- Kuhn poker, in closed form.

// By betting, then by card from the lowest: how often the last action, a bet or a call.
using KuhnStrategy = std::map<std::string, std::vector<double>>;

class LitmusOfKuhn : public testing::Test {
 protected:
  // The card is the bucket.
  class Cards : public UnbucketedHands {
   public:
    Cards() : UnbucketedHands(Ranking::kStandard) {}
    uint32_t NumBuckets(int) const override { return 3; }
    uint32_t Bucket(int, absl::Span<const Card> hole, absl::Span<const Card>) const override {
      return RankOf(hole[0]) - 10;
    }
  };

  std::vector<LitmusCheck> Judge(const KuhnStrategy& strategy) {
    const RuledPolicy policy([&](NodeIndex node, uint32_t card, absl::Span<double> out) {
      out[1] = strategy.at(tree_.Betting(node))[card];
      out[0] = 1 - out[1];
    });
    LitmusTally tally;
    LitmusHands player(tree_, cards_, policy);
    for (uint32_t deal = 0; deal < 6; ++deal) player.Play(StreamName(), deal, &tally);
    tally.SetExact();
    tally_ = tally;
    return JudgeLitmus(tree_, cards_, policy, tally);
  }

  const PublicTree tree_ = Built(ShippedGame("kuhn_2p"), ActionMenu());
  const Cards cards_;
  LitmusTally tally_;
};

TEST_F(LitmusOfKuhn, EachFaultFailsItsCheckAndNoOther) {
  const double third = 1.0 / 3;
  const KuhnStrategy equilibrium = {
      {"", {.2, 0, .6}}, {"c", {third, 0, 1}}, {"r", {0, third, 1}}, {"cr", {0, .2 + third, 1}}};
  EXPECT_EQ(NamesOf(Judge(equilibrium), LitmusVerdict::kFail), Names());
  const struct {
    const char* betting;
    std::vector<double> plays;
    Names failed;
  } kFaults[] = {
      {"", {.5, 0, 1}, {"kuhn_low_bet", "kuhn_middle_call"}},  // calls by the third that b may be
      {"", {.2, .1, .6}, {"kuhn_middle_bet"}},
      {"", {.2, 0, .2}, {"kuhn_high_bet"}},
      {"cr", {0, .2, 1}, {"kuhn_middle_call"}},
      {"c", {0, 0, 1}, {"kuhn_second_low_bet"}},
      {"c", {third, .1, 1}, {"kuhn_second_middle_bet"}},
      {"c", {third, 0, .93}, {"kuhn_second_high_bet"}},
      {"c", {third, 0, .5}, {"nuts_not_raised", "kuhn_second_high_bet"}},
      {"r", {0, .1, 1}, {"kuhn_second_middle_call"}},
      {"r", {.1, third, 1}, {"nothing_called"}},
      {"r", {0, third, .9}, {"nuts_folded"}},
  };
  for (const auto& fault : kFaults) {
    KuhnStrategy strategy = equilibrium;
    strategy[fault.betting] = fault.plays;
    EXPECT_EQ(NamesOf(Judge(strategy), LitmusVerdict::kFail), fault.failed)
        << fault.betting << " " << testing::PrintToString(fault.plays);
  }
}

// All play by coins, but the high card folds .2 to a bet after a check and .5 to the first bet. The
// first player has it in 2 of 6 deals and is bet at with 1/2 x 1/2; the second in 2, with 1/2: the
// mean fold is (.5 x .2 + 1 x .5) / 1.5.
TEST_F(LitmusOfKuhn, DecisionsWeighAsTheStrategyComesToThem) {
  Judge({{"", {.5, .5, .5}}, {"c", {.5, .5, .5}}, {"r", {.5, .5, .5}}, {"cr", {.5, .5, .8}}});
  EXPECT_NEAR(tally_.nuts_fold.mean(), (.5 * .2 + 1 * .5) / 1.5, 1e-12);
  EXPECT_EQ(tally_.nuts_fold.half_width(), 0);
  // The low card calls the last bet half of the time, wherever; with the high card the second
  // player checks behind half of the time, and no raise of the menu is left elsewhere.
  EXPECT_NEAR(tally_.nothing_call.mean(), .5, 1e-12);
  EXPECT_NEAR(tally_.nuts_pass.mean(), .5, 1e-12);
}

}  // namespace
}  // namespace nash
