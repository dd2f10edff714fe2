// Weights are proportional to probabilities and need not add up to one: strategy sums of the first
// street are stored as they are, and strategies of snapshots are added up; Probabilities() divides.
// So nothing must know how many snapshots there will be. Adding in double and storing as float
// costs less than a snapshot's noise, and halves the memory.
#include "solver/evaluation/snapshot_average.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

namespace nash {

absl::StatusOr<SnapshotAverage> SnapshotAverage::Make(const TableLayout& layout) {
  std::vector<uint64_t> first_weights;
  first_weights.reserve(layout.num_nodes());
  uint64_t weights = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    first_weights.push_back(weights);
    weights += uint64_t{layout.tree().nodes()[node].num_actions} * layout.NumBuckets(node);
  }
  absl::StatusOr<HugeArray> memory = HugeArray::Make(weights * sizeof(float));
  if (!memory.ok()) {
    return absl::Status(memory.status().code(),
                        absl::StrCat("the average over snapshots: ", memory.status().message()));
  }
  return SnapshotAverage(layout, std::move(first_weights), *std::move(memory));
}

SnapshotAverage::SnapshotAverage(const TableLayout& layout, std::vector<uint64_t> first_weights,
                                 HugeArray memory)
    : layout_(&layout), first_weights_(std::move(first_weights)), memory_(std::move(memory)) {}

float* SnapshotAverage::Weights(NodeIndex node, uint32_t bucket) const {
  const uint64_t num_actions = layout_->tree().nodes()[node].num_actions;
  return reinterpret_cast<float*>(memory_.data()) + first_weights_[node] + bucket * num_actions;
}

void SnapshotAverage::SetSums(NodeIndex node, absl::Span<const int32_t> values) {
  DCHECK(layout_->HasSums(node));
  DCHECK_EQ(values.size(), layout_->ValuesOf(node));
  const size_t num_actions = layout_->tree().nodes()[node].num_actions;
  for (uint32_t bucket = 0; bucket < layout_->NumBuckets(node); ++bucket) {
    const absl::Span<const int32_t> sums =
        values.subspan(size_t{bucket} * 2 * num_actions + num_actions, num_actions);
    std::transform(sums.begin(), sums.end(), Weights(node, bucket),
                   [](int32_t sum) { return static_cast<float>(std::max(sum, 0)); });
  }
}

void SnapshotAverage::AddStrategy(NodeIndex node, absl::Span<const int32_t> values) {
  DCHECK(!layout_->HasSums(node));
  DCHECK_EQ(values.size(), layout_->ValuesOf(node));
  const size_t num_actions = layout_->tree().nodes()[node].num_actions;
  std::array<double, kActionsMax> strategy;
  for (uint32_t bucket = 0; bucket < layout_->NumBuckets(node); ++bucket) {
    std::copy_n(values.begin() + size_t{bucket} * num_actions, num_actions, strategy.begin());
    MakeProbabilities(absl::MakeSpan(strategy.data(), num_actions));
    float* weights = Weights(node, bucket);
    for (size_t a = 0; a < num_actions; ++a) weights[a] += static_cast<float>(strategy[a]);
  }
}

void SnapshotAverage::Probabilities(NodeIndex node, uint32_t bucket,
                                    absl::Span<double> probabilities) const {
  const float* weights = Weights(node, bucket);
  const double total = std::accumulate(weights, weights + probabilities.size(), 0.0);
  for (size_t a = 0; a < probabilities.size(); ++a) {
    probabilities[a] = total > 0 ? weights[a] / total : 1.0 / probabilities.size();
  }
}

}  // namespace nash
