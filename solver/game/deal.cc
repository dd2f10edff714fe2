#include "solver/game/deal.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>

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
