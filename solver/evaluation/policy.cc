// Every policy gives probabilities that add up to one, also where nothing is known: a row without a
// positive weight is uniform, as regret matching plays it. Totals of int32 are exact in a double
// before the one division. AverageStrategy needs sums; on streets that keep none see
// snapshot_average.h.
#include "solver/evaluation/policy.h"

#include <glog/logging.h>

#include <algorithm>

#include "solver/cfr/row_view.h"

namespace nash {

void MakeProbabilities(absl::Span<double> weights) {
  double total = 0;  // of up to kActionsMax int32: exact
  for (const double weight : weights) total += std::max(weight, 0.0);
  for (double& weight : weights) {
    weight = total > 0 ? std::max(weight, 0.0) / total : 1.0 / weights.size();
  }
}

void UniformPolicy::Probabilities(NodeIndex node, uint32_t bucket,
                                  absl::Span<double> probabilities) const {
  std::fill(probabilities.begin(), probabilities.end(), 1.0 / probabilities.size());
}

TabularPolicy::TabularPolicy(const PublicTree& tree, absl::Span<const uint32_t> num_buckets)
    : tree_(&tree) {
  for (const PublicNode& node : tree.nodes()) {
    first_values_.push_back(values_.size());
    values_.insert(values_.end(), size_t{node.num_actions} * num_buckets[node.street],
                   1.0 / node.num_actions);
  }
}

absl::Span<double> TabularPolicy::Row(NodeIndex node, uint32_t bucket) {
  const size_t num_actions = tree_->nodes()[node].num_actions;
  return absl::MakeSpan(values_).subspan(first_values_[node] + bucket * num_actions, num_actions);
}

void TabularPolicy::Probabilities(NodeIndex node, uint32_t bucket,
                                  absl::Span<double> probabilities) const {
  const double* row = values_.data() + first_values_[node] + bucket * probabilities.size();
  std::copy_n(row, probabilities.size(), probabilities.begin());
}

void AverageStrategy::Probabilities(NodeIndex node, uint32_t bucket,
                                    absl::Span<double> probabilities) const {
  DCHECK(table_->layout().HasSums(node));
  RowRoom room;
  RowView(table_->layout(), node, table_->ReadRow(node, bucket, &room)).CopySums(probabilities);
  MakeProbabilities(probabilities);
}

// Sums are not negative: any of them.
bool AverageStrategy::IsLearned(NodeIndex node, uint32_t bucket) const {
  DCHECK(table_->layout().HasSums(node));
  RowRoom room;
  const RowView row(table_->layout(), node, table_->ReadRow(node, bucket, &room));
  for (int a = 0; a < row.num_actions(); ++a) {
    if (row.Sum(a) > 0) return true;
  }
  return false;
}

void CurrentStrategy::Probabilities(NodeIndex node, uint32_t bucket,
                                    absl::Span<double> probabilities) const {
  RowRoom room;
  RowView(table_->layout(), node, table_->ReadRow(node, bucket, &room)).CopyRegrets(probabilities);
  MakeProbabilities(probabilities);
}

// Training takes regrets off zero in both directions.
bool CurrentStrategy::IsLearned(NodeIndex node, uint32_t bucket) const {
  RowRoom room;
  const RowView row(table_->layout(), node, table_->ReadRow(node, bucket, &room));
  for (int a = 0; a < row.num_actions(); ++a) {
    if (row.Regret(a) != 0) return true;
  }
  return false;
}

}  // namespace nash
