// Rounds of several units where tables lie in lanes: deltas against a plain recomputation row by
// row, and the same bytes whoever runs, merges, follows, replays and joins.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "solver/cfr/round_merger.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/trainer.h"
#include "solver/cfr/unit_runner.h"
#include "tests/cfr/public_game.h"
#include "tests/cfr/regret_parts.h"
#include "tests/cfr/slow_regret_hash.h"
#include "tests/cfr/table_values.h"

namespace nash {
namespace {

struct Case {
  std::string reason;
  CfrOptions options;
  RoundShape shape;
};

std::vector<Case> Cases() {
  CfrOptions never = PublicOptions();
  never.variant = Variant::kVanilla;
  never.discount_every_iterations = 0;
  CfrOptions floored = PublicOptions();
  floored.floor_regrets_at_zero = true;
  CfrOptions first_street = PublicOptions();
  first_street.average = AverageStreets::kFirst;
  return {{"a discount in some rounds", PublicOptions(), {3, 2, 1}},
          {"no discount", never, {3, 2, 2}},
          {"one unit", never, {1, 2, 2}},
          {"regrets floored", floored, {4, 1, 3}},
          {"sums of the first street", first_street, {3, 2, 2}}};
}

struct Replica {
  Replica(const PublicGame& game, const Case& run, int threads)
      : table(*Table::Make(game.layout())),
        pool(threads),
        undo(*UndoLog::Make(table, threads)),
        setup(game.Setup(run.options, run.shape, &table, &pool)),
        follower(setup, 0),
        runner(setup, undo.get()) {}
  UnitDelta Run(uint64_t round, uint32_t unit, const std::vector<EncodedRows>* start = nullptr) {
    const std::vector<int32_t> before = ValuesOf(table);
    auto delta = runner.Run({round, unit}, start, std::nullopt, nullptr, [] { return true; });
    EXPECT_EQ(ValuesOf(table), before) << "a unit leaves the table as it was";
    return *std::move(delta);
  }
  Table table;
  ThreadPool pool;
  std::unique_ptr<UndoLog> undo;
  TrainingSetup setup;
  RoundTable follower;
  UnitRunner runner;
};

// Row by row, in the canonical order; rows of zeros are left out.
using Rows = std::map<uint64_t, std::vector<int32_t>>;

Rows RowsOf(const Table& table) {
  Rows rows;
  const TableLayout& layout = table.layout();
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    std::vector<int32_t> values(layout.ValuesOf(node));
    table.CopyOut(node, absl::MakeSpan(values));
    const uint32_t n = layout.ValuesPerRow(node);
    for (uint32_t b = 0; b < layout.NumBuckets(node); ++b) {
      rows[layout.FirstRow(node).value + b].assign(&values[b * n], &values[b * n] + n);
    }
  }
  return rows;
}

Rows WithoutZeros(Rows rows) {
  std::erase_if(rows, [](const auto& row) {
    return std::all_of(row.second.begin(), row.second.end(), [](int32_t x) { return x == 0; });
  });
  return rows;
}

// What the bundles of parts hold: value v of lane k is at v * 8 + k.
Rows RowsOf(const std::vector<EncodedRows>& parts, const TableLayout& layout) {
  const RowSpace space = RowSpaceOf(layout);
  Rows rows;
  for (const EncodedRows& encoded : parts) {
    const SparseDelta part = DecodeDelta(encoded.bytes, space, {}).value();
    size_t regrets = 0, sums = 0;
    for (const uint64_t bundle : part.rows) {
      const auto strip = static_cast<StripIndex>(space.BlockOf(bundle));
      const uint64_t bucket = bundle - layout.FirstBundle(strip).value;
      const uint32_t n = layout.tree().nodes()[layout.FirstNodeOf(strip)].num_actions;
      for (uint32_t lane = 0; lane < 8; ++lane) {
        std::vector<int32_t> row;
        for (uint32_t a = 0; a < n; ++a) row.push_back(part.lanes[0][regrets + a * 8 + lane]);
        for (uint32_t a = 0; layout.HasSums(layout.FirstNodeOf(strip)) && a < n; ++a) {
          row.push_back(part.lanes[1][sums + a * 8 + lane]);
        }
        if (lane < layout.NumNodesOf(strip)) {
          rows[layout.FirstRow(layout.NodesOf(strip)[lane]).value + bucket] = row;
        } else {
          EXPECT_TRUE(WithoutZeros({{0, row}}).empty()) << "an empty lane";
        }
      }
      regrets += n * 8;
      sums += layout.HasSums(layout.FirstNodeOf(strip)) ? n * 8 : 0;
    }
  }
  return WithoutZeros(rows);
}

uint32_t ActionsOf(const TableLayout& layout, uint64_t row) {
  return layout.tree().nodes()[layout.NodeOf({row})].num_actions;
}

// What a unit does to a table of its own that starts from `start`.
Rows Recomputed(const PublicGame& game, const Case& run, const UnitId& unit, const Rows& start) {
  Table copy = *Table::Make(game.layout());
  ThreadPool pool(1);
  for (NodeIndex node = 0; node < copy.layout().num_nodes(); ++node) {
    std::vector<int32_t> values;
    for (uint32_t b = 0; b < copy.layout().NumBuckets(node); ++b) {
      const auto& row = start.at(copy.layout().FirstRow(node).value + b);
      values.insert(values.end(), row.begin(), row.end());
    }
    copy.CopyIn(node, values);
  }
  UnitTraverser traverser(game.Setup(run.options, run.shape, &copy, &pool));
  EXPECT_TRUE(traverser.Run(unit, std::nullopt, {}, [] { return true; }).has_value());
  Rows rows = RowsOf(copy);
  for (auto& [row, values] : rows) {
    for (uint32_t i = 0; i < values.size(); ++i) {
      const bool is_regret = i < ActionsOf(game.layout(), row);
      if (is_regret && run.shape.units > 1) {
        values[i] = std::max(values[i], RegretFloorOf(run.options));
      }
      values[i] -= start.at(row)[i];
      if (is_regret) values[i] /= static_cast<int32_t>(run.shape.Amplification());
    }
  }
  return WithoutZeros(rows);
}

TEST(PublicUnits, DeltasAreTheAmplifiedChangesDividedByTheAmplification) {
  for (const Case& run : Cases()) {
    const PublicGame game("leduc_2p", run.options.average);
    Replica replica(game, run, 2);
    const UnitDelta first = replica.Run(0, 1);
    EXPECT_EQ(RowsOf(first.parts, game.layout()),
              Recomputed(game, run, {0, 1}, RowsOf(replica.table)))
        << run.reason;
    if (run.shape.units == 1) continue;
    // With lag the next one starts from that, amplified.
    Rows start = RowsOf(replica.table);
    for (const auto& [row, values] : RowsOf(first.parts, game.layout())) {
      for (uint32_t a = 0; a < ActionsOf(game.layout(), row); ++a) {
        start[row][a] =
            std::max<int32_t>(static_cast<int32_t>(run.shape.Amplification()) * values[a],
                              RegretFloorOf(run.options));
      }
    }
    ASSERT_TRUE(replica.runner.CheckStart(first.parts).ok());
    EXPECT_EQ(RowsOf(replica.Run(1, 1, &first.parts).parts, game.layout()),
              Recomputed(game, run, {1, 1}, start))
        << run.reason;
  }
}

TEST(PublicUnits, AClusterOfReplicasEndsWithTheBytesOfOneProcess) {
  constexpr int kRounds = 7;
  std::mt19937 random(5);
  for (const Case& run : Cases()) {
    const PublicGame game("leduc_2p", run.options.average);
    Table expected = *Table::Make(game.layout());
    ThreadPool pool(3);
    const auto trainer = *Trainer::Make(game.Setup(run.options, run.shape, &expected, &pool), {});
    Replica master(game, run, 2), worker(game, run, 1), replayed(game, run, 1);
    RoundMerger merger(&master.follower);
    for (int round = 0; round < kRounds; ++round) {
      trainer->RunRound(nullptr);
      std::vector<std::vector<EncodedRows>> sections(merger.sections().size());
      for (uint32_t unit = 0; unit < run.shape.units; ++unit) {
        for (const EncodedRows& part : worker.Run(round, unit).parts) {
          const SparseDelta rows = DecodeDelta(part.bytes, merger.rows(), {}).value();
          sections[merger.sections().SectionOf({rows.rows.front()})].push_back(part);
        }
      }
      for (auto& parts : sections) std::shuffle(parts.begin(), parts.end(), random);
      while (!merger.is_merged()) {
        const auto merged = merger.MergeNext([&](size_t section) { return sections[section]; });
        ASSERT_TRUE(merged.ok()) << merged.status();
        for (const MergedPart& part : *merged) {
          DeltaBounds regrets, sums;
          regrets.lanes[kSumLane].expected = sums.lanes[kRegretLane].expected = false;
          SparseDelta delta = DecodeDelta(part.regrets.bytes, merger.rows(), regrets).value();
          worker.follower.Apply(delta);
          delta.lanes[kSumLane] =
              DecodeDelta(part.sums.bytes, merger.rows(), sums).value().lanes[kSumLane];
          replayed.follower.Apply(delta);
        }
      }
      merger.EndRound();
      worker.follower.EndRound();
      replayed.follower.EndRound();
      ASSERT_EQ(worker.follower.regret_hash(), master.follower.regret_hash()) << run.reason;
      ASSERT_EQ(SlowRegretHash(master.table), master.follower.regret_hash()) << run.reason;
    }
    EXPECT_EQ(ValuesOf(master.table), ValuesOf(expected)) << run.reason;
    EXPECT_EQ(ValuesOf(replayed.table), ValuesOf(expected)) << run.reason;

    Replica late(game, run, 1);
    late.follower.Clear(kRounds);
    ForEachRegretPart(master.table,
                      [&](const SparseDelta& part) { late.follower.LoadRegrets(part); });
    EXPECT_EQ(late.follower.regret_hash(), master.follower.regret_hash()) << run.reason;
    EXPECT_EQ(late.Run(kRounds, 0).parts, worker.Run(kRounds, 0).parts) << run.reason;
    EXPECT_EQ(RoundTable(master.setup, kRounds).regret_hash(), master.follower.regret_hash());
  }
}

TEST(PublicUnits, OneThatIsAbandonedLeavesNothing) {
  const PublicGame game("leduc_2p");
  Replica replica(game, Cases()[1], 2);
  int batches = 0;
  EXPECT_FALSE(
      replica.runner.Run({0, 1}, nullptr, std::nullopt, nullptr, [&] { return ++batches < 2; })
          .has_value());
  EXPECT_EQ(ValuesOf(replica.table), std::vector<int32_t>(game.layout().num_values()));
}

// Parts that name few bundles, with columns of zeros, in many sections.
TEST(PublicUnits, SparsePartsOfManySectionsAreAddedUp) {
  const PublicTree tree =
      *PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {});
  const TableLayout layout =
      *TableLayout::Make(tree, std::vector<uint32_t>(2, 9000), AverageStreets::kAll, RowForm{8});
  Table table = *Table::Make(layout), followed = *Table::Make(layout);
  ThreadPool pool(2);
  TrainingSetup setup;
  setup.options.sampler = Sampler::kPublic;
  setup.shape = {2, 1, 1};
  setup.pool = &pool;
  setup.table = &followed;
  RoundTable follower(setup, 0);
  setup.table = &table;
  RoundTable master(setup, 0);
  RoundMerger merger(&master);
  std::mt19937_64 random(9);
  std::vector<std::vector<EncodedRows>> sections(merger.sections().size());
  Rows expected;
  for (int unit = 0; unit < 2; ++unit) {
    std::vector<EncodedRows> parts;
    for (size_t section = 0; section < sections.size(); ++section) {
      DeltaPacker packer([&](const SparseDelta& part) {
        sections[section].push_back(EncodeRows(part, merger.rows()));
        parts.push_back(sections[section].back());
      });
      for (StripIndex strip = merger.sections().begin(section);
           strip < merger.sections().end(section); ++strip) {
        const BundleShape shape = layout.ShapeOf(strip);
        for (uint32_t bucket = random() % 50; bucket < 9000; bucket += 1 + random() % 200) {
          std::vector<int32_t> values(shape.num_values());
          for (size_t i = 0; i < values.size(); ++i) {
            if (i % 8 < layout.NumNodesOf(strip) && random() % 3 == 0) {
              values[i] = static_cast<int32_t>(random() % 1000);
            }
          }
          packer.Add(layout.FirstBundle(strip).value + bucket, values.data(), shape.num_regrets,
                     shape.has_sums);
        }
      }
      packer.Finish();
    }
    for (const auto& [row, values] : RowsOf(parts, layout)) {
      std::vector<int32_t>& sum = expected[row];
      sum.resize(values.size());
      for (size_t i = 0; i < values.size(); ++i) sum[i] += values[i];
    }
  }
  const SectionReader read = [&](size_t section) { return sections[section]; };
  const size_t summed = sections.size() / 2;
  ASSERT_GT(summed, 1);
  const auto sums = merger.SumUp(1, summed, read);
  ASSERT_TRUE(sums.ok()) << sums.status();
  EXPECT_EQ(WithoutZeros(RowsOf(table)), Rows()) << "the table is not touched";
  for (size_t i = 0; i < summed; ++i) {
    EXPECT_LT(sums->at(i).size(), sections[1 + i].size());
    sections[1 + i] = sums->at(i);
  }
  while (!merger.is_merged()) {
    const auto merged = merger.MergeNext(read);
    ASSERT_TRUE(merged.ok()) << merged.status();
    for (const MergedPart& part : *merged) {
      DeltaBounds bounds;
      bounds.lanes[kSumLane].expected = false;
      follower.Apply(DecodeDelta(part.regrets.bytes, merger.rows(), bounds).value());
    }
  }
  merger.EndRound();
  EXPECT_EQ(WithoutZeros(RowsOf(table)), expected);
  EXPECT_EQ(master.regret_hash(), SlowRegretHash(table));
  EXPECT_EQ(follower.regret_hash(), master.regret_hash());
  EXPECT_EQ(SlowRegretHash(followed), master.regret_hash());
}

// Sections are whole strips, of so many rows.
TEST(PublicUnits, SectionsCoverEveryStripOnce) {
  const PublicTree tree =
      *PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {});
  const TableLayout layout =
      *TableLayout::Make(tree, std::vector<uint32_t>(2, 9000), AverageStreets::kAll, RowForm{8});
  const DeltaSections sections(layout);
  ASSERT_GT(sections.size(), 3);
  StripIndex strip = 0;
  for (size_t i = 0; i < sections.size(); ++i) {
    ASSERT_EQ(sections.begin(i), strip);
    uint64_t rows = 0;
    for (; strip < sections.end(i); ++strip) {
      EXPECT_LT(rows, kSectionRows);
      const uint64_t first = layout.FirstBundle(strip).value;
      EXPECT_EQ(sections.SectionOf({first}), i);
      EXPECT_EQ(sections.SectionOf({first + 8999}), i);
      rows += 9000 * layout.NodesOf(strip).size();
    }
    EXPECT_TRUE(rows >= kSectionRows || i + 1 == sections.size());
  }
  EXPECT_EQ(strip, layout.num_strips());
}

}  // namespace
}  // namespace nash
