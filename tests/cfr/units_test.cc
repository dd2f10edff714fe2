// Rounds of several units: the same bytes whoever runs, merges and follows them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <vector>

#include "solver/cfr/round_merger.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/trainer.h"
#include "solver/cfr/unit_delta.h"
#include "solver/cfr/unit_runner.h"
#include "tests/cfr/random_deals.h"
#include "tests/cfr/regret_parts.h"
#include "tests/cfr/slow_regret_hash.h"
#include "tests/cfr/table_values.h"

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
          {"amplified by less than the units", vanilla, {6, 2, 64, 1, 2}},
          {"not amplified", floored, {3, 2, 64, 1, 1}},
          {"discounts", linear, {3, 2, 64}},
          {"regrets floored", floored, {3, 2, 64}},
          {"outcome sampling", outcome, {3, 2, 64}},
          {"sums of the first street", first_street, {4, 1, 128}}};
}

class Game {
 public:
  explicit Game(const Case& run, uint32_t buckets = kBuckets)
      : run_(run),
        tree_(*PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {})),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>(tree_.num_streets(), buckets),
                                   run.options.average)),
        deals_(buckets) {}
  const TableLayout& layout() const { return layout_; }
  TrainingSetup Setup(Table* table, ThreadPool* pool) const {
    return {run_.options, run_.shape, 42, table, &deals_, pool};
  }
  const Case& run() const { return run_; }

 private:
  const Case run_;
  const PublicTree tree_;
  const TableLayout layout_;
  const RandomDeals deals_;
};

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
        undo(*UndoLog::Make(table, threads)),
        follower(game.Setup(&table, &pool), 0),
        runner(game.Setup(&table, &pool), undo.get()) {}
  Table table;
  ThreadPool pool;
  std::unique_ptr<UndoLog> undo;
  RoundTable follower;
  UnitRunner runner;
};

UnitDelta RunUnit(Replica* replica, uint32_t unit) {
  const std::vector<int32_t> before = ValuesOf(replica->table);
  auto delta = replica->runner.Run({replica->follower.rounds(), unit}, nullptr, std::nullopt,
                                   nullptr, [] { return true; });
  EXPECT_TRUE(delta.has_value());
  EXPECT_EQ(ValuesOf(replica->table), before) << "a unit leaves the table as it was";
  EXPECT_EQ(delta->part_ends.back(), delta->parts.size());
  return *std::move(delta);
}

SparseDelta Decoded(const EncodedRows& part, const RowSpace& rows, bool has_regrets = true,
                    bool has_sums = true) {
  DeltaBounds bounds;
  bounds.lanes[kRegretLane].expected = has_regrets;
  bounds.lanes[kSumLane].expected = has_sums;
  return DecodeDelta(part.bytes, rows, bounds).value();
}

// A round's parts by section, and all that comes of them.
using Sections = std::vector<std::vector<EncodedRows>>;
void Collect(const UnitDelta& delta, Sections* sections) {
  sections->resize(delta.part_ends.size());
  for (size_t i = 0, part = 0; i < sections->size(); ++i) {
    for (; part < delta.part_ends[i]; ++part) (*sections)[i].push_back(delta.parts[part]);
  }
}
std::vector<MergedPart> Merge(const Sections& sections, RoundMerger* merger) {
  std::vector<MergedPart> all;
  const auto read = [&](size_t section) { return sections[section]; };
  while (!merger->is_merged()) {
    const auto merged = merger->MergeNext(read);
    EXPECT_TRUE(merged.ok()) << merged.status();
    all.insert(all.end(), merged->begin(), merged->end());
  }
  merger->EndRound();
  return all;
}

TEST(Units, AClusterOfReplicasEndsWithTheBytesOfOneProcess) {
  constexpr int kRounds = 6;
  std::mt19937 random(5);
  for (const Case& run : Cases()) {
    const Game game(run);
    const std::vector<int32_t> expected = Trained(game, kRounds, 1);
    EXPECT_EQ(Trained(game, kRounds, 3), expected) << run.reason << ", other threads";

    Replica master(game, 2);
    RoundMerger merger(&master.follower);
    std::vector<std::unique_ptr<Replica>> workers;
    for (int threads : {1, 2}) workers.push_back(std::make_unique<Replica>(game, threads));
    for (int round = 0; round < kRounds; ++round) {
      // Units fall to any worker; their parts come in any order.
      Sections sections;
      for (uint32_t unit = 0; unit < run.shape.units; ++unit) {
        Collect(RunUnit(workers[random() % 2].get(), unit), &sections);
      }
      for (auto& parts : sections) std::shuffle(parts.begin(), parts.end(), random);
      const std::vector<MergedPart> merged = Merge(sections, &merger);
      for (auto& worker : workers) {
        for (const MergedPart& part : merged) {
          worker->follower.Apply(Decoded(part.regrets, merger.rows(), true, false));
        }
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
                      [&](const SparseDelta& part) { late.follower.LoadRegrets(part); });
    EXPECT_EQ(late.follower.regret_hash(), master.follower.regret_hash());
    EXPECT_EQ(RunUnit(&late, 0).parts, RunUnit(workers[0].get(), 0).parts);
  }
}

// Sums stand for the parts that they are of, whichever sections were added up.
TEST(Units, SumsOfPartsAreMergedAsThePartsWouldBe) {
  std::mt19937 random(6);
  for (const Case& run : Cases()) {
    const Game game(run);
    Replica master(game, 2), other(game, 1);
    RoundMerger merger(&master.follower), other_merger(&other.follower);
    Replica worker(game, 1);
    size_t parts = 0, sums = 0;
    for (int round = 0; round < 3; ++round) {
      Sections sections;
      for (uint32_t unit = 0; unit < run.shape.units; ++unit) {
        Collect(RunUnit(&worker, unit), &sections);
      }
      Sections summed = sections;
      for (size_t section = 0; section < sections.size(); ++section) {
        if (random() % 3 == 0) continue;
        const auto sum = other_merger.SumUp(section, 1, [&](size_t i) { return sections[i]; });
        ASSERT_TRUE(sum.ok()) << sum.status();
        parts += sections[section].size();
        sums += sum->at(0).size();
        summed[section] = sum->at(0);
      }
      const std::vector<MergedPart> merged = Merge(sections, &merger);
      EXPECT_EQ(Merge(summed, &other_merger), merged) << run.reason;
      for (const MergedPart& part : merged) {
        worker.follower.Apply(Decoded(part.regrets, merger.rows(), true, false));
      }
      worker.follower.EndRound();
    }
    EXPECT_EQ(ValuesOf(other.table), ValuesOf(master.table)) << run.reason;
    EXPECT_GT(sums, 0);
    EXPECT_LE(sums * run.shape.units, parts) << run.reason;
  }
}

TEST(Units, AReplayedRoundGivesTheWholeTable) {
  for (const Case& run : Cases()) {
    const Game game(run);
    Replica master(game, 1), replayed(game, 1);
    RoundMerger merger(&master.follower);
    Replica worker(game, 1);
    for (int round = 0; round < 3; ++round) {
      Sections sections;
      for (uint32_t unit = 0; unit < run.shape.units; ++unit) {
        Collect(RunUnit(&worker, unit), &sections);
      }
      for (const MergedPart& part : Merge(sections, &merger)) {
        SparseDelta delta = Decoded(part.regrets, merger.rows(), true, false);
        worker.follower.Apply(delta);
        delta.lanes[kSumLane] = Decoded(part.sums, merger.rows(), false, true).lanes[kSumLane];
        replayed.follower.Apply(delta);
      }
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
  EXPECT_FALSE(
      replica.runner.Run({0, 1}, nullptr, std::nullopt, nullptr, [&] { return ++batches < 2; })
          .has_value());
  EXPECT_EQ(ValuesOf(replica.table), std::vector<int32_t>(game.layout().num_values()));
}

// Against a plain recomputation: what a unit does to a copy of the table by itself, amplified.
TEST(Units, DeltasAreTheAmplifiedChangesDividedByTheAmplification) {
  for (const Case& run : Cases()) {
    const Game game(run);
    Replica replica(game, 1);
    Table copy = *Table::Make(game.layout());
    UnitTraverser in_place(game.Setup(&copy, &replica.pool));
    ASSERT_TRUE(in_place.Run({0, 0}, std::nullopt, {}, [] { return true; }).has_value());
    std::map<uint64_t, std::vector<int32_t>> expected;
    const int32_t units = static_cast<int32_t>(run.shape.units);
    const int32_t amplification = static_cast<int32_t>(run.shape.Amplification());
    for (NodeIndex node = 0; node < copy.layout().num_nodes(); ++node) {
      const uint32_t num_actions = copy.layout().tree().nodes()[node].num_actions;
      for (uint32_t b = 0; b < copy.layout().NumBuckets(node); ++b) {
        std::vector<int32_t> row(copy.Row(node, b),
                                 copy.Row(node, b) + copy.layout().ValuesPerRow(node));
        for (uint32_t a = 0; a < num_actions; ++a) {
          if (run.options.floor_regrets_at_zero && units > 1) row[a] = std::max(row[a], 0);
          if (!run.options.floor_regrets_at_zero) {
            EXPECT_EQ(row[a] % amplification, 0);
          }
          row[a] /= amplification;
        }
        if (std::any_of(row.begin(), row.end(), [](int32_t x) { return x != 0; })) {
          expected[copy.layout().FirstRow(node).value + b] = row;
        }
      }
    }
    const RowSpace rows = RowSpaceOf(game.layout());
    const DeltaLimits limits = LimitsOfUnit(run.options, run.shape);
    std::map<uint64_t, std::vector<int32_t>> got;
    for (const EncodedRows& encoded : RunUnit(&replica, 0).parts) {
      const SparseDelta part = Decoded(encoded, rows);
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
  EXPECT_NE(RunUnit(&replica, 0).parts, RunUnit(&replica, 1).parts);
}

// Many nodes in many sections: whatever thread makes them, and in whatever order they are read.
TEST(Units, SectionsCoverEveryNodeOnce) {
  Case run = Cases()[2];
  run.shape = {3, 1, 4096};
  run.options.discount_every_iterations = 2 * run.shape.DealsPerRound();
  const Game game(run, 8000);
  const DeltaSections sections(game.layout());
  ASSERT_GT(sections.size(), 3);
  for (size_t i = 0; i < sections.size(); ++i) {
    EXPECT_EQ(sections.begin(i), i == 0 ? 0 : sections.end(i - 1));
    const uint64_t first = game.layout().FirstRow(sections.begin(i)).value;
    const NodeIndex last_node = sections.end(i) - 1;
    const uint64_t last =
        game.layout().FirstRow(last_node).value + game.layout().NumBuckets(last_node) - 1;
    EXPECT_EQ(sections.SectionOf({first}), i);
    EXPECT_EQ(sections.SectionOf({last}), i);
    if (i + 1 < sections.size()) {
      EXPECT_GE(last + 1 - first, kSectionRows);
    }
  }
  EXPECT_EQ(sections.end(sections.size() - 1), game.layout().num_nodes());

  const std::vector<int32_t> expected = Trained(game, 3, 1);
  EXPECT_EQ(Trained(game, 3, 3), expected);
  Replica worker(game, 2), other(game, 1);
  RoundMerger merger(&worker.follower);
  Sections by_section;
  Collect(RunUnit(&worker, 0), &by_section);
  EXPECT_EQ(RunUnit(&worker, 0).parts, RunUnit(&other, 0).parts);
  for (size_t i = 0; i < by_section.size(); ++i) {
    for (const EncodedRows& part : by_section[i]) {
      const SparseDelta delta = Decoded(part, merger.rows());
      EXPECT_EQ(sections.SectionOf({delta.rows.front()}), i);
      EXPECT_EQ(sections.SectionOf({delta.rows.back()}), i);
    }
  }
}

// Marks are looked at 64 groups at a time: numbers of groups about 64 and its multiples.
TEST(UndoLog, VisitsTheGroupsThatWereSavedAsTheyWere) {
  for (const uint32_t buckets : {1, 3, 17, 252, 256, 257, 1030, 2100}) {
    constexpr uint32_t rows = UndoLog::kGroupRows;
    const Game game(Cases()[0], buckets);
    Table table = *Table::Make(game.layout());
    const auto undo = *UndoLog::Make(table, 1);
    undo->Begin();
    const NodeIndex node = 3;
    const uint32_t num_values = game.layout().ValuesPerRow(node);
    std::map<uint32_t, uint32_t> expected;  // from first bucket to number of rows
    for (uint32_t bucket = 0; bucket < buckets; ++bucket) table.Row(node, bucket)[0] = bucket + 7;
    for (uint32_t bucket = buckets % 5; bucket < buckets; bucket += 1 + bucket % 97) {
      UndoLog::Saver(undo.get(), node, 0).Save(bucket);
      table.Row(node, bucket)[0] = -1;
      const uint32_t first = bucket / rows * rows;
      expected[first] = std::min(rows, buckets - first);
    }
    std::map<uint32_t, uint32_t> got;
    undo->ForEachSavedGroup(node, [&](uint32_t first, uint32_t num_rows, const char* saved) {
      EXPECT_TRUE(got.empty() || got.rbegin()->first < first);
      got[first] = num_rows;
      for (uint32_t i = 0; i < num_rows; ++i) {
        int32_t value;
        std::memcpy(&value, saved + i * game.layout().RowBytes(node), sizeof(value));
        EXPECT_EQ(value, first + i + 7) << buckets;
      }
    });
    EXPECT_EQ(got, expected) << buckets;
    undo->ForEachSavedGroup(node + 1, [&](uint32_t, uint32_t, const char*) { ADD_FAILURE(); });
    std::vector<int32_t> values(game.layout().ValuesOf(node));
    undo->Read(node, absl::MakeSpan(values));
    for (uint32_t b = 0; b < buckets; ++b) EXPECT_EQ(values[b * num_values], b + 7) << buckets;
  }
}

}  // namespace
}  // namespace nash
