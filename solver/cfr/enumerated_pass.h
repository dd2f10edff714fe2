// One pass over all deals: a player learns what each of its actions is worth, and another is told
// how often it comes where. Interface, and the exact sums that both ways to walk keep.
//
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ENUMERATED_PASS_H_
#define NASHVILLE_SOLVER_CFR_ENUMERATED_PASS_H_

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "solver/game/public_tree.h"

namespace nash {

// What is added up over deals, by bucket: integers, so that no order of additions, and so no number
// of threads, changes a bit. A sum of what is below `most` in all has 50 bits.
class ExactUnit {
 public:
  explicit ExactUnit(double most)
      : per_unit_(std::ldexp(1, 50 - static_cast<int>(std::ceil(std::log2(most))))) {}
  // How many units a number of 1 is.
  double per_unit() const { return per_unit_; }
  double Of(int64_t sum) const { return static_cast<double>(sum) / per_unit_; }
  int64_t From(double x) const { return std::llrint(x * per_unit_); }

 private:
  double per_unit_;
};

class EnumeratedPass {
 public:
  virtual ~EnumeratedPass() = default;

  // Nodes whose infosets lie side by side; every node of the tree is in one group.
  virtual size_t num_groups() const = 0;
  virtual absl::Span<const NodeIndex> Group(size_t group) const = 0;

  // Walks all deals with the strategies that are set. Of infosets of the traverser it finds what
  // each action is worth, of those of the player after it the reach of that player.
  virtual void Run(int traverser) = 0;

  // Infosets are named by a group, a member of it and a bucket; one thread at a time has a group.
  // What Run() found, once: it is zero after that. values: [num_actions], chips times the others'
  // reach and chance.
  virtual void TakeActionValues(size_t group, size_t member, uint32_t bucket,
                                absl::Span<double> values) = 0;
  virtual double TakeReach(size_t group, size_t member, uint32_t bucket) = 0;
  // strategy: [num_actions].
  virtual void GetStrategy(size_t group, size_t member, uint32_t bucket,
                           absl::Span<double> strategy) const = 0;
  virtual void SetStrategy(size_t group, size_t member, uint32_t bucket,
                           absl::Span<const double> strategy) = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ENUMERATED_PASS_H_
