#include "solver/abstraction/bucket_board_source.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "solver/game/deal.h"

namespace nash {
namespace {

constexpr int kPlayers = 2;

}  // namespace

BucketBoardSource::BucketBoardSource(const GameDefinition& game, const Abstraction& abstraction)
    : game_(game), abstraction_(abstraction), deck_(MakeDeck(game.num_ranks, game.num_suits)) {
  CHECK_EQ(game.num_players, kPlayers);
  CHECK_LE(game.num_hole_cards, kRangeHoleCardsMax);
}

std::unique_ptr<BoardDeal> BucketBoardSource::MakeDeal() const {
  return std::make_unique<BoardDeal>(BoardDeal{BoardHands(deck_, game_.num_hole_cards)});
}

void BucketBoardSource::Fill(const StreamName& name, uint32_t number, BoardDeal* out) const {
  const int num_slots = game_.CardsPerDeal();
  const int first_board_slot = kPlayers * game_.num_hole_cards;
  CardBatch drawn(num_slots, 1);
  DrawCards(game_, name, number, 1, &drawn);
  CardSet board = 0;
  for (int s = first_board_slot; s < num_slots; ++s) board |= SetOf(drawn.slot(s)[0]);
  out->hands.Set(board);
  out->live_cards = static_cast<int>(deck_.size()) - (num_slots - first_board_slot);

  // All hands of the board are looked up as the hands of the two players of some deals.
  const int num_hands = out->hands.size();
  const int num_deals = (num_hands + kPlayers - 1) / kPlayers;
  CardBatch cards(num_slots, num_deals);
  for (int i = 0; i < num_deals * kPlayers; ++i) {
    const int hand = std::min(i, num_hands - 1);
    const int slot = i % kPlayers * game_.num_hole_cards;
    cards.slot(slot)[i / kPlayers] = out->hands.low()[hand];
    if (game_.num_hole_cards == 2) {
      cards.slot(slot + 1)[i / kPlayers] = out->hands.high()[hand];
    }
  }
  for (int s = first_board_slot; s < num_slots; ++s) {
    std::fill_n(cards.slot(s), num_deals, drawn.slot(s)[0]);
  }
  DealBatch deals(kPlayers, game_.num_streets, num_deals);
  for (int first = 0; first < num_deals; first += kLookupBlock) {
    abstraction_.Lookup(cards, first, std::min(kLookupBlock, num_deals - first), &deals, first);
  }

  std::vector<int32_t> strengths(num_hands);
  std::vector<uint16_t> hand_of_number(kRangeHandsMax);
  for (int i = 0; i < num_hands; ++i) {
    strengths[i] = deals.strengths(i % kPlayers)[i / kPlayers];
    hand_of_number[out->hands.numbers()[i]] = static_cast<uint16_t>(i);
  }
  out->hands.SortByStrength(strengths);
  for (int street = 0; street < game_.num_streets; ++street) {
    std::vector<uint32_t>& buckets = out->buckets[street];
    buckets.resize(num_hands);
    for (int position = 0; position < num_hands; ++position) {
      const int i = hand_of_number[out->hands.numbers()[position]];
      buckets[position] = deals.buckets(street, i % kPlayers)[i / kPlayers];
    }
  }
}

}  // namespace nash
