// The percentile buckets of one street by strength. Immutable once cut, thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_STRENGTH_BUCKETS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_STRENGTH_BUCKETS_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/abstraction/hand_strengths.h"

namespace nash {

class StrengthBuckets {
 public:
  // Cuts the hands of `street`, weighted by the deals they stand for, into `num_buckets` >= 1.
  // Error: InvalidArgument where the street has fewer different strengths.
  static absl::StatusOr<StrengthBuckets> Cut(const HandStrengths& strengths, int street,
                                             uint32_t num_buckets);

  // The bucket of HandStrengths::Value(). Needs the value of some hand of the street.
  uint32_t Of(uint64_t value) const {
    return by_value_.empty() ? by_large_value_.at(value) : by_value_[value];
  }

 private:
  // One of the two is used: an array unless values are too large for one.
  std::vector<uint16_t> by_value_;
  std::map<uint64_t, uint16_t> by_large_value_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_STRENGTH_BUCKETS_H_
