#include "solver/evaluation/abstraction_hands.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>

#include "solver/cards/hand_rank.h"
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

// Of five cards and more both rankers have one order, and the one of these is faster.
int32_t UnbucketedHands::Strength(absl::Span<const Card> hole, absl::Span<const Card> board) const {
  const SeenCards seen(hole, board);
  if (seen.size < kRankedCardsMin || seen.size > kRankedCardsMax) {
    return RankSmallHand(seen.span(), ranking_);
  }
  return SharedHandRanker(ranking_).Rank(seen.span());
}

void UnbucketedHands::FindStrengths(absl::Span<const Card> board, const BoardHands& hands,
                                    absl::Span<int32_t> strengths) const {
  const size_t num_cards = board.size() + hands.num_hole_cards();
  if (num_cards < kRankedCardsMin || num_cards > kRankedCardsMax) {
    return HandModel::FindStrengths(board, hands, strengths);
  }
  const HandRanker& ranker = SharedHandRanker(ranking_);
  HandKey key;
  for (Card card : board) key.Add(card);
  for (int i = 0; i < hands.size(); ++i) {
    const HandKey with_low = key.With(hands.low()[i]);
    strengths[i] =
        ranker.Rank(hands.num_hole_cards() == 1 ? with_low : with_low.With(hands.high()[i]));
  }
}

void AbstractionHands::FindBuckets(int street, absl::Span<const Card> board,
                                   const BoardHands& hands, absl::Span<uint32_t> buckets) const {
  abstraction_->FindBuckets(street, board, hands.low(), hands.high(), buckets);
}

uint32_t AbstractionHands::Bucket(int street, absl::Span<const Card> hole,
                                  absl::Span<const Card> board) const {
  return abstraction_->BucketOf(street, SeenCards(hole, board).span());
}

}  // namespace nash
