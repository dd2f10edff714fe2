// The simulation of rounds against what can be said with pencil and paper.
#include <gtest/gtest.h>

#include <cmath>

#include "tools/simulation/costs.h"
#include "tools/simulation/model.h"
#include "tools/simulation/round.h"

namespace nash {
namespace {

constexpr double kInfinite = 1e15;

// One street; rows in proportion to touches: 100,000 touches visit 1,000 rows. One part a delta.
ClusterCosts Costs() {
  ClusterCosts costs;
  costs.touches_per_core_s = 1e6;
  costs.touches_per_deal = 100;
  costs.thread_efficiency = {{1, 1.0}};
  costs.num_streets = 1;
  costs.table_rows = {1e12};
  costs.rows_touched = {{1e12, {1e10}}};
  costs.bytes_up_per_row = 8;
  costs.bytes_down_per_row = 4;
  costs.bytes_log_per_row = 9;
  costs.rows_per_part = 1e9;
  costs.log_bytes_per_s = kInfinite;
  return costs;
}

// Nanoseconds a row that make the arithmetic of 1,000 rows easy: milliseconds.
void SetRowCosts(ClusterCosts* costs) {
  costs->seal_ns = 1e3;
  costs->encode_ns = 2e3;
  costs->decode_ns = 3e3;
  costs->merge_ns = 5e3;
  costs->finish_ns = 7e3;
  costs->apply_ns = 11e3;
}

ClusterPlan Plan(int workers) {
  ClusterPlan plan;
  plan.workers = workers;
  plan.units = workers;
  plan.unit_touches = 1e5;  // 100 ms, 1,000 rows
  plan.gbit_per_s = kInfinite;
  return plan;
}

double SumOfShares(const SimulatedRate& rate) {
  return rate.computing + rate.rows + rate.merging + rate.wire + rate.waiting;
}

TEST(SimulateRound, FreeRowsScalePerfectly) {
  for (const int workers : {1, 7, 64}) {
    const SimulatedRate rate = Simulate(Plan(workers), Costs());
    EXPECT_NEAR(rate.touches_per_s, workers * 1e6, workers * 1.0) << workers;
    EXPECT_NEAR(rate.computing, 1, 1e-6) << workers;
  }
}

TEST(SimulateRound, OneWorkerAndOnePartDoEverythingOneAfterTheOther) {
  ClusterCosts costs = Costs();
  SetRowCosts(&costs);
  const SimulatedRate rate = Simulate(Plan(1), costs);
  // 100 ms of touches; 1 + 2 ms sealing, 3 checking, 3 + 5 merging, 7 giving out, 3 + 11 applying.
  EXPECT_NEAR(rate.round_s, 0.135, 1e-9);
  EXPECT_NEAR(rate.computing, 100 / 135.0, 1e-6);
  EXPECT_NEAR(rate.rows, 17 / 135.0, 1e-6);
  EXPECT_NEAR(rate.merging, 18 / 135.0, 1e-6);
  EXPECT_NEAR(SumOfShares(rate), 1, 1e-9);
}

TEST(SimulateRound, PartsOverlapAsInAPipeline) {
  ClusterCosts costs = Costs();
  SetRowCosts(&costs);
  costs.decode_ns = 4e3;
  // 10 parts, each 0.3 ms to seal, 0.4 to check, 0.4 + 0.5 + 0.7 to merge and give out, 1.5 to
  // apply.
  costs.rows_per_part = 100;
  // A pipeline takes the first part's way to its slowest stage, and that stage for all parts.
  ClusterPlan plan = Plan(1);
  EXPECT_NEAR(Simulate(plan, costs).round_s,
              0.100 + (0.3e-3 + 10 * 0.4e-3) + (10 * 1.6e-3 + 1.5e-3), 1e-9);
  // The formula leaves out how a pipeline fills.
  EXPECT_NEAR(RoundSeconds(plan, costs), 0.100 + 10 * 0.4e-3 + 10 * 1.6e-3, 1e-9);
}

// Eight units that change the same 1,000 rows, in 8 parts each, by a link that takes a millisecond
// for a part: 64 ms, while sections are added up.
TEST(SimulateRound, SectionsAreAddedUpWhileOthersCome) {
  ClusterCosts costs = Costs();
  SetRowCosts(&costs);
  costs.decode_ns = 100;
  costs.merge_ns = 900;
  costs.apply_ns = 0;
  costs.bytes_down_per_row = 0;
  costs.table_rows = {1000};
  costs.rows_touched = {{1e5, {1000}}};
  costs.rows_per_part = 125;
  ClusterPlan plan = Plan(8);
  plan.gbit_per_s = 8e-3;  // 1 MB/s
  const double first_sealed = 0.100 + 125 * 3e-6;
  const double in = 0.001 + 64 * 0.001;  // by the links of all, then by one
  // The last section's check and sum, with a second coding; then one unit's rows are merged in
  // place of eight's, and the last part is decoded.
  const double sum = 125 * 0.1e-6 + 8 * 125 * 1e-6 + 125 * 2e-6;
  const double merge = 1000 * (1e-6 + 7e-6) + 125 * 0.1e-6;
  EXPECT_NEAR(Simulate(plan, costs).round_s, first_sealed + in + sum + merge, 1e-9);
  // All of a smaller round's rows are merged at its end.
  plan = Plan(4);
  plan.gbit_per_s = 8e-3;
  EXPECT_NEAR(
      Simulate(plan, costs).round_s,
      first_sealed + 0.001 + 32 * 0.001 + 125 * 0.1e-6 + 1000 * (4e-6 + 7e-6) + 125 * 0.1e-6, 1e-9);
}

TEST(SimulateRound, AllThreadsOfAMachineHandleRows) {
  ClusterCosts costs = Costs();
  SetRowCosts(&costs);
  costs.thread_efficiency = {{1, 1.0}, {4, 0.5}};
  ClusterPlan plan = Plan(1);
  plan.threads = 4;
  plan.merge_threads = 4;
  EXPECT_NEAR(Simulate(plan, costs).round_s, 0.135 / 2, 1e-9);
}

TEST(SimulateRound, OnASlowNetworkTheCoordinatorsLinkIsAllThatCounts) {
  ClusterPlan plan = Plan(50);
  plan.gbit_per_s = 8e-3;  // 1 MB/s
  // The merged delta has 50,000 rows of 4 bytes, for 50 workers: 10 s, one worker after the other.
  // Meanwhile the first of them run and send all units of the next round (0.1 s and 8 ms each).
  const SimulatedRate rate = Simulate(plan, Costs());
  EXPECT_NEAR(rate.round_s, 10, 1e-6);
  EXPECT_NEAR(rate.bytes_in_per_s * rate.round_s, 0.4e6, 1);
  EXPECT_NEAR(rate.bytes_out_per_s * rate.round_s, 10e6, 1);
  EXPECT_NEAR(rate.computing, 0.1 / 10, 1e-6);
  EXPECT_GT(rate.wire, 0.97);
}

TEST(SimulateRound, WhatWorkersPassOnLeavesTheCoordinatorAFewTimesOnly) {
  ClusterPlan plan = Plan(50);
  plan.gbit_per_s = 8e-3;  // 1 MB/s
  ClusterCosts costs = Costs();
  costs.rows_per_part = 10;  // the most parts that are simulated: 64
  // 50,000 rows of 4 bytes: 0.2 s a copy, and 50 copies without relays.
  plan.relay_fanout = 1;
  const SimulatedRate chain = Simulate(plan, costs);
  EXPECT_NEAR(chain.bytes_out_per_s * chain.round_s, 0.2e6, 1);
  plan.relay_fanout = 2;
  const SimulatedRate tree = Simulate(plan, costs);
  EXPECT_NEAR(tree.bytes_out_per_s * tree.round_s, 0.4e6, 1);
  // 0.1 s of units, 0.4 s in (8 kB each), and 0.4 s for two copies by every link; five levels, each
  // of two parts of 3.1 ms. What workers do early overlaps.
  EXPECT_LT(tree.round_s, 0.1 + 0.4 + 0.4 + 5 * 2 * 3.2e-3);
  EXPECT_GT(tree.round_s, 0.4 + 0.4);
  EXPECT_NEAR(tree.round_s / RoundSeconds(plan, costs), 1, 0.25);
}

TEST(SimulateRound, OneMergingThreadBoundsTheRate) {
  ClusterPlan plan = Plan(200);
  ClusterCosts costs = Costs();
  costs.merge_ns = 5e3;
  // 200 units of 5 ms: a second; then everybody computes for 0.1 s.
  EXPECT_NEAR(Simulate(plan, costs).round_s, 1.1, 1e-6);
  EXPECT_NEAR(Simulate(plan, costs).merging, 1 / 1.1, 1e-6);
  plan.merge_threads = 4;
  EXPECT_NEAR(Simulate(plan, costs).round_s, 0.1 + 0.25, 1e-6);
  plan.merge_threads = 1;
  plan.coordinators = 4;
  EXPECT_NEAR(Simulate(plan, costs).round_s, 0.1 + 0.25, 1e-6) << "shares of rows, not of units";
}

TEST(SimulateRound, WithLagOneExchangeIsHiddenBehindComputing) {
  ClusterPlan plan = Plan(8);
  plan.lag = 1;
  ClusterCosts costs = Costs();
  costs.merge_ns = 10e3;  // 80 of 100 ms
  EXPECT_NEAR(Simulate(plan, costs).touches_per_s, 8e6, 8);
  EXPECT_NEAR(Simulate(plan, costs).computing, 1, 1e-6);
  plan.lag = 0;
  EXPECT_NEAR(Simulate(plan, costs).touches_per_s, 8e6 * 100 / 180, 8);
  // More than can be hidden: the merging thread is never idle.
  plan.lag = 1;
  costs.merge_ns = 25e3;
  EXPECT_NEAR(Simulate(plan, costs).round_s, 0.2, 1e-6);
}

TEST(SimulateRound, ARoundWaitsForTheSlowestUnit) {
  ClusterPlan plan = Plan(1000);
  ClusterCosts costs = Costs();
  costs.unit_time_spread = 0.2;
  // Of 1,000 uniform times in (80, 120) ms the largest is nearly 120; on average they take 100.
  const SimulatedRate rate = Simulate(plan, costs);
  EXPECT_NEAR(rate.round_s, 0.12, 0.0003);
  EXPECT_NEAR(rate.waiting, 1 - 100 / 120.0, 0.01);
  // Ten units for each worker: who is early takes the next.
  plan.workers = 100;
  EXPECT_LT(Simulate(plan, costs).waiting, 0.08);
}

TEST(SimulateRound, LatencyIsPaidOnceInEachDirection) {
  ClusterCosts costs = Costs();
  costs.latency_s = 0.05;
  costs.rows_per_part = 100;
  EXPECT_NEAR(Simulate(Plan(4), costs).round_s, 0.2, 1e-6);
}

TEST(SimulateRound, AStreetThatIsMergedLessOftenSendsWhatItHasGathered) {
  ClusterCosts costs = Costs();
  costs.num_streets = 2;
  costs.table_rows = {1e12, 1500};
  costs.rows_touched = {{1e12, {1e10, 1e10}}};  // 1,000 rows a unit on either street
  costs.merge_ns = 10e3;
  ClusterPlan plan = Plan(1);
  EXPECT_NEAR(Simulate(plan, costs).round_s, 0.120, 1e-9);
  // Every second round: 2,000 rows, of which the table has 1,500.
  plan.periods = {1, 2, 1, 1};
  EXPECT_NEAR(Simulate(plan, costs).round_s, 0.1 + (10 + 10 + 15) / 2.0 * 1e-3, 1e-9);
  plan.periods = {1, 3, 1, 1};
  EXPECT_NEAR(Simulate(plan, costs).round_s, 0.1 + (10 + 10 + 10 + 15) / 3.0 * 1e-3, 1e-9);
}

TEST(SimulateRound, TheLogOfARoundHoldsUpTheNext) {
  ClusterCosts costs = Costs();
  costs.log_bytes_per_s = 9e3 / 0.3;  // 9,000 bytes in 300 ms, while a round takes 100
  EXPECT_NEAR(Simulate(Plan(1), costs).round_s, 0.3, 1e-6);
}

TEST(SimulateRound, AgreesWithTheFormulas) {
  const auto costs = LoadClusterCosts("configs/cluster/costs.json");
  ASSERT_TRUE(costs.ok()) << costs.status();
  for (const int workers : {1, 4, 16, 64}) {
    for (const double gbit_per_s : {1.0, 10.0, 100.0}) {
      for (const int lag : {0, 1}) {
        for (const int coordinators : {1, 4}) {
          ClusterPlan plan = Plan(workers);
          plan.threads = 32;
          plan.unit_touches = 1e10;
          plan.gbit_per_s = gbit_per_s;
          plan.lag = lag;
          plan.coordinators = coordinators;
          // The formulas know neither the ends of pipelines nor what early workers do meanwhile.
          for (const int fanout : {0, 2}) {
            plan.relay_fanout = fanout;
            EXPECT_NEAR(Simulate(plan, *costs).round_s / RoundSeconds(plan, *costs), 1, 0.25)
                << workers << " workers, " << gbit_per_s << " Gbit/s, lag " << lag << ", "
                << coordinators << " coordinators, passed on to " << fanout;
          }
        }
      }
    }
  }
}

TEST(SimulateCosts, RowsFollowTheMeasuredPoints) {
  ClusterCosts costs = Costs();
  costs.table_rows = {2000};
  costs.rows_touched = {{100, {50}}, {1000, {500}}, {4000, {1000}}};
  EXPECT_DOUBLE_EQ(costs.Rows(0), 0);
  EXPECT_DOUBLE_EQ(costs.Rows(10), 5) << "in proportion below the first";
  EXPECT_DOUBLE_EQ(costs.Rows(1000), 500);
  EXPECT_NEAR(costs.Rows(2000), 500 * std::sqrt(2.0), 1e-9) << "a root between these two";
  EXPECT_NEAR(costs.Rows(9000), 1500, 1e-9) << "and above";
  EXPECT_DOUBLE_EQ(costs.Rows(1e9), 2000) << "the whole table";
}

TEST(SimulateCosts, ThreadsGainWhatWasMeasured) {
  ClusterCosts costs = Costs();
  costs.thread_efficiency = {{1, 1.0}, {2, 0.9}, {10, 0.5}};
  EXPECT_DOUBLE_EQ(costs.WorkerRate(1), 1e6);
  EXPECT_DOUBLE_EQ(costs.WorkerRate(2), 1.8e6);
  EXPECT_DOUBLE_EQ(costs.WorkerRate(6), 6 * 0.7e6);
  EXPECT_DOUBLE_EQ(costs.WorkerRate(20), 10e6);
}

TEST(SimulateCosts, TheShippedFileIsRead) {
  const auto costs = LoadClusterCosts("configs/cluster/costs.json");
  ASSERT_TRUE(costs.ok()) << costs.status();
  EXPECT_EQ(costs->num_streets, 4);
  EXPECT_LT(costs->Rows(1e8), costs->Rows(1e9));
}

TEST(SimulateCosts, WhatIsMissingOrWrongIsNamed) {
  const std::string whole = R"({
    "touches_per_core_s": {"value": 1, "from": "x"}, "touches_per_deal": {"value": 1, "from": "x"},
    "thread_efficiency": {"value": [[1, 1]], "from": "x"},
    "table_rows": {"value": [10], "from": "x"}, "rows_touched": {"value": [[2, 1]], "from": "x"},
    "bytes_up_per_row": {"value": 1, "from": "x"}, "bytes_down_per_row": {"value": 1, "from": "x"},
    "bytes_log_per_row": {"value": 1, "from": "x"}, "undo_bytes_per_row": {"value": 1, "from": "x"},
    "seal_ns_per_row": {"value": 1, "from": "x"}, "encode_ns_per_row": {"value": 1, "from": "x"},
    "decode_ns_per_row": {"value": 1, "from": "x"}, "merge_ns_per_row": {"value": 1, "from": "x"},
    "finish_ns_per_row": {"value": 1, "from": "x"}, "apply_ns_per_row": {"value": 1, "from": "x"},
    "rows_per_part": {"value": 1, "from": "x"}, "latency_s": {"value": 1, "from": "x"},
    "log_bytes_per_s": {"value": 1, "from": "x"}, "unit_time_spread": {"value": 0, "from": "x"}})";
  ASSERT_TRUE(ParseClusterCosts(whole, "f").ok()) << ParseClusterCosts(whole, "f").status();
  const auto message_of = [&](std::string from, const std::string& to) {
    std::string text = whole;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto costs = ParseClusterCosts(text, "f");
    EXPECT_EQ(costs.status().code(), absl::StatusCode::kInvalidArgument) << from;
    return std::string(costs.status().message());
  };
  EXPECT_EQ(message_of("{", "["), "f: is no JSON object");
  EXPECT_EQ(
      message_of("latency_s", "latency"),
      "f: latency_s: missing; write {\"value\": ..., \"from\": \"the command, or estimate\"}");
  EXPECT_EQ(message_of("\"from\"", "\"form\""),
            "f: touches_per_core_s: \"from\" is missing: name the command that measured it, or say "
            "estimate");
  EXPECT_EQ(
      message_of("\"unit_time_spread\": {\"value\": 0", "\"unit_time_spread\": {\"value\": 2"),
      "f: unit_time_spread: found 2; from 0 to 0.99 is allowed");
  EXPECT_EQ(message_of("[[2, 1]]", "[[2, 1], [3, 0.5]]"),
            "f: rows_touched: touches must ascend, and rows may not fall");
  EXPECT_EQ(message_of("[[2, 1]]", "[[2, 1, 1]]"),
            "f: rows_touched: an entry is [touches, rows of the first street, ...]");
  EXPECT_EQ(message_of("[[1, 1]]", "[]"),
            "f: thread_efficiency: found no list; give one with at least one entry");
}

}  // namespace
}  // namespace nash
