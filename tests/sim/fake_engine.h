// A table of 48 rows whose units are pure functions of it: a few microseconds where training would
// take milliseconds, so that many seeds can be simulated.
#ifndef NASHVILLE_TESTS_SIM_FAKE_ENGINE_H_
#define NASHVILLE_TESTS_SIM_FAKE_ENGINE_H_

#include "tests/sim/engine.h"

namespace nash {

class FakeEngine : public Engine {
 public:
  // meet_every: above 1, lag 1.
  explicit FakeEngine(uint32_t units, uint32_t meet_every = 1)
      : shape_({units, /*batches=*/1, /*deals=*/1, meet_every}) {}
  std::unique_ptr<SimMaster> MakeMaster() const override;
  std::unique_ptr<SimReplica> MakeReplica() const override;
  const RoundShape& shape() const override { return shape_; }
  uint32_t unit_parts_max() const override;
  ReferenceRun RunUndisturbed(uint64_t rounds) const override;

 private:
  const RoundShape shape_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_FAKE_ENGINE_H_
