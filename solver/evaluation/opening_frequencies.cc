// Before the flop every strategy is a table by hand, whatever its buckets: the buckets of all hands
// are looked up once, and a frequency is a sum over buckets.
//
// Hands count alike, whoever holds the others: what the opener's cards take from the players behind
// is left out, as charts leave it out. Buckets that training has not reached are left out too, and
// `learned` says how much of the hands is left, so that a figure of a young run is not taken for a
// habit. A seat's decision is the one after all before it have folded; FoldedThrough() multiplies
// what each player behind folds.
#include "solver/evaluation/opening_frequencies.h"

#include <glog/logging.h>

#include <algorithm>

namespace nash {

OpeningFrequencies::OpeningFrequencies(const PublicTree& tree, const CardModel& cards,
                                       const Policy& policy)
    : tree_(tree),
      policy_(policy),
      deck_(MakeDeck(tree.game().num_ranks, tree.game().num_suits)),
      hands_(deck_, tree.game().num_hole_cards) {
  const GameDefinition& game = tree.game();
  CHECK_EQ(game.num_hole_cards, 2);
  hands_.Set(0);
  buckets_.resize(hands_.size());
  cards.FindBuckets(0, {}, hands_, absl::MakeSpan(buckets_));
  bucket_weights_.resize(cards.NumBuckets(0));
  for (const uint32_t bucket : buckets_) bucket_weights_[bucket] += 1.0 / hands_.size();
  for (NodeIndex node = 0; tree.nodes()[node].street == 0;) {
    const int player = tree.nodes()[node].player;
    seats_.push_back({node, player, game.blind_chips[player] > 0});
    const PublicEdge& fold = tree.EdgesOf(node)[0];
    if (tree.LabelsOf(node)[0] != kFoldLabel || fold.kind() != EdgeKind::kDecision) break;
    node = fold.payload();
  }
}

ActionShares OpeningFrequencies::SharesOfBucket(NodeIndex node, uint32_t bucket) const {
  ActionShares shares;
  if (!policy_.IsLearned(node, bucket)) return shares;
  const absl::Span<const ActionLabel> labels = tree_.LabelsOf(node);
  std::array<double, kActionsMax> probabilities;
  policy_.Probabilities(node, bucket, absl::MakeSpan(probabilities.data(), labels.size()));
  for (size_t a = 0; a < labels.size(); ++a) {
    double& share = labels[a] == kFoldLabel   ? shares.fold
                    : labels[a] == kCallLabel ? shares.call
                                              : shares.raise;
    share += probabilities[a];
    shares.actions[a] = probabilities[a];
  }
  shares.learned = 1;
  return shares;
}

ActionShares OpeningFrequencies::SharesAt(NodeIndex node, const OwnAction* before) const {
  ActionShares all;
  double hands = 0;
  for (uint32_t bucket = 0; bucket < bucket_weights_.size(); ++bucket) {
    double weight = bucket_weights_[bucket];
    if (weight > 0 && before != nullptr) {
      weight *= SharesOfBucket(before->node, bucket).actions[before->action];
    }
    if (weight == 0) continue;
    hands += weight;
    const ActionShares shares = SharesOfBucket(node, bucket);
    all.fold += weight * shares.fold;
    all.call += weight * shares.call;
    all.raise += weight * shares.raise;
    for (int a = 0; a < kActionsMax; ++a) all.actions[a] += weight * shares.actions[a];
    all.learned += weight * shares.learned;
  }
  if (all.learned == 0) return all;
  for (double* share : {&all.fold, &all.call, &all.raise}) *share /= all.learned;
  for (double& share : all.actions) share /= all.learned;
  all.learned /= hands;
  return all;
}

ActionShares OpeningFrequencies::SharesOf(NodeIndex node, Card low, Card high) const {
  return SharesOfBucket(node, buckets_[hands_.PositionOf(HandNumber(low, high))]);
}

double OpeningFrequencies::FoldedThrough(const PublicEdge& edge) const {
  double likely = 1;
  for (const PublicEdge* at = &edge; at->kind() == EdgeKind::kDecision;) {
    const NodeIndex node = at->payload();
    if (tree_.nodes()[node].street > 0 || tree_.LabelsOf(node)[0] != kFoldLabel) return 0;
    const ActionShares shares = SharesAt(node);
    if (shares.learned == 0) return -1;
    likely *= shares.fold;
    at = &tree_.EdgesOf(node)[0];
  }
  return likely;
}

double OpeningFrequencies::SuitedFoldsMore(NodeIndex node) const {
  const int num_suits = tree_.game().num_suits;
  if (num_suits < 2) return -1;
  const int suited_hands = num_suits;
  const int offsuit_hands = num_suits * (num_suits - 1);
  double more = 0;
  double hands = 0;
  for (size_t high = 0; high < deck_.size(); high += num_suits) {
    for (size_t low = 0; low < high; low += num_suits) {
      const ActionShares suited = SharesOf(node, deck_[low], deck_[high]);
      const ActionShares offsuit = SharesOf(node, deck_[low + 1], deck_[high]);
      if (suited.learned == 0 || offsuit.learned == 0) continue;
      more += (suited_hands + offsuit_hands) * std::max(0.0, suited.fold - offsuit.fold);
      hands += suited_hands + offsuit_hands;
    }
  }
  return hands > 0 ? more / hands : -1;
}

}  // namespace nash
