// Training with a device is training without one: however late, failing or wrong the device is.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/files.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "tests/device/host_twin.h"

namespace nash {
namespace {

constexpr uint32_t kDeals = 320;
constexpr int kRounds = 3;
constexpr RoundShape kShape = {.units = 2, .batches = 3, .deals = kDeals};
constexpr uint64_t kAllDeals = uint64_t{kRounds} * 2 * 3 * kDeals;

struct Outcome {
  std::vector<int32_t> values;  // of the table
  LookupCounts counts;
  std::vector<std::string> warnings;
  bool was_used = false;
};

class DeviceTraining : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    game_ = new GameDefinition(*LoadGameDefinition("tests/device/flop.game"));
    AbstractionDefinition definition;
    definition.streets[0] = {BucketKind::kLossless, 0};
    definition.streets[1] = {BucketKind::kEhs, 20};
    BuildOptions options;
    options.threads = 2;
    auto abstraction =
        LoadOrBuild(definition, *game_, JoinPath(testing::TempDir(), "buckets"), options);
    ASSERT_TRUE(abstraction.ok()) << abstraction.status();
    abstraction_ = new Abstraction(*std::move(abstraction));
    tree_ = new PublicTree(*PublicTree::Build(*game_, ActionMenu()));
  }

  static Outcome Train(const TwinFaults* faults, bool check = false, int threads = 3) {
    Outcome outcome;
    BucketDealSource source(*game_, *abstraction_);
    if (faults != nullptr) {
      auto image = DealImage::Make(game_->num_players, abstraction_->street_buckets());
      EXPECT_TRUE(image.ok()) << image.status();
      outcome.was_used = source.UseDevice(
          std::make_unique<HostTwin>(*std::move(image), kDeals, *faults),
          {.check = check,
           .warn = [&](const std::string& line) { outcome.warnings.push_back(line); }});
    }
    const TableLayout layout = *TableLayout::Make(
        *tree_, {abstraction_->num_buckets(0), abstraction_->num_buckets(1)}, AverageStreets::kAll);
    Table table = *Table::Make(layout);
    ThreadPool pool(threads);
    auto trainer = Trainer::Make({CfrOptions(), kShape, 42, &table, &source, &pool}, {});
    EXPECT_TRUE(trainer.ok()) << trainer.status();
    for (int round = 0; round < kRounds; ++round) (*trainer)->RunRound(nullptr);
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      const size_t begin = outcome.values.size();
      outcome.values.resize(begin + layout.ValuesOf(node));
      table.CopyOut(node, absl::MakeSpan(outcome.values).subspan(begin));
    }
    outcome.counts = source.counts();
    return outcome;
  }
  static const std::vector<int32_t>& ValuesWithout() {
    static const auto* const values = new std::vector<int32_t>(Train(nullptr).values);
    return *values;
  }

  static const GameDefinition* game_;
  static const Abstraction* abstraction_;
  static const PublicTree* tree_;
};
const GameDefinition* DeviceTraining::game_ = nullptr;
const Abstraction* DeviceTraining::abstraction_ = nullptr;
const PublicTree* DeviceTraining::tree_ = nullptr;

TEST_F(DeviceTraining, GivesTheSameTable) {
  const TwinFaults none;
  const Outcome outcome = Train(&none);
  EXPECT_TRUE(outcome.was_used);
  EXPECT_EQ(outcome.values, ValuesWithout());
  EXPECT_EQ(outcome.warnings, std::vector<std::string>());
  EXPECT_EQ(outcome.counts.device_deals + outcome.counts.processor_deals, kAllDeals);
  // With threads, one that asks while another asks the device does not wait for the answer.
  EXPECT_EQ(Train(&none, /*check=*/false, /*threads=*/1).counts.device_deals, kAllDeals);
}

TEST_F(DeviceTraining, DoesNotWaitForADeviceThatIsLate) {
  const TwinFaults late = {.polls_until_done = 3};
  const Outcome outcome = Train(&late);
  EXPECT_EQ(outcome.values, ValuesWithout());
  EXPECT_EQ(outcome.warnings, std::vector<std::string>());
  EXPECT_GT(outcome.counts.device_deals, 0u);
  EXPECT_GT(outcome.counts.processor_deals, 0u);
}

TEST_F(DeviceTraining, GoesOnWithoutADeviceThatFails) {
  struct Case {
    const char* reason;
    TwinFaults faults;
    const char* message;
  };
  // The first begin and poll are of the deals that a device must get right before it is used.
  for (const Case& c : std::vector<Case>{
           {"memory runs out at a launch", {.failing_begin = 4}, "no memory"},
           {"it is lost while deals are in flight", {.failing_poll = 3}, "the device is lost"},
       }) {
    const Outcome outcome = Train(&c.faults);
    EXPECT_TRUE(outcome.was_used) << c.reason;
    EXPECT_EQ(outcome.values, ValuesWithout()) << c.reason;
    ASSERT_EQ(outcome.warnings.size(), 1u) << c.reason;
    EXPECT_NE(outcome.warnings[0].find(c.message), std::string::npos) << outcome.warnings[0];
    EXPECT_EQ(outcome.counts.device_deals + outcome.counts.processor_deals, kAllDeals) << c.reason;
    EXPECT_GT(outcome.counts.processor_deals, 0u) << c.reason;
  }
}

TEST_F(DeviceTraining, ADeviceThatIsWrongOrLostFromTheStartIsNotUsed) {
  for (const TwinFaults& faults : {TwinFaults{.failing_begin = 0}, TwinFaults{.failing_poll = 0},
                                   TwinFaults{.wrong_batch = 0}}) {
    const Outcome outcome = Train(&faults);
    EXPECT_FALSE(outcome.was_used);
    EXPECT_EQ(outcome.values, ValuesWithout());
    EXPECT_EQ(outcome.warnings.size(), 1u);
    EXPECT_EQ(outcome.counts.device_deals, 0u);
  }
}

TEST_F(DeviceTraining, ACheckSeesAWrongNumberAndTheTableIsRightAllTheSame) {
  const TwinFaults wrong = {.wrong_batch = 5};
  const Outcome outcome = Train(&wrong, /*check=*/true);
  EXPECT_EQ(outcome.values, ValuesWithout());
  ASSERT_EQ(outcome.warnings.size(), 1u);
  EXPECT_NE(outcome.warnings[0].find("WRONG ANSWER"), std::string::npos) << outcome.warnings[0];
  EXPECT_NE(outcome.warnings[0].find("bucket of player 0 on street 0"), std::string::npos);
  // Without the check the table is another: the test sees what it is to see.
  EXPECT_NE(Train(&wrong, /*check=*/false, /*threads=*/1).values, ValuesWithout());
}

TEST_F(DeviceTraining, ACheckComparesEveryDeal) {
  const TwinFaults late = {.polls_until_done = 2};
  const Outcome outcome = Train(&late, /*check=*/true);
  EXPECT_EQ(outcome.values, ValuesWithout());
  EXPECT_EQ(outcome.counts.device_deals, kAllDeals);
  EXPECT_EQ(outcome.warnings, std::vector<std::string>());
}

TEST_F(DeviceTraining, ADeviceThatNeverAnswersCostsNothingOnceInUse) {
  const TwinFaults none;
  auto image = DealImage::Make(game_->num_players, abstraction_->street_buckets());
  ASSERT_TRUE(image.ok());
  DealsAhead ahead(
      std::make_unique<HostTwin>(*std::move(image), kDeals, TwinFaults{.never_done = true}),
      [](const std::string& line) { FAIL() << line; });
  DealBatch batch(2, 2, kDeals);
  const DealRange deals = {{.seed = 1}, 0, kDeals};
  for (uint32_t i = 0; i < 10; ++i) ahead.Begin({{.seed = 1}, i * kDeals, kDeals});
  EXPECT_FALSE(ahead.Take(deals, 0, &batch));
  EXPECT_FALSE(ahead.has_failed());
}

}  // namespace
}  // namespace nash
