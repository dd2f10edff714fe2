// On a machine with a GPU this looks deals up there; on others it sees how that is refused.
#include "solver/device/cuda_lookup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "solver/cards/hand_index.h"
#include "solver/device/deals_ahead.h"
#include "tests/device/host_twin.h"

namespace nash {
namespace {

class CudaLookupTest : public testing::Test {
 protected:
  CudaLookupTest() : preflop_(HandShape::kPreflop), flop_(HandShape::kFlop) {
    const std::array<StreetBuckets, 2> streets = {StreetBuckets{&preflop_}, StreetBuckets{&flop_}};
    image_ = std::make_unique<DealImage>(*DealImage::Make(3, streets));
  }
  static bool IsNoDevice(const absl::Status& status) {
    return absl::IsUnimplemented(status) || absl::IsUnavailable(status);
  }

  const HandIndexer preflop_;
  const HandIndexer flop_;
  std::unique_ptr<DealImage> image_;
};

TEST_F(CudaLookupTest, GivesTheDealsOfItsTwinOrSaysThatThereIsNoDevice) {
  constexpr uint32_t kDeals = 5000;
  auto device = OpenCudaLookup(0, *image_, kDeals);
  if (!device.ok()) {
    EXPECT_TRUE(IsNoDevice(device.status())) << device.status();
    // What a user can do about it.
    const bool says_how = absl::StrContains(device.status().message(), "CUDA");
    EXPECT_TRUE(says_how) << device.status();
    GTEST_SKIP() << device.status().message();
  }
  const DealRange deals = {{.seed = 3}, 17, kDeals};
  HostTwin twin(*image_, kDeals, {});
  ASSERT_TRUE(twin.Begin(0, deals).ok());
  ASSERT_TRUE(*twin.IsDone(0));
  DealsAhead ahead(*std::move(device), [](const std::string& line) { FAIL() << line; });
  ahead.Begin(deals);
  DealBatch batch(3, 2, kDeals);
  for (int row = 0; row < 6; ++row) {
    std::copy_n(twin.words(0) + row * kDeals, kDeals, batch.buckets(row / 3, row % 3));
  }
  for (int p = 0; p < 3; ++p) {
    std::copy_n(twin.words(0) + (6 + p) * kDeals, kDeals, batch.strengths(p));
  }
  EXPECT_TRUE(ahead.Check(deals, 0, batch));
}

TEST_F(CudaLookupTest, ADeviceThatIsNotThereIsNamed) {
  const auto device = OpenCudaLookup(63, *image_, 100);
  ASSERT_FALSE(device.ok());
  EXPECT_TRUE(IsNoDevice(device.status())) << device.status();
}

TEST_F(CudaLookupTest, BatchesHaveALimit) {
  for (uint32_t deals_max : {uint32_t{0}, kCudaDealsMax + 1}) {
    const auto device = OpenCudaLookup(0, *image_, deals_max);
    EXPECT_TRUE(absl::IsInvalidArgument(device.status()) || IsNoDevice(device.status()))
        << device.status();
  }
}

}  // namespace
}  // namespace nash
