// What tests of single faults start from: a cluster that trains undisturbed, and whose end is
// known.
#ifndef NASHVILLE_TESTS_SIM_CLUSTER_FIXTURE_H_
#define NASHVILLE_TESTS_SIM_CLUSTER_FIXTURE_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/sim/fake_engine.h"
#include "tests/sim/sim_cluster.h"

namespace nash {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class ClusterTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kRounds = 20;

  ClusterTest() { Use(&engine_); }

  void Use(const Engine* engine) {
    reference_ = engine->RunUndisturbed(kRounds);
    options_.engine = engine;
    options_.reference = &reference_;
    options_.rounds = kRounds;
  }
  // Call when options_ is as it should be.
  SimCluster& Start(int workers) {
    cluster_.emplace(options_);
    for (int i = 0; i < workers; ++i) cluster_->AddWorker();
    return *cluster_;
  }
  void RunToRound(uint64_t round) {
    ASSERT_TRUE(cluster_->RunUntil([&] { return Rounds() >= round; }, minutes(10)))
        << cluster_->Describe();
  }
  uint64_t Rounds() { return cluster_->coordinator().rounds(); }
  // Runs on until this worker runs a unit.
  void RunUntilBusy(const SimWorker& worker) {
    ASSERT_TRUE(cluster_->RunUntil([&] { return worker.is_running(); }, minutes(1)))
        << cluster_->Describe();
  }
  // The end is that of the undisturbed run.
  void ExpectGoodEnd(Nanos limit = minutes(2)) {
    const absl::Status status = cluster_->RunToEnd(limit);
    EXPECT_TRUE(status.ok()) << status << "\n" << cluster_->Describe();
  }
  Counters Total() { return cluster_->coordinator().Total(); }
  bool WasTold(const std::string& text) {
    for (const std::string& notice : cluster_->coordinator().notices()) {
      if (notice.find(text) != std::string::npos) return true;
    }
    return false;
  }
  // An envelope as the present coordinator wants it.
  WorkerEnvelope Fitting(WorkerMessage message) {
    return {kProtocolVersion, kSimFingerprint, cluster_->coordinator().disk().generation,
            std::move(message)};
  }

  const FakeEngine engine_{5};
  ReferenceRun reference_;
  SimOptions options_;
  std::optional<SimCluster> cluster_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_CLUSTER_FIXTURE_H_
