// One pass: all deals of a batch traversed for one player, against a table in which nothing that
// the pass reads changes meanwhile.
//
// A pass reads the regrets of every player, adds to the regrets of its traverser and to the
// strategy sums of one other player. It never reads what it has added. Thread-safe: constant during
// a pass.
#ifndef NASHVILLE_SOLVER_CFR_PASS_H_
#define NASHVILLE_SOLVER_CFR_PASS_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "solver/cfr/prepared_batch.h"
#include "solver/cfr/table.h"
#include "solver/cfr/undo_log.h"

namespace nash {

struct Pass {
  Table* table = nullptr;                // not owned
  const PreparedBatch* batch = nullptr;  // not owned
  UndoLogs logs;
  int num_deals = 0;
  // The names of the batch's deals: first_deal and those after it, of this stream.
  StreamName stream;
  uint32_t first_deal = 0;
  int traverser = 0;
  int averaged = -1;          // position whose strategy is summed; -1: none
  float regret_scale = 1;     // stored units per chip
  int32_t amplification = 1;  // what is added to regrets is multiplied by it (unit_traverser.h)
  float sum_unit = kSumUnit;  // what probability 1 adds to a sum
  int32_t regret_floor = kRegretFloorMin;
  // Regrets below are pruned; the lowest int prunes nothing.
  int32_t prune_below = std::numeric_limits<int32_t>::min();

  // Whether rows of the node are added to.
  bool Changes(const PublicNode& node) const {
    return node.player == traverser || node.player == averaged;
  }
  bool saves() const { return logs.any(); }
  bool prunes() const { return prune_below != std::numeric_limits<int32_t>::min(); }
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_PASS_H_
