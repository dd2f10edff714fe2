// Strategies from checkpoints, with all that is needed to ask them: what matches are played with.
#ifndef NASHVILLE_TOOLS_EVALUATION_STORED_STRATEGIES_H_
#define NASHVILLE_TOOLS_EVALUATION_STORED_STRATEGIES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/checkpoint/reader.h"
#include "solver/run/run_definition.h"
#include "tools/stored/loaded_run.h"
#include "tools/stored/stored_policy.h"

namespace nash {

// Where a strategy comes from.
struct StrategySource {
  std::string folder;  // as the user named it
  Checkpoint checkpoint;
  RunDefinition definition;

  uint64_t iterations() const { return checkpoint.manifest().position.iterations; }
};

// Errors: those of OpenStoredRun() and DefinitionOf().
absl::StatusOr<StrategySource> OpenStrategySource(const std::string& folder);

class StoredStrategy {
 public:
  StoredStrategy(std::unique_ptr<LoadedRun> run, StoredPolicy policy)
      : run_(std::move(run)), policy_(std::move(policy)) {}

  const LoadedRun& run() const { return *run_; }
  const Policy& policy() const { return policy_.policy(); }

 private:
  std::unique_ptr<LoadedRun> run_;
  StoredPolicy policy_;
};

struct LoadStrategyOptions {
  StrategyKind kind = StrategyKind::kAverage;
  std::string bucket_cache;
  int threads = 1;
};

// By source. Builds buckets that are missing, and says on stderr what memory is taken.
// Errors: those of LoadedRun::Make() and StoredPolicy::Load(); ResourceExhausted.
absl::StatusOr<std::vector<StoredStrategy>> LoadStrategies(
    absl::Span<const StrategySource* const> sources, const LoadStrategyOptions& options);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATION_STORED_STRATEGIES_H_
