// Random hands for tests: reproducible by seed.
#ifndef NASHVILLE_TESTS_CARDS_RANDOM_CARDS_H_
#define NASHVILLE_TESTS_CARDS_RANDOM_CARDS_H_

#include <random>
#include <utility>
#include <vector>

#include "solver/cards/card.h"

namespace nash {

class RandomCards {
 public:
  explicit RandomCards(uint64_t seed) : random_(seed), deck_(MakeDeck(kRanksMax, kSuitsMax)) {}

  // `n` different cards.
  std::vector<Card> Draw(int n) {
    for (int k = 0; k < n; ++k) std::swap(deck_[k], deck_[k + Below(deck_.size() - k)]);
    return {deck_.begin(), deck_.begin() + n};
  }
  uint64_t Below(uint64_t n) { return random_() % n; }
  std::mt19937_64& random() { return random_; }

 private:
  std::mt19937_64 random_;
  std::vector<Card> deck_;
};

// The k-th cards of many hands, as the batch forms want them.
class CardSlots {
 public:
  CardSlots(int num_slots, int n) : slots_(num_slots, std::vector<Card>(n)) {
    for (const std::vector<Card>& slot : slots_) pointers_.push_back(slot.data());
  }
  void Set(int i, const std::vector<Card>& hand) {
    for (size_t k = 0; k < slots_.size(); ++k) slots_[k][i] = hand[k];
  }
  const Card* const* pointers() const { return pointers_.data(); }

 private:
  std::vector<std::vector<Card>> slots_;
  std::vector<const Card*> pointers_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CARDS_RANDOM_CARDS_H_
