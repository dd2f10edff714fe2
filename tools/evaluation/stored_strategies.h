// Strategies from checkpoints and strategy files, with all that is needed to ask them: what matches
// are played with.
#ifndef NASHVILLE_TOOLS_EVALUATION_STORED_STRATEGIES_H_
#define NASHVILLE_TOOLS_EVALUATION_STORED_STRATEGIES_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/checkpoint/reader.h"
#include "solver/play/strategy_file.h"
#include "solver/run/run_definition.h"
#include "tools/stored/loaded_run.h"
#include "tools/stored/stored_policy.h"

namespace nash {

// Where a strategy comes from.
struct StrategySource {
  std::string folder;  // or file, as the user named it
  // One of the two:
  std::optional<Checkpoint> checkpoint;
  std::shared_ptr<const StrategyFile> file;
  RunDefinition definition;

  uint64_t iterations() const {
    return file != nullptr ? file->content().iterations
                           : checkpoint->manifest().position.iterations;
  }
};

// folder: or a strategy file. Errors: those of OpenStoredRun(), DefinitionOf() and
// StrategyFile::Open().
absl::StatusOr<StrategySource> OpenStrategySource(const std::string& folder);

class StoredStrategy {
 public:
  StoredStrategy(std::unique_ptr<LoadedRun> run, StoredPolicy policy)
      : run_(std::move(run)), stored_(std::move(policy)) {}
  StoredStrategy(std::unique_ptr<LoadedRun> run, std::shared_ptr<const StrategyFile> file)
      : run_(std::move(run)), file_(std::move(file)) {}

  const LoadedRun& run() const { return *run_; }
  const Policy& policy() const {
    return file_ != nullptr ? *file_->content().policy : stored_->policy();
  }

 private:
  std::unique_ptr<LoadedRun> run_;
  // One of the two:
  std::optional<StoredPolicy> stored_;
  std::shared_ptr<const StrategyFile> file_;
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
