// k-means of rows of bytes: seeding, restarts, refinement to the end.
//
// Seeds and restarts work on a sample of the rows, Lloyd's iterations (lloyd.h) on all of them.
// Seeds are drawn as in Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding",
// SODA 2007: each new one a row, with a chance in proportion to its weight and its distance from
// the seeds there are. Whole numbers and counter-based draws: a function of the task alone, on any
// number of threads, interrupted or not.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_CLUSTERING_H_
#define NASHVILLE_SOLVER_ABSTRACTION_CLUSTERING_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/abstraction/build_control.h"
#include "solver/abstraction/row_distance.h"

namespace nash {

// Parts of the definition of every clustered bucket file: changing one changes files, so it takes a
// new format version (bucket_file.h).
inline constexpr uint32_t kRestarts = 4;
inline constexpr int kRestartIterations = 8;
inline constexpr int kLloydIterationsMax = 100;
// Refinement ends when the mean row saw its centroid move less, in units of length.
inline constexpr double kMovedLengthMin = 0.25;
inline constexpr uint64_t kSampleRowsMin = uint64_t{1} << 18;
inline constexpr uint64_t kSampleRowsPerCluster = 16;

struct ClusterTask {
  std::string name;  // for messages: "flop:emd:200"
  ByteRows rows;
  RowMetric metric = RowMetric::kInvalid;
  uint32_t num_clusters = 0;
  uint64_t seed = 0;
  uint32_t number = 0;  // of the clusterings of one file: each draws from its own stream
};

// Where a clustering stands between two iterations.
struct ClusterState {
  uint32_t iterations = 0;
  bool is_finished = false;
  std::vector<uint8_t> centroids;  // [num_clusters][stride]
};

// Keeps the states of the clusterings of one file. Not thread-safe.
class ClusterJournal {
 public:
  virtual ~ClusterJournal() = default;
  // The last state saved for clustering `number`, if any.
  virtual std::optional<ClusterState> Find(uint32_t number) const = 0;
  // distances: as many as it took, at most, to get there from the state before; the journal may
  // put off writing what takes no time to do again.
  virtual absl::Status Save(uint32_t number, const ClusterState& state, uint64_t distances) = 0;
  // Writes all that was put off.
  virtual absl::Status Flush() = 0;
};

// For clusterings that take no time.
class NoJournal : public ClusterJournal {
 public:
  std::optional<ClusterState> Find(uint32_t) const override { return std::nullopt; }
  absl::Status Save(uint32_t, const ClusterState&, uint64_t) override { return absl::OkStatus(); }
  absl::Status Flush() override { return absl::OkStatus(); }
};

struct Clusters {
  std::vector<uint8_t> centroids;  // [num_clusters][stride]
  std::vector<uint16_t> assigned;  // [rows]: the nearest, the lower number where two are as near
  uint32_t iterations = 0;
  uint64_t total_distance = 0;  // sum of weight * distance
};

// Errors: InvalidArgument (fewer different rows than clusters), Cancelled, ResourceExhausted, those
// of `journal`.
absl::StatusOr<Clusters> Cluster(const ClusterTask& task, const BuildOptions& options,
                                 ClusterJournal* journal);

// Memory that Cluster() takes at most, beside the rows.
uint64_t ClusterBytesNeeded(uint64_t num_rows, int stride, uint32_t num_clusters, int threads);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_CLUSTERING_H_
