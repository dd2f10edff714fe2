#include "solver/cfr/trainer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "solver/cfr/lines.h"
#include "tests/cfr/random_deals.h"
#include "tests/cfr/table_values.h"

namespace nash {
namespace {

constexpr uint32_t kBuckets = 5;
// More than a group of rows that are saved together.
constexpr uint32_t kManyBuckets = 40;
// Enough that passes of no-limit are walked by several threads (pass_runner.cc).
constexpr uint32_t kDeals = 256;

ActionMenu Menu() {
  ActionMenu menu;
  for (StreetMenu& street : menu.streets) {
    street.sizes = {{{BetSizeKind::kPotFraction, 0.5}, {BetSizeKind::kPotFraction, 1}}};
    street.raises_max = 2;
  }
  return menu;
}

struct Case {
  std::string reason;
  std::string game;
  CfrOptions options;
  RoundShape shape = {.units = 1, .batches = 3, .deals = kDeals};
};

// A game and its table, trained by some number of threads with some number of interruptions.
class TrainedRun {
 public:
  explicit TrainedRun(const Case& run, uint32_t num_buckets = kBuckets)
      : num_buckets_(num_buckets),
        options_(run.options),
        shape_(run.shape),
        tree_(
            *PublicTree::Build(*LoadGameDefinition("configs/games/" + run.game + ".game"), Menu())),
        layout_(*TableLayout::Make(tree_, std::vector<uint32_t>(tree_.num_streets(), num_buckets),
                                   run.options.average)),
        table_(*Table::Make(layout_)) {}

  void Train(
      int threads, int rounds, UndoLog* log = nullptr,
      const std::function<void()>& between_batches = [] {}) {
    ThreadPool pool(threads);
    const RandomDeals deals(num_buckets_);
    auto trainer = Trainer::Make({options_, shape_, 42, &table_, &deals, &pool}, progress_);
    ASSERT_TRUE(trainer.ok()) << trainer.status();
    for (int i = 0; i < rounds; ++i) (*trainer)->RunRound(log, between_batches);
    progress_ = (*trainer)->progress();
  }
  // Without deals or threads.
  TrainingSetup Setup() { return {options_, shape_, 42, &table_, nullptr, nullptr}; }
  std::vector<int32_t> Values() const { return ValuesOf(table_); }
  // To the first meeting that is not before `rounds`.
  void TrainTo(uint64_t rounds, int threads) {
    Train(threads, static_cast<int>(MeetingAfter(shape_, rounds) - progress_.rounds));
  }
  Table& table() { return table_; }
  const TableLayout& layout() const { return layout_; }
  const Progress& progress() const { return progress_; }

 private:
  const uint32_t num_buckets_;
  const CfrOptions options_;
  const RoundShape shape_;
  const PublicTree tree_;
  const TableLayout layout_;
  Table table_;
  Progress progress_;
};

std::vector<Case> Cases() {
  CfrOptions vanilla;
  vanilla.quantum_chips = 0.125;
  CfrOptions linear = vanilla;
  linear.variant = Variant::kLinear;
  linear.discount_every_iterations = 3 * kDeals;
  CfrOptions discounted = linear;
  discounted.variant = Variant::kDiscounted;
  CfrOptions floored = vanilla;
  floored.floor_regrets_at_zero = true;
  CfrOptions pruned = vanilla;
  pruned.pruning = {.enabled = true, .threshold_chips = -500, .explore_share = 0.1};
  CfrOptions first = vanilla;
  first.average = AverageStreets::kFirst;
  first.average_from_iterations = 1000;
  CfrOptions outcome = vanilla;
  outcome.sampler = Sampler::kOutcome;
  outcome.quantum_chips = 1;
  return {{"vanilla", "leduc_2p", vanilla},
          {"several players", "leduc_3p", linear},
          {"no-limit, linear", "nolimit_2p_100bb", linear},
          {"no-limit, discounted", "nolimit_2p_100bb", discounted},
          {"no-limit, regrets floored at zero", "nolimit_2p_100bb", floored},
          {"no-limit, pruned", "nolimit_2p_100bb", pruned},
          {"sums of the first street only", "nolimit_2p_100bb", first},
          {"outcome sampling", "leduc_2p", outcome},
          {"outcome sampling, several players", "kuhn_3p", outcome},
          {"several units", "leduc_2p", linear, {3, 1, kDeals}},
          {"lag, meeting every other round", "leduc_2p", linear, {3, 1, kDeals, 2}},
          {"lag, no-limit", "nolimit_2p_100bb", discounted, {3, 1, kDeals, 3}},
          {"lag, regrets floored at zero", "leduc_2p", floored, {4, 2, kDeals, 3}},
          {"lag, sums of the first street only", "leduc_3p", first, {2, 3, kDeals, 3}},
          {"lag, outcome sampling", "leduc_2p", outcome, {3, 2, kDeals, 3}}};
}

TEST(Trainer, ThreadsGiveTheSameBytesAsOneThread) {
  for (const Case& run : Cases()) {
    TrainedRun one(run);
    one.Train(1, 12);
    const std::vector<int32_t> expected = one.Values();
    EXPECT_GT(std::count_if(expected.begin(), expected.end(), [](int32_t v) { return v != 0; }), 9);
    for (const int threads : {3, 8}) {
      TrainedRun many(run);
      many.Train(threads, 12);
      EXPECT_EQ(many.Values(), expected) << run.reason << ", " << threads << " threads";
      EXPECT_EQ(many.progress().touches, one.progress().touches) << run.reason;
    }
  }
}

TEST(Trainer, InterruptionsGiveTheSameBytesAsNone) {
  for (const Case& run : Cases()) {
    TrainedRun whole(run), parts(run);
    whole.Train(2, 12);
    for (const int rounds : {1, 5, 5, 7, 12}) parts.TrainTo(rounds, 1 + rounds % 3);
    EXPECT_EQ(parts.Values(), whole.Values()) << run.reason;
    EXPECT_EQ(parts.progress().iterations, whole.progress().iterations);
    EXPECT_EQ(parts.progress().touches, whole.progress().touches);
  }
}

// What a round ahead has done is in no checkpoint.
TEST(Trainer, WithLagNoneStartsBetweenMeetings) {
  const Case run = {"lag", "leduc_2p", Cases()[0].options, {3, 1, kDeals, 4}};
  TrainedRun any(run);
  ThreadPool pool(1);
  const RandomDeals deals(kBuckets);
  const TrainingSetup setup = {run.options, run.shape, 42, &any.table(), &deals, &pool};
  for (const uint64_t rounds : {0, 4, 100}) EXPECT_TRUE(Trainer::Make(setup, {rounds}).ok());
  for (const uint64_t rounds : {1, 3, 6}) {
    const absl::Status status = Trainer::Make(setup, {rounds}).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_NE(status.message().find(rounds < 4 ? "from round 0" : "from round 4"),
              absl::string_view::npos)
        << status;
  }
}

TEST(Trainer, SeedsAndRoundsGiveOtherDeals) {
  TrainedRun once(Cases()[0]), twice(Cases()[0]);
  once.Train(1, 1);
  twice.Train(1, 2);
  std::vector<int32_t> second = twice.Values();
  const std::vector<int32_t> first = once.Values();
  for (size_t i = 0; i < second.size(); ++i) second[i] -= first[i];
  EXPECT_NE(second, first) << "the second round repeated the first";
}

// A log begun between rounds and read while training goes on holds the moment it was taken.
TEST(Trainer, SnapshotsDoNotSeeWhatComesAfterThem) {
  for (const Case& run : Cases()) {
    TrainedRun training(run, kManyBuckets);
    auto log = *UndoLog::Make(training.table(), 4);
    for (int again = 0; again < 2; ++again) {
      training.TrainTo(training.progress().rounds + 2, 2);
      const std::vector<int32_t> expected = training.Values();
      log->Begin();
      std::vector<int32_t> got;
      NodeIndex next = 0;
      const auto read_some = [&](NodeIndex until) {
        for (; next < std::min<NodeIndex>(until, training.layout().num_nodes()); ++next) {
          const size_t begin = got.size();
          got.resize(begin + training.layout().ValuesOf(next));
          log->Read(next, absl::MakeSpan(got).subspan(begin));
        }
      };
      const NodeIndex part = training.layout().num_nodes() / 8;
      training.Train(2, 6, log.get(), [&] { read_some(next + part); });
      ASSERT_GT(next, part) << "nothing was read while training went on";
      read_some(training.layout().num_nodes());
      EXPECT_EQ(got, expected) << run.reason;
      EXPECT_NE(training.Values(), expected);
    }
  }
}

// What a line adds to begin with is of rounds before the log began, but not merged.
TEST(Trainer, WithLagASnapshotBegunBetweenMeetingsHoldsMergedRoundsOnly) {
  const Case run = {"", "nolimit_2p_100bb", Cases()[0].options, {3, 1, kDeals, 16}};
  TrainedRun training(run, kManyBuckets);
  ThreadPool pool(2);
  const RandomDeals deals(kManyBuckets);
  auto trainer = *Trainer::Make({run.options, run.shape, 42, &training.table(), &deals, &pool}, {});
  for (int round = 0; round < 3; ++round) trainer->RunRound(nullptr);
  const std::vector<int32_t> expected = training.Values();
  auto log = *UndoLog::Make(training.table(), 2);
  log->Begin();
  std::vector<int32_t> got(expected.size());
  size_t begin = 0;
  NodeIndex next = 0;
  trainer->RunRound(log.get(), [&] {
    // All at the end of the first unit.
    for (; next < training.layout().num_nodes(); ++next) {
      const size_t n = training.layout().ValuesOf(next);
      log->Read(next, absl::MakeSpan(got).subspan(begin, n));
      begin += n;
    }
  });
  EXPECT_EQ(got, expected);
}

TEST(UndoLog, RowsOfTheMomentAreReadAfterAllHaveChanged) {
  TrainedRun training(Cases()[0], kManyBuckets);
  training.Train(1, 3);
  const std::vector<int32_t> expected = training.Values();
  auto log = *UndoLog::Make(training.table(), 4);
  log->Begin();
  for (NodeIndex node = 0; node < training.layout().num_nodes(); ++node) {
    int32_t* const row = training.table().Row(node, 1);
    UndoLog::Saver(log.get(), node, 0).Save(1);
    row[0] += 1000;
    UndoLog::Saver others(log.get(), node, 0);
    for (uint32_t b = 0; b < kManyBuckets; ++b) {
      if (others.saves()) others.Save(b);
      training.table().Row(node, b)[1] -= 77;
    }
  }
  std::vector<int32_t> got;
  for (NodeIndex node = 0; node < training.layout().num_nodes(); ++node) {
    const size_t begin = got.size();
    got.resize(begin + training.layout().ValuesOf(node));
    log->Read(node, absl::MakeSpan(got).subspan(begin));
  }
  EXPECT_EQ(got, expected);
  EXPECT_GE(log->saved_bytes(), training.layout().num_values() * sizeof(int32_t));
  EXPECT_FALSE(UndoLog::Saver(log.get(), 0, 0).saves()) << "a node that was read needs no saving";
}

// Regrets that would pass 32 bits stop at the borders; nothing wraps.
TEST(Trainer, ValuesSaturateInsteadOfWrapping) {
  CfrOptions options;
  options.quantum_chips = 0.000016;  // the finest that a batch of 256 deals for 13 chips may have
  TrainedRun run({"saturation", "leduc_2p", options});
  run.Train(2, 300);
  int at_borders = 0;
  for (NodeIndex node = 0; node < run.layout().num_nodes(); ++node) {
    std::vector<int32_t> values(run.layout().ValuesOf(node));
    run.table().CopyOut(node, absl::MakeSpan(values));
    const uint32_t per_row = run.layout().ValuesPerRow(node);
    for (size_t i = 0; i < values.size(); ++i) {
      if (i % per_row >= per_row / 2) {
        EXPECT_GE(values[i], 0) << "a strategy sum wrapped";
      } else {
        at_borders += values[i] >= kRegretCeiling || values[i] <= kRegretFloorMin;
      }
    }
  }
  EXPECT_GT(at_borders, 10);
  // One batch more can never leave 32 bits: 256 deals * (26 chips / quantum + 1) < 2^30.
  EXPECT_LT(kDeals * (26 / options.quantum_chips + 1), kBatchHeadroom);
}

// Regrets of 0.17 * 26 chips * sqrt(iterations / kBuckets), by the rule of thumb.
TEST(Trainer, ARunWhoseRegretsWillComeToTheCeilingIsWarnedOfWithAQuantumThatDoes) {
  CfrOptions options;
  options.quantum_chips = 0.00001;
  TrainedRun fine({"fine", "leduc_2p", options, {1, 1, 32}});
  const TrainingSetup setup = fine.Setup();
  EXPECT_EQ(WarningOf(setup, 1'000'000), "");
  const std::string warning = WarningOf(setup, 1'000'000'000);
  const std::string before = "use a quantum of ";
  ASSERT_NE(warning.find(before), std::string::npos) << warning;
  options.quantum_chips = std::stod(warning.substr(warning.find(before) + before.size()));
  TrainedRun coarser({"coarser", "leduc_2p", options, {1, 1, 32}});
  EXPECT_EQ(WarningOf(coarser.Setup(), 1'000'000'000), "");
}

}  // namespace
}  // namespace nash
