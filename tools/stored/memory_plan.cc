// A run that does not fit should be refused before it takes anything, with figures; so every part
// is asked of the one who will take it (UndoLog::BytesMax() and the like), and what depends on what
// deals will visit is estimated from above.
//
//   one process    table, tree, buckets, traversal; with several units also undo log and results
//   coordinator    table, tree, buckets; results of open rounds, up to kSpoolMemoryBytes, then disk
//   worker         as one process, with two results: one that is sent while the next is made
//
// Copies for checkpoints come last and are left out where they do not fit: a run is slower without
// them but no other. tests/tools/memory_plan_test.cc counts results by who holds them;
// memory_test.sh compares the plan with what a run takes.
#include "tools/stored/memory_plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "solver/cfr/enumerator.h"
#include "solver/cfr/pass_plan.h"
#include "solver/cfr/pass_runner.h"
#include "solver/cfr/prepared_batch.h"
#include "solver/cfr/public_pass_runner.h"
#include "solver/cfr/round_merger.h"
#include "solver/cfr/undo_log.h"
#include "solver/checkpoint/writer.h"

namespace nash {
namespace {

// A trainer of Kuhn's game takes 19 MB; larger games make a program grow a little.
constexpr uint64_t kProgramBytes = 19 << 20;
// Parts of results on their way through a coordinator: received, merged, logged, sent. They are
// some, however large a result is; of small ones, no more than four results.
constexpr uint64_t kOnTheirWayBytesMax = 16 << 20;
constexpr uint64_t kResultsOnTheirWay = 4;
// Of an encoded row: 9.1 in the longest units of nolimit_2p_medium by deals, 11.8 in the first
// of the quick start by deals.
constexpr double kBytesPerChangedRow = 12;
constexpr uint64_t kBytesLeftAloneMax = 256 << 20;

uint64_t TraversalBytes(const LoadedRun& run, int num_threads) {
  const PublicTree& tree = run.tree();
  if (run.definition().algorithm.chance == Chance::kEnumerated) {
    return Enumerator::BytesNeeded(run.layout(), num_threads);
  }
  if (run.definition().algorithm.sampler == Sampler::kPublic) {
    return PublicPassRunner::BytesNeeded(tree, kRangeHandsMax, run.definition().round.deals,
                                         num_threads);
  }
  const auto deals = static_cast<uint32_t>(run.definition().round.deals);
  int depths = 1;
  for (const PublicNode& node : tree.nodes()) depths = std::max(depths, node.depth + 1);
  // While one batch is walked, the next is prepared.
  return 2 * PreparedBatch::BytesNeeded(tree.num_players(), tree.num_streets(), depths, deals) +
         ExternalPassRunner::BytesExpected(tree, deals, num_threads);
}

// An estimate of a unit's encoded delta. Visits fall on rows as if at random, which is more rows
// than they find.
uint64_t UnitDeltaBytes(const LoadedRun& run) {
  const RoundShape& shape = run.definition().round;
  double visits = 0;
  for (int player = 0; player < run.tree().num_players(); ++player) {
    visits += PassPlan(run.tree(), player, static_cast<uint32_t>(shape.deals)).VisitsPerDeal(0);
  }
  visits *= kDeepening * shape.batches * shape.deals;
  const auto rows = static_cast<double>(run.layout().num_rows());
  // Boards change rows of every node: a unit of some changes nearly all.
  if (run.definition().algorithm.sampler == Sampler::kPublic) {
    return static_cast<uint64_t>(kBytesPerChangedRow * rows);
  }
  return static_cast<uint64_t>(kBytesPerChangedRow * rows * -std::expm1(-visits / rows));
}

// Results that wait for the end of their round.
uint64_t WaitingBytes(const LoadedRun& run) {
  const RoundShape& shape = run.definition().round;
  const uint64_t open_rounds = shape.meet_every > 1 ? 2 : 1;
  return std::min(kSpoolMemoryBytes, open_rounds * shape.units * UnitDeltaBytes(run));
}

// What is on its way, and the sections that threads add up (round_merger.h).
uint64_t MergingBytes(const LoadedRun& run, int num_threads) {
  return std::min(kOnTheirWayBytesMax, kResultsOnTheirWay * UnitDeltaBytes(run)) +
         RoundMerger::BytesExpected(run.layout(), num_threads);
}

// A checkpoint's buffers, or what the report maps when the last one is written. A coordinator
// finishes a checkpoint before it merges, so that only what is more than that counts.
uint64_t CheckpointBytes(const LoadedRun& run, const MemoryUse& use) {
  if (use.is_worker) return 0;
  const uint64_t bytes = std::max(CheckpointWriter::BytesNeeded(run.layout()), use.report_bytes);
  if (!use.is_coordinator) return bytes;
  return bytes - std::min(bytes, MergingBytes(run, use.threads));
}

}  // namespace

uint64_t BytesLeftAlone(const MemoryPlan& plan) {
  return std::min(kBytesLeftAloneMax, plan.total_bytes() / 4);
}

MemoryPlan PlanMemory(const LoadedRun& run, const MemoryUse& use) {
  const TableLayout& layout = run.layout();
  MemoryPlan plan;
  plan.program_bytes = kProgramBytes;
  plan.table_bytes = run.layout().table_bytes();
  plan.tree_bytes = run.tree().bytes() + layout.bytes();
  plan.bucket_bytes = run.abstraction().bytes();
  if (use.is_coordinator) {
    plan.delta_bytes = WaitingBytes(run) + MergingBytes(run, use.threads);
  } else {
    plan.traversal_bytes = TraversalBytes(run, use.threads);
  }
  const RoundShape& shape = run.definition().round;
  if (use.is_worker || (!use.is_coordinator && shape.units > 1)) {
    plan.undo_bytes = UndoLog::BytesMax(layout, use.threads);
    // One that is sent while the next is made; without a coordinator a round's, with lag two
    // rounds'.
    const uint64_t deltas = use.is_worker ? 2 : shape.units * (shape.meet_every > 1 ? 2 : 1);
    plan.delta_bytes = deltas * UnitDeltaBytes(run);
  }
  // The newest rounds, if they are no more than that.
  if (use.is_relay) {
    plan.relay_bytes = std::min(kRelayMemoryBytes, 2 * shape.units * UnitDeltaBytes(run));
  }
  plan.worker_bytes =
      use.local_workers * (layout.table_bytes() + UndoLog::BytesMax(layout, use.threads) +
                           2 * UnitDeltaBytes(run) + TraversalBytes(run, use.threads));
  std::vector<uint32_t> num_buckets;
  for (int s = 0; s < run.tree().num_streets(); ++s)
    num_buckets.push_back(layout.num_buckets_on(s));
  plan.largest_street = LargestStreet(run.tree(), num_buckets, run.definition().algorithm);
  plan.available_bytes = AvailableMemoryBytes();
  plan.checkpoint_bytes = CheckpointBytes(run, use);
  if (use.is_worker || use.is_coordinator) return plan;  // the table rests while one is written
  const uint64_t copy_bytes = UndoLog::BytesMax(layout, use.threads);
  if (plan.total_bytes() + copy_bytes + BytesLeftAlone(plan) <= plan.available_bytes) {
    plan.copy_bytes = copy_bytes;
  }
  return plan;
}

std::vector<std::string> Describe(const MemoryPlan& plan) {
  std::vector<std::string> lines = {
      absl::StrFormat("memory: %.1f MB at the most; %.1f MB are available",
                      plan.total_bytes() / 1e6, plan.available_bytes / 1e6)};
  const std::pair<const char*, uint64_t> parts[] = {
      {"program", plan.program_bytes},
      {"table", plan.table_bytes},
      {"tree", plan.tree_bytes},
      {"buckets", plan.bucket_bytes},
      {"traversal", plan.traversal_bytes},
      {"rows to take back", plan.undo_bytes},
      {"units' results", plan.delta_bytes},
      {"merged rounds for others", plan.relay_bytes},
      {"local workers", plan.worker_bytes},
      {"a checkpoint on its way", plan.checkpoint_bytes},
      {"copies while a checkpoint is written", plan.copy_bytes}};
  for (const auto& [name, bytes] : parts) {
    if (bytes > 0) lines.push_back(absl::StrFormat("  %-36s %10.1f MB", name, bytes / 1e6));
  }
  return lines;
}

absl::Status CheckFits(const MemoryPlan& plan) {
  const uint64_t needed = plan.total_bytes() - plan.copy_bytes + BytesLeftAlone(plan);
  if (needed <= plan.available_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrFormat(
      "the run needs %.2f GB of memory (its table %.2f GB) and %.2f GB are available: use fewer "
      "bet sizes or buckets, algorithm.average.streets: first, or a machine with more memory; %s",
      needed / 1e9, plan.table_bytes / 1e9, plan.available_bytes / 1e9, plan.largest_street));
}

}  // namespace nash
