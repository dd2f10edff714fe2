#include "tools/cluster/worker_progress.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/abstraction/small_games.h"
#include "tests/device/host_twin.h"

namespace nash {
namespace {

// 36M touches and 0.04 s of waiting in 10 s: 3.6M a second, 0.4%.
const WorkerProgress kLast = {.seconds = 5, .touches = 1'000'000, .waited_seconds = 1};
const WorkerProgress kNow = {
    .seconds = 15, .rounds = 12, .units = 34, .touches = 37'000'000, .waited_seconds = 1.04};
constexpr char kLine[] = "round 12: 34 units run, 3.6M touches/s, lookups waited for 0.4%";

TEST(WorkerLine, TellsRatesSinceTheLastLine) { EXPECT_EQ(WorkerLine(kLast, kNow), kLine); }

TEST(WorkerLine, TellsTheShareOfADeviceThatIsInUse) {
  const GameDefinition game = FlopGame();
  AbstractionDefinition definition;
  definition.streets[0] = {BucketKind::kLossless, 0};
  definition.streets[1] = {BucketKind::kLossless, 0};
  const auto abstraction = Abstraction::Open(definition, game, /*folder=*/"");
  ASSERT_TRUE(abstraction.ok()) << abstraction.status();
  BucketDealSource deals(game, *abstraction);
  DealBatch batch(2, 2, 100);
  deals.Fill({.seed = 1}, 0, 100, 0, &batch);
  WorkerProgress now = kNow;
  now.lookups = deals.counts();
  EXPECT_EQ(WorkerLine(kLast, now), kLine) << "there is no device yet";

  auto image = DealImage::Make(2, abstraction->street_buckets());
  ASSERT_TRUE(image.ok()) << image.status();
  ASSERT_TRUE(
      deals.UseDevice(std::make_unique<HostTwin>(*std::move(image), 100, TwinFaults{}), {}));
  // The last line was printed when 100 deals had come from the device.
  WorkerProgress last = kLast;
  deals.Announce({.seed = 1}, 0, 100);
  deals.Fill({.seed = 1}, 0, 100, 0, &batch);
  last.lookups = deals.counts();
  // 30 of the 40 deals after that are announced, 10 are not.
  deals.Announce({.seed = 1}, 100, 30);
  deals.Fill({.seed = 1}, 100, 30, 0, &batch);
  deals.Fill({.seed = 2}, 0, 10, 0, &batch);
  now.lookups = deals.counts();
  EXPECT_EQ(WorkerLine(last, now), std::string(kLine) + ", 75.0% of deals by the device");
  // None of the 40 after that: the device is late or given up.
  last.lookups = now.lookups;
  deals.Fill({.seed = 3}, 0, 40, 0, &batch);
  now.lookups = deals.counts();
  EXPECT_EQ(WorkerLine(last, now), std::string(kLine) + ", 0.0% of deals by the device");
}

}  // namespace
}  // namespace nash
