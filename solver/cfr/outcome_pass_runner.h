// Outcome sampling: one path a deal, importance weights instead of branches.
//
// Lanctot et al. 2009, "Monte Carlo sampling for regret minimization", section 3.1. The traverser
// plays a mix of its strategy and the uniform one, everybody else their strategies. Cheap paths
// with noisy values: a baseline for studies, external sampling is what blueprints are trained with.
// Weights of averages are cut at kOutcomeWeightMax (table.h), which only biases paths that the
// traverser samples less than once in that many times. Regrets are cut where a batch of them could
// pass 32 bits (RegretUnits). Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_OUTCOME_PASS_RUNNER_H_
#define NASHVILLE_SOLVER_CFR_OUTCOME_PASS_RUNNER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "common/thread_pool.h"
#include "solver/cfr/pass_runner.h"

namespace nash {

class OutcomePassRunner : public PassRunner {
 public:
  // exploration: weight of the uniform strategy in what the traverser plays, in (0, 1].
  OutcomePassRunner(const PublicTree& tree, double exploration, ThreadPool* pool)
      : tree_(tree), exploration_(static_cast<float>(exploration)), pool_(pool) {}
  uint64_t Run(const Pass& pass, const SideWork& side) override;

 private:
  // What one visit adds to its row, kept until all paths of the pass are walked.
  struct Visit {
    int32_t* values;  // regrets of the traverser, or sums of the averaged player
    uint8_t num_actions;
    bool is_regret;
    std::array<int32_t, kActionsMax> added;
  };
  struct Step;

  uint64_t Walk(const Pass& pass, uint16_t deal, int thread, std::vector<Visit>* visits) const;
  Step Choose(const Pass& pass, NodeIndex node, uint16_t deal, float reach) const;
  static Visit RegretsOf(const Pass& pass, const Step& step, float value);

  const PublicTree& tree_;
  const float exploration_;
  ThreadPool* pool_;                        // not owned
  std::vector<std::vector<Visit>> visits_;  // by chunk of deals
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_OUTCOME_PASS_RUNNER_H_
