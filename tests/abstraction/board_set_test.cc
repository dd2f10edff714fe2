#include "solver/abstraction/board_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace nash {
namespace {

uint64_t RawBoards(const BoardSet& boards) {
  uint64_t n = 0;
  for (uint32_t i = 0; i < boards.size(); ++i) n += boards.Multiplicity(i);
  return n;
}

TEST(BoardSet, CountsAreTheKnownOnesAndMultiplicitiesSumToAllBoards) {
  struct Case {
    int num_cards;
    uint32_t canonical;  // known counts, tests/cards derives them
    uint64_t raw;        // C(52, n)
  };
  for (const Case& c :
       {Case{0, 1, 1}, Case{3, 1755, 22100}, Case{4, 16432, 270725}, Case{5, 134459, 2598960}}) {
    const BoardSet boards({}, c.num_cards);
    EXPECT_EQ(boards.size(), c.canonical);
    EXPECT_EQ(RawBoards(boards), c.raw);
  }
}

TEST(BoardSet, AShortDeckHasItsOwnBoards) {
  // 9 ranks, 4 suits: C(36, 3) = 7140. 5 ranks, 2 suits: C(10, 3) = 120, and as an odd number of
  // cards never holds two suits alike, half of them are canonical.
  EXPECT_EQ(RawBoards(BoardSet({9, 4}, 3)), 7140u);
  const BoardSet two_suits({5, 2}, 3);
  EXPECT_EQ(two_suits.size(), 60u);
  EXPECT_EQ(RawBoards(two_suits), 120u);
}

TEST(BoardSet, AllRenamingsOfABoardHaveOneCanonicalForm) {
  const BoardSet boards({}, 4);
  std::mt19937 random(7);
  for (int trial = 0; trial < 2000; ++trial) {
    CardSet board = 0;
    while (__builtin_popcountll(board) < 4) board |= SetOf(random() % kCardsMax);
    SuitRenaming renaming;
    std::set<uint32_t> found;
    std::set<CardSet> images;
    do {
      const CardSet image = Rename(board, renaming);
      images.insert(image);
      found.insert(boards.Find(Rename(image, CanonicalRenaming(image, {}))));
    } while (std::next_permutation(renaming.to.begin(), renaming.to.end()));
    ASSERT_EQ(found.size(), 1u);
    ASSERT_EQ(boards.Multiplicity(*found.begin()), images.size());
  }
}

}  // namespace
}  // namespace nash
