// The bucket files of a strategy file: where they lie, and whether they are the right ones.
//
// Thread-safe: functions of their arguments and of files.
#ifndef NASHVILLE_SOLVER_PLAY_STRATEGY_BUCKETS_H_
#define NASHVILLE_SOLVER_PLAY_STRATEGY_BUCKETS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/abstraction/abstraction.h"
#include "solver/play/strategy_file.h"

namespace nash {

// The folder that holds `path` where all bucket files lie there that the strategy needs; else
// `otherwise`.
absl::StatusOr<std::string> BucketFolderBeside(const StrategyContent& strategy,
                                               const std::string& path,
                                               const std::string& otherwise);

// OK where rows and buckets fit. Error: FailedPrecondition, naming the file and the street.
absl::Status CheckBuckets(const StrategyContent& strategy, const Abstraction& abstraction,
                          absl::string_view file_name);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_PLAY_STRATEGY_BUCKETS_H_
