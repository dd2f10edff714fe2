// Sampled hands between strategies, with most of the luck taken out: AIVAT.
//
// Burch, Schmid, Moravcik, Morrill, Bowling 2018, "AIVAT: a new variance reduction technique for
// agent evaluation in imperfect information games". After every draw whose odds are known, what was
// expected of it less what it brought is added to what the hand won:
//
//     won + sum over draws (sum over outcomes P(outcome) u(outcome) - u(what came))
//
// Each term has mean zero whatever u is; the better u, the less luck is left. Draws are:
//
// - The actions of players whose strategy is known. All cards may be taken to be drawn before
//   anybody acts, which changes no odds, so that u may know them: it is what the measured player
//   wins from there on against the strategies that are known (an unknown player is taken to call),
//   in trees of up to kWalkedNodesMax nodes; in larger ones what it wins if all only call from
//   there on. At decisions of players whose strategy is not known there is no term.
// - The deal, in games small enough that all deals can be enumerated: no luck of it is left.
// - Else the cards of each street. They are drawn after what came before, so that u is here what is
//   won if all only call, with the board that may still come (board_luck.h), and does not know
//   that. With two players, a tree that is walked and strategies that are known, the term is its
//   mean over all ways to come to the street; else it is that of the way that was taken. The hole
//   cards have none: each deal is played in all seats.
//
// Two to ten players. Thread-compatible: one for each thread.
#ifndef NASHVILLE_SOLVER_EVALUATION_AIVAT_MATCH_H_
#define NASHVILLE_SOLVER_EVALUATION_AIVAT_MATCH_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "common/rng.h"
#include "common/running_moments.h"
#include "solver/evaluation/board_luck.h"
#include "solver/evaluation/policy.h"
#include "solver/game/deal.h"
#include "solver/game/public_tree.h"

namespace nash {

inline constexpr uint32_t kWalkedNodesMax = 50000;

// Who plays. Neither is owned.
struct MatchPlayer {
  const Policy* policy = nullptr;
  // The cards of a deal must depend on its name only: all are then dealt the same.
  const DealSource* deals = nullptr;
  bool is_known = true;
};

// What the measured player wins in one deal, in chips, by the position it sits in.
struct MatchDeal {
  std::vector<double> chips;      // as the cards and dice fell
  std::vector<double> corrected;  // by AIVAT
  // What all did, as BettingState takes it; empty unless KeepActions() was called.
  std::vector<std::vector<ActionLabel>> actions;
};

// Mean and spread over deals: a deal is one observation, the mean over the positions. The order of
// Add() is that of the sums.
class MatchMean {
 public:
  void Add(const MatchDeal& deal);

  uint64_t deals() const { return chips_.count(); }
  // Need deals() > 0. As the cards and dice fell, and by AIVAT.
  double chips() const { return chips_.mean(); }
  double corrected() const { return corrected_.mean(); }
  // By AIVAT, with the measured player in a position.
  double corrected_in(int position) const { return position_sums_[position] / deals(); }
  // Half the width of the 95% intervals. 0 for less than two deals.
  double half_width() const { return chips_.HalfWidth95(); }
  double corrected_half_width() const { return corrected_.HalfWidth95(); }

 private:
  RunningMoments chips_;
  RunningMoments corrected_;
  std::vector<double> position_sums_;
};

class AivatMatch {
 public:
  // One `measured` player against copies of `other` in all other positions. All must outlive it.
  // walked_nodes_max: of the trees whose values are found for each deal.
  AivatMatch(const PublicTree& tree, const MatchPlayer& measured, const MatchPlayer& other,
             uint32_t walked_nodes_max = kWalkedNodesMax);

  // Whether values are found for each deal, rather than by calls to the end.
  bool is_walked() const { return is_walked_; }

  // Looks up what the deal is expected to bring, over all deals: needs a game that DrawCards()
  // enumerates, and a tree that is walked. Without it there is no term for the deal.
  void ExpectAllDeals();

  // From here on Play() says what was done in each hand.
  void KeepActions() { keeps_actions_ = true; }

  // Plays deal `number` of the stream `name` once with the measured player in each position.
  MatchDeal Play(const StreamName& name, uint32_t number);

 private:
  void Deal(const StreamName& name, uint32_t number);
  const MatchPlayer& PlayerIn(int position) const {
    return position == position_ ? measured_ : other_;
  }
  void Probabilities(NodeIndex node, absl::Span<double> probabilities) const;
  // What the measured player wins.
  double Payoff(const PublicEdge& end) const;
  double PayoffOf(const PublicEdge& end, absl::Span<const int32_t> strengths) const;
  // What that is expected to bring by the cards of the streets up to `street`.
  double Expected(const PublicEdge& end, int street);
  // The terms of the cards that are dealt between a decision on `street` and what comes of `edge`.
  double TermOfCards(int street, const PublicEdge& edge);
  // Those of all ways through the tree, each by how often it is gone; needs Walk().
  double TermOfAllCards();
  // Finds the value of every node; returns the root's.
  double Walk();
  // u: what an action is worth.
  double Value(const PublicEdge& edge) const;
  // Plays one hand; returns what is won. actions_ has what was done, if that is kept.
  double PlayPath(const StreamName& name, uint32_t number, double* corrected);

  const PublicTree& tree_;
  const MatchPlayer measured_;
  const MatchPlayer other_;
  const bool is_walked_;
  std::vector<double> expected_;  // by position; empty: none

  // Of the deal and the position that are played.
  DealBatch measured_deals_;
  DealBatch other_deals_;
  int position_ = 0;
  bool keeps_actions_ = false;
  std::vector<ActionLabel> actions_;
  BoardLuck luck_;
  // Where is_walked_: values by node, and how often each edge is taken where its node is reached.
  std::vector<double> walked_;
  std::vector<double> taken_;
  std::vector<double> reach_;  // by node
  // Two players: edges that cards come after, and what is lost by who is weaker if both call.
  struct CardStep {
    NodeIndex node = 0;
    uint32_t edge = 0;  // of the tree
    int street = 0;
    int next_street = 0;
    int32_t chips = 0;
  };
  std::vector<CardStep> card_steps_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_AIVAT_MATCH_H_
