#include "tools/stored/stored_policy.h"

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "tools/stored/stored_average.h"

namespace nash {

absl::StatusOr<StrategyKind> ParseStrategyKind(absl::string_view policy) {
  if (policy == "average") return StrategyKind::kAverage;
  if (policy == "current") return StrategyKind::kCurrent;
  return absl::InvalidArgumentError(
      absl::StrCat("--policy=", policy, ": a checkpoint holds average and current"));
}

uint64_t StoredPolicy::BytesNeeded(const LoadedRun& run, StrategyKind kind) {
  const TableLayout& layout = run.layout();
  if (kind == StrategyKind::kCurrent || !NeedsSnapshots(run)) return layout.table_bytes();
  uint64_t bytes = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint64_t num_actions = run.tree().nodes()[node].num_actions;
    bytes += sizeof(uint64_t) + num_actions * layout.NumBuckets(node) * sizeof(float);
  }
  return bytes;
}

absl::StatusOr<StoredPolicy> StoredPolicy::Load(const LoadedRun& run, const Checkpoint& checkpoint,
                                                StrategyKind kind) {
  const bool is_average = kind == StrategyKind::kAverage;
  if (is_average && NeedsSnapshots(run)) {
    ASSIGN_OR_RETURN(SnapshotAverage average, LoadSnapshotAverage(run, checkpoint));
    return StoredPolicy(nullptr, std::make_unique<SnapshotAverage>(std::move(average)));
  }
  const uint64_t average_from = run.definition().algorithm.average_from_iterations;
  const uint64_t iterations = checkpoint.manifest().position.iterations;
  if (is_average && average_from > 0 && iterations <= average_from) {
    return absl::NotFoundError(absl::StrCat(
        checkpoint.path(), ": after ", iterations, " iterations there is no average yet (average: ",
        "{from: ", average_from, "}): train on, or use --policy=current"));
  }
  ASSIGN_OR_RETURN(Table loaded, Table::Make(run.layout()));
  auto table = std::make_unique<Table>(std::move(loaded));
  RETURN_IF_ERROR(checkpoint.LoadInto(table.get()));
  std::unique_ptr<Policy> policy;
  if (is_average) {
    policy = std::make_unique<AverageStrategy>(*table);
  } else {
    policy = std::make_unique<CurrentStrategy>(*table);
  }
  return StoredPolicy(std::move(table), std::move(policy));
}

}  // namespace nash
