// The strategy that a checkpoint holds, in memory, ready to be asked.
#ifndef NASHVILLE_TOOLS_STORED_STORED_POLICY_H_
#define NASHVILLE_TOOLS_STORED_STORED_POLICY_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/cfr/table.h"
#include "solver/checkpoint/reader.h"
#include "solver/evaluation/policy.h"
#include "solver/evaluation/snapshot_average.h"
#include "tools/stored/loaded_run.h"

namespace nash {

enum class StrategyKind { kAverage, kCurrent };

// "average", "current". Error: InvalidArgument, naming --policy.
absl::StatusOr<StrategyKind> ParseStrategyKind(absl::string_view policy);

// Immutable and thread-safe.
class StoredPolicy {
 public:
  // Memory that Load() takes and keeps.
  static uint64_t BytesNeeded(const LoadedRun& run, StrategyKind kind);

  // The average of a run that keeps sums for the first street only is that of its snapshots
  // (stored_average.h). The run must outlive the policy. Errors: those of reading, NotFound where
  // there is no average yet, and ResourceExhausted.
  static absl::StatusOr<StoredPolicy> Load(const LoadedRun& run, const Checkpoint& checkpoint,
                                           StrategyKind kind);

  const Policy& policy() const { return *policy_; }

 private:
  StoredPolicy(std::unique_ptr<Table> table, std::unique_ptr<Policy> policy)
      : table_(std::move(table)), policy_(std::move(policy)) {}

  std::unique_ptr<Table> table_;  // what policy_ reads; none when it is over snapshots
  std::unique_ptr<Policy> policy_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_STORED_POLICY_H_
