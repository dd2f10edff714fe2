// How far two bucket files of one street agree on which hands are alike.
//
// Measures: mutual information of the two buckets of a random deal, and the adjusted Rand index
// (Hubert & Arabie, "Comparing partitions", Journal of Classification 2, 1985). Both are 1 for the
// same buckets under other numbers. Thread-safe: a function.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_COMPARISON_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_COMPARISON_H_

#include "absl/status/statusor.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/abstraction/build_control.h"

namespace nash {

struct BucketComparison {
  // In bits: of the bucket of a random deal in either file, and what one tells of the other.
  double first_entropy = 0;
  double second_entropy = 0;
  double mutual_information = 0;
  double normalised_information = 0;  // 2 * mutual / (first + second); 1 where both are 0
  double adjusted_rand_index = 0;
};

// Errors: FailedPrecondition (other streets or card shapes), ResourceExhausted, Cancelled.
absl::StatusOr<BucketComparison> CompareBuckets(const BucketTable& first, const BucketTable& second,
                                                const BuildOptions& options);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_COMPARISON_H_
