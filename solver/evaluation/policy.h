// Policies: the probabilities of the actions at an infoset, however they are stored.
//
// Const member functions are thread-safe.
#ifndef NASHVILLE_SOLVER_EVALUATION_POLICY_H_
#define NASHVILLE_SOLVER_EVALUATION_POLICY_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/cfr/table.h"
#include "solver/game/public_tree.h"

namespace nash {

class Policy {
 public:
  virtual ~Policy() = default;
  // Writes the probabilities of the actions of an infoset, in the order of the node's edges.
  // probabilities: [num_actions of node], each >= 0, sum 1.
  virtual void Probabilities(NodeIndex node, uint32_t bucket,
                             absl::Span<double> probabilities) const = 0;
  // Whether training has come to the infoset; where it has not, every action is alike. True of
  // policies that do not know.
  virtual bool IsLearned(NodeIndex node, uint32_t bucket) const { return true; }
};

// Every action alike.
class UniformPolicy : public Policy {
 public:
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override;
};

// Any policy, held in memory; uniform until set.
class TabularPolicy : public Policy {
 public:
  // num_buckets: [num_streets]. The tree must outlive the policy.
  TabularPolicy(const PublicTree& tree, absl::Span<const uint32_t> num_buckets);

  // [num_actions] probabilities of an infoset, to be written.
  absl::Span<double> Row(NodeIndex node, uint32_t bucket);
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override;

 private:
  const PublicTree* tree_;            // not owned
  std::vector<size_t> first_values_;  // by node
  std::vector<double> values_;
};

// Makes probabilities of weights, in place and in proportion; negative ones count as zero; uniform
// when none is positive. Regret matching, and what an average is from its sums.
void MakeProbabilities(absl::Span<double> weights);

// The average strategy of a table: strategy sums, normalised; uniform where they are all zero.
// Needs a table with sums on every street.
class AverageStrategy : public Policy {
 public:
  // The table must outlive the policy.
  explicit AverageStrategy(const Table& table) : table_(&table) {}
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override;
  bool IsLearned(NodeIndex node, uint32_t bucket) const override;

 private:
  const Table* table_;  // not owned
};

// The current strategy of a table, by regret matching: positive regrets, normalised; uniform where
// none is positive.
class CurrentStrategy : public Policy {
 public:
  // The table must outlive the policy.
  explicit CurrentStrategy(const Table& table) : table_(&table) {}
  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override;
  bool IsLearned(NodeIndex node, uint32_t bucket) const override;

 private:
  const Table* table_;  // not owned
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_POLICY_H_
