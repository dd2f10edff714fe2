// The buckets of one street that are clusters of rows: one clustering for each class of boards.
// Thread-safe: a function.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_CLUSTERED_BUCKETS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_CLUSTERED_BUCKETS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/abstraction/build_control.h"
#include "solver/abstraction/cluster_order.h"
#include "solver/abstraction/clustering.h"
#include "solver/abstraction/hand_rows.h"

namespace nash {

// The clustering of the boards is number 0 of a file, that of class c's hands number 1 + c.
inline constexpr uint32_t kBoardClustering = 0;

struct ClusteredStreet {
  const BucketParameters& parameters;
  const HandRows& rows;
  absl::Span<const uint16_t> class_of_board;  // empty: all boards are of one class
  const uint8_t* features;                    // [rows][stride of metric]
  RowMetric metric;
  SumOrder order;
};

// buckets: [rows.size()], written. Errors: those of Cluster().
absl::Status ClusterStreet(const ClusteredStreet& street, const BuildOptions& options,
                           ClusterJournal* journal, uint16_t* buckets);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_CLUSTERED_BUCKETS_H_
