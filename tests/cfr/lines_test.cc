// Rounds with lag against a slow recomputation that keeps every table and every delta whole.
#include "solver/cfr/lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "solver/cfr/schedule.h"
#include "solver/cfr/trainer.h"
#include "solver/cfr/unit_runner.h"
#include "tests/cfr/random_deals.h"

namespace nash {
namespace {

struct Case {
  std::string reason;
  CfrOptions options;
  RoundShape shape;
  uint32_t buckets;
  int rounds;
  bool clamps;  // whether what a line starts from meets a border
};

std::vector<Case> Cases() {
  // Coarse, so that rows come back to where they were.
  CfrOptions vanilla;
  vanilla.quantum_chips = 2;
  CfrOptions linear;
  linear.variant = Variant::kLinear;
  linear.discount_every_iterations = 3 * 2 * 64;
  CfrOptions floored = linear;
  floored.floor_regrets_at_zero = true;
  floored.discount_every_iterations *= 2;
  CfrOptions bounded = vanilla;
  bounded.regret_floor_chips = -60;
  CfrOptions fine;  // as fine as three units of a batch of 64 for 13 chips allow
  fine.quantum_chips = 0.000005;
  CfrOptions outcome;
  outcome.sampler = Sampler::kOutcome;
  CfrOptions first_street = linear;
  first_street.average = AverageStreets::kFirst;
  return {{"coarse values", vanilla, {3, 2, 64, 16}, 5, 9, false},
          {"discounts", linear, {3, 2, 64, 3}, 40, 9, false},
          {"regrets floored at zero", floored, {3, 2, 64, 4}, 5, 9, true},
          {"regrets floored", bounded, {4, 2, 64, 16}, 5, 9, true},
          {"regrets at the borders", fine, {3, 2, 64, 16}, 2, 100, true},
          {"amplified by less than the units", vanilla, {6, 2, 64, 16, 2}, 5, 9, false},
          {"outcome sampling", outcome, {3, 2, 64, 2}, 40, 9, false},
          {"sums of the first street", first_street, {3, 2, 64, 16}, 40, 9, false},
          {"several sections", vanilla, {2, 1, 8192, 16}, 8000, 3, false}};
}

// A table's values: by node, by bucket, regrets and then sums.
using Values = std::vector<int32_t>;

class Game {
 public:
  explicit Game(const Case& run)
      : run_(run),
        tree_(*PublicTree::Build(*LoadGameDefinition("configs/games/leduc_2p.game"), {})),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>(tree_.num_streets(), run.buckets),
                                   run.options.average)),
        deals_(run.buckets) {}
  const TableLayout& layout() const { return layout_; }
  TrainingSetup Setup(Table* table, ThreadPool* pool) const {
    return {run_.options, run_.shape, 42, table, &deals_, pool};
  }

  Values ValuesOf(const Table& table) const {
    Values values(layout_.num_values());
    size_t begin = 0;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      table.CopyOut(node, absl::MakeSpan(values).subspan(begin, layout_.ValuesOf(node)));
      begin += layout_.ValuesOf(node);
    }
    return values;
  }
  void SetValues(const Values& values, Table* table) const {
    size_t begin = 0;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      table->CopyIn(node, absl::MakeSpan(values).subspan(begin, layout_.ValuesOf(node)));
      begin += layout_.ValuesOf(node);
    }
  }
  // By value.
  std::vector<bool> IsRegret() const {
    std::vector<bool> is_regret;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      const uint32_t num_actions = tree_.nodes()[node].num_actions;
      for (uint64_t i = 0; i < layout_.ValuesOf(node); ++i) {
        is_regret.push_back(i % layout_.ValuesPerRow(node) < num_actions);
      }
    }
    return is_regret;
  }
  // By value.
  std::vector<uint32_t> RowOf() const {
    std::vector<uint32_t> row_of;
    uint32_t row = 0;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      for (uint32_t bucket = 0; bucket < layout_.NumBuckets(node); ++bucket, ++row) {
        row_of.insert(row_of.end(), layout_.ValuesPerRow(node), row);
      }
    }
    return row_of;
  }
  Values ValuesOf(const UnitDelta& delta, const RowSpace& rows) const {
    std::vector<size_t> first_values(layout_.num_nodes());
    for (NodeIndex node = 1; node < layout_.num_nodes(); ++node) {
      first_values[node] = first_values[node - 1] + layout_.ValuesOf(node - 1);
    }
    Values values(layout_.num_values());
    uint64_t after = 0;
    for (const EncodedRows& encoded : delta.parts) {
      const SparseDelta part = DecodeDelta(encoded.bytes, rows, {}).value();
      EXPECT_GE(part.rows.front(), after) << "rows ascend from part to part";
      after = part.rows.back() + 1;
      const int32_t* regrets = part.lanes[0].data();
      const int32_t* sums = part.lanes[1].data();
      for (const uint64_t row : part.rows) {
        const size_t node = rows.BlockOf(row);
        const auto& widths = rows.block(node).widths;
        int32_t* to = &values[first_values[node] +
                              (row - rows.block(node).first_row) * (widths[0] + widths[1])];
        to = std::copy_n(std::exchange(regrets, regrets + widths[0]), widths[0], to);
        std::copy_n(std::exchange(sums, sums + widths[1]), widths[1], to);
      }
    }
    return values;
  }

 private:
  const Case run_;
  const PublicTree tree_;
  const TableLayout layout_;
  const RandomDeals deals_;
};

// Runs of lines as lines.h says, on plain arrays: only traversals are of the code under test.
class SlowLines {
 public:
  SlowLines(const Game& game, const Case& run)
      : options_(run.options),
        shape_(run.shape),
        game_(game),
        is_regret_(game.IsRegret()),
        row_of_(game.RowOf()),
        tables_(1, Values(is_regret_.size())) {}

  // Runs and merges the next round; returns its units' deltas.
  std::vector<Values> RunRound() {
    const uint64_t round = tables_.size() - 1;
    std::vector<Values> deltas;
    for (uint32_t unit = 0; unit < shape_.units; ++unit) deltas.push_back(Run(round, unit));
    Values next = tables_.back();
    const RoundEnd end = EndOfRound(options_, shape_, round);
    for (size_t i = 0; i < next.size(); ++i) {
      int64_t sum = next[i];
      for (const Values& delta : deltas) {
        sum += delta[i];
        EXPECT_LE(std::abs(sum), std::numeric_limits<int32_t>::max());
      }
      if (is_regret_[i]) sum = Clamp(sum);
      next[i] = static_cast<int32_t>(sum);
      if (!end.sweeps) continue;
      const Fraction fraction = !is_regret_[i] ? end.sums
                                : next[i] < 0  ? end.negative
                                               : end.positive;
      next[i] = RoundedQuotient(int64_t{next[i]} * fraction, DitherOf(round, i));
    }
    tables_.push_back(next);
    before_ = deltas;
    return deltas;
  }
  const Values& Table(uint64_t rounds) const { return tables_[rounds]; }
  int clamped() const { return clamped_; }
  int came_back() const { return came_back_; }

 private:
  // product / 2^31, rounded up where at least 2^31 - dither of 2^31 are left over.
  static int32_t RoundedQuotient(int64_t product, uint32_t dither) {
    int64_t quotient = product / 2147483648, rest = product % 2147483648;
    if (rest < 0) --quotient, rest += 2147483648;
    return static_cast<int32_t>(quotient + (rest >= 2147483648 - int64_t{dither}));
  }
  // Of a value at a round's end: word 0 or 1 of its pair of rows for regrets, 2 or 3 for sums.
  uint32_t DitherOf(uint64_t round, size_t i) const {
    const RandomBlock block = Draw({42, round, 0}, DrawPurpose::kDiscount, row_of_[i] / 2, 0);
    return block[(is_regret_[i] ? 0 : 2) + row_of_[i] % 2] / 2;
  }
  int64_t Clamp(int64_t regret) const {
    const double floor = options_.floor_regrets_at_zero ? 0
                         : options_.regret_floor_chips != 0
                             ? options_.regret_floor_chips / options_.quantum_chips
                             : -1073741824.0;  // -2^30
    return std::clamp<int64_t>(regret, static_cast<int64_t>(floor), 1073741824);
  }
  // Of unit `unit` of round `round`: every regret that it adds counts for all units, or for as many
  // as the round's shape says.
  Values Run(uint64_t round, uint32_t unit) {
    const int64_t units = shape_.units;
    const int64_t times = shape_.amplification == 0 ? units : shape_.amplification;
    const bool is_meeting = round % shape_.meet_every == 0;
    const Values& base = tables_[is_meeting ? round : round - 1];
    Values start = base;
    for (size_t i = 0; i < start.size() && !is_meeting; ++i) {
      if (!is_regret_[i]) continue;
      const int64_t sum = start[i] + times * before_[unit][i];
      start[i] = static_cast<int32_t>(Clamp(sum));
      clamped_ += start[i] != sum;
    }
    nash::Table table = nash::Table::Make(game_.layout()).value();
    game_.SetValues(start, &table);
    ThreadPool pool(1);
    UnitTraverser traverser(game_.Setup(&table, &pool));
    EXPECT_TRUE(traverser.Run({round, unit}, std::nullopt, {}, [] { return true; }).has_value());
    const Values now = game_.ValuesOf(table);
    Values delta(now.size());
    for (size_t i = 0; i < now.size(); ++i) {
      const int64_t change =
          is_regret_[i] ? (Clamp(now[i]) - start[i]) / times : int64_t{now[i]} - start[i];
      delta[i] = static_cast<int32_t>(
          is_regret_[i] ? std::clamp<int64_t>(change, -(1073741823 / units), 1073741823 / units)
                        : change);
      came_back_ += start[i] != base[i] && now[i] == base[i];
    }
    return delta;
  }

  const CfrOptions options_;
  const RoundShape shape_;
  const Game& game_;
  const std::vector<bool> is_regret_;
  const std::vector<uint32_t> row_of_;  // by value
  std::vector<Values> tables_;          // by rounds merged
  std::vector<Values> before_;          // by unit: of the last round
  int clamped_ = 0, came_back_ = 0;
};

// One process.
struct Process {
  Process(const Game& game, int threads)
      : table(*Table::Make(game.layout())),
        pool(threads),
        trainer(*Trainer::Make(game.Setup(&table, &pool), {})) {}
  Table table;
  ThreadPool pool;
  std::unique_ptr<Trainer> trainer;
};

TEST(Lines, AProcessDoesWhatASlowRecomputationDoes) {
  for (const Case& run : Cases()) {
    const Game game(run);
    SlowLines slow(game, run);
    Process one(game, 1), many(game, 3);
    for (int round = 0; round < run.rounds; ++round) {
      slow.RunRound();
      for (Process* process : {&one, &many}) {
        process->trainer->RunRound(nullptr);
        ASSERT_EQ(process->trainer->progress().rounds, round + 1);
        ASSERT_EQ(game.ValuesOf(process->table), slow.Table(round + 1))
            << run.reason << ", round " << round << ", " << process->pool.num_threads()
            << " threads";
      }
      EXPECT_EQ(one.trainer->progress().touches, many.trainer->progress().touches);
    }
    EXPECT_EQ(slow.clamped() > 0, run.clamps) << run.reason;
    EXPECT_GT(slow.came_back(), 0) << run.reason;
  }
}

// A worker's table has no sums, and has come as far as the round starts from.
TEST(Lines, AUnitsDeltaIsItsChangeSinceItsLinesStart) {
  for (const Case& run : Cases()) {
    const Game game(run);
    SlowLines slow(game, run);
    ThreadPool pool(2);
    Table table = *Table::Make(game.layout());
    const auto undo = *UndoLog::Make(table, 2);
    UnitRunner runner(game.Setup(&table, &pool), undo.get());
    const std::vector<bool> is_regret = game.IsRegret();
    std::vector<UnitDelta> before;
    for (uint64_t round = 0; round < 3; ++round) {
      const std::vector<Values> expected = slow.RunRound();
      Values base = slow.Table(BaseOf(run.shape, round));
      for (size_t i = 0; i < base.size(); ++i) base[i] *= is_regret[i];
      game.SetValues(base, &table);
      std::vector<UnitDelta> deltas;
      for (uint32_t unit = 0; unit < run.shape.units; ++unit) {
        const auto* start = IsMeeting(run.shape, round) ? nullptr : &before[unit].parts;
        int batches = 0;
        const auto abandon = [&] { return ++batches < static_cast<int>(run.shape.batches); };
        EXPECT_FALSE(runner.Run({round, unit}, start, std::nullopt, nullptr, abandon).has_value());
        EXPECT_EQ(game.ValuesOf(table), base) << run.reason << ": a unit that is given up";
        deltas.push_back(
            *runner.Run({round, unit}, start, std::nullopt, nullptr, [] { return true; }));
        EXPECT_EQ(game.ValuesOf(table), base) << run.reason << ": a unit leaves the table";
        ASSERT_EQ(game.ValuesOf(deltas.back(), runner.rows()), expected[unit])
            << run.reason << ", round " << round << ", unit " << unit;
      }
      before = std::move(deltas);
    }
  }
}

// A small game has one section; see also tests/worker/table_replica_test.cc.
TEST(Lines, APartOfTwoSectionsIsRefused) {
  const Game game(Cases().back());
  ThreadPool pool(2);
  Table table = *Table::Make(game.layout());
  const auto undo = *UndoLog::Make(table, 2);
  UnitRunner runner(game.Setup(&table, &pool), undo.get());
  const UnitDelta unit = *runner.Run({0, 0}, nullptr, std::nullopt, nullptr, [] { return true; });
  EXPECT_TRUE(runner.CheckStart(unit.parts).ok());
  DeltaPacker both([&](const SparseDelta& part) {
    EXPECT_TRUE(absl::IsInvalidArgument(runner.CheckStart({EncodeRows(part, runner.rows())})));
  });
  const std::vector<int32_t> ones(2 * kActionsMax, 1);
  for (const NodeIndex node :
       {NodeIndex{0}, static_cast<NodeIndex>(game.layout().num_nodes() - 1)}) {
    both.Add(game.layout().FirstRow(node).value, ones.data(),
             game.layout().tree().nodes()[node].num_actions, game.layout().HasSums(node));
  }
  both.Finish();
}

TEST(Lines, ALineThatHasChangedNothingStartsFromTheTable) {
  const Game game(Cases()[0]);
  ThreadPool pool(1);
  Table table = *Table::Make(game.layout());
  const auto undo = *UndoLog::Make(table, 1);
  UnitRunner runner(game.Setup(&table, &pool), undo.get());
  const std::vector<EncodedRows> nothing;
  const auto go_on = [] { return true; };
  EXPECT_EQ(runner.Run({1, 0}, &nothing, std::nullopt, nullptr, go_on)->parts,
            runner.Run({1, 0}, nullptr, std::nullopt, nullptr, go_on)->parts);
}

TEST(Lines, MeetEveryFewRounds) {
  const RoundShape lag = {.units = 2, .meet_every = 3};
  const RoundShape none = {.units = 2};
  // Rounds 0 3 6 are meetings: they start from all before, the others from all but one.
  const std::vector<uint64_t> bases = {0, 0, 1, 3, 3, 4, 6};
  for (uint64_t round = 0; round < bases.size(); ++round) {
    EXPECT_EQ(BaseOf(lag, round), bases[round]);
    EXPECT_EQ(BaseOf(none, round), round);
    EXPECT_EQ(IsMeeting(lag, round), round % 3 == 0);
    EXPECT_EQ(MeetingBefore(lag, round), round / 3 * 3);
    EXPECT_EQ(MeetingAfter(lag, round), (round + 2) / 3 * 3);
    EXPECT_EQ(MeetingAfter(none, round), round);
  }
}

}  // namespace
}  // namespace nash
