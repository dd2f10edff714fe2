// How often play comes to a decision: deals, and how likely each of them gets there.
//
// Chance is drawn once: a number of deals, of small games all there are, so that nothing is left to
// luck. A walk down the tree, depth first, carries for each deal the product of the probabilities
// with which the players, all of them, take the actions on the way. So it works for any game,
// abstraction and number of players, and what it says of a decision is what happens at a table.
//
// Memory: for each decision on the path a float for each deal and action; nothing that grows with
// the checkpoint. Thread-compatible.
#ifndef NASHVILLE_TOOLS_INSPECTION_DRAWN_DEALS_H_
#define NASHVILLE_TOOLS_INSPECTION_DRAWN_DEALS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/game/deal.h"
#include "tools/stored/loaded_run.h"
#include "tools/stored/node_strategy.h"

namespace nash {

class DrawnDeals {
 public:
  static constexpr uint64_t kDealsMax = uint64_t{1} << 20;

  // wanted: how many, of games that are not enumerated. Error: InvalidArgument, naming --deals.
  static absl::StatusOr<DrawnDeals> Draw(const LoadedRun& run, uint64_t wanted, uint64_t seed);

  uint32_t size() const { return size_; }
  // All deals of the game are there.
  bool is_exact() const { return is_exact_; }

  // [size()] the buckets of the player who acts at `node`.
  absl::Span<const uint32_t> BucketsAt(NodeIndex node) const;
  // What the strategy does at `node` with the hand of each deal that comes there.
  // reach: [size()]. Returns [size()][num_actions], zeros where reach is zero.
  std::vector<float> ActionsAt(NodeIndex node, const NodeStrategy& strategy,
                               absl::Span<const float> reach) const;
  // The reach after an action. actions: of ActionsAt().
  static std::vector<float> After(absl::Span<const float> reach, absl::Span<const float> actions,
                                  int num_actions, int action);
  double MeanOf(absl::Span<const float> reach) const;

 private:
  DrawnDeals(const LoadedRun& run, uint32_t size, bool is_exact)
      : run_(&run),
        size_(size),
        is_exact_(is_exact),
        batch_(run.tree().num_players(), run.tree().num_streets(), static_cast<int>(size)) {}

  const LoadedRun* run_;
  uint32_t size_;
  bool is_exact_;
  DealBatch batch_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_DRAWN_DEALS_H_
