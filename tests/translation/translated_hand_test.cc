#include "solver/translation/translated_hand.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/game/shipped_games.h"

namespace nash {
namespace {

constexpr TranslationOptions kNearest = {TranslationKind::kNearest, 1};
constexpr int kBigBlind = 0;  // acts first from the flop on
constexpr int kDealer = 1;    // small blind; acts first before the flop

// 100 big blinds of 100.
PublicTree TreeWith(const std::vector<std::string>& sizes, int raises_max = 2) {
  return Built(ShippedGame("nolimit_2p_100bb"), MenuOf(sizes, raises_max));
}

int EdgeOf(const PublicTree& tree, NodeIndex node, const std::string& action) {
  const auto labels = tree.LabelsOf(node);
  for (size_t edge = 0; edge < labels.size(); ++edge) {
    if (tree.ActionName(labels[edge]) == action) return static_cast<int>(edge);
  }
  ADD_FAILURE() << "no " << action << " after " << tree.Betting(node);
  return 0;
}

class Table {
 public:
  Table(const PublicTree& tree, int position, TranslationOptions options = kNearest,
        uint64_t number = 0)
      : tree_(tree), hand_(tree, position, options, number) {}

  TranslatedHand& hand() { return hand_; }
  // Where the strategy looks.
  std::string Seen() const { return tree_.Betting(hand_.decision().node); }
  int Edge(const std::string& action) const { return EdgeOf(tree_, hand_.decision().node, action); }
  void Take(const std::string& action) { hand_.Take(Edge(action)); }
  // A call as far as the flop, after the dealer's raise to 300 (a bet of the pot).
  void ToFlop(int position) {
    if (position == kBigBlind) {
      hand_.TakeRaise(300);
      Take("c");
    } else {
      Take("r300");
      hand_.TakeCall();
    }
  }

 private:
  const PublicTree& tree_;
  TranslatedHand hand_;
};

TEST(TranslatedHand, BetsOfTheMenuAreThemselves) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  Table table(tree, kBigBlind);
  table.ToFlop(kBigBlind);
  table.Take("c");
  table.hand().TakeRaise(900);
  EXPECT_EQ(table.Seen(), "r300c/cr900");
  EXPECT_EQ(table.hand().ActionOf(table.Edge("f")), kFoldLabel);
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r2700")), 2700);
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r10000")), 10000);
  table.Take("c");
  EXPECT_EQ(table.Seen(), "r300c/cr900c/");
}

TEST(TranslatedHand, BetsAndAnswersKeepTheirFractionOfThePot) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  Table table(tree, kBigBlind);
  // 150 more into 200: 0.75 of the pot, taken for a check with (0.25 * 1) / (1 * 1.75) = 1/7.
  const BetSizeMapping meaning =
      Table(tree, kBigBlind, {TranslationKind::kPseudoHarmonic, 1}).hand().MeaningOf(250);
  EXPECT_EQ(meaning.low, EdgeOf(tree, 0, "c"));
  EXPECT_EQ(meaning.high, EdgeOf(tree, 0, "r300"));
  EXPECT_NEAR(meaning.low_probability, 1.0 / 7, 1e-12);
  table.hand().TakeRaise(250);
  EXPECT_EQ(table.Seen(), "r300");
  // A pot after calling of 600 in the tree and of 500 at the table.
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r900")), 750);
  table.Take("r900");
  EXPECT_EQ(table.hand().state().max_spent_chips(), 750);
  table.hand().TakeCall();
  EXPECT_EQ(table.Seen(), "r300r900c/");
}

TEST(TranslatedHand, ASmallBetTakenForACheckIsOneWhereTheStreetGoesOn) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  Table table(tree, kDealer);
  table.ToFlop(kDealer);
  table.hand().TakeRaise(400);  // a sixth of the pot
  EXPECT_EQ(table.Seen(), "r300c/c");
  EXPECT_FALSE(table.hand().decision().never_folds);
  EXPECT_EQ(table.hand().ActionOf(table.Edge("c")), kCallLabel);
  // The pot after calling is 600 there, 800 here.
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r900")), 400 + 800);
  table.Take("c");
  EXPECT_EQ(table.hand().state().street(), 2);
  EXPECT_EQ(table.hand().state().pot_chips(), 800);
  EXPECT_TRUE(table.hand().CanTakeRaise());
  table.hand().TakeCall();
  EXPECT_EQ(table.Seen(), "r300c/cc/c");
}

TEST(TranslatedHand, AMinimumRaiseIsTakenByItsSizeAndAnsweredByTheSameShareOfThePot) {
  const PublicTree tree = TreeWith({"0.5pot", "allin"}, 3);
  Table table(tree, kDealer);
  table.Take("r200");
  // 100 more into 400: a quarter of the pot, between a call, which would end the street, and half
  // of it: 200 more. A call with (0.5 - 0.25) / (0.5 * 1.25) = 0.4, so that half is nearer.
  EXPECT_EQ(table.hand().state().MinRaiseTo(), 300);
  Table drawn(tree, kDealer, {TranslationKind::kPseudoHarmonic, 1});
  drawn.Take("r200");
  const BetSizeMapping meaning = drawn.hand().MeaningOf(300);
  EXPECT_EQ(meaning.low, drawn.Edge("c"));
  EXPECT_EQ(meaning.high, drawn.Edge("r400"));
  EXPECT_NEAR(meaning.low_probability, 0.4, 1e-12);
  table.hand().TakeRaise(300);
  EXPECT_EQ(table.Seen(), "r200r400");
  // Half of 800 more there, half of 600 more here, of which 100 would do.
  EXPECT_EQ(table.hand().state().MinRaiseTo(), 400);
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r800")), 600);
  table.Take("c");
  EXPECT_EQ(table.hand().state().pot_chips(), 600);
}

TEST(TranslatedHand, ASmallBetThatWouldEndTheStreetIsAnsweredButNotFoldedTo) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  for (const bool raises : {false, true}) {
    Table table(tree, kBigBlind);
    table.ToFlop(kBigBlind);
    table.Take("c");
    table.hand().TakeRaise(400);
    EXPECT_EQ(table.Seen(), "r300c/cr900");
    EXPECT_TRUE(table.hand().decision().never_folds);
    EXPECT_EQ(table.hand().ActionOf(table.Edge("f")), kCallLabel);
    std::vector<double> probabilities = {0.5, 0.25, 0.125, 0.125};
    table.hand().decision().Adjust(absl::MakeSpan(probabilities));
    EXPECT_EQ(probabilities, (std::vector<double>{0, 0.75, 0.125, 0.125}));
    if (raises) {  // pots after calling: 1800 there, 800 here
      table.Take("r2700");
      EXPECT_EQ(table.hand().state().max_spent_chips(), 400 + 800);
      EXPECT_FALSE(table.hand().is_strategys_turn());
    } else {
      table.Take("f");
      EXPECT_EQ(table.hand().state().street(), 2);
      EXPECT_EQ(table.Seen(), "r300c/cc/");
    }
  }
}

TEST(TranslatedHand, TheHandGoesOnAfterABetThatWasTakenForAnAllIn) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  Table table(tree, kBigBlind);
  table.ToFlop(kBigBlind);
  table.Take("c");
  table.hand().TakeRaise(5000);  // 7.8 pots, of 16.2: the all-in with 0.86
  EXPECT_EQ(table.Seen(), "r300c/cr10000");
  table.Take("c");
  EXPECT_EQ(table.Seen(), "r300c/cr900c/");
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r2700")), 10000) << "more than there is";

  // Where there is no smaller bet, it goes on as after a call.
  const PublicTree jam = TreeWith({"allin"});
  Table other(jam, kBigBlind);
  other.hand().TakeRaise(5000);
  EXPECT_EQ(other.Seen(), "r10000");
  other.Take("c");
  EXPECT_EQ(other.Seen(), "cc/");
}

TEST(TranslatedHand, AnAllInAboveTheMenuIsItsLargestBetAndCannotBeRaised) {
  const PublicTree tree = TreeWith({"pot"});
  Table table(tree, kBigBlind);
  table.hand().TakeRaise(10000);
  EXPECT_EQ(table.Seen(), "r300");
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r900")), kCallLabel);
  table.Take("r900");
  EXPECT_TRUE(table.hand().state().is_over());
}

TEST(TranslatedHand, ARaiseWhereTheMenuHasNoneIsCalled) {
  const PublicTree tree = TreeWith({"pot"}, 1);
  Table table(tree, kDealer);
  table.Take("r300");
  EXPECT_FALSE(table.hand().CanTakeRaise());
  table.hand().TakeRaise(900);
  EXPECT_TRUE(table.hand().decision().always_calls);
  EXPECT_EQ(table.hand().ActionOf(0), kCallLabel);
  table.hand().Take(0);
  table.hand().TakeCall();
  EXPECT_EQ(table.Seen(), "r300c/c");
  EXPECT_FALSE(table.hand().decision().always_calls);
}

// 4 standard errors of 20,000 draws: 0.01.
TEST(TranslatedHand, DrawsAreAFunctionOfSeedAndHandAndAsFrequentAsTheyShouldBe) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  constexpr int kHands = 20000;
  int num_checks = 0;
  int num_differences = 0;
  for (int number = 0; number < kHands; ++number) {
    const auto is_check = [&](uint64_t seed) {
      Table table(tree, kDealer, {TranslationKind::kPseudoHarmonic, seed},
                  static_cast<uint64_t>(number) << 20);
      table.ToFlop(kDealer);
      table.hand().TakeRaise(600);  // half the pot: a check with 1/3
      return table.Seen() == "r300c/c";
    };
    const bool first = is_check(1);
    ASSERT_EQ(is_check(1), first);
    num_checks += first;
    num_differences += is_check(2) != first;
  }
  EXPECT_NEAR(num_checks / double{kHands}, 1.0 / 3, 0.0134);
  EXPECT_NEAR(num_differences / double{kHands}, 4.0 / 9, 0.0141);  // 2 * 1/3 * 2/3
}

// 100 big blinds in the tree; blinds and stacks at the table as given, the big blind's first.
GameDefinition Played(std::array<int32_t, 2> blinds, std::array<int32_t, 2> stacks) {
  GameDefinition game = ShippedGame("nolimit_2p_100bb");
  std::copy(blinds.begin(), blinds.end(), game.blind_chips.begin());
  std::copy(stacks.begin(), stacks.end(), game.stack_chips.begin());
  return game;
}

std::string Seen(const PublicTree& tree, const TranslatedHand& hand) {
  return tree.Betting(hand.decision().node);
}

TEST(TranslatedHand, AtTwiceTheStakesEverythingIsTwiceAsMuch) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  const GameDefinition game = Played({200, 100}, {20000, 20000});
  TranslatedHand hand(tree, game, kBigBlind, {TranslationKind::kPseudoHarmonic, 1}, 0);
  hand.TakeAction(600);
  EXPECT_EQ(Seen(tree, hand), "r300");
  EXPECT_EQ(hand.ActionOf(EdgeOf(tree, hand.decision().node, "r900")), 1800);
  EXPECT_EQ(hand.ActionOf(EdgeOf(tree, hand.decision().node, "r10000")), 20000);
  hand.TakeAction(kCallLabel);
  EXPECT_EQ(Seen(tree, hand), "r300c/");
}

TEST(TranslatedHand, AShorterStackIsAllInEarlierThanTheTreeThinks) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  const GameDefinition game = Played({100, 50}, {5000, 5000});
  // All-in for 5000: (5000 - 100) / 200 = 24.5 pots, between 1 and 49.5: the pot with
  // (49.5 - 24.5) * 2 / (48.5 * 25.5) = 0.04.
  TranslatedHand answers(tree, game, kBigBlind, kNearest, 0);
  const BetSizeMapping meaning =
      TranslatedHand(tree, game, kBigBlind, {TranslationKind::kPseudoHarmonic, 1}, 0)
          .MeaningOf(5000);
  EXPECT_NEAR(meaning.low_probability, 50 / 1236.75, 1e-12);
  answers.TakeAction(5000);
  EXPECT_EQ(Seen(tree, answers), "r10000");
  answers.TakeAction(kCallLabel);
  EXPECT_TRUE(answers.state().is_over());

  TranslatedHand bets(tree, game, kDealer, kNearest, 0);
  EXPECT_EQ(bets.ActionOf(EdgeOf(tree, 0, "r300")), 300);
  EXPECT_EQ(bets.ActionOf(EdgeOf(tree, 0, "r10000")), 5000);
  bets.TakeAction(5000);
  EXPECT_FALSE(bets.is_strategys_turn());
  bets.TakeAction(kCallLabel);
  EXPECT_TRUE(bets.state().is_over());
}

TEST(TranslatedHand, OnlyWhatTheShorterStackCanCallIsBet) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  const GameDefinition game = Played({100, 50}, {2000, 10000});
  TranslatedHand hand(tree, game, kDealer, kNearest, 0);
  EXPECT_EQ(hand.ActionOf(EdgeOf(tree, 0, "r10000")), 2000);
}

TEST(TranslatedHand, AnAllInBelowTheMenuIsNotFoldedToWhereItIsTakenForNothing) {
  const PublicTree tree = TreeWith({"pot", "allin"});
  // 50 chips are left after the raise to 300: a twelfth of the pot, taken for a check.
  const GameDefinition game = Played({100, 50}, {10000, 350});
  TranslatedHand ends(tree, game, kBigBlind, kNearest, 0);
  for (const ActionLabel action : {300, kCallLabel, kCallLabel, 350}) ends.TakeAction(action);
  EXPECT_EQ(Seen(tree, ends), "r300c/cr900");
  EXPECT_TRUE(ends.decision().never_folds);
  EXPECT_EQ(ends.ActionOf(EdgeOf(tree, ends.decision().node, "f")), kCallLabel);
  EXPECT_EQ(ends.ActionOf(EdgeOf(tree, ends.decision().node, "r2700")), kCallLabel);

  const GameDefinition other = Played({100, 50}, {350, 10000});
  TranslatedHand goes_on(tree, other, kDealer, kNearest, 0);
  for (const ActionLabel action : {300, kCallLabel, 350}) goes_on.TakeAction(action);
  EXPECT_EQ(Seen(tree, goes_on), "r300c/c");
  EXPECT_EQ(goes_on.ActionOf(EdgeOf(tree, goes_on.decision().node, "r900")), kCallLabel);
  goes_on.Take(EdgeOf(tree, goes_on.decision().node, "r900"));
  EXPECT_TRUE(goes_on.state().is_over());
}

TEST(TranslatedHand, AnOverbetIsTheLargestBetOfTheMenuAndTheHandGoesOnAfterIt) {
  const PublicTree tree = TreeWith({"pot"});
  Table table(tree, kBigBlind);
  table.ToFlop(kBigBlind);
  table.Take("c");
  table.hand().TakeRaise(3300);  // five pots
  EXPECT_EQ(table.Seen(), "r300c/cr900");
  // A raise by the pot: 1800 there, 6600 here.
  EXPECT_EQ(table.hand().ActionOf(table.Edge("r2700")), 9900);
  table.Take("c");
  EXPECT_EQ(table.Seen(), "r300c/cr900c/");
  EXPECT_EQ(table.hand().state().pot_chips(), 6600);
}

// A small blind of a quarter: the pot after calling is two big blinds all the same.
TEST(TranslatedHand, BlindsThatAreNoHalvesAreInThePotAsTheyAre) {
  const PublicTree tree = Built(Played({100, 25}, {10000, 10000}), MenuOf({"pot", "allin"}, 2));
  TranslatedHand calls(tree, kBigBlind, kNearest, 0);
  calls.TakeAction(kCallLabel);
  EXPECT_EQ(Seen(tree, calls), "c");
  TranslatedHand raises(tree, kBigBlind, {TranslationKind::kPseudoHarmonic, 1}, 0);
  // The least raise, to 200: half the pot of 200; a call with (1 - 1/2) / (1 * 3/2) = 1/3.
  EXPECT_NEAR(raises.MeaningOf(200).low_probability, 1.0 / 3, 1e-12);
}

TEST(TranslatedHand, AHandThatIsToldOfIsTheOneThatWasPlayed) {
  const PublicTree tree = TreeWith({"0.5pot", "pot", "allin"});
  std::mt19937 random(3);
  for (int number = 0; number < 5000; ++number) {
    const int position = number % 2;
    const TranslationOptions options = {TranslationKind::kPseudoHarmonic, 9};
    TranslatedHand played(tree, position, options, number);
    TranslatedHand told(tree, position, options, number);
    while (!played.state().is_over()) {
      ActionLabel action = kCallLabel;
      if (played.is_strategys_turn()) {
        const TranslatedDecision decision = played.decision();
        ASSERT_EQ(decision.always_calls, told.decision().always_calls);
        int edge = 0;
        if (!decision.always_calls) {
          ASSERT_EQ(decision.node, told.decision().node) << "hand " << number;
          edge = random() % tree.nodes()[decision.node].num_actions;
          action = played.ActionOf(edge);
          // Of edges that are one action here, the told hand takes the first.
          while (edge > 0 && played.ActionOf(edge - 1) == action) --edge;
        }
        played.Take(edge);
      } else {
        if (played.state().CanRaise() && random() % 2 == 0) {
          const int least = played.state().MinRaiseTo();
          action = std::min<int>(least + random() % (2 * least), played.state().MaxRaiseTo());
          played.TakeRaise(action);
        } else {
          played.TakeCall();
        }
      }
      told.TakeAction(action);
    }
    ASSERT_TRUE(told.state().is_over());
  }
}

// In a hand that another program has played in the strategy's seat.
TEST(TranslatedHand, AnOwnRaiseThatIsNoneOfTheMenusIsTakenForTheNearest) {
  const PublicTree tree = TreeWith({"pot", "allin"}, 1);
  TranslatedHand hand(tree, kDealer, kNearest, 0);
  hand.TakeAction(260);
  hand.TakeAction(kCallLabel);
  hand.TakeAction(kCallLabel);
  EXPECT_EQ(Seen(tree, hand), "r300c/c");
  // After the menu's only raise it has none: another is off the tree.
  hand.TakeAction(500);
  hand.TakeAction(1500);
  EXPECT_TRUE(hand.is_strategys_turn());
  hand.TakeAction(3000);
  hand.TakeAction(kCallLabel);
  hand.TakeAction(kCallLabel);
  EXPECT_TRUE(hand.decision().always_calls);
}

// Whatever is bet, the two hands keep to one street and one player, and actions are legal.
TEST(TranslatedHand, RandomHandsNeverComeApart) {
  std::mt19937 random(20);
  const auto below = [&](int n) { return static_cast<int>(random() % n); };
  const std::vector<PublicTree> trees = {TreeWith({"pot", "allin"}), TreeWith({"0.5pot"}, 1),
                                         TreeWith({"allin"}), TreeWith({"0.33pot", "2pot"}),
                                         Built(ShippedGame("limit_2p"), {})};
  int num_translated = 0;
  for (int number = 0; number < 20000; ++number) {
    const PublicTree& tree = trees[below(trees.size())];
    // Of every second hand the stacks are other ones.
    GameDefinition game = tree.game();
    for (int p = 0; p < 2 && number % 2 == 1; ++p) game.stack_chips[p] = 150 + below(20000);
    TranslatedHand hand(tree, game, below(2), {TranslationKind::kPseudoHarmonic, 5}, number);
    while (!hand.state().is_over()) {
      const BettingState& state = hand.state();
      if (hand.is_strategys_turn()) {
        const TranslatedDecision decision = hand.decision();
        if (decision.always_calls) {
          hand.Take(0);
          continue;
        }
        const PublicNode& node = tree.nodes()[decision.node];
        ASSERT_EQ(node.street, state.street()) << "hand " << number;
        ASSERT_EQ(node.player, state.player()) << "hand " << number;
        const int edge = below(node.num_actions);
        const ActionLabel action = hand.ActionOf(edge);
        if (action > 0) {
          ASSERT_GE(action, state.MinRaiseTo());
          ASSERT_LE(action, state.MaxRaiseTo());
        } else if (action == kFoldLabel) {
          ASSERT_TRUE(state.CanFold());
        }
        num_translated += action > 0 && action != tree.LabelsOf(decision.node)[edge];
        hand.Take(edge);
        continue;
      }
      const int choice = below(10);
      if (choice == 0 && state.CanFold()) {
        hand.TakeFold();
      } else if (choice < 6 && state.CanRaise()) {
        const int least = state.MinRaiseTo();
        const int most = choice < 5 ? std::min(3 * least, state.MaxRaiseTo()) : state.MaxRaiseTo();
        hand.TakeRaise(least + below(most - least + 1));
      } else {
        hand.TakeCall();
      }
    }
  }
  EXPECT_GT(num_translated, 2000);
}

}  // namespace
}  // namespace nash
