// One decision of a stored strategy, hand by hand: what `policy --board` prints and the browser
// shows.
//
// A hand is hole cards, whatever buckets they fall into. Its reach is the probability that its
// player plays as far as the decision with it, by the strategy alone: what that player's range is,
// up to a factor. A query reads the nodes on the path and nothing else.
#ifndef NASHVILLE_TOOLS_INSPECTION_DECISION_H_
#define NASHVILLE_TOOLS_INSPECTION_DECISION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/checkpoint/mapped_nodes.h"
#include "solver/checkpoint/reader.h"
#include "solver/game/betting_state.h"
#include "solver/game/public_tree.h"
#include "tools/inspection/inspected_run.h"
#include "tools/stored/loaded_run.h"

namespace nash {

class BoardHands;

struct DecisionHand {
  std::vector<Card> hole;  // the higher card first
  uint32_t bucket = 0;
  bool is_reached = false;      // training has come to the infoset
  std::vector<double> reach;    // by position
  std::vector<double> actions;  // probabilities, in the order of the node's edges
  std::vector<double> regrets;  // as the table holds them
  std::vector<double> sums;     // of the average strategy, the same; empty where it has none
};

struct Decision {
  explicit Decision(const BettingState& betting) : betting(betting) {}

  NodeIndex node = 0;
  BettingState betting;
  std::vector<PathStep> path;
  std::vector<Card> board;  // as far as it is dealt here
  bool is_average = false;  // or the current strategy, on streets without sums
  std::vector<DecisionHand> hands;
  std::vector<double> mean;  // of the actions, weighted by reach; zero where nobody comes here
};

// Thread-safe. Memory: none that grows with the checkpoint, which is mapped (mapped_nodes.h): the
// first query that comes to a chunk checks all of it, later ones do not.
class DecisionViewer {
 public:
  // Errors: those of opening a run, and InvalidArgument for games with more than two hole cards.
  static absl::StatusOr<std::unique_ptr<DecisionViewer>> Open(const std::string& folder,
                                                              const std::string& bucket_cache);
  // Of a run that is loaded already. Errors: as above, but for opening.
  static absl::StatusOr<std::unique_ptr<DecisionViewer>> Make(Checkpoint checkpoint,
                                                              std::shared_ptr<const LoadedRun> run);

  // board: cards without separators, street by street; those of later streets are left out.
  // Error: InvalidArgument, naming --betting or --board.
  absl::StatusOr<Decision> At(const std::string& betting, absl::string_view board) const;

  const Checkpoint& checkpoint() const { return checkpoint_; }
  const LoadedRun& run() const { return *run_; }
  std::shared_ptr<const LoadedRun> shared_run() const { return run_; }

 private:
  DecisionViewer(Checkpoint checkpoint, std::shared_ptr<const LoadedRun> run)
      : checkpoint_(std::move(checkpoint)),
        run_(std::move(run)),
        nodes_(checkpoint_, run_->layout()) {}

  // Of what the decision is made of. hands: those that its board leaves.
  absl::Status CheckPath(const Decision& decision, const BoardHands& hands) const;
  absl::StatusOr<std::vector<Card>> BoardOf(int street, absl::string_view board) const;

  const Checkpoint checkpoint_;
  const std::shared_ptr<const LoadedRun> run_;
  const MappedNodes nodes_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_DECISION_H_
