#include "solver/ranges/suit_boards.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

using Counts = std::vector<uint64_t>;

TEST(SuitBoards, CountsOfTheFullDeckAreTheKnownOnes) {
  // Johanson et al. 2011: 1,755 flops; with the order of streets, by orbit counting, 63,193 turns
  // and 2,554,656 rivers.
  EXPECT_EQ(SuitBoards(RiverGame(), true).CountBoards(), (Counts{1, 1755, 63193, 2554656}));
}

TEST(SuitBoards, WithoutMergingEveryBoardStandsForItself) {
  // Six cards of Leduc.
  EXPECT_EQ(SuitBoards(LeducGame(), false).CountBoards(), (Counts{1, 6}));
  EXPECT_EQ(SuitBoards(LeducGame(), true).CountBoards(), (Counts{1, 3}));
  // 24 cards: C(24, 3) = 2,024 flops, 21 turns for each.
  const GameDefinition game = GameOf({.num_ranks = 6, .boards = {0, 3, 1}});
  EXPECT_EQ(SuitBoards(game, false).CountBoards(), (Counts{1, 2024, 2024 * 21}));
}

// Adds up what each board stands for, and checks that no two boards share an image.
void ExpectPartition(const SuitBoards& boards, CardSet board, SuitGroup group, int num_cards,
                     size_t expected) {
  std::vector<BoardStep> steps;
  boards.FindSteps(board, group, num_cards, &steps);
  std::set<CardSet> images;
  for (const BoardStep& step : steps) {
    EXPECT_EQ(step.images[0], 0);
    for (int k = 0; k < step.num_images; ++k) {
      const CardSet image = boards.Rename(step.cards, step.images[k]);
      EXPECT_EQ(image & board, 0);
      EXPECT_TRUE(images.insert(image).second);
    }
    for (SuitGroup left = step.group; left != 0; left &= left - 1) {
      const int r = std::countr_zero(left);
      EXPECT_EQ(boards.Rename(step.cards, r), step.cards);
      EXPECT_EQ(boards.Rename(board, r), board);
    }
  }
  EXPECT_EQ(images.size(), expected);
}

TEST(SuitBoards, ImagesAreAllBoardsOnceEach) {
  const SuitBoards boards(RiverGame(), true);
  ExpectPartition(boards, 0, boards.root_group(), 3, 22100);  // C(52, 3)
  std::vector<BoardStep> flops;
  boards.FindSteps(0, boards.root_group(), 3, &flops);
  for (size_t f = 0; f < flops.size(); f += 50) {
    ExpectPartition(boards, flops[f].cards, flops[f].group, 1, 49);
  }
}

TEST(SuitBoards, RenamedHandsHoldTheRenamedCards) {
  const SuitBoards boards(RiverGame(), true);
  for (int r = 0; r < kSuitRenamings; ++r) {
    for (int high = 1; high < kCardsMax; ++high) {
      const int low = high / 2;
      const CardSet renamed = boards.Rename(SetOf(low) | SetOf(high), r);
      const int a = std::countr_zero(renamed);
      const int b = 63 - std::countl_zero(renamed);
      EXPECT_EQ(boards.HandRenaming(r)[HandNumber(low, high)], HandNumber(a, b));
    }
  }
}

TEST(SuitBoards, SuitsOutsideTheDeckStayAsTheyAre) {
  const GameDefinition game = GameOf({.num_ranks = 13, .num_suits = 2, .boards = {0, 3}});
  // Two suits: a flop and its mirror, of C(26, 3) = 2,600; none is its own mirror, as that takes
  // an even number of cards.
  EXPECT_EQ(SuitBoards(game, true).CountBoards(), (Counts{1, 1300}));
}

}  // namespace
}  // namespace nash
