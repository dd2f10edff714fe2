// The subcommands of evaluate, one function each.
#ifndef NASHVILLE_TOOLS_EVALUATE_H_
#define NASHVILLE_TOOLS_EVALUATE_H_

#include <string>

#include "absl/status/status.h"

namespace nash {

struct NashConvRequest {
  std::string folder;  // of a run or a checkpoint; empty: none
  std::string config;  // of a run definition; empty: none
  std::string policy;  // average, current or uniform
  std::string bucket_cache;
  bool as_json = false;
};

// Prints NashConv, exploitability and values of a policy.
absl::Status EvaluateNashConv(const NashConvRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATE_H_
