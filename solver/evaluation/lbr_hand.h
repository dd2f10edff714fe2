// One hand of a local best response: the range it keeps, and what it chooses.
//
// Made once for each thread; Play() takes one deal in one position. Thread-compatible.
#ifndef NASHVILLE_SOLVER_EVALUATION_LBR_HAND_H_
#define NASHVILLE_SOLVER_EVALUATION_LBR_HAND_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "solver/evaluation/local_best_response.h"
#include "solver/ranges/board_hands.h"

namespace nash {

class LbrHand {
 public:
  explicit LbrHand(const LocalBestResponse& lbr);

  // cards: of deal `number`. position: the local best response's. Returns what it wins.
  double Play(const StreamName& name, uint32_t number, const CardBatch& cards, int position);

 private:
  // How the hand stands: what is copied where every action of the strategy is followed.
  struct Line {
    TranslatedHand hand;
    uint32_t num_draws = 0;
    // By number of hand: the chance that the strategy plays to here with it.
    std::array<double, kRangeHandsMax> range;
  };
  // The cards on a street; each part is found when it is first asked for.
  struct StreetView {
    explicit StreetView(const std::vector<Card>& deck, int num_hole_cards)
        : hands(deck, num_hole_cards) {}
    bool has_hands = false;
    bool has_buckets = false;
    bool has_equities = false;
    BoardHands hands;  // of the strategy: without the board and our own cards
    std::vector<uint32_t> buckets;
    std::vector<float> equities;
  };
  // Sums over the range by bucket.
  struct BucketSums {
    std::vector<double> reach;      // by bucket
    std::vector<double> equity;     // by bucket: reach times our chance to win
    std::vector<uint32_t> buckets;  // that have any
    double total_reach = 0;
    double total_equity = 0;
  };
  // The part of the range that folds to a bet.
  struct Folds {
    double reach = 0;
    double equity = 0;
  };

  StreetView& HandsOn(int street);
  StreetView& BucketsOn(int street);
  StreetView& EquitiesOn(int street);

  double PlayOn(Line* line);
  // A raise of ours, with both bets that it may be taken for.
  double FollowMeanings(int32_t total_chips, Line* line);
  // What the strategy's actions do to the hand: all of them, or one that is drawn.
  double FollowAll(const Line& line, absl::Span<const double> probabilities);
  int DrawEdge(absl::Span<const double> probabilities, Line* line) const;
  // The strategy takes `edge`: whoever does it more rarely becomes less likely.
  void Observe(int edge, Line* line);
  // [num_actions of the decision's node] as they are played.
  absl::Span<const double> Probabilities(const TranslatedDecision& decision, uint32_t bucket);

  void SumByBucket(const Line& line);
  ActionLabel Choose(const Line& line);
  Folds FoldsTo(const TranslatedHand& hand, int edge);
  double Score(const Line& line);
  // A player's half of the antes, which the winner takes like bets (PublicTree::OwnChips()).
  double DeadChips() const { return static_cast<double>(tree_.game().DeadChips() / 2); }

  const LocalBestResponse& lbr_;
  const PublicTree& tree_;
  RunOutEquity::Workspace equity_work_;

  // Of the hand that is played.
  StreamName name_;
  uint32_t number_ = 0;
  int position_ = 0;
  std::vector<Card> own_hole_;
  int other_number_ = 0;     // of the strategy's hand
  std::vector<Card> board_;  // complete; street by street, ascending within a street
  std::vector<StreetView> streets_;

  BucketSums sums_;
  std::array<double, kActionsMax> probabilities_;
  std::vector<double> chances_;  // by bucket; written where sums_ has any
  std::vector<int32_t> raises_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LBR_HAND_H_
