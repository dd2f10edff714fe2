#include "solver/abstraction/deal_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace nash {
namespace {

TEST(IndexDeals, IsTheIndexOfEveryPlayersHand) {
  constexpr int kDeals = 300;
  std::mt19937 random(4);
  for (HandShape shape : {HandShape::kPreflop, HandShape::kFlop, HandShape::kTurn,
                          HandShape::kRiver, HandShape::kTurnRecall, HandShape::kRiverRecall}) {
    const HandIndexer indexer(shape);
    const int num_board = PartsOf(shape).num_board();
    for (int num_players : {1, 2, 6}) {
      const int num_slots = 2 * num_players + num_board;
      std::vector<std::vector<Card>> slots(num_slots, std::vector<Card>(kDeals));
      std::vector<Card> deck = MakeDeck(13, 4);
      for (int d = 0; d < kDeals; ++d) {
        std::shuffle(deck.begin(), deck.end(), random);
        for (int s = 0; s < num_slots; ++s) slots[s][d] = deck[s];
      }
      std::vector<const Card*> board;
      for (int k = 0; k < num_board; ++k) board.push_back(slots[2 * num_players + k].data());
      std::vector<std::vector<uint32_t>> indices(num_players, std::vector<uint32_t>(kDeals));
      std::vector<PlayerHands> players;
      for (int p = 0; p < num_players; ++p) {
        players.push_back({slots[2 * p].data(), slots[2 * p + 1].data(), indices[p].data()});
      }
      IndexDeals(indexer, board.data(), players, kDeals);
      for (int d = 0; d < kDeals; ++d) {
        for (int p = 0; p < num_players; ++p) {
          std::vector<Card> hand = {slots[2 * p][d], slots[2 * p + 1][d]};
          for (const Card* cards : board) hand.push_back(cards[d]);
          ASSERT_EQ(indices[p][d], indexer.Index(hand)) << CardNames(hand);
        }
      }
    }
  }
}

}  // namespace
}  // namespace nash
