#include "solver/evaluation/abstraction_hands.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>

#include "solver/cards/small_hand_rank.h"

namespace nash {
namespace {

static_assert(kHoleCardsMax + kBoardCardsMax <= kSmallHandCardsMax);

// Hole cards, then the board.
struct SeenCards {
  SeenCards(absl::Span<const Card> hole, absl::Span<const Card> board)
      : size(hole.size() + board.size()) {
    CHECK_LE(size, cards.size());
    std::copy(hole.begin(), hole.end(), cards.begin());
    std::copy(board.begin(), board.end(), cards.begin() + hole.size());
  }
  absl::Span<const Card> span() const { return absl::MakeConstSpan(cards.data(), size); }
  size_t size;
  std::array<Card, kSmallHandCardsMax> cards;
};

}  // namespace

uint32_t UnbucketedHands::Bucket(int street, absl::Span<const Card> hole,
                                 absl::Span<const Card> board) const {
  return 0;
}

int32_t UnbucketedHands::Strength(absl::Span<const Card> hole, absl::Span<const Card> board) const {
  return RankSmallHand(SeenCards(hole, board).span());
}

uint32_t AbstractionHands::Bucket(int street, absl::Span<const Card> hole,
                                  absl::Span<const Card> board) const {
  return abstraction_->BucketOf(street, SeenCards(hole, board).span());
}

}  // namespace nash
