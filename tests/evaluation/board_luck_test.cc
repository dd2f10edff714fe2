#include "solver/evaluation/board_luck.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "solver/cards/small_hand_rank.h"
#include "solver/evaluation/board_fill.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// The cards of a deal as they are drawn: hole cards, then the board.
std::vector<Card> CardsOf(const GameDefinition& game, uint32_t number) {
  CardBatch batch(game.CardsPerDeal(), 1);
  DrawCards(game, {7, 0, 0}, number, 1, &batch);
  std::vector<Card> cards;
  for (int slot = 0; slot < game.CardsPerDeal(); ++slot) cards.push_back(batch.slot(slot)[0]);
  return cards;
}

// Ways to fill the board up from card `at` of the deal on, in order: each is counted as often as it
// can be dealt. Adds what `value` says of the strengths.
template <typename Value>
void AddBoards(const GameDefinition& game, std::vector<Card>* cards, size_t at, const Value& value,
               double* sum, double* boards) {
  if (at < cards->size()) {
    for (const Card card : MakeDeck(game.num_ranks, game.num_suits)) {
      if (std::find(cards->begin(), cards->begin() + at, card) != cards->begin() + at) continue;
      (*cards)[at] = card;
      AddBoards(game, cards, at + 1, value, sum, boards);
    }
    return;
  }
  const int holes = game.num_players * game.num_hole_cards;
  std::vector<int32_t> strengths;
  for (int p = 0; p < game.num_players; ++p) {
    std::vector<Card> hand(cards->begin() + holes, cards->end());
    for (int h = 0; h < game.num_hole_cards; ++h) {
      hand.push_back((*cards)[p * game.num_hole_cards + h]);
    }
    strengths.push_back(RankSmallHand(hand, game.ranking));
  }
  *sum += value(strengths);
  ++*boards;
}
template <typename Value>
double Counted(const GameDefinition& game, uint32_t number, int street, const Value& value) {
  std::vector<Card> cards = CardsOf(game, number);
  const int known = game.num_players * game.num_hole_cards + game.BoardCardsOn(street);
  double sum = 0, boards = 0;
  AddBoards(game, &cards, known, value, &sum, &boards);
  return sum / boards;
}

const auto kSign = [](const std::vector<int32_t>& strengths) {
  return double((strengths[0] > strengths[1]) - (strengths[0] < strengths[1]));
};

TEST(BoardLuck, IsWhatCountingAllBoardsGives) {
  const GameDefinition game = ShippedGame("nolimit_2p_100bb");
  BoardLuck luck(game);
  for (uint32_t number = 0; number < 5; ++number) {
    luck.Deal({7, 0, 0}, number);
    for (int street : {3, 1, 2, 1}) {
      EXPECT_NEAR(luck.Edge(street), Counted(game, number, street, kSign), 1e-12) << street;
    }
  }
}

TEST(BoardLuck, OfSmallGamesAllIsCounted) {
  for (const char* name : {"leduc_2p", "kuhn_2p"}) {
    const GameDefinition game = ShippedGame(name);
    BoardLuck luck(game);
    for (uint32_t number = 0; number < 20; ++number) {
      luck.Deal({7, 0, 0}, number);
      for (int street = 0; street < game.num_streets; ++street) {
        EXPECT_NEAR(luck.Edge(street), Counted(game, number, street, kSign), 1e-12) << name;
      }
    }
  }
}

TEST(BoardLuck, OfSeveralHandsAtOnce) {
  const GameDefinition game = ShippedGame("nolimit_6p_100bb");
  BoardLuck luck(game);
  const auto value = [](const auto& strengths) {
    double beaten = 0;
    for (int32_t other : strengths) beaten += strengths[2] > other;
    return beaten;
  };
  for (uint32_t number = 0; number < 5; ++number) {
    luck.Deal({7, 0, 0}, number);
    for (int street : {2, 3}) {
      EXPECT_NEAR(luck.Mean(street, value), Counted(game, number, street, value), 1e-12);
    }
  }
}

// Where boards are drawn the mean is right in the mean: the flop brings nothing beside it.
TEST(BoardLuck, DrawnBoardsAreNotBiased) {
  const GameDefinition game = ShippedGame("nolimit_2p_100bb");
  BoardLuck luck(game);
  constexpr int kDeals = 3000;
  double sum = 0, squares = 0, with_edge = 0;
  for (uint32_t number = 0; number < kDeals; ++number) {
    luck.Deal({7, 0, 0}, number);
    const double brought = luck.Edge(1) - luck.Edge(0);
    sum += brought;
    squares += brought * brought;
    with_edge += brought * luck.Edge(0);
  }
  const double deviation = std::sqrt(squares / kDeals);
  EXPECT_LT(deviation, 0.6);
  EXPECT_GT(deviation, 0.3);
  EXPECT_NEAR(sum / kDeals, 0, 4 * deviation / std::sqrt(kDeals));
  // Nor for who is ahead. What the drawn boards are off by is in both: its square, 1 / 256 at most.
  EXPECT_NEAR(with_edge / kDeals, 0, 4 * deviation / std::sqrt(kDeals) + 1.0 / 256);
}

// Every card comes equally often: within 5 deviations of the mean.
TEST(DrawFill, DrawsEveryCardThatIsLeft) {
  const GameDefinition game = ShippedGame("nolimit_2p_100bb");
  const std::vector<Card> deck = MakeDeck(13, 4);
  const std::vector<Card> fresh(deck.begin() + 5, deck.end());
  constexpr int kFills = 20000;
  std::vector<int> counts(kCardsMax);
  for (uint32_t fill = 0; fill < kFills; ++fill) {
    std::vector<Card> left = fresh, board(5);
    DrawFill(
        game, 0, absl::MakeSpan(left),
        [&](int i) {
          return Draw({3, 0, 0}, DrawPurpose::kEvaluation, fill, i);
        },
        absl::MakeSpan(board));
    EXPECT_TRUE(board[0] < board[1] && board[1] < board[2]);
    for (const Card card : board) ++counts[card];
  }
  const double share = 5.0 / fresh.size();
  for (const Card card : fresh) {
    EXPECT_NEAR(counts[card], kFills * share, 5 * std::sqrt(kFills * share * (1 - share)));
  }
}

// 81.9% to 18.1% (with 0.5% of ties).
TEST(BoardLuck, AcesAgainstKings) {
  const GameDefinition game = ShippedGame("nolimit_2p_100bb");
  BoardLuck luck(game);
  double sum = 0;
  int found = 0;
  for (uint32_t number = 0; number < 2'000'000 && found < 16; ++number) {
    const std::vector<Card> cards = CardsOf(game, number);
    const auto is_pair_of = [&](int first, int rank) {
      return RankOf(cards[first]) == rank && RankOf(cards[first + 1]) == rank;
    };
    const bool is_first = is_pair_of(0, 12) && is_pair_of(2, 11);
    if (!is_first && !(is_pair_of(0, 11) && is_pair_of(2, 12))) continue;
    luck.Deal({7, 0, 0}, number);
    sum += is_first ? luck.Edge(0) : -luck.Edge(0);
    ++found;
  }
  ASSERT_EQ(found, 16);
  EXPECT_NEAR(sum / found, 0.64, 4 * 0.77 / 16 / std::sqrt(found));
}

}  // namespace
}  // namespace nash
