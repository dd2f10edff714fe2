// What is asked of the CUDA runtime, where it fails, and what is given back: with a runtime that is
// none (cuda_twin.h).
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "solver/cards/hand_index.h"
#include "solver/device/cuda_lookup.h"
#include "solver/device/cuda_rows.h"
#include "tests/device/cuda_twin.h"
#include "tests/device/host_twin.h"

namespace nash {
namespace {

constexpr uint32_t kDeals = 300;
constexpr DealRange kRange = {{.seed = 3}, 17, kDeals};

class CudaCalls : public testing::Test {
 protected:
  ~CudaCalls() override { ResetCudaTwin(); }
  CudaCalls() : preflop_(HandShape::kPreflop), flop_(HandShape::kFlop) {
    const std::array<StreetBuckets, 2> streets = {StreetBuckets{&preflop_}, StreetBuckets{&flop_}};
    image_ = std::make_unique<DealImage>(*DealImage::Make(3, streets));
    ResetCudaTwin();
  }

  absl::StatusOr<std::unique_ptr<LookupDevice>> Open(int ordinal) {
    return OpenCudaLookup(ordinal, *image_, kDeals);
  }
  // The deals of kRange, as the host looks them up.
  std::vector<uint32_t> Expected() const {
    HostTwin host(*image_, kDeals, {});
    EXPECT_TRUE(host.Begin(0, kRange).ok());
    EXPECT_TRUE(*host.IsDone(0));
    return {host.words(0), host.words(0) + size_t{kDeals} * image_->words_per_deal()};
  }

  const HandIndexer preflop_;
  const HandIndexer flop_;
  std::unique_ptr<DealImage> image_;
};

TEST_F(CudaCalls, DealsComeFromTheDeviceThatWasNamedWhateverThreadAsks) {
  auto device = *Open(1);
  EXPECT_EQ(device->name(), "cuda:1 (twin)");
  TheCudaTwin().polls_until_done = 2;
  const std::vector<uint32_t> expected = Expected();
  for (int slot = 0; slot < kLookupSlots; ++slot) {
    std::thread([&] { ASSERT_TRUE(device->Begin(slot, kRange).ok()); }).join();
    for (bool is_last : {false, false, true}) {
      std::thread([&] { EXPECT_EQ(*device->IsDone(slot), is_last); }).join();
    }
    EXPECT_EQ(std::vector<uint32_t>(device->words(slot), device->words(slot) + expected.size()),
              expected);
  }
  std::thread([&] { device.reset(); }).join();
  EXPECT_EQ(TheCudaTwin().contexts, std::set<int>({1}));
  EXPECT_TRUE(TheCudaTwin().live.empty());
}

TEST_F(CudaCalls, ABatchOnItsWayIsWaitedForBeforeItsMemoryIsFreed) {
  auto device = *Open(0);
  TheCudaTwin().polls_until_done = 5;
  ASSERT_TRUE(device->Begin(1, kRange).ok());
  device.reset();
  EXPECT_TRUE(TheCudaTwin().live.empty());
  EXPECT_EQ(TheCudaTwin().waits, 0);
}

TEST_F(CudaCalls, ADeviceThatHangsOrIsLostIsLeftAlone) {
  for (bool hangs : {true, false}) {
    ResetCudaTwin();
    auto device = *Open(0);
    ASSERT_TRUE(device->Begin(0, kRange).ok());
    (hangs ? TheCudaTwin().hangs : TheCudaTwin().is_lost) = true;
    const auto done = device->IsDone(0);
    EXPECT_EQ(done.ok(), hangs);
    if (hangs) {
      EXPECT_FALSE(*done);
    }
    device.reset();
    EXPECT_EQ(TheCudaTwin().waits, 0);
  }
}

TEST_F(CudaCalls, EveryCallThatFailsIsAnErrorAndLeavesNothing) {
  struct Case {
    const char* call;
    int times;  // that it is called by an opening
  };
  // Tables, and for each of two slots the results there and here, and a stream.
  for (const Case& c : std::vector<Case>{{"cudaSetDevice", 1},
                                         {"cudaGetDeviceProperties", 1},
                                         {"cudaMemGetInfo", 1},
                                         {"cudaMalloc", 3},
                                         {"cudaMemcpy", 1},
                                         {"cudaStreamSynchronize", 1},
                                         {"cudaHostAlloc", 2},
                                         {"cudaStreamCreateWithFlags", 2}}) {
    for (int n = 0; n < c.times; ++n) {
      ResetCudaTwin();
      TheCudaTwin().failing[c.call] = n;
      const auto refused = Open(0);
      ASSERT_FALSE(refused.ok()) << c.call << " " << n;
      EXPECT_TRUE(absl::StrContains(refused.status().message(), "as told")) << refused.status();
      EXPECT_TRUE(TheCudaTwin().live.empty()) << c.call << " " << n;
      // An error that is told of is no later launch's.
      auto device = Open(0);
      ASSERT_TRUE(device.ok()) << c.call << " " << n;
      EXPECT_TRUE((*device)->Begin(0, kRange).ok()) << c.call << " " << n;
    }
  }
  for (const char* call : {"launch", "cudaMemcpyAsync", "cudaSetDevice"}) {
    ResetCudaTwin();
    auto device = *Open(0);
    TheCudaTwin().failing[call] = 0;
    EXPECT_FALSE(device->Begin(0, kRange).ok()) << call;
    device.reset();
    EXPECT_TRUE(TheCudaTwin().live.empty()) << call;
    EXPECT_EQ(TheCudaTwin().waits, 0) << call;
  }
}

TEST_F(CudaCalls, TablesThatDoNotFitAreToldWithBothSizes) {
  TheCudaTwin().free_bytes = 100'000;
  const auto device = Open(0);
  EXPECT_EQ(device.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(absl::StrContains(device.status().message(), "cuda:0 (twin) has 0.00 GB free"))
      << device.status();
  EXPECT_TRUE(TheCudaTwin().live.empty());
}

// More rows than two pieces, so that a piece's memory is used again.
class CudaRowCalls : public testing::Test {
 protected:
  static constexpr uint64_t kRows = 2 * uint64_t{kCudaRowsPerPiece} + 1000;
  CudaRowCalls() : rows_(8 * kRows), centroids_(8 * 3) {
    uint32_t x = 1;
    for (auto* bytes : {&rows_, &centroids_}) {
      for (uint8_t& byte : *bytes)
        byte = static_cast<uint8_t>((x = x * 1664525 + 1013904223) >> 24);
    }
    ResetCudaTwin();
  }
  DeviceRows rows() const { return {RowMetric::kSquared8, rows_.data(), kRows}; }

  std::vector<uint8_t> rows_;
  std::vector<uint8_t> centroids_;
};

TEST_F(CudaRowCalls, PiecesComeInOrderEachWithItsOwnRows) {
  auto device = *OpenCudaRows(1);
  ASSERT_TRUE(device->Load(rows()).ok());
  TheCudaTwin().polls_until_done = 1;
  for (int search = 0; search < 2; ++search) {
    uint64_t done = 0;
    const auto status = device->FindNearest(
        centroids_, [&](uint64_t begin, absl::Span<const NearestCentroid> nearest) {
          ASSERT_EQ(begin, done);
          for (const NearestCentroid& found : nearest) {
            ASSERT_EQ(found, SlowNearest(RowMetric::kSquared8, &rows_[8 * done++], centroids_));
          }
        });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(done, kRows);
  }
  device.reset();
  EXPECT_EQ(TheCudaTwin().contexts, std::set<int>({1}));
  EXPECT_TRUE(TheCudaTwin().live.empty());
  EXPECT_EQ(TheCudaTwin().waits, 0);
}

TEST_F(CudaRowCalls, ASearchThatFailsGivesWhatWasRightAndLeavesNothing) {
  for (const char* call : {"launch", "cudaMemcpyAsync"}) {
    ResetCudaTwin();
    auto device = *OpenCudaRows(0);
    ASSERT_TRUE(device->Load(rows()).ok());
    TheCudaTwin().failing[call] = 2;  // of the third piece, begun when the first was given
    TheCudaTwin().polls_until_done = 3;
    uint64_t done = 0;
    const auto status = device->FindNearest(
        centroids_,
        [&](uint64_t, absl::Span<const NearestCentroid> nearest) { done += nearest.size(); });
    EXPECT_FALSE(status.ok()) << call;
    EXPECT_EQ(done, kCudaRowsPerPiece) << call;
    device.reset();
    EXPECT_TRUE(TheCudaTwin().live.empty()) << call;
    EXPECT_EQ(TheCudaTwin().waits, 0) << call;
  }
}

}  // namespace
}  // namespace nash
