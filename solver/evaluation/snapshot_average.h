// The average strategy of a run that keeps strategy sums for the first street only.
//
// Brown & Sandholm 2019, "Superhuman AI for multiplayer poker", supplement: sums for the first
// street; for later streets the mean of snapshots of the current strategy, taken at regular times.
// The mean is plain: each snapshot counts alike, and a row counts alike in each. A row that a
// snapshot finds without a positive regret, be it unreached, is uniform in it, as regret matching
// plays it. So it is not the average strategy of CFR, which weights a row by how likely its player
// came there, and it is worse the fewer snapshots there are: docs/run_definition.md has figures.
//
// Memory: one float an action, whatever the number of snapshots; no table. Thread-compatible;
// once filled, const member functions are thread-safe.
#ifndef NASHVILLE_SOLVER_EVALUATION_SNAPSHOT_AVERAGE_H_
#define NASHVILLE_SOLVER_EVALUATION_SNAPSHOT_AVERAGE_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/cfr/table_layout.h"
#include "solver/evaluation/policy.h"

namespace nash {

class SnapshotAverage : public Policy {
 public:
  // Uniform everywhere until filled. The layout must outlive the policy.
  // Error: ResourceExhausted, with what is needed and what there is.
  static absl::StatusOr<SnapshotAverage> Make(const TableLayout& layout);

  // The sums of a node, from the checkpoint that the average is of; they are rounded to float.
  // Needs layout.HasSums(node). values: [layout.ValuesOf(node)] in canonical form.
  void SetSums(NodeIndex node, absl::Span<const int32_t> values);

  // Adds the current strategy of a node in one snapshot. Needs !layout.HasSums(node); values as
  // above. In the same order of snapshots the result is the same to the last bit.
  void AddStrategy(NodeIndex node, absl::Span<const int32_t> values);

  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override;

 private:
  SnapshotAverage(const TableLayout& layout, std::vector<uint64_t> first_weights, HugeArray memory);
  // [num_actions] of an infoset: in proportion to its probabilities.
  float* Weights(NodeIndex node, uint32_t bucket) const;

  const TableLayout* layout_;            // not owned
  std::vector<uint64_t> first_weights_;  // by node
  HugeArray memory_;                     // float[], by node, bucket and action
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_SNAPSHOT_AVERAGE_H_
