// A strategy is a run's folder, one checkpoint or a strategy file; players of matches see no
// difference. All are opened and their memory is added up before any is loaded: two that fit one by
// one may not fit together, and a process that is ended for its memory explains nothing. Buckets
// are not part of that sum because they are mapped files, which the system drops when it must.
//
// A strategy file knows the hashes of the bucket files that it was made with; buckets that were
// built otherwise would give it hands of others, and are refused (CheckBuckets).
#include "tools/evaluation/stored_strategies.h"

#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "solver/play/strategy_buckets.h"
#include "tools/program/build_progress.h"
#include "tools/stored/stored_run.h"

namespace nash {

absl::StatusOr<StrategySource> OpenStrategySource(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::is_regular_file(folder, error)) {
    ASSIGN_OR_RETURN(std::shared_ptr<const StrategyFile> file, StrategyFile::Open(folder));
    RunDefinition file_definition = file->content().definition;
    return StrategySource{folder, std::nullopt, std::move(file), std::move(file_definition)};
  }
  ASSIGN_OR_RETURN(Checkpoint checkpoint, OpenStoredRun(folder));
  ASSIGN_OR_RETURN(RunDefinition definition, DefinitionOf(checkpoint));
  return StrategySource{folder, std::move(checkpoint), nullptr, std::move(definition)};
}

absl::StatusOr<std::vector<StoredStrategy>> LoadStrategies(
    absl::Span<const StrategySource* const> sources, const LoadStrategyOptions& options) {
  BuildProgressPrinter printer;
  LoadOptions load;
  load.build.threads = options.threads;
  load.build.progress = [&](const BuildProgress& p) { printer.Print(p); };
  std::vector<std::unique_ptr<LoadedRun>> runs;
  uint64_t needed = 0;
  uint64_t bucket_bytes = 0;
  for (const StrategySource* source : sources) {
    if (source->file != nullptr && options.kind != StrategyKind::kAverage) {
      return absl::InvalidArgumentError(absl::StrCat(
          source->folder, ": a strategy file holds the average strategy; leave --policy out"));
    }
    BucketsFound found{options.bucket_cache, {}};
    if (source->file != nullptr) {
      ASSIGN_OR_RETURN(
          found, FindBucketsOf(source->file->content(), source->folder, options.bucket_cache));
    }
    load.bucket_cache = found.folder;
    load.bucket_places = found.places;
    absl::StatusOr<std::unique_ptr<LoadedRun>> loaded = LoadedRun::Make(source->definition, load);
    if (!loaded.ok()) return BucketsError(loaded.status(), found);
    std::unique_ptr<LoadedRun> run = *std::move(loaded);
    needed += source->file != nullptr ? source->file->bytes()
                                      : StoredPolicy::BytesNeeded(*run, options.kind);
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
    if (sources[i]->file != nullptr) {
      RETURN_IF_ERROR(
          CheckBuckets(sources[i]->file->content(), runs[i]->abstraction(), sources[i]->folder));
      strategies.emplace_back(std::move(runs[i]), sources[i]->file);
      continue;
    }
    ASSIGN_OR_RETURN(StoredPolicy policy,
                     StoredPolicy::Load(*runs[i], *sources[i]->checkpoint, options.kind));
    strategies.emplace_back(std::move(runs[i]), std::move(policy));
  }
  return strategies;
}

}  // namespace nash
