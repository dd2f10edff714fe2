// A real coordinator with workers on threads, one of whose memory is broken: the channel, the run
// folder and the table, where tests/sim has simulated ones.
#include "tools/cluster/coordinator_node.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "solver/coordinator/taken_back.h"
#include "tests/tools/leduc_training.h"
#include "tools/cluster/worker_node.h"

namespace nash {
namespace {

constexpr uint64_t kRounds = 80;

RunDefinition PlainLeduc() {
  RunDefinition run = LoadRunDefinition("configs/leduc.yaml").value();
  run.round = {.units = 4, .batches = 2, .deals = 30};
  run.algorithm.discount_every_iterations = 240;
  return run;
}

// By which the first coordinator audits none of the first 20 rounds, and one of the next 20.
uint64_t SecretFor(double audit_fraction) {
  CoordinatorOptions options;
  options.audit_fraction = audit_fraction;
  const auto first = [&options] {
    uint64_t round = 0;
    while (!IsAudited(options, round)) ++round;
    return round;
  };
  while (first() < 20 || first() >= 40) ++options.audit_secret;
  return options.audit_secret - 1;
}

// One bit of what the first showdown of the tree is worth.
void BreakMemoryOf(const LoadedRun& run) {
  for (const PublicEdge& edge : run.tree().edges()) {
    if (edge.kind() != EdgeKind::kShowdown) continue;
    const_cast<PublicEdge&>(edge).amount_chips ^= 1;
    return;
  }
}

class CoordinatorNodeTest : public LeducTraining {
 protected:
  struct Outcome {
    absl::Status coordinator, liar;
    uint64_t history = 0;
  };
  // Two honest workers and one that is not.
  Outcome TrainWithALiar(double audit_fraction) {
    const RunDefinition definition = PlainLeduc();
    const std::unique_ptr<LoadedRun> run = Loaded(definition), broken = Loaded(definition);
    BreakMemoryOf(*broken);
    RunFolder folder = RunFolder::Open(Run("cluster"), /*resume=*/false).value();
    Table table = Table::Make(run->layout()).value();
    ThreadPool pool(1);
    ClusterOptions cluster;
    cluster.local.count = 2;
    cluster.audit_fraction = audit_fraction;
    if (audit_fraction > 0) cluster.audit_secret = SecretFor(audit_fraction);
    const std::unique_ptr<ClusterPort> port = ClusterPort::Open(cluster).value();
    CHECK(folder.Begin(CanonicalText(definition)).ok());
    LoopOptions limits;
    limits.until_rounds = kRounds;
    limits.checkpoint_every_seconds = 0.3;
    Outcome outcome;
    std::atomic<int> stop{0};
    std::thread liar([&] {
      WorkerNodeOptions options;
      options.channel.endpoint = kLocalEndpoint;
      options.name = "liar";
      options.run = broken.get();
      outcome.liar = RunWorkerNode(&port->context, options, stop);
    });
    Progress progress;
    {
      CoordinatorNode node(limits, cluster,
                           {run.get(), port.get(), &pool, &table, &folder, &progress});
      outcome.coordinator = node.Run();
    }
    stop.store(1);
    liar.join();
    outcome.history = ReadTakenBack(Run("cluster")).value().history;
    return outcome;
  }
  bool IsLikeOneProcess() {
    definition_ = PlainLeduc();
    Train(kRounds, "plain");
    return FilesBelow(CheckpointPath(Run("cluster"), kRounds)) ==
           FilesBelow(CheckpointPath(Run("plain"), kRounds));
  }
};

TEST_F(CoordinatorNodeTest, GoesBackBehindAWorkerThatIsCaughtAndEndsWithTheRightBytes) {
  const Outcome outcome = TrainWithALiar(0.05);
  EXPECT_TRUE(outcome.coordinator.ok()) << outcome.coordinator;
  EXPECT_TRUE(absl::IsPermissionDenied(outcome.liar)) << outcome.liar;
  EXPECT_GE(outcome.history, 1);
  EXPECT_TRUE(IsLikeOneProcess());
}

// Or the liar above would not have been one.
TEST_F(CoordinatorNodeTest, WithoutAuditsAWrongResultIsMerged) {
  const Outcome outcome = TrainWithALiar(0);
  EXPECT_TRUE(outcome.coordinator.ok()) << outcome.coordinator;
  EXPECT_TRUE(outcome.liar.ok()) << outcome.liar;
  EXPECT_EQ(outcome.history, 0);
  EXPECT_FALSE(IsLikeOneProcess());
}

}  // namespace
}  // namespace nash
