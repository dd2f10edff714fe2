#include "solver/ranges/board_cycle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "solver/ranges/suit_boards.h"

namespace nash {
namespace {

// Eight cards, three on the flop, one on the turn and on the river.
GameDefinition SmallGame() {
  GameDefinition game;
  game.num_players = 2;
  game.num_streets = 4;
  game.num_ranks = 2;
  game.num_suits = 4;
  game.num_hole_cards = 1;
  game.num_board_cards = {0, 3, 1, 1};
  return game;
}

std::vector<Card> Board(const BoardCycle& cycle, uint64_t round, uint32_t unit, uint32_t number) {
  std::vector<Card> board;
  cycle.Deal({7, round, unit}, number, &board);
  return board;
}

TEST(BoardCycle, DealsEachBoardAsOftenAsAnyOther) {
  const GameDefinition game = SmallGame();
  const uint32_t flops = 56, turns = 5, rivers = 4;  // 8 over 3, and what is left
  ASSERT_EQ(BoardCycle::CountSets(game), flops);
  const BoardCycle cycle(game, 1, 1 << 30);
  // Draws would be off by 7 at each of 1,120 boards: 25 somewhere.
  const int times = 50;
  std::map<std::vector<Card>, int> boards;
  for (uint32_t n = 0; n < times * flops * turns * rivers; ++n) ++boards[Board(cycle, 0, 0, n)];
  EXPECT_EQ(boards.size(), flops * turns * rivers);
  for (const auto& [board, count] : boards) {
    EXPECT_NEAR(count, times, 5);
    EXPECT_EQ(std::set<Card>(board.begin(), board.end()).size(), 5u);
    EXPECT_LT(board[0], board[1]);
    EXPECT_LT(board[1], board[2]);
  }
  // Each stretch that is as long as there are flops has each of them, but for a few at its ends.
  for (uint32_t begin = 0; begin < 40 * flops; begin += 17) {
    std::set<std::vector<Card>> seen;
    for (uint32_t n = begin; n < begin + flops; ++n) {
      const std::vector<Card> board = Board(cycle, 0, 0, n);
      seen.insert({board.begin(), board.begin() + 3});
    }
    EXPECT_GE(seen.size(), flops * 4 / 5);  // draws: 35 of 56
  }
}

// Below a flop turns come in turn too: after five visits hardly one is left out.
TEST(BoardCycle, DealsOtherTurnsWhenAFlopComesBack) {
  const GameDefinition game = SmallGame();
  const BoardCycle cycle(game, 1, 1 << 30);
  std::map<std::vector<Card>, std::vector<Card>> turns;
  for (uint32_t n = 0; n < 56 * 200; ++n) {
    const std::vector<Card> board = Board(cycle, 0, 0, n);
    turns[{board.begin(), board.begin() + 3}].push_back(board[3]);
  }
  double distinct = 0, stretches = 0;
  for (const auto& [flop, cards] : turns) {
    for (size_t i = 0; i + 5 <= cards.size(); ++i, ++stretches) {
      distinct += std::set<Card>(cards.begin() + i, cards.begin() + i + 5).size();
    }
  }
  EXPECT_GT(distinct / stretches, 4.2);  // draws: 5 (1 - 0.8^5) = 3.36
}

// Boards that follow each other have nearby flops' circles turned against each other, or the turn
// would go on by one step whatever the flop.
TEST(BoardCycle, DealsTurnsThatDoNotFollowFromTheLastBoards) {
  const BoardCycle cycle(SmallGame(), 1, 1 << 30);
  const std::vector<Card> deck = MakeDeck(2, 4);
  std::vector<int> steps(5);
  int last = 0;
  const int boards = 20'000;
  for (uint32_t n = 0; n < boards; ++n) {
    const std::vector<Card> board = Board(cycle, 0, 0, n);
    int place = 0;  // of the turn among the cards that the flop leaves
    for (const Card card : deck) {
      place +=
          card < board[3] && std::find(board.begin(), board.begin() + 3, card) == board.begin() + 3;
    }
    ++steps[(place - last + 5) % 5];
    last = place;
  }
  for (const int count : steps) EXPECT_NEAR(count, boards / 5, boards / 10);
}

// The places of one class of flops are an interval of the circle, and visits to an interval by
// steps of one length are at most three different times apart, the longest of which is the sum of
// the others (Sós 1958). Boards that are drawn come at some forty different distances.
TEST(BoardCycle, FlopsThatAreAlikeComeAtThreeDistancesAtMost) {
  GameDefinition game = SmallGame();
  game.num_ranks = 13;
  ASSERT_EQ(BoardCycle::CountSets(game), 22'100u);
  const BoardCycle cycle(game, 1, 1);
  std::map<CardSet, uint32_t> classes;
  const SuitBoards suits(game, true);
  std::vector<BoardStep> steps;
  suits.FindSteps(0, suits.root_group(), 3, &steps);
  EXPECT_EQ(steps.size(), 1755u);
  for (uint32_t i = 0; i < steps.size(); ++i) {
    for (int k = 0; k < steps[i].num_images; ++k) {
      classes[suits.Rename(steps[i].cards, steps[i].images[k])] = i;
    }
  }
  std::map<uint32_t, uint32_t> last;
  std::map<uint32_t, std::set<uint32_t>> distances;
  for (uint32_t n = 0; n < 2 * 22'100; ++n) {
    const std::vector<Card> board = Board(cycle, n, 0, 0);
    const CardSet flop = SetOf(board[0]) | SetOf(board[1]) | SetOf(board[2]);
    const uint32_t number = classes.at(flop);
    if (last.count(number)) distances[number].insert(n - last[number]);
    last[number] = n;
  }
  EXPECT_EQ(distances.size(), steps.size());
  for (const auto& [number, of_class] : distances) {
    EXPECT_LE(of_class.size(), 3u);
    if (of_class.size() == 3) {
      EXPECT_EQ(*of_class.begin() + *std::next(of_class.begin()), *of_class.rbegin());
    }
  }
}

TEST(BoardCycle, NumbersBoardsThroughUnitsAndRounds) {
  const GameDefinition game = SmallGame();
  const BoardCycle whole(game, 1, 1 << 30);
  const BoardCycle parts(game, 2, 5);
  for (uint32_t n = 0; n < 200; ++n) {
    EXPECT_EQ(Board(parts, n / 10, n / 5 % 2, n % 5), Board(whole, 0, 0, n));
  }
}

TEST(BoardCycle, BeginsWhereTheSeedSays) {
  const GameDefinition game = SmallGame();
  const BoardCycle cycle(game, 1, 1);
  std::set<std::vector<Card>> first;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    std::vector<Card> board;
    cycle.Deal({seed, 0, 0}, 0, &board);
    first.insert({board.begin(), board.begin() + 3});
  }
  EXPECT_GT(first.size(), 50u);  // of 56
}

TEST(BoardCycle, WithoutABoardThereIsNothingToDeal) {
  GameDefinition game = SmallGame();
  game.num_streets = 1;
  game.num_board_cards = {};
  EXPECT_EQ(BoardCycle::CountSets(game), 1u);
  EXPECT_TRUE(Board(BoardCycle(game, 1, 1), 3, 0, 0).empty());
}

}  // namespace
}  // namespace nash
