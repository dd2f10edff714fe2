// The percentile buckets of one street by strength. Immutable once cut, thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_STRENGTH_BUCKETS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_STRENGTH_BUCKETS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/abstraction/hand_strengths.h"

namespace nash {

// Some boards of a street: those whose class is `wanted`; all of them where there are no classes.
struct BoardSelection {
  absl::Span<const uint16_t> classes;  // by board, or empty
  uint16_t wanted = 0;

  bool Has(uint32_t board) const { return classes.empty() || classes[board] == wanted; }
};

class StrengthBuckets {
 public:
  // Cuts the hands of `street` on the boards of `selection`, weighted by the deals they stand for,
  // into `num_buckets` >= 1. Memory: 16 bytes a hand and board at most, while it works.
  // Error: InvalidArgument where they have fewer different strengths.
  static absl::StatusOr<StrengthBuckets> Cut(const HandStrengths& strengths, int street,
                                             const BoardSelection& selection, uint32_t num_buckets);

  // The bucket of HandStrengths::Value(). Needs the value of some hand that was cut.
  uint32_t Of(uint64_t value) const {
    if (!by_value_.empty()) return by_value_[value];
    const auto after = std::upper_bound(first_values_.begin(), first_values_.end(), value);
    return static_cast<uint32_t>(after - first_values_.begin()) - 1;
  }

 private:
  std::vector<uint64_t> first_values_;  // the lowest value of each bucket
  std::vector<uint16_t> by_value_;      // the same answers, unless values are too large for it
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_STRENGTH_BUCKETS_H_
