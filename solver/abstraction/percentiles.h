// Cuts weighted values into buckets of nearly equal weight. Integers only: the same cut anywhere.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_PERCENTILES_H_
#define NASHVILLE_SOLVER_ABSTRACTION_PERCENTILES_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace nash {

struct WeightedValue {
  uint64_t value = 0;
  uint64_t weight = 0;  // at least 1
};

// values: ascending and distinct; their weights must sum to less than 2^63 / num_buckets.
// Returns the bucket of each, 0 for the lowest. Every bucket is used, and a bucket ends where it
// comes nearest to an equal share of the weight that was left when it began.
// Needs 1 <= num_buckets <= values.size().
std::vector<uint32_t> CutPercentiles(absl::Span<const WeightedValue> values, uint32_t num_buckets);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_PERCENTILES_H_
