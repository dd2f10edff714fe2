#include "solver/evaluation/run_out_equity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "solver/cards/small_hand_rank.h"
#include "solver/evaluation/abstraction_hands.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

std::vector<Card> Cards(const std::string& names) { return *ParseCards(names); }

// Hold'em with 24 cards: 8 to 13 of 6 ranks.
GameDefinition ShortGame() {
  GameDefinition game = ShippedGame("nolimit_2p");
  game.num_ranks = 6;
  return game;
}

// Equity of `hole` against `other` by all boards, one by one.
double SlowEquity(const std::vector<Card>& deck, const std::vector<Card>& hole,
                  const std::vector<Card>& other, std::vector<Card> board) {
  if (board.size() < 5) {
    double sum = 0;
    int n = 0;
    for (Card card : deck) {
      const auto holds = [card](const std::vector<Card>& cards) {
        return std::find(cards.begin(), cards.end(), card) != cards.end();
      };
      if (holds(hole) || holds(other) || holds(board)) continue;
      std::vector<Card> next = board;
      next.push_back(card);
      sum += SlowEquity(deck, hole, other, next);
      ++n;
    }
    return sum / n;
  }
  const auto rank = [&board](std::vector<Card> cards) {
    cards.insert(cards.end(), board.begin(), board.end());
    return RankSmallHand(cards);
  };
  const int own = rank(hole);
  const int theirs = rank(other);
  return own > theirs ? 1 : own == theirs ? 0.5 : 0;
}

void ExpectSlowEquities(const GameDefinition& game, int street, const std::vector<Card>& board,
                        const std::vector<Card>& hole) {
  const UnbucketedHands cards(Ranking::kStandard);
  const RunOutEquity equity(game, cards, 1);
  ASSERT_TRUE(equity.IsExact(street));
  const std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
  BoardHands hands(deck, 2);
  CardSet dead = 0;
  for (Card card : board) dead |= SetOf(card);
  for (Card card : hole) dead |= SetOf(card);
  hands.Set(dead);
  std::vector<float> equities(hands.size());
  RunOutEquity::Workspace workspace(game);
  equity.Find(street, board, hole, hands, absl::MakeSpan(equities), &workspace);
  for (int i = 0; i < hands.size(); i += 7) {
    const std::vector<Card> other = {hands.low()[i], hands.high()[i]};
    EXPECT_NEAR(equities[i], SlowEquity(deck, hole, other, board), 1e-6)
        << CardNames(hole) << " against " << CardNames(other) << " on " << CardNames(board);
  }
}

TEST(RunOutEquity, IsTheShareOfBoardsThatAreWon) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  ExpectSlowEquities(game, 3, Cards("2c7dJhQhKs"), Cards("9hTh"));
  ExpectSlowEquities(game, 2, Cards("2c7dJhQh"), Cards("9hTh"));
  ExpectSlowEquities(ShortGame(), 1, Cards("9cJdAh"), Cards("9hTh"));
}

// Published odds before the flop: kings win 17.1% and split 0.5% of boards against aces that share
// no suit; AKs against queens of other suits has 46.0%; 3% are nearly four standard errors of 4,000
// boards.
TEST(RunOutEquity, DrawnBoardsGiveTheKnownOddsBeforeTheFlopWhateverTheSuits) {
  GameDefinition game = ShippedGame("nolimit_2p");
  const UnbucketedHands cards(Ranking::kStandard);
  RunOutEquity equity(game, cards, 1);
  EXPECT_FALSE(equity.IsExact(0));
  struct Odds {
    std::string hole;
    std::string other;
    double equity;
  };
  const std::vector<Odds> all = {{"KcKd", "AhAs", 0.174},
                                 {"AhKh", "QcQd", 0.460},
                                 {"AsKs", "QcQd", 0.460},
                                 {"2c7d", "2h7s", 0.5}};
  for (const Odds& odds : all) {
    SCOPED_TRACE(odds.hole);
    const std::vector<Card> hole = [&] {
      std::vector<Card> sorted = Cards(odds.hole);
      std::sort(sorted.begin(), sorted.end());
      return sorted;
    }();
    std::vector<Card> other = Cards(odds.other);
    std::sort(other.begin(), other.end());
    BoardHands hands(MakeDeck(13, 4), 2);
    hands.Set(SetOf(hole[0]) | SetOf(hole[1]));
    std::vector<float> equities(hands.size());
    RunOutEquity::Workspace workspace(game);
    equity.Find(0, {}, hole, hands, absl::MakeSpan(equities), &workspace);
    // Some 3,200 of the 4,000 boards leave the other hand: 0.03 is 3.4 standard deviations.
    EXPECT_NEAR(equities[hands.PositionOf(HandNumber(other[0], other[1]))], odds.equity, 0.03);
  }
}

// A smaller deck, so that all hands are prepared in no time. What is prepared for a hand is what is
// counted for the hand with other names of suits: diamonds and spades of the one are clubs and
// diamonds of the other.
TEST(RunOutEquity, WhatIsPreparedIsWhatIsCountedForTheSameHandInOtherSuits) {
  GameDefinition game = ShippedGame("nolimit_2p");
  game.num_ranks = 4;
  game.num_streets = 2;
  game.num_board_cards = {0, 5, 0, 0};
  const UnbucketedHands cards(Ranking::kStandard);
  RunOutEquity counted(game, cards, 3);
  RunOutEquity prepared(game, cards, 3);
  ASSERT_FALSE(counted.IsExact(0));
  ThreadPool pool(2);
  prepared.Prepare(&pool);
  constexpr int kSuitNames[] = {2, 0, 3, 1};
  const auto renamed = [&](Card card) { return MakeCard(RankOf(card), kSuitNames[SuitOf(card)]); };
  RunOutEquity::Workspace workspace(game);
  const auto find = [&](const RunOutEquity& equity, const std::vector<Card>& hole,
                        const BoardHands& hands) {
    std::vector<float> equities(hands.size());
    equity.Find(0, {}, hole, hands, absl::MakeSpan(equities), &workspace);
    return equities;
  };
  const std::vector<Card> hole = {MakeCard(10, 1), MakeCard(12, 3)};
  const std::vector<Card> other_hole = {renamed(hole[0]), renamed(hole[1])};
  BoardHands hands(MakeDeck(4, 4), 2);
  BoardHands other_hands = hands;
  hands.Set(SetOf(hole[0]) | SetOf(hole[1]));
  other_hands.Set(SetOf(other_hole[0]) | SetOf(other_hole[1]));
  const std::vector<float> of_table = find(prepared, hole, hands);
  const std::vector<float> of_count = find(counted, other_hole, other_hands);
  for (int i = 0; i < hands.size(); ++i) {
    const Card a = renamed(hands.low()[i]);
    const Card b = renamed(hands.high()[i]);
    const int number = HandNumber(std::min(a, b), std::max(a, b));
    EXPECT_EQ(of_table[i], of_count[other_hands.PositionOf(number)]);
  }
}

}  // namespace
}  // namespace nash
