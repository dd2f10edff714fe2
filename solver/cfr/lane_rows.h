// Rows of eight nodes side by side: regret matching and what a board adds, a bucket at a time.
//
// A table of eight lanes has, for a bucket, the first regret of all eight nodes, then the second,
// and so on, then the sums: each a vector. Vectors over buckets have the same order:
// [buckets][actions][lanes] floats, `buckets` being those that occur on a board. An empty lane has
// rows of zeros, and gets none but zeros.
//
// Rounding is without bias: a value becomes floor(value + dither), with a dither in (0, 1) that is
// a function of (key, node, bucket) alone. Thread-safe: functions only; rows of one block belong to
// one thread.
#ifndef NASHVILLE_SOLVER_CFR_LANE_ROWS_H_
#define NASHVILLE_SOLVER_CFR_LANE_ROWS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "solver/cfr/pass.h"

namespace nash {

struct LaneRows {
  static constexpr int kLanes = LanesOf(Sampler::kPublic);

  // nodes: [kLanes], kNoNode in empty lanes, which are the last.
  LaneRows(const Pass& pass, const NodeIndex* nodes, absl::Span<const uint32_t> buckets);

  const Pass& pass;
  const NodeIndex* nodes;
  absl::Span<const uint32_t> buckets;  // ascending
  int num_actions;
  bool has_sums;
  int32_t* first;     // the first value of bucket 0
  size_t row_values;  // from bucket to bucket
};

// strategies: written, in proportion to positive regrets (Hart & Mas-Colell 2000), uniform where
// there is none.
void MatchRows(const LaneRows& rows, float* strategies);

// Adds scale * (values[a] - sum over b of strategies[b] * values[b]) to regret a, times the pass's
// amplification, and clamps it to the pass's floor and to the ceiling.
void AddRegrets(const LaneRows& rows, const float* strategies, const float* values, float scale,
                uint64_t key);

// Adds strategies[a] * reach * scale to sum a, but never more than the pass's sum_unit. reach:
// [buckets][lanes]. Needs has_sums.
void AddSums(const LaneRows& rows, const float* strategies, const float* reach, float scale,
             uint64_t key);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_LANE_ROWS_H_
