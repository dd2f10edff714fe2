#include "solver/game/deal.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>

namespace nash {
namespace {

constexpr int kWordsPerBlock = 4;
constexpr int kSlotsMax = kCardsMax;
constexpr int kBlocksMax = (kSlotsMax + kWordsPerBlock - 1) / kWordsPerBlock;

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
  const int num_blocks = (num_slots + kWordsPerBlock - 1) / kWordsPerBlock;

  for (int d = 0; d < n; ++d) {
    std::array<Card, kCardsMax> left = fresh;  // [slot, num_cards) is still in the deck
    int slot = 0;
    for (int b = 0; b < num_blocks; ++b) {
      const RandomBlock words = Draw(name, DrawPurpose::kCards, first_deal + d, b);
      for (int w = 0; w < kWordsPerBlock && slot < num_slots; ++w, ++slot) {
        const uint32_t at = slot + UniformBelow(words[w], num_cards - slot);
        cards->slot(slot)[d] = left[at];
        left[at] = left[slot];
      }
    }
  }
}

}  // namespace nash
