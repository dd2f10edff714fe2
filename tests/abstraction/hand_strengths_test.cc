#include "solver/abstraction/hand_strengths.h"

#include <gtest/gtest.h>

#include "solver/abstraction/run_outs.h"
#include "solver/abstraction/showdown_sweep.h"
#include "solver/game/street_names.h"
#include "tests/abstraction/slow_strength.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

CardSet SetOfCards(const std::vector<Card>& cards) {
  CardSet set = 0;
  for (Card card : cards) set |= SetOf(card);
  return set;
}

HandStrengths Build(const GameDefinition& game, int first_street, int threads) {
  absl::StatusOr<HandStrengths> strengths =
      HandStrengths::Build(game, first_street, StrengthMoment::kMean, {.threads = threads});
  EXPECT_TRUE(strengths.ok()) << strengths.status();
  return *std::move(strengths);
}

// The value of a hand, by way of its canonical board.
uint64_t ValueOf(const HandStrengths& strengths, int street, const std::vector<Card>& hole,
                 const std::vector<Card>& board) {
  const CardSet set = SetOfCards(board);
  const SuitRenaming renaming = CanonicalRenaming(set, {});
  const BoardSet& boards = strengths.boards(street);
  return strengths.Value(street, boards.Find(Rename(set, renaming)),
                         PairIndex(renaming(hole[0]), renaming(hole[1])));
}

struct Hand {
  const char* hole;
  const char* board;
};

// Run-outs to the river, over boards ranked on demand.
TEST(RunOuts, FlopAndTurnHandsEqualTheSlowEnumerator) {
  const std::vector<Card> deck = MakeDeck(13, 4);
  ShowdownSweep sweep({});
  std::vector<uint16_t> river(kPairs);
  const RunOuts run_outs({});
  for (const Hand& hand :
       {Hand{"AhKh", "Qh7h2c"}, Hand{"7c2d", "AsKsQs"}, Hand{"5s5d", "5c9h9s"},
        Hand{"8d7d", "9c6sKh2d"}, Hand{"AcAd", "AhKh5h4h"}, Hand{"3c2c", "JhJsJdJc"}}) {
    const std::vector<Card> hole = *ParseCards(hand.hole);
    const std::vector<Card> board = *ParseCards(hand.board);
    std::vector<uint64_t> row(kPairs);
    run_outs.Visit(SetOfCards(board), 5 - static_cast<int>(board.size()), [&](const RunOut& out) {
      sweep.Run(out.canonical, absl::MakeSpan(river));
      out.AddValues(river.data(), row.data());
    });
    EXPECT_EQ(row[PairIndex(hole[0], hole[1])], SlowStrength(hole, board, 5, deck))
        << hand.hole << " on " << hand.board;
  }
}

// The squares of a hand's values on the turn, added up.
TEST(HandStrengths, SquaresEqualTheSlowEnumerator) {
  absl::StatusOr<HandStrengths> strengths =
      HandStrengths::Build(TurnGame(), 0, StrengthMoment::kSquare, {.threads = 2});
  ASSERT_TRUE(strengths.ok()) << strengths.status();
  const std::vector<Card> deck = MakeDeck(13, 4);
  for (const Hand& hand :
       {Hand{"AhKh", "Qh7h2c"}, Hand{"7c2d", "AsKsQs"}, Hand{"Ts9s", "Tc9d2h"}}) {
    const std::vector<Card> hole = *ParseCards(hand.hole);
    const std::vector<Card> flop = *ParseCards(hand.board);
    uint64_t squares = 0;
    for (Card card : deck) {
      if ((SetOf(card) & (SetOfCards(hole) | SetOfCards(flop))) != 0) continue;
      std::vector<Card> board = flop;
      board.push_back(card);
      const uint64_t value = SlowStrength(hole, board, 4, deck);
      squares += value * value;
    }
    EXPECT_EQ(ValueOf(*strengths, 1, hole, flop), squares) << hand.hole << " on " << hand.board;
  }
  EXPECT_EQ(strengths->ValueMax(1), uint64_t{2070} * 2070 * 47);  // C(46, 2) = 1035 opponents
  EXPECT_EQ(strengths->ValueMax(0), uint64_t{2070} * 2070 * 47 * 19600);  // C(50, 3) flops
  // On the last street either moment has the plain values.
  const std::vector<Card> hole = *ParseCards("8d7d");
  const std::vector<Card> board = *ParseCards("9c6sKh2d");
  EXPECT_EQ(ValueOf(*strengths, 2, hole, board), SlowStrength(hole, board, 4, deck));
}

TEST(HandStrengths, AGameThatEndsOnTheTurnEqualsTheSlowEnumeratorOnEveryStreet) {
  const HandStrengths strengths = Build(TurnGame(), 1, 2);
  const std::vector<Card> deck = MakeDeck(13, 4);
  for (const Hand& hand : {Hand{"AhKh", "Qh7h2c"}, Hand{"7c2d", "AsKsQs"}, Hand{"Ts9s", "Tc9d2h"},
                           Hand{"8d7d", "9c6sKh2d"}, Hand{"Js4c", "4d4h4sKc"}}) {
    const std::vector<Card> hole = *ParseCards(hand.hole);
    const std::vector<Card> board = *ParseCards(hand.board);
    const int street = static_cast<int>(board.size()) - 2;
    EXPECT_EQ(ValueOf(strengths, street, hole, board), SlowStrength(hole, board, 4, deck))
        << hand.hole << " on " << hand.board;
  }
  EXPECT_EQ(strengths.ValueMax(2), 2u * 46 * 45 / 2);       // C(46, 2) opponents
  EXPECT_EQ(strengths.ValueMax(1), 2u * 46 * 45 / 2 * 47);  // on each of 47 turns
}

TEST(HandStrengths, TheNumberOfThreadsChangesNoValue) {
  const HandStrengths one = Build(FlopGame(), 0, 1);
  const HandStrengths three = Build(FlopGame(), 0, 3);
  for (int street = 0; street < 2; ++street) {
    for (uint32_t board = 0; board < one.boards(street).size(); ++board) {
      for (int pair = 0; pair < kPairs; ++pair) {
        ASSERT_EQ(one.Value(street, board, pair), three.Value(street, board, pair));
      }
    }
  }
}

// All of hold'em, preflop to river: some seconds.
TEST(HandStrengths, HoldemHasTheKnownEquitiesAndSharesEveryPot) {
  const HandStrengths strengths = Build(RiverGame(), 0, 2);
  struct Known {
    const char* hole;
    double equity;  // against a random hand, as published in many tables
  };
  for (const Known& known : {Known{"AhAd", 0.8520}, Known{"KcKs", 0.8240}, Known{"AsKs", 0.6704},
                             Known{"AsKd", 0.6532}, Known{"7h2c", 0.3458}, Known{"3d2c", 0.3230}}) {
    const double value = ValueOf(strengths, 0, *ParseCards(known.hole), {});
    EXPECT_NEAR(value / strengths.ValueMax(0), known.equity, 0.00005) << known.hole;
  }
  for (int street = 0; street < 4; ++street) {
    // Strengths of all deals average to exactly one half: what one wins another loses.
    unsigned __int128 sum = 0;
    unsigned __int128 deals = 0;
    LivePairs pairs;
    const BoardSet& boards = strengths.boards(street);
    for (uint32_t i = 0; i < boards.size(); ++i) {
      pairs.Find(strengths.deck(), boards.board(i));
      const uint64_t weight = boards.Multiplicity(i);
      deals += weight * pairs.size();
      for (int k = 0; k < pairs.size(); ++k) {
        sum += weight * strengths.Value(street, i, PairIndex(pairs.low[k], pairs.high[k]));
      }
    }
    EXPECT_TRUE(2 * sum == deals * strengths.ValueMax(street)) << kStreetNames[street];
  }
}

}  // namespace
}  // namespace nash
