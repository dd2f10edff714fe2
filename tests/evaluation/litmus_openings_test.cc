// Opening strategies of a full deck, written by hand: of each game one that passes, and for each
// check one that breaks it and no other.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "solver/cards/preflop_class.h"
#include "solver/evaluation/abstraction_hands.h"
#include "tests/evaluation/litmus_verdicts.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

class PreflopClasses : public UnbucketedHands {
 public:
  PreflopClasses() : UnbucketedHands(Ranking::kStandard) {}
  uint32_t NumBuckets(int) const override { return kPreflopClasses; }
  uint32_t Bucket(int street, absl::Span<const Card> hole, absl::Span<const Card>) const override {
    return street == 0 ? PreflopClassOf(hole[0], hole[1]) : 0;
  }
};

// By class: the share of all hands that are better by a simple count, suited above offsuit.
std::vector<double> BetterShares() {
  std::vector<double> scores;
  for (int c = 0; c < kPreflopClasses; ++c) {
    const auto [a, b] = PreflopClassCards(c);
    const double pair = RankOf(a) == RankOf(b) ? 20 : 0;
    const double suited = SuitOf(a) == SuitOf(b) ? 3 : 0;
    scores.push_back(RankOf(a) * 2 + RankOf(b) + pair + suited + c * 1e-6);
  }
  std::vector<double> shares;
  for (int c = 0; c < kPreflopClasses; ++c) {
    double better = 0;
    for (int o = 0; o < kPreflopClasses; ++o) {
      if (scores[o] > scores[c]) better += PreflopClassHands(o) / 1326.0;
    }
    shares.push_back(better);
  }
  return shares;
}

struct Opening {
  std::map<int, double> plays;  // by player who opens: the share of best hands that it raises
  double defends = 0.4;         // the share that calls a raise
  bool folds_suited = false;    // the first seat: suited hands whose offsuit twins play
  bool plays_trash = false;     // the first seat: half of 72o
  double limps = 0;             // heads-up: the share of what is played
  double caps = 0;
};

class OpeningPolicy : public Policy {
 public:
  OpeningPolicy(const PublicTree& tree, const Opening& opening)
      : tree_(tree), opening_(opening), better_(BetterShares()) {}

  void Probabilities(NodeIndex node, uint32_t hand, absl::Span<double> out) const override {
    std::fill(out.begin(), out.end(), 0.0);
    const absl::Span<const ActionLabel> labels = tree_.LabelsOf(node);
    const std::string betting = tree_.Betting(node);
    const size_t call = labels[0] == kFoldLabel;
    if (tree_.nodes()[node].street > 0 || call == 0) {
      out[call] = 1;
      return;
    }
    const bool opens = betting.find_first_not_of('f') == std::string::npos;
    if (!opens) {
      const bool can_cap = betting == "rr" && out.size() > 2;
      if (can_cap && better_[hand] >= opening_.plays.at(1)) {
        out[2] = 1;  // of hands that never come here
        return;
      }
      out[0] = better_[hand] >= opening_.defends;
      out[can_cap ? 2 : call] += (1 - out[0]) * (can_cap ? opening_.caps : 1);
      if (can_cap) out[call] += (1 - out[0]) * (1 - opening_.caps);
      return;
    }
    double plays = better_[hand] < opening_.plays.at(tree_.nodes()[node].player);
    if (node == 0 && opening_.folds_suited && IsSuited(hand) && better_[TwinOf(hand)] < kTwins) {
      plays = 0;
    }
    if (node == 0 && opening_.plays_trash && PreflopClassName(hand) == "72o") plays = 0.5;
    out[0] = 1 - plays;
    out[call] += plays * opening_.limps;
    out.back() += plays * (1 - opening_.limps);
  }

 private:
  static constexpr double kTwins = 0.18;
  static bool IsSuited(int hand) {
    const GridPosition at = PreflopGridPosition(hand);
    return at.column > at.row;
  }
  static int TwinOf(int hand) {
    const GridPosition at = PreflopGridPosition(hand);
    return PreflopClassAt({.row = at.column, .column = at.row});
  }

  const PublicTree& tree_;
  const Opening opening_;
  const std::vector<double> better_;
};

// One raise before the flop, of the pot; no bets later.
ActionMenu PreflopMenu(int raises) {
  ActionMenu menu = MenuOf({"pot"}, 0);
  menu.streets[0].raises_max = raises;
  return menu;
}

Names FailedOf(const PublicTree& tree, const Opening& opening, const Names& judged) {
  const OpeningPolicy policy(tree, opening);
  const auto checks = JudgeLitmus(tree, PreflopClasses(), policy, LitmusTally());
  for (const std::string& name : judged) {
    EXPECT_NE(Find(checks, name).verdict, LitmusVerdict::kSkipped)
        << name << ": " << Find(checks, name).reason;
  }
  EXPECT_EQ(NamesOf(checks, LitmusVerdict::kSkipped).size(), checks.size() - judged.size());
  return NamesOf(checks, LitmusVerdict::kFail);
}

TEST(LitmusOfOpenings, EachFaultOfSixPlayersFailsItsCheckAndNoOther) {
  const PublicTree tree = Built(ShippedGame("nolimit_6p_100bb"), PreflopMenu(1));
  const Names judged = {"suited_folded_more", "free_steal",         "widening_by_seat",
                        "widening_to_button", "trash_folded_first", "first_of_six_plays",
                        "button_of_six_plays"};
  // Seats 2 to 5 have no blind, and 5 is the button.
  const std::map<int, double> sane = {{2, .17}, {3, .21}, {4, .27}, {5, .45}, {0, .45}, {1, .5}};
  const auto with = [&](std::map<int, double> changed) {
    for (const auto& [player, share] : sane) changed.insert({player, share});
    return changed;
  };
  EXPECT_EQ(FailedOf(tree, {.plays = sane}, judged), Names());
  EXPECT_EQ(FailedOf(tree, {.plays = sane, .defends = 0.05}, judged), Names({"free_steal"}));
  EXPECT_EQ(FailedOf(tree, {.plays = sane, .folds_suited = true}, judged),
            Names({"suited_folded_more"}));
  EXPECT_EQ(FailedOf(tree, {.plays = sane, .plays_trash = true}, judged),
            Names({"trash_folded_first"}));
  EXPECT_EQ(FailedOf(tree, {.plays = with({{3, .13}})}, judged), Names({"widening_by_seat"}));
  EXPECT_EQ(FailedOf(tree, {.plays = with({{2, .05}})}, judged), Names({"first_of_six_plays"}));
  EXPECT_EQ(FailedOf(tree, {.plays = with({{5, .29}})}, judged), Names({"button_of_six_plays"}));
}

// Of four players charts say nothing, so that a button as tight as the seat before fails one check.
TEST(LitmusOfOpenings, AButtonThatOpensNoWiderFails) {
  GameDefinition game = ShippedGame("nolimit_6p_100bb");
  game.num_players = 4;
  const PublicTree tree = Built(game, PreflopMenu(1));
  const Names judged = {"suited_folded_more", "free_steal", "widening_by_seat",
                        "widening_to_button", "trash_folded_first"};
  EXPECT_EQ(FailedOf(tree, {.plays = {{2, .27}, {3, .45}, {0, .45}, {1, .5}}}, judged), Names());
  EXPECT_EQ(FailedOf(tree, {.plays = {{2, .27}, {3, .28}, {0, .45}, {1, .5}}}, judged),
            Names({"widening_to_button"}));
}

TEST(LitmusOfOpenings, HeadsUpButtonsAreJudgedByTheirGame) {
  const PublicTree no_limit = Built(ShippedGame("nolimit_2p_100bb"), PreflopMenu(1));
  const Names judged = {"suited_folded_more", "free_steal", "heads_up_button_plays"};
  EXPECT_EQ(FailedOf(no_limit, {.plays = {{1, .8}, {0, 1}}, .defends = .6}, judged), Names());
  EXPECT_EQ(FailedOf(no_limit, {.plays = {{1, .5}, {0, 1}}, .defends = .6}, judged),
            Names({"heads_up_button_plays"}));

  const PublicTree limit = Built(ShippedGame("limit_2p"), ActionMenu());
  const Names of_limit = {"suited_folded_more", "free_steal", "limit_button_limps",
                          "limit_button_caps"};
  const std::map<int, double> plays = {{1, .8}, {0, 1}};
  EXPECT_EQ(FailedOf(limit, {.plays = plays, .defends = .6}, of_limit), Names());
  EXPECT_EQ(FailedOf(limit, {.plays = plays, .defends = .6, .limps = .2}, of_limit),
            Names({"limit_button_limps"}));
  EXPECT_EQ(FailedOf(limit, {.plays = plays, .defends = .6, .caps = .2}, of_limit),
            Names({"limit_button_caps"}));
}

}  // namespace
}  // namespace nash
