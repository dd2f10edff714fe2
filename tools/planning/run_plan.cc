// Everything here follows from the tree and the layout by counting: no table is made, so that a run
// of any size can be planned on a laptop. Memory is asked of the same plan that a run checks itself
// by (memory_plan.h), for the three parts that a process may have.
//
// The remedy is one number that a user can put into the definition: as many buckets on the street
// that takes the most as would fit. What grows with the table besides (undo log, results) is taken
// to shrink in proportion, and two percent are left for what does not. Where fewer than ten buckets
// would be left, buckets are not the trouble, and the remedy names the menu instead.
#include "tools/planning/run_plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "solver/game/street_names.h"
#include "tools/inspection/report.h"

namespace nash {
namespace {

constexpr int kCheckpointsOnDisk = 3;

std::vector<StreetPlan> StreetsOf(const LoadedRun& run) {
  const TableLayout& layout = run.layout();
  std::vector<StreetPlan> streets(run.tree().num_streets());
  for (size_t s = 0; s < streets.size(); ++s) {
    streets[s].name = std::string(kStreetNames[s]);
    streets[s].buckets = layout.num_buckets_on(static_cast<int>(s));
  }
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const PublicNode& at = run.tree().nodes()[node];
    StreetPlan& street = streets[at.street];
    ++street.nodes;
    street.infosets += layout.NumBuckets(node);
    street.slots += uint64_t{layout.NumBuckets(node)} * at.num_actions;
    street.bytes += layout.BlockBytes(node);
  }
  return streets;
}

// The street that takes the most, with as many buckets as fit; what else helps where none would.
std::string RemedyOf(const std::vector<StreetPlan>& streets, const MemoryPlan& plan) {
  const uint64_t needed = plan.total_bytes() - plan.copy_bytes + BytesLeftAlone(plan);
  if (needed <= plan.available_bytes) return "";
  const StreetPlan& largest =
      *std::max_element(streets.begin(), streets.end(),
                        [](const StreetPlan& a, const StreetPlan& b) { return a.bytes < b.bytes; });
  // Undo logs and units' results shrink with the table, about.
  const double excess = double(needed - plan.available_bytes) * plan.table_bytes / needed;
  const double left = 1 - 1.02 * excess / std::max<uint64_t>(largest.bytes, 1);
  const auto buckets = static_cast<uint64_t>(std::max(0.0, left * largest.buckets));
  if (buckets >= 10) {
    return absl::StrFormat(
        "it needs %.2f GB and %.2f GB are available; with %d buckets instead of %d on the %s it "
        "would fit",
        needed / 1e9, plan.available_bytes / 1e9, buckets, largest.buckets, largest.name);
  }
  return absl::StrFormat(
      "it needs %.2f GB and %.2f GB are available, and fewer buckets on the %s alone do not make "
      "it "
      "fit: leave bet sizes out there (%d decisions), or average.streets: first",
      needed / 1e9, plan.available_bytes / 1e9, largest.name, largest.nodes);
}

}  // namespace

uint64_t RunPlan::infosets() const {
  uint64_t sum = 0;
  for (const StreetPlan& street : streets) sum += street.infosets;
  return sum;
}

uint64_t RunPlan::slots() const {
  uint64_t sum = 0;
  for (const StreetPlan& street : streets) sum += street.slots;
  return sum;
}

RunPlan PlanRun(const LoadedRun& run, int num_threads) {
  RunPlan plan;
  plan.streets = StreetsOf(run);
  MemoryUse use;
  use.threads = num_threads;
  use.report_bytes = ReportBytes(run);
  plan.alone = PlanMemory(run, use);
  use.is_coordinator = true;
  plan.coordinator = PlanMemory(run, use);
  use.is_coordinator = false;
  use.is_worker = true;
  plan.worker = PlanMemory(run, use);
  plan.checkpoint_bytes = run.layout().num_values() * sizeof(int32_t);
  plan.checkpoint_disk_bytes = kCheckpointsOnDisk * plan.checkpoint_bytes;
  plan.remedy = RemedyOf(plan.streets, plan.alone);
  return plan;
}

}  // namespace nash
