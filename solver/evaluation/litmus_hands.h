// Hands that a strategy plays against itself, and what it does in the spots that litmus.h judges.
//
// A spot is counted as often as the strategy comes there, so that what it never plays does not
// count. At each decision its probabilities are added up, not one action that was drawn. Deals of
// games that DrawCards() enumerates are followed through all actions, so that nothing is drawn.
//
// Thread-compatible: one LitmusHands for each thread.
#ifndef NASHVILLE_SOLVER_EVALUATION_LITMUS_HANDS_H_
#define NASHVILLE_SOLVER_EVALUATION_LITMUS_HANDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "common/rng.h"
#include "solver/evaluation/hand_space.h"
#include "solver/evaluation/policy.h"
#include "solver/game/deal.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/board_hands.h"

namespace nash {

// The mean of a figure over the decisions of one kind.
class LitmusSpot {
 public:
  // weight: how likely the decision is; 1 where hands are drawn.
  void Add(double weight, double figure);
  // Nothing was drawn: the mean has no interval.
  void SetExact() { is_exact_ = true; }
  // A decision whose row training has not reached: it says nothing of the strategy.
  void AddUnlearned(double weight) { unlearned_ += weight; }
  // The order of merges is that of the sums.
  void Merge(const LitmusSpot& other);

  uint64_t decisions() const { return decisions_; }
  bool is_exact() const { return is_exact_; }
  // The share of decisions, by weight, that training has not reached.
  double unlearned_share() const;
  // Need decisions() > 0.
  double mean() const { return sum_ / weight_; }
  // Half the width of the 95% interval, as if decisions were independent; 0 of exact means.
  double half_width() const;

 private:
  bool is_exact_ = false;
  uint64_t decisions_ = 0;
  double weight_ = 0;
  double sum_ = 0;
  double squares_ = 0;
  double unlearned_ = 0;
};

struct LitmusTally {
  LitmusSpot aces_fold;  // on the first street, holding two of the highest cards
  // On the last street, with the nuts: a hand that none beats, and that beats half of all.
  LitmusSpot nuts_fold;     // facing a bet
  LitmusSpot nuts_pass;     // last to act: no raise
  LitmusSpot nothing_call;  // calls that end the hand, with a hand that beats none and hardly ties
  // Heads-up on the last street, facing its first bet: the share of folds, less that which would
  // leave a bluff without a chance to win at a showdown neither gain nor loss.
  LitmusSpot fold_excess;
  LitmusSpot bet_fold;  // the same decisions: the share of folds

  void Merge(const LitmusTally& other);
  // All deals were played with all actions, Play()'s: aces are drawn apart.
  void SetExact();
};

class LitmusHands {
 public:
  // Needs one or two hole cards. All must outlive it.
  LitmusHands(const PublicTree& tree, const HandModel& hands, const Policy& policy);

  // Plays deal `number` of the stream `name`.
  void Play(const StreamName& name, uint32_t number, LitmusTally* tally);
  // The same on the first street, with two of the highest cards in place of the hole cards of
  // position number % players. Needs two hole cards and two suits.
  void PlayAces(const StreamName& name, uint32_t number, LitmusTally* tally);

 private:
  // Of a hand on a complete board, how many of the hands that another player may hold it beats and
  // ties with, and how many beat it.
  struct Standing {
    int beaten = 0;
    int tied = 0;
    int better = 0;
  };
  // What a decision is part of.
  struct Place {
    double weight;
    int raises;  // on the node's street
  };

  void Deal(const StreamName& name, uint32_t number);
  void SortCards();
  uint32_t Bucket(int street, int player);
  const Standing& StandingOf(int player);
  void Visit(NodeIndex node, const Place& place, LitmusTally* tally);
  void Judge(NodeIndex node, const Place& place, absl::Span<const double> probabilities,
             LitmusTally* tally);
  void JudgeLastStreet(NodeIndex node, const Place& place, absl::Span<const double> probabilities,
                       bool is_learned, LitmusTally* tally);

  const PublicTree& tree_;
  const GameDefinition& game_;
  const HandModel& hands_;
  const Policy& policy_;
  const bool follows_all_;  // actions of a deal
  const std::vector<Card> deck_;

  // Of the deal that is played.
  StreamName draws_;
  uint32_t number_ = 0;
  int aces_player_ = -1;  // whose decisions on the first street count; -1: none's
  CardBatch cards_;
  std::array<std::vector<Card>, kPlayersMax> hole_;
  std::vector<Card> board_;
  std::array<std::array<std::optional<uint32_t>, kPlayersMax>, kStreetsMax> buckets_;
  std::array<std::optional<Standing>, kPlayersMax> standings_;
  bool has_strengths_ = false;
  BoardHands live_;
  std::vector<int32_t> strengths_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LITMUS_HANDS_H_
