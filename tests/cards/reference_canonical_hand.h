// An independent, slow canonical form: the smallest spelling of a hand under all 24 renamings of
// suits. Two hands are isomorphic exactly when their forms are equal.
#ifndef NASHVILLE_TESTS_CARDS_REFERENCE_CANONICAL_HAND_H_
#define NASHVILLE_TESTS_CARDS_REFERENCE_CANONICAL_HAND_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "solver/cards/card.h"
#include "solver/cards/hand_shape.h"

namespace nash {

using SuitRenaming = std::array<int, kSuitsMax>;

inline std::vector<SuitRenaming> AllSuitRenamings() {
  std::vector<SuitRenaming> all;
  SuitRenaming renaming = {0, 1, 2, 3};
  do {
    all.push_back(renaming);
  } while (std::next_permutation(renaming.begin(), renaming.end()));
  return all;
}

inline std::vector<Card> Renamed(std::vector<Card> hand, const SuitRenaming& renaming) {
  for (Card& card : hand) card = MakeCard(RankOf(card), renaming[SuitOf(card)]);
  return hand;
}

// Sizes of the parts of a hand in which order does not matter, in the order of the cards.
inline std::vector<int> PartSizes(const DealParts& parts) {
  return {parts.num_hole, parts.num_first_board, parts.num_turn, parts.num_river};
}

// The hand with each part sorted, six bits a card.
inline uint64_t SpellingOf(std::vector<Card> hand, const DealParts& parts) {
  auto part = hand.begin();
  for (int size : PartSizes(parts)) {
    std::sort(part, part + size);
    part += size;
  }
  uint64_t spelling = 0;
  for (Card card : hand) spelling = spelling << 6 | card;
  return spelling;
}

inline uint64_t ReferenceCanonicalHand(const std::vector<Card>& hand, const DealParts& parts) {
  static const std::vector<SuitRenaming> renamings = AllSuitRenamings();
  uint64_t smallest = ~uint64_t{0};
  for (const SuitRenaming& renaming : renamings) {
    smallest = std::min(smallest, SpellingOf(Renamed(hand, renaming), parts));
  }
  return smallest;
}

// Number of different hands that renaming suits makes of this one.
inline int ReferenceOrbitSize(const std::vector<Card>& hand, const DealParts& parts) {
  static const std::vector<SuitRenaming> renamings = AllSuitRenamings();
  std::array<uint64_t, 24> spellings;
  for (size_t i = 0; i < renamings.size(); ++i) {
    spellings[i] = SpellingOf(Renamed(hand, renamings[i]), parts);
  }
  std::sort(spellings.begin(), spellings.end());
  return static_cast<int>(std::unique(spellings.begin(), spellings.end()) - spellings.begin());
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_CARDS_REFERENCE_CANONICAL_HAND_H_
