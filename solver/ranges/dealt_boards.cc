// A board is drawn as a deal is (DrawCards()): hole cards come first in a deal and are thrown away,
// since a public walk plays all hands of the board; or it comes from the cycle. So a board has a
// name, (stream, number), and costs no more than a deal would. Buckets of each street are found
// with the board as it was on that street. Everything is in the order of strengths at the showdown,
// which is the order in which the walk adds up. tests/cfr/public_training_test.cc trains with it.
#include "solver/ranges/dealt_boards.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "solver/game/deal.h"

namespace nash {
namespace {

constexpr int kPlayers = 2;

}  // namespace

DealtBoards::DealtBoards(const GameDefinition& game, const CardModel& cards,
                         std::unique_ptr<const BoardCycle> cycle)
    : game_(game),
      cards_(cards),
      cycle_(std::move(cycle)),
      deck_(MakeDeck(game.num_ranks, game.num_suits)) {
  CHECK_EQ(game.num_players, kPlayers);
  CHECK_LE(game.num_hole_cards, kRangeHoleCardsMax);
}

std::unique_ptr<BoardDeal> DealtBoards::MakeDeal() const {
  return std::make_unique<BoardDeal>(BoardDeal{BoardHands(deck_, game_.num_hole_cards)});
}

// Street by street, ascending within a street, as a card model wants them.
std::vector<Card> DealtBoards::CardsOf(const StreamName& name, uint32_t number) const {
  std::vector<Card> board;
  if (cycle_ != nullptr) {
    cycle_->Deal(name, number, &board);
    return board;
  }
  CardBatch drawn(game_.CardsPerDeal(), 1);
  DrawCards(game_, name, number, 1, &drawn);
  for (int slot = kPlayers * game_.num_hole_cards; slot < game_.CardsPerDeal(); ++slot) {
    board.push_back(drawn.slot(slot)[0]);
  }
  for (int street = 0, begin = 0; street < game_.num_streets; ++street) {
    const int end = game_.BoardCardsOn(street);
    std::sort(board.begin() + begin, board.begin() + end);
    begin = end;
  }
  return board;
}

void DealtBoards::Fill(const StreamName& name, uint32_t number, BoardDeal* out) const {
  const std::vector<Card> board = CardsOf(name, number);
  CardSet cards = 0;
  for (const Card card : board) cards |= SetOf(card);
  out->live_cards = static_cast<int>(deck_.size() - board.size());
  out->hands.Set(cards);
  std::vector<int32_t> strengths(out->hands.size());
  cards_.FindStrengths(board, out->hands, absl::MakeSpan(strengths));
  out->hands.SortByStrength(strengths);
  for (int street = 0; street < game_.num_streets; ++street) {
    std::vector<uint32_t>& buckets = out->buckets[street];
    buckets.resize(out->hands.size());
    cards_.FindBuckets(street, absl::MakeConstSpan(board.data(), game_.BoardCardsOn(street)),
                       out->hands, absl::MakeSpan(buckets));
  }
}

}  // namespace nash
