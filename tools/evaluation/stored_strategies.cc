#include "tools/evaluation/stored_strategies.h"

#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "tools/program/build_progress.h"
#include "tools/stored/stored_run.h"

namespace nash {

absl::StatusOr<StrategySource> OpenStrategySource(const std::string& folder) {
  ASSIGN_OR_RETURN(Checkpoint checkpoint, OpenStoredRun(folder));
  ASSIGN_OR_RETURN(RunDefinition definition, DefinitionOf(checkpoint));
  return StrategySource{folder, std::move(checkpoint), std::move(definition)};
}

absl::StatusOr<std::vector<StoredStrategy>> LoadStrategies(
    absl::Span<const StrategySource* const> sources, const LoadStrategyOptions& options) {
  BuildProgressPrinter printer;
  LoadOptions load;
  load.bucket_cache = options.bucket_cache;
  load.build.threads = options.threads;
  load.build.progress = [&](const BuildProgress& p) { printer.Print(p); };
  std::vector<std::unique_ptr<LoadedRun>> runs;
  uint64_t needed = 0;
  uint64_t bucket_bytes = 0;
  for (const StrategySource* source : sources) {
    ASSIGN_OR_RETURN(std::unique_ptr<LoadedRun> run, LoadedRun::Make(source->definition, load));
    needed += StoredPolicy::BytesNeeded(*run, options.kind);
    bucket_bytes += run->abstraction().bytes();
    runs.push_back(std::move(run));
  }
  const uint64_t available = AvailableMemoryBytes();
  if (needed > available) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "%s %.2f GB of memory and %.2f GB are available: use a machine with more, or runs with "
        "fewer buckets",
        sources.size() == 1 ? "the strategy takes" : "the strategies take", needed / 1e9,
        available / 1e9));
  }
  absl::FPrintF(stderr, "memory: strategies %.1f MB, buckets %.1f MB; %.1f MB are available\n",
                needed / 1e6, bucket_bytes / 1e6, available / 1e6);
  std::vector<StoredStrategy> strategies;
  for (size_t i = 0; i < sources.size(); ++i) {
    ASSIGN_OR_RETURN(StoredPolicy policy,
                     StoredPolicy::Load(*runs[i], sources[i]->checkpoint, options.kind));
    strategies.emplace_back(std::move(runs[i]), std::move(policy));
  }
  return strategies;
}

}  // namespace nash
