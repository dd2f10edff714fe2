// Rounds of several units: the same bytes whoever runs, merges and follows them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "solver/cfr/round_merger.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/state_hash.h"
#include "solver/cfr/trainer.h"
#include "solver/cfr/unit_delta.h"
#include "solver/cfr/unit_runner.h"
#include "tests/cfr/random_deals.h"
#include "tests/cfr/regret_parts.h"

namespace nash {
namespace {

constexpr uint32_t kBuckets = 40;

struct Case {
  std::string reason;
  CfrOptions options;
  RoundShape shape;
};

std::vector<Case> Cases() {
  CfrOptions vanilla;
  CfrOptions linear;
  linear.variant = Variant::kLinear;
  linear.discount_every_iterations = 3 * 2 * 64 * 2;
  CfrOptions floored = linear;
  floored.floor_regrets_at_zero = true;
  CfrOptions outcome;
  outcome.sampler = Sampler::kOutcome;
  CfrOptions first_street;
  first_street.average = AverageStreets::kFirst;
  return {{"one unit", vanilla, {1, 3, 64}},
          {"three units", vanilla, {3, 2, 64}},
          {"discounts", linear, {3, 2, 64}},
          {"regrets floored", floored, {3, 2, 64}},
          {"outcome sampling", outcome, {3, 2, 64}},
          {"sums of the first street", first_street, {4, 1, 128}}};
}

class Game {
 public:
  explicit Game(const Case& run)
      : run_(run),
        tree_(*PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {})),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>(tree_.num_streets(), kBuckets),
                                   run.options.average)) {}
  const TableLayout& layout() const { return layout_; }
  TrainingSetup Setup(Table* table, ThreadPool* pool) const {
    return {run_.options, run_.shape, 42, table, &deals_, pool};
  }
  const Case& run() const { return run_; }

 private:
  const Case run_;
  const PublicTree tree_;
  const TableLayout layout_;
  const RandomDeals deals_{kBuckets};
};

std::vector<int32_t> ValuesOf(const Table& table) {
  std::vector<int32_t> all;
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    const size_t begin = all.size();
    all.resize(begin + table.layout().ValuesOf(node));
    table.CopyOut(node, absl::MakeSpan(all).subspan(begin));
  }
  return all;
}

// Regrets only.
uint64_t SlowRegretHash(const Table& table) {
  uint64_t sum = 0;
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    for (uint32_t b = 0; b < table.layout().NumBuckets(node); ++b) {
      sum += SummariseRow({table.layout().FirstRow(node).value + b},
                          {table.Row(node, b), table.layout().tree().nodes()[node].num_actions})
                 .hash;
    }
  }
  return sum;
}

std::vector<int32_t> Trained(const Game& game, int rounds, int threads) {
  Table table = *Table::Make(game.layout());
  ThreadPool pool(threads);
  auto trainer = Trainer::Make(game.Setup(&table, &pool), {});
  EXPECT_TRUE(trainer.ok()) << trainer.status();
  for (int i = 0; i < rounds; ++i) (*trainer)->RunRound(nullptr);
  return ValuesOf(table);
}

// A worker: a table that follows, and runs units.
struct Replica {
  Replica(const Game& game, int threads)
      : table(*Table::Make(game.layout())),
        pool(threads),
        undo(*TableSnapshot::Make(table, threads)),
        follower(game.run().options, game.run().shape, 0, &table, &pool),
        runner(game.Setup(&table, &pool), undo.get()) {}
  Table table;
  ThreadPool pool;
  std::unique_ptr<TableSnapshot> undo;
  RoundTable follower;
  UnitRunner runner;
};

std::vector<SparseDelta> RunUnit(Replica* replica, uint32_t unit) {
  std::vector<SparseDelta> parts;
  const std::vector<int32_t> before = ValuesOf(replica->table);
  const auto touches = replica->runner.Run(
      {replica->follower.rounds(), unit}, std::nullopt, nullptr, [] { return true; },
      [&](const SparseDelta& part) { parts.push_back(part); });
  EXPECT_TRUE(touches.has_value());
  EXPECT_EQ(ValuesOf(replica->table), before) << "a unit leaves the table as it was";
  return parts;
}

SparseDelta WithoutSums(SparseDelta part) {
  part.lanes[kSumLane].clear();
  return part;
}

TEST(Units, AClusterOfReplicasEndsWithTheBytesOfOneProcess) {
  constexpr int kRounds = 6;
  std::mt19937 random(5);
  for (const Case& run : Cases()) {
    const Game game(run);
    const std::vector<int32_t> expected = Trained(game, kRounds, 1);
    EXPECT_EQ(Trained(game, kRounds, 3), expected) << run.reason << ", other threads";

    Replica master(game, 1);
    RoundMerger merger(&master.follower, master.undo.get());
    std::vector<std::unique_ptr<Replica>> workers;
    for (int threads : {1, 2}) workers.push_back(std::make_unique<Replica>(game, threads));
    for (int round = 0; round < kRounds; ++round) {
      // Units fall to any worker; their parts come in any order, after some that are taken back.
      std::vector<SparseDelta> parts;
      for (uint32_t unit = 0; unit < run.shape.units; ++unit) {
        for (SparseDelta& part : RunUnit(workers[random() % 2].get(), unit)) {
          parts.push_back(std::move(part));
        }
      }
      merger.Add(parts[0]);
      merger.RollBack();
      std::shuffle(parts.begin(), parts.end(), random);
      for (const SparseDelta& part : parts) merger.Add(part);
      std::vector<SparseDelta> merged;
      merger.Finish([&](const SparseDelta& part) { merged.push_back(part); });
      for (auto& worker : workers) {
        for (const SparseDelta& part : merged) worker->follower.Apply(WithoutSums(part));
        worker->follower.EndRound();
        EXPECT_EQ(worker->follower.regret_hash(), master.follower.regret_hash());
      }
      EXPECT_EQ(master.follower.regret_hash(), SlowRegretHash(master.table));
    }
    EXPECT_EQ(ValuesOf(master.table), expected) << run.reason;

    // Whoever replays the log, sums included, or joins late, is where the others are.
    Replica late(game, 1);
    late.follower.Clear(kRounds);
    ForEachRegretPart(master.table,
                      [&](const SparseDelta& part) { late.follower.LoadSnapshot(part); });
    EXPECT_EQ(late.follower.regret_hash(), master.follower.regret_hash());
    EXPECT_EQ(RunUnit(&late, 0), RunUnit(workers[0].get(), 0));
  }
}

TEST(Units, AReplayedRoundGivesTheWholeTable) {
  for (const Case& run : Cases()) {
    const Game game(run);
    Replica master(game, 1), replayed(game, 1);
    RoundMerger merger(&master.follower, master.undo.get());
    Replica worker(game, 1);
    for (int round = 0; round < 3; ++round) {
      for (uint32_t unit = 0; unit < run.shape.units; ++unit) {
        for (const SparseDelta& part : RunUnit(&worker, unit)) merger.Add(part);
      }
      merger.Finish([&](const SparseDelta& part) {
        replayed.follower.Apply(part);
        worker.follower.Apply(WithoutSums(part));
      });
      replayed.follower.EndRound();
      worker.follower.EndRound();
    }
    EXPECT_EQ(ValuesOf(replayed.table), ValuesOf(master.table)) << run.reason;
  }
}

TEST(Units, OneThatIsAbandonedLeavesNothing) {
  const Game game(Cases()[1]);
  Replica replica(game, 2);
  int batches = 0;
  const auto touches = replica.runner.Run(
      {0, 1}, std::nullopt, nullptr, [&] { return ++batches < 2; },
      [](const SparseDelta&) { FAIL() << "a part"; });
  EXPECT_FALSE(touches.has_value());
  EXPECT_EQ(ValuesOf(replica.table), std::vector<int32_t>(game.layout().num_values()));
}

// Against a plain recomputation: what a unit does to a copy of the table by itself, amplified.
TEST(Units, DeltasAreTheAmplifiedChangesDividedByTheUnits) {
  for (const Case& run : Cases()) {
    const Game game(run);
    Replica replica(game, 1);
    Table copy = *Table::Make(game.layout());
    UnitTraverser in_place(game.Setup(&copy, &replica.pool));
    ASSERT_TRUE(in_place.Run({0, 0}, std::nullopt, {}, [] { return true; }).has_value());
    std::map<uint64_t, std::vector<int32_t>> expected;
    const int32_t units = static_cast<int32_t>(run.shape.units);
    for (NodeIndex node = 0; node < copy.layout().num_nodes(); ++node) {
      const uint32_t num_actions = copy.layout().tree().nodes()[node].num_actions;
      for (uint32_t b = 0; b < copy.layout().NumBuckets(node); ++b) {
        std::vector<int32_t> row(copy.Row(node, b),
                                 copy.Row(node, b) + copy.layout().ValuesPerRow(node));
        for (uint32_t a = 0; a < num_actions; ++a) {
          if (run.options.floor_regrets_at_zero && units > 1) row[a] = std::max(row[a], 0);
          if (!run.options.floor_regrets_at_zero) {
            EXPECT_EQ(row[a] % units, 0);
          }
          row[a] /= units;
        }
        if (std::any_of(row.begin(), row.end(), [](int32_t x) { return x != 0; })) {
          expected[copy.layout().FirstRow(node).value + b] = row;
        }
      }
    }
    const RowSpace rows = RowSpaceOf(game.layout());
    const DeltaLimits limits = LimitsOfUnit(run.options, run.shape);
    std::map<uint64_t, std::vector<int32_t>> got;
    for (const SparseDelta& part : RunUnit(&replica, 0)) {
      const int32_t* regrets = part.lanes[kRegretLane].data();
      const int32_t* sums = part.lanes[kSumLane].data();
      for (const uint64_t row : part.rows) {
        const RowBlock& block = rows.block(rows.BlockOf(row));
        std::vector<int32_t>& values = got[row];
        values.assign(regrets, regrets + block.widths[kRegretLane]);
        values.insert(values.end(), sums, sums + block.widths[kSumLane]);
        for (int a = 0; a < block.widths[kRegretLane]; ++a) {
          EXPECT_LE(std::abs(regrets[a]), limits.regret);
        }
        for (int a = 0; a < block.widths[kSumLane]; ++a) {
          EXPECT_GE(sums[a], 0);
          EXPECT_LE(static_cast<uint32_t>(sums[a]), limits.sum);
        }
        regrets += block.widths[kRegretLane];
        sums += block.widths[kSumLane];
      }
    }
    EXPECT_EQ(got, expected) << run.reason;
  }
}

TEST(Units, NeighbouringUnitsDoNotDealTheSameHands) {
  const Game game(Cases()[1]);
  Replica replica(game, 1);
  EXPECT_NE(RunUnit(&replica, 0), RunUnit(&replica, 1));
}

}  // namespace
}  // namespace nash
