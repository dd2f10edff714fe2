// A strategy as whole numbers of 8 or 16 bits, where it lies: in a mapped strategy file.
//
// Of a row of n actions n - 1 numbers are stored, parts of 255 or 65,535; the last action has what
// they leave. So every row adds up to one whatever its bytes are, and a row of one action takes
// none. docs/formats/strategy_file.md says what rounding costs.
//
// Const member functions are thread-safe.
#ifndef NASHVILLE_SOLVER_PLAY_QUANTISED_POLICY_H_
#define NASHVILLE_SOLVER_PLAY_QUANTISED_POLICY_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/evaluation/policy.h"
#include "solver/game/public_tree.h"

namespace nash {

enum class ProbabilityBits : uint8_t { k8 = 8, k16 = 16 };

// What stands for certainty: 255 or 65,535.
constexpr uint32_t WholeOf(ProbabilityBits bits) { return (1u << static_cast<int>(bits)) - 1; }
constexpr size_t BytesOf(ProbabilityBits bits) { return static_cast<size_t>(bits) / 8; }

// Parts of WholeOf(bits), one an action, that add up to it: each rounded down, then one more for
// those that lost most, the first of equals first (the method of largest remainders). Each is off
// by less than one part. probabilities: [actions], sum 1. parts: [actions], written.
void Quantise(absl::Span<const double> probabilities, ProbabilityBits bits,
              absl::Span<uint32_t> parts);

// Where each node's rows begin, in bytes from the first, and after the last node the end of all.
// num_buckets: [num_streets].
std::vector<uint64_t> RowOffsets(const PublicTree& tree, absl::Span<const uint32_t> num_buckets,
                                 ProbabilityBits bits);

class QuantisedPolicy : public Policy {
 public:
  // rows: [row_offsets.back()] bytes, by node, bucket and action. They and the tree must outlive
  // the policy.
  QuantisedPolicy(const PublicTree& tree, std::vector<uint64_t> row_offsets, ProbabilityBits bits,
                  const uint8_t* rows)
      : tree_(&tree), row_offsets_(std::move(row_offsets)), bits_(bits), rows_(rows) {}

  void Probabilities(NodeIndex node, uint32_t bucket,
                     absl::Span<double> probabilities) const override;

  // Whether no row has more than a whole: Probabilities() needs that. Reads all rows.
  bool AllRowsAreWhole() const;

 private:
  uint32_t PartAt(uint64_t place) const;

  const PublicTree* tree_;  // not owned
  std::vector<uint64_t> row_offsets_;
  ProbabilityBits bits_;
  const uint8_t* rows_;  // not owned
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_PLAY_QUANTISED_POLICY_H_
