// Hands of one class of boards are copied out and clustered alone, with a number of their own, so
// that each class has its own draws and its own state in the journal: 1 + class, as 0 is the
// clustering of boards.
//
// Clusters come out in no order. They are numbered by the sum of their centroid's bytes, which for
// strength against opponents goes up with strength and for a distribution function goes down with
// it. Nothing in the solver depends on that order; people who read bucket numbers do.
#include "solver/abstraction/clustered_buckets.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace nash {
namespace {

ClusterTask TaskOf(const ClusteredStreet& street, uint32_t board_class) {
  ClusterTask task;
  task.name = street.parameters.Name();
  if (street.parameters.board_classes > 1) absl::StrAppend(&task.name, " class ", board_class + 1);
  task.metric = street.metric;
  task.num_clusters = street.parameters.num_buckets / street.parameters.board_classes;
  task.seed = street.parameters.seed;
  task.number = 1 + board_class;
  return task;
}

std::vector<uint16_t> ClassOfRow(const ClusteredStreet& street) {
  std::vector<uint16_t> classes(street.rows.size());
  std::vector<HandRow> hands;
  for (uint32_t b = 0; b < street.class_of_board.size(); ++b) {
    street.rows.FindHands(b, &hands);
    for (const HandRow& hand : hands) classes[hand.row] = street.class_of_board[b];
  }
  return classes;
}

// Clusters the rows `members`, all where it is empty, into buckets from `first_bucket` on.
absl::Status ClusterRows(const ClusteredStreet& street, ClusterTask task,
                         const std::vector<uint32_t>& members, uint32_t first_bucket,
                         const BuildOptions& options, ClusterJournal* journal, uint16_t* buckets) {
  const int stride = StrideOf(street.metric);
  std::vector<uint8_t> data;
  std::vector<uint8_t> weights;
  task.rows = {street.features, street.rows.weights(), street.rows.size(), stride};
  if (!members.empty()) {
    data.resize(members.size() * stride);
    weights.resize(members.size());
    for (size_t i = 0; i < members.size(); ++i) {
      std::copy_n(task.rows.row(members[i]), stride, data.begin() + i * stride);
      weights[i] = street.rows.weights()[members[i]];
    }
    task.rows = {data.data(), weights.data(), members.size(), stride};
  }
  ASSIGN_OR_RETURN(const Clusters clusters, Cluster(task, options, journal));
  const std::vector<uint16_t> places = OrderBySum(clusters.centroids, stride, street.order);
  for (size_t i = 0; i < clusters.assigned.size(); ++i) {
    buckets[members.empty() ? i : members[i]] =
        static_cast<uint16_t>(first_bucket + places[clusters.assigned[i]]);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ClusterStreet(const ClusteredStreet& street, const BuildOptions& options,
                           ClusterJournal* journal, uint16_t* buckets) {
  if (street.class_of_board.empty()) {
    return ClusterRows(street, TaskOf(street, 0), {}, 0, options, journal, buckets);
  }
  const std::vector<uint16_t> class_of_row = ClassOfRow(street);
  const uint32_t num_classes = street.parameters.board_classes;
  for (uint32_t c = 0; c < num_classes; ++c) {
    std::vector<uint32_t> members;
    for (size_t row = 0; row < class_of_row.size(); ++row) {
      if (class_of_row[row] == c) members.push_back(static_cast<uint32_t>(row));
    }
    RETURN_IF_ERROR(ClusterRows(street, TaskOf(street, c), members,
                                street.parameters.num_buckets / num_classes * c, options, journal,
                                buckets));
  }
  return absl::OkStatus();
}

}  // namespace nash
