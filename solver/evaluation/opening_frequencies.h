// How often a strategy folds, calls and raises before the flop, over all hands: what opening charts
// show.
//
// All hands count alike, whatever the others hold. Thread-safe once made.
#ifndef NASHVILLE_SOLVER_EVALUATION_OPENING_FREQUENCIES_H_
#define NASHVILLE_SOLVER_EVALUATION_OPENING_FREQUENCIES_H_

#include <array>
#include <cstdint>
#include <vector>

#include "solver/cards/card.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/board_hands.h"
#include "solver/ranges/card_model.h"

namespace nash {

// Shares of hands at one decision. Rows that training has not reached are left out.
struct ActionShares {
  double fold = 0;
  double call = 0;
  double raise = 0;
  std::array<double, kActionsMax> actions{};  // by edge
  double learned = 0;  // the share of hands whose rows training has reached; the rest is left out
};

// A player whom nobody came before: all earlier ones have folded.
struct OpeningSeat {
  NodeIndex node;
  int player;
  bool has_blind;
};

// An action that the player took before.
struct OwnAction {
  NodeIndex node;
  int action;
};

class OpeningFrequencies {
 public:
  // Needs two hole cards. All must outlive it.
  OpeningFrequencies(const PublicTree& tree, const CardModel& cards, const Policy& policy);

  // Those who may open, the first to act first.
  const std::vector<OpeningSeat>& seats() const { return seats_; }
  // Needs a node of the first street.
  ActionShares SharesAt(NodeIndex node) const { return SharesAt(node, nullptr); }
  // Of the hands that took the action, as often as they do. Needs two decisions of one player.
  ActionShares SharesAfter(const OwnAction& before, NodeIndex node) const {
    return SharesAt(node, &before);
  }
  // The same of one hand.
  ActionShares SharesOf(NodeIndex node, Card low, Card high) const;
  // How likely all others fold to the action `edge` of an opening seat, each by its share of all
  // hands; negative where training has not come to one of them.
  double FoldedThrough(const PublicEdge& edge) const;
  // Of hands with two ranks, the share by which suited ones are folded more often than offsuit ones
  // of the same ranks: the sum of what each pair of classes is off, by the hands of both. Negative
  // without a pair of classes that training has reached.
  double SuitedFoldsMore(NodeIndex node) const;

 private:
  ActionShares SharesAt(NodeIndex node, const OwnAction* before) const;
  ActionShares SharesOfBucket(NodeIndex node, uint32_t bucket) const;

  const PublicTree& tree_;
  const Policy& policy_;
  const std::vector<Card> deck_;
  BoardHands hands_;
  std::vector<uint32_t> buckets_;       // by position among hands_
  std::vector<double> bucket_weights_;  // by bucket: the share of hands
  std::vector<OpeningSeat> seats_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_OPENING_FREQUENCIES_H_
