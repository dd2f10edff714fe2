#include "solver/cards/hand_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/cards/random_cards.h"
#include "tests/cards/reference_canonical_hand.h"

namespace nash {
namespace {

constexpr uint64_t kSeed = 2013;

struct ShapeCase {
  const char* name;
  HandShape shape;
  uint64_t size;         // canonical hands, from the literature (Waugh 2013; Burnside's lemma)
  uint64_t round_trips;  // how many indices are tried, evenly spread
};

std::ostream& operator<<(std::ostream& out, const ShapeCase& c) { return out << c.name; }

class HandIndex : public testing::TestWithParam<ShapeCase> {};

// All indices of shapes up to the unordered turn, every k-th of the larger ones.
INSTANTIATE_TEST_SUITE_P(
    Shapes, HandIndex,
    testing::Values(ShapeCase{"Preflop", HandShape::kPreflop, 169, 169},
                    ShapeCase{"Flop", HandShape::kFlop, 1286792, 1286792},
                    ShapeCase{"Turn", HandShape::kTurn, 13960050, 13960050},
                    ShapeCase{"River", HandShape::kRiver, 123156254, 3000000},
                    ShapeCase{"TurnRecall", HandShape::kTurnRecall, 55190538, 3000000},
                    ShapeCase{"RiverRecall", HandShape::kRiverRecall, 2428287420, 3000000},
                    ShapeCase{"FlopBoard", HandShape::kFlopBoard, 1755, 1755},
                    ShapeCase{"TurnBoard", HandShape::kTurnBoard, 16432, 16432},
                    ShapeCase{"RiverBoard", HandShape::kRiverBoard, 134459, 134459}),
    [](const auto& info) { return std::string(info.param.name); });

std::vector<Card> HandOf(const HandIndexer& indexer, uint64_t index) {
  std::vector<Card> hand(indexer.num_cards());
  indexer.Unindex(index, absl::MakeSpan(hand));
  return hand;
}

bool AllDiffer(const std::vector<Card>& hand) {
  CardSet seen = 0;
  for (Card card : hand) {
    if (card >= kCardsMax || (seen & SetOf(card))) return false;
    seen |= SetOf(card);
  }
  return true;
}

TEST_P(HandIndex, SizeIsTheKnownCount) {
  EXPECT_EQ(HandIndexer(GetParam().shape).size(), GetParam().size);
}

TEST_P(HandIndex, IndexUndoesUnindex) {
  const HandIndexer indexer(GetParam().shape);
  const uint64_t step = std::max<uint64_t>(1, indexer.size() / GetParam().round_trips);
  std::vector<Card> hand(indexer.num_cards());
  for (uint64_t index = 0; index < indexer.size(); index += step) {
    indexer.Unindex(index, absl::MakeSpan(hand));
    ASSERT_TRUE(AllDiffer(hand)) << CardNames(hand);
    ASSERT_EQ(indexer.Index(hand), index) << CardNames(hand);
  }
  EXPECT_EQ(indexer.Index(HandOf(indexer, indexer.size() - 1)), indexer.size() - 1);
}

TEST_P(HandIndex, NeitherSuitNamesNorTheOrderWithinAPartMatter) {
  const HandIndexer indexer(GetParam().shape);
  const DealParts parts = PartsOf(GetParam().shape);
  RandomCards cards(kSeed);
  for (int i = 0; i < 5000; ++i) {
    const std::vector<Card> hand = cards.Draw(indexer.num_cards());
    const uint64_t index = indexer.Index(hand);
    ASSERT_LT(index, indexer.size());
    for (const SuitRenaming& renaming : AllSuitRenamings()) {
      std::vector<Card> other = Renamed(hand, renaming);
      auto part = other.begin();
      for (int size : PartSizes(parts)) {
        std::shuffle(part, part + size, cards.random());
        part += size;
      }
      ASSERT_EQ(indexer.Index(other), index) << CardNames(hand) << " as " << CardNames(other);
    }
  }
}

TEST_P(HandIndex, UnindexGivesAnIsomorphicHand) {
  const HandIndexer indexer(GetParam().shape);
  const DealParts parts = PartsOf(GetParam().shape);
  RandomCards cards(kSeed + 1);
  for (int i = 0; i < 30000; ++i) {
    const std::vector<Card> hand = cards.Draw(indexer.num_cards());
    const std::vector<Card> other = HandOf(indexer, indexer.Index(hand));
    ASSERT_EQ(ReferenceCanonicalHand(hand, parts), ReferenceCanonicalHand(other, parts))
        << CardNames(hand) << " came back as " << CardNames(other);
  }
}

TEST_P(HandIndex, ABatchIndexesAsSingleHandsDo) {
  constexpr int kHands = 20000;
  const HandIndexer indexer(GetParam().shape);
  RandomCards cards(kSeed + 2);
  CardSlots slots(indexer.num_cards(), kHands);
  std::vector<uint32_t> expected;
  for (int i = 0; i < kHands; ++i) {
    const std::vector<Card> hand = cards.Draw(indexer.num_cards());
    slots.Set(i, hand);
    expected.push_back(static_cast<uint32_t>(indexer.Index(hand)));
  }
  std::vector<uint32_t> indices(kHands);
  indexer.IndexBatch(slots.pointers(), kHands, indices.data());
  EXPECT_EQ(indices, expected);
}

// Every hand of a shape is enumerated: each index must be hit exactly as often as renaming suits
// makes different hands of it.
void ExpectEachIndexHitByItsOrbit(HandShape shape, const std::vector<int>& hits) {
  const HandIndexer indexer(shape);
  const DealParts parts = PartsOf(shape);
  for (uint64_t index = 0; index < indexer.size(); ++index) {
    const std::vector<Card> hand = HandOf(indexer, index);
    ASSERT_EQ(hits[index], ReferenceOrbitSize(hand, parts)) << CardNames(hand);
  }
}

TEST(HandIndexExhaustive, EveryFlopHandFallsIntoItsOrbit) {
  const HandIndexer indexer(HandShape::kFlop);
  std::vector<int> hits(indexer.size());
  std::vector<Card> hand(5);
  for (hand[0] = 1; hand[0] < 52; ++hand[0])
    for (hand[1] = 0; hand[1] < hand[0]; ++hand[1])
      for (hand[2] = 2; hand[2] < 52; ++hand[2])
        for (hand[3] = 1; hand[3] < hand[2]; ++hand[3])
          for (hand[4] = 0; hand[4] < hand[3]; ++hand[4])
            if (AllDiffer(hand)) ++hits[indexer.Index(hand)];
  ExpectEachIndexHitByItsOrbit(HandShape::kFlop, hits);
}

TEST(HandIndexExhaustive, EveryBoardFallsIntoItsOrbit) {
  for (HandShape shape : {HandShape::kFlopBoard, HandShape::kTurnBoard, HandShape::kRiverBoard}) {
    const HandIndexer indexer(shape);
    std::vector<int> hits(indexer.size());
    std::vector<Card> board;
    const auto enumerate = [&](const auto& self, Card below) -> void {
      if (board.size() == indexer.num_cards()) {
        ++hits[indexer.Index(board)];
        return;
      }
      for (Card card = 0; card < below; ++card) {
        board.push_back(card);
        self(self, card);
        board.pop_back();
      }
    };
    enumerate(enumerate, kCardsMax);
    ExpectEachIndexHitByItsOrbit(shape, hits);
  }
}

}  // namespace
}  // namespace nash
