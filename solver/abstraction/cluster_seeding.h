// Starting centroids of a clustering, from a sample of its rows. See clustering.h.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_CLUSTER_SEEDING_H_
#define NASHVILLE_SOLVER_ABSTRACTION_CLUSTER_SEEDING_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/abstraction/clustering.h"

namespace nash {

// The best of kRestarts seedings, each after kRestartIterations of Lloyd's on the sample.
// [num_clusters][stride]. Errors: those of Cluster().
absl::StatusOr<std::vector<uint8_t>> SeedCentroids(const ClusterTask& task,
                                                   const BuildOptions& options);

// Rows that seeding works on.
uint64_t SampleRows(uint64_t num_rows, uint32_t num_clusters);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_CLUSTER_SEEDING_H_
