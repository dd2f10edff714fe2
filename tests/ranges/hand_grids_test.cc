#include "solver/ranges/hand_grids.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

namespace nash {
namespace {

using Hand = HandGrids::Hand;

Hand HandOf(Card a, Card b) { return std::minmax(a, b); }

std::vector<Hand> Add(std::vector<Hand> hands, HandGrids* grids) {
  std::vector<Hand> order(hands.size());
  grids->Add(hands, absl::MakeSpan(order));
  return order;
}

// What the grids say that the hands are, by position.
std::vector<Hand> HandsOf(const HandGrids& grids) {
  std::vector<Hand> hands;
  for (const HandGrid& grid : grids.grids()) {
    EXPECT_EQ(grid.first_hand, hands.size());
    EXPECT_GE(grid.num_columns, 1);
    EXPECT_LE(grid.num_columns, kGridColumnsMax);
    EXPECT_GE(grid.num_full_rows, 1);
    std::set<int> cards;
    for (int c = 0; c < grid.num_columns; ++c) cards.insert(grid.columns[c]);
    const int num_rows = grid.num_full_rows + grid.num_short_rows;
    for (int r = 0; r < num_rows; ++r) {
      const uint16_t row = grids.rows()[grid.first_row + r];
      cards.insert(row);
      const int width = grid.num_columns - (r < grid.num_full_rows ? 0 : 1);
      EXPECT_GE(width, 1);
      for (int c = 0; c < width; ++c) {
        hands.push_back(HandOf(row / kCardStep, grid.columns[c] / kCardStep));
      }
    }
    EXPECT_EQ(cards.size(), grid.num_columns + num_rows) << "a card twice in one grid";
  }
  EXPECT_EQ(grids.num_hands(), hands.size());
  return hands;
}

// All hands of a card of one rank and one of the other.
std::vector<Hand> HandsOfRanks(int rank, int other) {
  std::vector<Hand> hands;
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) hands.push_back(HandOf(MakeCard(rank, a), MakeCard(other, b)));
  }
  return hands;
}

TEST(HandGrids, TwoRanksAreOneGrid) {
  HandGrids grids;
  Add(HandsOfRanks(10, 9), &grids);
  ASSERT_EQ(grids.grids().size(), 1);
  EXPECT_EQ(grids.grids()[0].num_columns, 4);
  EXPECT_EQ(grids.grids()[0].num_full_rows, 4);
  EXPECT_EQ(grids.grids()[0].num_short_rows, 0);
}

TEST(HandGrids, WithoutTheFlushTheyAreOneGridWithAShortRow) {
  HandGrids grids;
  std::vector<Hand> hands = HandsOfRanks(10, 9);
  std::erase(hands, HandOf(MakeCard(10, 2), MakeCard(9, 2)));
  Add(hands, &grids);
  ASSERT_EQ(grids.grids().size(), 1);
  EXPECT_EQ(grids.grids()[0].num_full_rows, 3);
  EXPECT_EQ(grids.grids()[0].num_short_rows, 1);
}

// As fives are with any card that does not count.
TEST(HandGrids, OneRankWithManyIsOneGrid) {
  HandGrids grids;
  std::vector<Hand> hands;
  for (int rank = 4; rank < 9; ++rank) {
    for (const Hand& hand : HandsOfRanks(3, rank)) hands.push_back(hand);
  }
  Add(hands, &grids);
  ASSERT_EQ(grids.grids().size(), 1);
  EXPECT_EQ(grids.grids()[0].num_full_rows, 20);
}

TEST(HandGrids, AnyHandsAreThereOnceAndInTheOrderOfTheGrids) {
  std::mt19937 random(5);
  HandGrids grids;
  for (const int percent : {1, 10, 50, 95, 100}) {
    grids.Clear();
    std::vector<Hand> all, ordered;
    // Three groups, one after the other, as a board's are.
    for (int group = 0; group < 3; ++group) {
      std::vector<Hand> hands;
      for (Card high = 1; high < kCardsMax; ++high) {
        for (Card low = 0; low < high; ++low) {
          if (static_cast<int>(random() % 100) < percent && (low + high) % 3 == group) {
            hands.push_back({low, high});
          }
        }
      }
      std::shuffle(hands.begin(), hands.end(), random);
      const std::vector<Hand> order = Add(hands, &grids);
      EXPECT_TRUE(std::is_permutation(order.begin(), order.end(), hands.begin(), hands.end()));
      ordered.insert(ordered.end(), order.begin(), order.end());
    }
    EXPECT_EQ(HandsOf(grids), ordered) << percent << "% of all hands";
  }
}

TEST(HandGrids, TheOrderIsThatOfTheHandsAlone) {
  std::vector<Hand> hands = HandsOfRanks(10, 9);
  for (const Hand& hand : HandsOfRanks(10, 2)) hands.push_back(hand);
  hands.push_back(HandOf(MakeCard(2, 0), MakeCard(2, 1)));
  HandGrids grids;
  const std::vector<Hand> order = Add(hands, &grids);
  std::reverse(hands.begin(), hands.end());
  EXPECT_EQ(Add(hands, &grids), order);
}

TEST(HandGrids, AColumnIsAGridOfItsOwn) {
  HandGrids grids;
  grids.AddColumn(7, SetOf(1) | SetOf(4));
  grids.AddColumn(9, SetOf(7));
  EXPECT_EQ(HandsOf(grids), (std::vector<Hand>{{1, 7}, {4, 7}, {7, 9}}));
}

}  // namespace
}  // namespace nash
