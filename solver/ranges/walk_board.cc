#include "solver/ranges/walk_board.h"

#include <bit>
#include <numeric>

namespace nash {

uint64_t WalkBoard::BytesNeeded(uint64_t num_hands) {
  return sizeof(WalkBoard) + BoardHands::HeapBytes() +
         num_hands * (sizeof(uint32_t) + sizeof(uint16_t) + sizeof(int32_t) + sizeof(uint64_t));
}

WalkBoard::WalkBoard(const WalkDeck& deck, int num_hole_cards, double chance)
    : group(deck.boards->root_group()),
      own_hands(deck.boards->deck(), num_hole_cards),
      hands(&own_hands),
      weight(chance) {}

void WalkBoard::Enter(const WalkDeck& deck, int street, const WalkBoard& before,
                      const BoardStep& step, double probability) {
  board = before.board | step.cards;
  group = step.group;
  cards = before.cards;
  for (CardSet left = step.cards; left != 0; left &= left - 1) {
    cards.push_back(static_cast<Card>(std::countr_zero(left)));
  }
  SetHands(deck, street, cards);
  hands = &own_hands;
  num_images = step.num_images;
  weight = before.weight * num_images * probability;
  const int n = hands->size();
  targets.resize(size_t(num_images) * n);
  for (int k = 0; k < num_images; ++k) {
    const absl::Span<const uint16_t> renamed = deck.boards->HandRenaming(step.images[k]);
    uint16_t* const to = targets.data() + size_t(k) * n;
    for (int i = 0; i < n; ++i) to[i] = before.hands->PositionOf(renamed[hands->numbers()[i]]);
  }
  FindBuckets(deck, street);
}

void WalkBoard::Hold(const WalkDeck& deck, int street, absl::Span<const Card> cards_of_street,
                     CardSet complete, SuitGroup suits, const BoardHands& all) {
  board = complete;
  group = suits;
  cards.assign(cards_of_street.begin(), cards_of_street.end());
  hands = &all;
  num_images = 1;
  targets.resize(hands->size());
  std::iota(targets.begin(), targets.end(), uint16_t{0});
  FindBuckets(deck, street);
}

void WalkBoard::SetHands(const WalkDeck& deck, int street, absl::Span<const Card> all_cards) {
  CardSet set = 0;
  for (Card card : all_cards) set |= SetOf(card);
  own_hands.Set(set);
  if (street != deck.last_street) return;
  strengths_.resize(own_hands.size());
  deck.cards->FindStrengths(all_cards, own_hands, absl::MakeSpan(strengths_));
  own_hands.SortByStrength(strengths_);
}

void WalkBoard::FindBuckets(const WalkDeck& deck, int street) {
  buckets.resize(hands->size());
  deck.cards->FindBuckets(street, cards, *hands, absl::MakeSpan(buckets));
}

}  // namespace nash
