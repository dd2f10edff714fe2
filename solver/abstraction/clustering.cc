// Seeds, then Lloyd's iterations until centroids rest, with the state kept in a journal after each:
// a build that is stopped goes on from the last state and ends with the same bytes.
//
// When to stop is measured in how far the mean row saw its centroid move, because single centroids
// keep moving by a unit for long after it has ceased to matter. There is a limit of iterations,
// too. Neither counts while a cluster is empty: an empty one is moved to a far row (lloyd.h), and
// it may draw others from their clusters at the next Assign(). So every bucket of a file has a
// hand, at the price of a second limit, after which a clustering that keeps losing clusters is an
// internal error.
//
// clustering_test.cc finds groups that are there, stops and threads that change no byte, and how
// much worse than the best of many restarts a result is.
#include "solver/abstraction/clustering.h"

#include <glog/logging.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/abstraction/cluster_seeding.h"
#include "solver/abstraction/lloyd.h"

namespace nash {
namespace {

constexpr uint64_t kMovedMin = static_cast<uint64_t>(1024 * kMovedLengthMin);

// Iterates from `state` until centroids rest and every one has a row.
template <typename Distance>
absl::StatusOr<Clusters> Refine(const ClusterTask& task, ClusterState state,
                                const BuildOptions& options, ClusterJournal* journal) {
  if (options.finder != nullptr)
    options.finder->Load({task.metric, task.rows.data, task.rows.size});
  ASSIGN_OR_RETURN(const auto lloyd, Lloyd<Distance>::Make(task.rows, std::move(state.centroids),
                                                           options.threads, options.finder));
  while (true) {
    if (options.should_stop()) return StoppedStatus();
    lloyd->Assign();
    options.progress({task.name, state.iterations, kLloydIterationsMax, "iterations"});
    const bool has_empty = lloyd->has_empty();
    if (state.is_finished && !has_empty) break;
    const uint64_t moved = lloyd->Update();
    ++state.iterations;
    // An empty centroid has just moved to a row, and only the next Assign() shows which other rows
    // it draws.
    state.is_finished =
        !has_empty && (moved < kMovedMin || state.iterations >= uint32_t{kLloydIterationsMax});
    if (state.iterations >= uint32_t{2 * kLloydIterationsMax}) {
      return absl::InternalError(absl::StrCat(task.name, ": clusters stay empty"));
    }
    state.centroids = lloyd->centroids();
    RETURN_IF_ERROR(journal->Save(task.number, state, task.rows.size * task.num_clusters));
  }
  options.progress({task.name, kLloydIterationsMax, kLloydIterationsMax, "iterations"});
  Clusters clusters;
  clusters.centroids = lloyd->centroids();
  clusters.assigned.assign(lloyd->assigned(), lloyd->assigned() + task.rows.size);
  clusters.iterations = state.iterations;
  clusters.total_distance = lloyd->TotalDistance();
  return clusters;
}

}  // namespace

uint64_t ClusterBytesNeeded(uint64_t num_rows, int stride, uint32_t num_clusters, int threads) {
  const uint64_t k = num_clusters;
  const uint64_t bounds = num_rows * 3 * sizeof(uint16_t);
  const uint64_t answer = num_rows * sizeof(uint16_t);
  const uint64_t sample = SampleRows(num_rows, num_clusters) * (stride + 1 + 4 + 6);
  const uint64_t neighbours = k * std::min<uint64_t>(k, kNeighboursMax) * 8 + threads * k * 8;
  const uint64_t sums = k * stride * (8 + 3 + 4 * threads);
  return bounds + answer + sample + neighbours + sums;
}

absl::StatusOr<Clusters> Cluster(const ClusterTask& task, const BuildOptions& options,
                                 ClusterJournal* journal) {
  CHECK_EQ(task.rows.stride, StrideOf(task.metric));
  CHECK_GE(task.num_clusters, 1u);
  CHECK_LE(task.num_clusters, 65535u);
  std::optional<ClusterState> state = journal->Find(task.number);
  if (!state.has_value()) {
    state.emplace();
    ASSIGN_OR_RETURN(state->centroids, SeedCentroids(task, options));
    const uint64_t distances = SampleRows(task.rows.size, task.num_clusters) * task.num_clusters *
                               kRestarts * (1 + kRestartIterations);
    RETURN_IF_ERROR(journal->Save(task.number, *state, distances));
  }
  if (state->centroids.size() != size_t{task.num_clusters} * task.rows.stride) {
    return absl::DataLossError(absl::StrCat(task.name, ": the kept centroids are of another size"));
  }
  return WithDistance(task.metric, [&]<typename Distance>() {
    return Refine<Distance>(task, std::move(*state), options, journal);
  });
}

}  // namespace nash
