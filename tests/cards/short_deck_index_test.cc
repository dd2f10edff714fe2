// The suit-isomorphic index of short decks: no gaps, one number a class, both directions, all hands
// of a board at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "solver/cards/board_index.h"
#include "solver/cards/hand_index.h"
#include "tests/cards/random_cards.h"
#include "tests/cards/reference_canonical_hand.h"

namespace nash {
namespace {

constexpr HandShape kShapes[] = {HandShape::kPreflop, HandShape::kFlop,
                                 HandShape::kTurn,    HandShape::kTurnRecall,
                                 HandShape::kRiver,   HandShape::kRiverRecall};
// 20, 24, 32, 36 and 52 cards; three suits; two, where a suit may be all on the board.
constexpr IndexedDeck kDecks[] = {{5, 4}, {6, 4}, {8, 4}, {9, 4}, {13, 4}, {7, 3}, {6, 2}};

std::vector<Card> DrawHand(const IndexedDeck& deck, int num_cards, RandomCards* cards) {
  std::vector<Card> hand = MakeDeck(deck.num_ranks, deck.num_suits);
  std::shuffle(hand.begin(), hand.end(), cards->random());
  hand.resize(num_cards);
  return hand;
}

// Burnside's lemma: the mean over all renamings of suits of the deals that each leaves as they are.
// A renaming with cycles of lengths l leaves those whose parts are made of whole cycles: of every
// rank and cycle, l cards go to one part together, or to none.
uint64_t ClassesByBurnside(const DealParts& parts, const IndexedDeck& deck) {
  using Sizes = std::array<int, 4>;  // cards that are left to each part
  std::vector<int> renaming(deck.num_suits);
  for (int s = 0; s < deck.num_suits; ++s) renaming[s] = s;
  uint64_t fixed = 0;
  uint64_t renamings = 0;
  do {
    std::map<Sizes, uint64_t> ways = {
        {{parts.num_hole, parts.num_first_board, parts.num_turn, parts.num_river}, 1}};
    std::vector<bool> seen(deck.num_suits);
    for (int s = 0; s < deck.num_suits; ++s) {
      int length = 0;
      for (int t = s; !seen[t]; t = renaming[t], ++length) seen[t] = true;
      for (int rank = 0; length > 0 && rank < deck.num_ranks; ++rank) {
        std::map<Sizes, uint64_t> next = ways;
        for (const auto& [sizes, n] : ways) {
          for (size_t part = 0; part < sizes.size(); ++part) {
            Sizes left = sizes;
            if ((left[part] -= length) >= 0) next[left] += n;
          }
        }
        ways = std::move(next);
      }
    }
    fixed += ways[{0, 0, 0, 0}];
    ++renamings;
  } while (std::next_permutation(renaming.begin(), renaming.end()));
  return fixed / renamings;
}

TEST(ShortDeckIndex, HasAsManyNumbersAsBurnsidesLemmaCountsClasses) {
  for (const IndexedDeck& deck : kDecks) {
    for (HandShape shape : kShapes) {
      EXPECT_EQ(HandIndexer(shape, deck).size(), ClassesByBurnside(PartsOf(shape), deck))
          << deck.num_cards() << " cards, shape " << static_cast<int>(shape);
    }
  }
  // The lemma against the published counts of the full deck (Waugh 2013).
  EXPECT_EQ(ClassesByBurnside(PartsOf(HandShape::kTurnRecall), {}), 55'190'538u);
  EXPECT_EQ(ClassesByBurnside(PartsOf(HandShape::kRiver), {}), 123'156'254u);
}

TEST(ShortDeckIndex, IndexUndoesUnindex) {
  for (const IndexedDeck& deck : kDecks) {
    for (HandShape shape : kShapes) {
      const HandIndexer indexer(shape, deck);
      const std::vector<Card> cards = MakeDeck(deck.num_ranks, deck.num_suits);
      std::vector<Card> hand(indexer.num_cards());
      const uint64_t step = std::max<uint64_t>(1, indexer.size() / 50000);
      for (uint64_t index = 0; index < indexer.size(); index += step) {
        indexer.Unindex(index, absl::MakeSpan(hand));
        for (Card card : hand) {
          ASSERT_TRUE(std::binary_search(cards.begin(), cards.end(), card)) << CardNames(hand);
        }
        ASSERT_EQ(indexer.Index(hand), index) << CardNames(hand);
      }
    }
  }
}

// With the right number of classes and an index that undoes itself, this leaves one number a class.
TEST(ShortDeckIndex, HandsHaveOneNumberWhereARenamingMakesThemEqual) {
  RandomCards cards(20);
  for (const IndexedDeck& deck : kDecks) {
    for (HandShape shape : kShapes) {
      const HandIndexer indexer(shape, deck);
      const DealParts parts = PartsOf(shape);
      std::vector<Card> other(indexer.num_cards());
      for (int i = 0; i < 3000; ++i) {
        const std::vector<Card> hand = DrawHand(deck, indexer.num_cards(), &cards);
        const uint64_t index = indexer.Index(hand);
        ASSERT_LT(index, indexer.size());
        indexer.Unindex(index, absl::MakeSpan(other));
        ASSERT_EQ(ReferenceCanonicalHand(hand, parts), ReferenceCanonicalHand(other, parts))
            << CardNames(hand) << " came back as " << CardNames(other);
      }
    }
  }
}

TEST(ShortDeckIndex, ABatchAndABoardIndexAsSingleHandsDo) {
  constexpr int kHands = 500;
  RandomCards cards(21);
  for (const IndexedDeck& deck : kDecks) {
    for (HandShape shape : kShapes) {
      const HandIndexer indexer(shape, deck);
      CardSlots slots(indexer.num_cards(), kHands);
      std::vector<uint32_t> expected;
      for (int i = 0; i < kHands; ++i) {
        const std::vector<Card> hand = DrawHand(deck, indexer.num_cards(), &cards);
        slots.Set(i, hand);
        expected.push_back(static_cast<uint32_t>(indexer.Index(hand)));
      }
      std::vector<uint32_t> indices(kHands);
      indexer.IndexBatch(slots.pointers(), kHands, indices.data());
      ASSERT_EQ(indices, expected);
      if (shape == HandShape::kPreflop) continue;
      const BoardIndexer boards(&indexer);
      ASSERT_EQ(boards.num_live_cards(), deck.num_cards() - boards.num_board_cards());
      std::vector<Card> live(boards.num_live_cards());
      std::vector<uint32_t> of_board(boards.num_hole_pairs());
      for (int i = 0; i < 200; ++i) {
        std::vector<Card> hand = DrawHand(deck, indexer.num_cards(), &cards);
        // Boards of one suit take most or all of it.
        if (i % 4 == 0) {
          for (size_t k = 2; k < hand.size() && k - 2 < size_t(deck.num_ranks); ++k) {
            hand[k] = MakeCard(kRanksMax - 1 - static_cast<int>(k - 2), kSuitsMax - 1 - i / 4 % 2);
          }
        }
        const auto board = absl::MakeConstSpan(hand).subspan(2);
        LiveCards(board, absl::MakeSpan(live), deck);
        boards.IndexAll(board, absl::MakeSpan(of_board));
        for (size_t q = 0; q < live.size(); ++q) {
          for (size_t p = 0; p < q; ++p) {
            hand[0] = live[p];
            hand[1] = live[q];
            ASSERT_EQ(of_board[HolePairPlace(p, q)], indexer.Index(hand)) << CardNames(hand);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace nash
