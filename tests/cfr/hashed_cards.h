// Cards whose buckets and strengths are hashes: enough for tests of public walks.
#ifndef NASHVILLE_TESTS_CFR_HASHED_CARDS_H_
#define NASHVILLE_TESTS_CFR_HASHED_CARDS_H_

#include "common/rng.h"
#include "solver/ranges/card_model.h"

namespace nash {

class HashedCards : public CardModel {
 public:
  explicit HashedCards(uint32_t num_buckets) : num_buckets_(num_buckets) {}

  uint32_t NumBuckets(int) const override { return num_buckets_; }
  void FindBuckets(int street, absl::Span<const Card> board, const BoardHands& hands,
                   absl::Span<uint32_t> buckets) const override {
    for (int i = 0; i < hands.size(); ++i) {
      buckets[i] = Hash(board, hands.numbers()[i], street) % num_buckets_;
    }
  }
  void FindStrengths(absl::Span<const Card> board, const BoardHands& hands,
                     absl::Span<int32_t> strengths) const override {
    for (int i = 0; i < hands.size(); ++i) {
      strengths[i] = static_cast<int32_t>(Hash(board, hands.numbers()[i], 99) % 7);  // many ties
    }
  }
  bool SuitsAreAlike() const override { return false; }

 private:
  static uint32_t Hash(absl::Span<const Card> board, uint16_t hand, uint32_t what) {
    CardSet cards = 0;
    for (const Card card : board) cards |= SetOf(card);
    return Draw({cards, hand, what}, DrawPurpose::kEvaluation, 0, 0)[0];
  }
  const uint32_t num_buckets_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_HASHED_CARDS_H_
