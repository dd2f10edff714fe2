// Two ways to deal, both functions of (name, deal) only, so that any process can make any deal:
//
//   large games   a partial Fisher-Yates shuffle, one random word a card (Philox, common/rng.h)
//   small games   every deal once in each cycle, in an order that differs from cycle to cycle
//
// The second is for Kuhn, Leduc and the like. Going through all deals takes the chance of the cards
// out of a cycle, which makes their averages far less noisy. Orders are affine maps a * i + b
// modulo the number of deals: a permutation that needs no memory, of which a deal's cards can be
// found at once.
//
// Words are drawn for 16 deals together, since a counter-based generator has no order to keep and
// the compiler then makes several at once. deal_test.cc follows the definition of the shuffle card
// by card, counts the enumerated deals, and looks for correlations between neighbouring names.
#include "solver/game/deal.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace nash {
namespace {

constexpr int kWordsPerBlock = 4;
constexpr int kBlocksMax = kCardsMax / kWordsPerBlock;
static_assert(kCardsMax % kWordsPerBlock == 0);
constexpr int kGroup = 16;  // deals whose random words are made together

// words[w][i]: word w of deal first_deal + i. One loop over independent deals, so that the
// compiler can make several at once.
using GroupWords = std::array<std::array<uint32_t, kGroup>, kBlocksMax * kWordsPerBlock>;

void DrawWords(const StreamName& name, uint32_t first_deal, int num_blocks, GroupWords* words) {
  for (int b = 0; b < num_blocks; ++b) {
    for (int i = 0; i < kGroup; ++i) {
      const RandomBlock block = Draw(name, DrawPurpose::kCards, first_deal + i, b);
      for (int w = 0; w < kWordsPerBlock; ++w) (*words)[b * kWordsPerBlock + w][i] = block[w];
    }
  }
}

// All deals of a small game in an order of its own for every cycle of num_deals() deals: the deals
// of a cycle are a * i + b modulo their number, for random b and random a prime to it.
class EnumeratedDeals {
 public:
  EnumeratedDeals(const StreamName& name, uint32_t num_cards, int num_slots)
      : name_(name), num_cards_(num_cards), num_slots_(num_slots) {}

  // The number of deals, told apart by slot; 0 where there are too many.
  static uint32_t Count(uint32_t num_cards, int num_slots) {
    uint32_t count = 1;
    for (int slot = 0; slot < num_slots; ++slot) {
      count *= num_cards - slot;
      if (count > kEnumeratedDealsMax) return 0;
    }
    return count;
  }

  // left: the deck; its first num_slots cards become the cards of `deal`.
  void Deal(uint32_t deal, std::array<Card, kCardsMax>* left) {
    const uint32_t count = Count(num_cards_, num_slots_);
    if (deal / count != cycle_) StartCycle(deal / count, count);
    // A deal's number in mixed radix: digit `slot` says which of the cards left that slot gets.
    uint32_t rest = (factor_ * (deal % count) + offset_) % count;
    for (int slot = 0; slot < num_slots_; ++slot) {
      std::swap((*left)[slot], (*left)[slot + rest % (num_cards_ - slot)]);
      rest /= num_cards_ - slot;
    }
  }

 private:
  void StartCycle(uint32_t cycle, uint32_t count) {
    cycle_ = cycle;
    const RandomBlock block = Draw(name_, DrawPurpose::kCards, cycle, 0);
    factor_ = 1 + UniformBelow(block[0], count);
    while (std::gcd(factor_, count) != 1) ++factor_;
    offset_ = UniformBelow(block[1], count);
  }

  const StreamName name_;
  const uint32_t num_cards_;
  const int num_slots_;
  uint32_t cycle_ = UINT32_MAX;
  uint32_t factor_ = 1;
  uint32_t offset_ = 0;
};

}  // namespace

void DrawCards(const GameDefinition& game, const StreamName& name, uint32_t first_deal, int n,
               CardBatch* cards) {
  const int num_slots = game.CardsPerDeal();
  CHECK_EQ(num_slots, cards->num_slots());
  CHECK_LE(n, cards->capacity());
  const std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
  const uint32_t num_cards = static_cast<uint32_t>(deck.size());
  CHECK_LE(num_slots, num_cards);
  std::array<Card, kCardsMax> fresh{};
  std::copy(deck.begin(), deck.end(), fresh.begin());
  // A Card is a byte, and a byte may alias anything: local pointers spare a reload per store.
  std::array<Card*, kCardsMax> out{};
  for (int slot = 0; slot < num_slots; ++slot) out[slot] = cards->slot(slot);

  if (EnumeratedDeals::Count(num_cards, num_slots) > 0) {
    EnumeratedDeals enumerated(name, num_cards, num_slots);
    for (int d = 0; d < n; ++d) {
      std::array<Card, kCardsMax> left = fresh;
      enumerated.Deal(first_deal + d, &left);
      for (int slot = 0; slot < num_slots; ++slot) out[slot][d] = left[slot];
    }
    return;
  }

  const int num_blocks = (num_slots + kWordsPerBlock - 1) / kWordsPerBlock;
  GroupWords words;
  for (int begin = 0; begin < n; begin += kGroup) {
    DrawWords(name, first_deal + begin, num_blocks, &words);
    const int end = std::min(n, begin + kGroup);
    for (int d = begin; d < end; ++d) {
      std::array<Card, kCardsMax> left = fresh;  // [slot, num_cards) is still in the deck
      for (int slot = 0; slot < num_slots; ++slot) {
        const uint32_t at = slot + UniformBelow(words[slot][d - begin], num_cards - slot);
        out[slot][d] = left[at];
        left[at] = left[slot];
      }
    }
  }
}

}  // namespace nash
