// The bucket files of a strategy file: where they lie, and whether they are the right ones.
//
// Thread-safe: functions of their arguments and of files.
#ifndef NASHVILLE_SOLVER_PLAY_STRATEGY_BUCKETS_H_
#define NASHVILLE_SOLVER_PLAY_STRATEGY_BUCKETS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/abstraction/abstraction.h"
#include "solver/play/strategy_file.h"

namespace nash {

struct BucketsFound {
  std::string folder;
  std::vector<BucketPlace> places;  // [streets] in the strategy file itself; empty: in the folder
};

// The strategy file at `path` where bucket files are packed into it; else the folder that holds it
// where all that it needs lie there; else `otherwise`. Error: DataLoss for a file that has other
// streets' bucket files than it needs.
absl::StatusOr<BucketsFound> FindBucketsOf(const StrategyContent& strategy, const std::string& path,
                                           const std::string& otherwise);

// The error of opening buckets that were found, with what to do where they are packed.
absl::Status BucketsError(const absl::Status& status, const BucketsFound& found);

// OK where rows and buckets fit. Error: FailedPrecondition, naming the file and the street.
absl::Status CheckBuckets(const StrategyContent& strategy, const Abstraction& abstraction,
                          absl::string_view file_name);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_PLAY_STRATEGY_BUCKETS_H_
