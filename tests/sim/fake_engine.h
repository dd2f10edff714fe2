// A table of 48 rows whose units are pure functions of it: a few microseconds where training would
// take milliseconds, so that many seeds can be simulated.
#ifndef NASHVILLE_TESTS_SIM_FAKE_ENGINE_H_
#define NASHVILLE_TESTS_SIM_FAKE_ENGINE_H_

#include "tests/sim/engine.h"

namespace nash {

class FakeEngine : public Engine {
 public:
  explicit FakeEngine(uint32_t units) : units_(units) {}
  std::unique_ptr<SimMaster> MakeMaster() const override;
  std::unique_ptr<SimReplica> MakeReplica() const override;
  uint32_t units() const override { return units_; }
  uint32_t unit_parts_max() const override;
  ReferenceRun RunUndisturbed(uint64_t rounds) const override;

 private:
  const uint32_t units_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_FAKE_ENGINE_H_
