// Boards whose buckets and strengths are hashes of the cards: enough for tests of public walks.
#ifndef NASHVILLE_TESTS_CFR_HASHED_BOARDS_H_
#define NASHVILLE_TESTS_CFR_HASHED_BOARDS_H_

#include <memory>
#include <vector>

#include "solver/game/deal.h"
#include "solver/ranges/board_source.h"

namespace nash {

class HashedBoards : public BoardSource {
 public:
  HashedBoards(const GameDefinition& game, uint32_t num_buckets)
      : game_(game), num_buckets_(num_buckets), deck_(MakeDeck(game.num_ranks, game.num_suits)) {}

  std::unique_ptr<BoardDeal> MakeDeal() const override {
    return std::make_unique<BoardDeal>(BoardDeal{BoardHands(deck_, game_.num_hole_cards)});
  }
  void Fill(const StreamName& name, uint32_t number, BoardDeal* out) const override {
    CardBatch cards(game_.CardsPerDeal(), 1);
    DrawCards(game_, name, number, 1, &cards);
    CardSet board = 0;
    for (int s = 2 * game_.num_hole_cards; s < game_.CardsPerDeal(); ++s) {
      board |= SetOf(cards.slot(s)[0]);
    }
    out->hands.Set(board);
    out->live_cards = static_cast<int>(deck_.size()) - game_.TotalBoardCards();
    std::vector<int32_t> strengths;
    for (const uint16_t hand : out->hands.numbers()) {
      strengths.push_back(static_cast<int32_t>(Hash(board, hand, 99) % 7));  // many ties
    }
    out->hands.SortByStrength(strengths);
    for (int street = 0; street < game_.num_streets; ++street) {
      out->buckets[street].clear();
      for (const uint16_t hand : out->hands.numbers()) {
        out->buckets[street].push_back(Hash(street == 0 ? 0 : board, hand, street) % num_buckets_);
      }
    }
  }

 private:
  static uint32_t Hash(CardSet board, uint16_t hand, uint32_t what) {
    return Draw({board, hand, what}, DrawPurpose::kEvaluation, 0, 0)[0];
  }
  const GameDefinition& game_;
  const uint32_t num_buckets_;
  const std::vector<Card> deck_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_HASHED_BOARDS_H_
