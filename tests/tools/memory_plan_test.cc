#include "tools/stored/memory_plan.h"

#include <gtest/gtest.h>

#include "solver/cfr/unit_runner.h"
#include "tests/tools/leduc_training.h"
#include "tools/inspection/report.h"

namespace nash {
namespace {

// A round's units from the table that `warm` rounds lead to, encoded.
uint64_t EncodedBytes(const RunDefinition& definition, uint64_t warm) {
  const auto run = Loaded(definition);
  Table table = Table::Make(run->layout()).value();
  ThreadPool pool(1);
  const BucketDealSource deals(definition.game, run->abstraction());
  const TrainingSetup setup = {
      definition.algorithm, definition.round, definition.seed, &table, &deals, &pool};
  const auto trainer = Trainer::Make(setup, {}).value();
  while (trainer->progress().rounds < warm) trainer->RunRound(nullptr);
  const auto undo = UndoLog::Make(table, 1).value();
  UnitRunner runner(setup, undo.get());
  uint64_t bytes = 0;
  for (uint32_t unit = 0; unit < definition.round.units; ++unit) {
    const auto delta =
        runner.Run({warm, unit}, nullptr, std::nullopt, nullptr, [] { return true; });
    for (const EncodedRows& part : delta->parts) bytes += part.bytes.size();
  }
  return bytes;
}

RunDefinition OfUnits(uint32_t units, uint32_t batches) {
  RunDefinition definition = LoadRunDefinition("configs/leduc.yaml").value();
  definition.round = {.units = units, .batches = batches, .deals = 100};
  definition.algorithm.discount_every_iterations = definition.round.DealsPerRound();
  return definition;
}

MemoryPlan PlanOf(const RunDefinition& definition, const MemoryUse& use = {}) {
  return PlanMemory(*Loaded(definition), use);
}

TEST(MemoryPlan, HasRoomForTheResultsOfARound) {
  for (const uint32_t batches : {1, 20}) {
    const RunDefinition definition = OfUnits(4, batches);
    const uint64_t planned = PlanOf(definition).delta_bytes;
    for (const uint64_t warm : {0, 5, 50}) {
      const uint64_t bytes = EncodedBytes(definition, warm);
      EXPECT_LT(bytes, planned) << batches << " after " << warm;
      EXPECT_GT(bytes, planned / 10) << batches << " after " << warm;
    }
  }
}

TEST(MemoryPlan, CountsResultsByWhoHoldsThem) {
  RunDefinition definition = OfUnits(4, 20);
  const uint64_t of_unit = PlanOf(definition).delta_bytes / 4;
  EXPECT_GT(of_unit, 0);
  EXPECT_EQ(PlanOf(definition, {.is_worker = true}).delta_bytes, 2 * of_unit);
  // Two rounds of four units that are passed on.
  const MemoryPlan relay = PlanOf(definition, {.is_worker = true, .is_relay = true});
  EXPECT_EQ(relay.relay_bytes, 2 * 4 * of_unit);
  EXPECT_EQ(relay.total_bytes(),
            PlanOf(definition, {.is_worker = true}).total_bytes() + relay.relay_bytes);
  definition.round.meet_every = 16;
  EXPECT_EQ(PlanOf(definition).delta_bytes, 8 * of_unit);
  EXPECT_EQ(PlanOf(OfUnits(1, 20)).delta_bytes, 0);  // in place
  EXPECT_EQ(PlanOf(OfUnits(1, 20)).undo_bytes, 0);
}

// A checkpoint of Leduc's game is one chunk: 8 bytes and 4 for each value, node by node. The report
// maps it when the writer's buffer is gone; a worker writes none, and a coordinator none while it
// merges.
TEST(MemoryPlan, HasRoomForACheckpointOnItsWay) {
  const RunDefinition definition = OfUnits(1, 20);
  const auto run = Loaded(definition);
  const uint64_t chunk = 8 * run->layout().num_nodes() + 4 * run->layout().num_values();
  EXPECT_EQ(PlanOf(definition).checkpoint_bytes, chunk);
  const MemoryPlan small = PlanOf(definition, {.is_coordinator = true});
  const MemoryPlan large =
      PlanOf(definition, {.is_coordinator = true, .report_bytes = uint64_t{1} << 40});
  EXPECT_LT(small.checkpoint_bytes, chunk);
  EXPECT_LT(large.checkpoint_bytes, uint64_t{1} << 40);
  EXPECT_GE(large.checkpoint_bytes + large.delta_bytes, uint64_t{1} << 40);
  EXPECT_EQ(PlanOf(definition, {.report_bytes = chunk + 1}).checkpoint_bytes, chunk + 1);
  EXPECT_EQ(PlanOf(definition, {.is_worker = true}).checkpoint_bytes, 0);
  EXPECT_EQ(ReportBytes(*run), chunk);
}

}  // namespace
}  // namespace nash
