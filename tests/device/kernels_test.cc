// The kernels as they are written, run on the processor (kernel_twin.h).
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "absl/types/span.h"
#include "solver/cards/hand_index.h"
#include "solver/device/deal_image.h"
#include "tests/device/kernel_blocks.h"
#include "tests/device/kernel_twin.h"

namespace nash {
namespace {

// Around the ends of blocks, which have 128 threads.
constexpr uint32_t kSizes[] = {1, 127, 128, 129, 1000};

TEST(Kernels, DealsAreThoseOfTheHostForEveryNumberOfPlayersStreetsAndDeals) {
  std::vector<std::unique_ptr<HandIndexer>> indexers;
  std::vector<StreetBuckets> streets;
  for (const HandShape shape :
       {HandShape::kPreflop, HandShape::kFlop, HandShape::kTurn, HandShape::kRiver}) {
    indexers.push_back(std::make_unique<HandIndexer>(shape));
    streets.push_back({.hands = indexers.back().get()});
  }
  for (int num_streets : {2, 3, 4}) {
    for (int num_players = 2; num_players <= 6; ++num_players) {
      const DealImage image =
          *DealImage::Make(num_players, absl::MakeConstSpan(streets).subspan(0, num_streets));
      for (const uint32_t n : kSizes) {
        // Of exactly the size, so that ASan sees a step too far.
        std::vector<uint32_t> words(size_t{n} * image.words_per_deal(), 0xdead);
        std::vector<uint32_t> expected(words.size());
        DealLookup job = {.tables = image.Here(), .deals = {{.seed = 7, .unit = 2}, 4'000'000, n}};
        job.words = expected.data();
        WithPlayers(num_players, [&]<int kPlayers>() {
          for (uint32_t d = 0; d < n; ++d) LookupDeal<kPlayers>(job, d);
        });
        job.words = words.data();
        kernel_twin::LookupDeals(job);
        ASSERT_EQ(words, expected)
            << num_players << " players, " << num_streets << " streets, " << n << " deals";
      }
    }
  }
}

// Written out byte by byte; equal distances go to the lower number.
NearestCentroid Nearest(RowMetric metric, const uint8_t* row, absl::Span<const uint8_t> centroids) {
  const size_t stride = 4 * WordsOf(metric);
  NearestCentroid found;
  for (uint32_t c = 0; c < centroids.size() / stride; ++c) {
    uint32_t distance = 0;
    for (size_t i = 0; i < stride; ++i) {
      const int difference = std::abs(row[i] - centroids[c * stride + i]);
      distance += metric == RowMetric::kSquared8 ? difference * difference : difference;
    }
    if (distance < found.distance) {
      found = {c, distance, found.distance};
    } else if (distance < found.second_distance) {
      found.second_distance = distance;
    }
  }
  return found;
}

TEST(Kernels, NearestCentroidsAreTheNearestAtEveryEndOfABlockAndATile) {
  std::mt19937 random(1);
  for (const RowMetric metric :
       {RowMetric::kAbsolute64, RowMetric::kAbsolute192, RowMetric::kSquared8}) {
    const size_t stride = 4 * WordsOf(metric);
    for (const uint32_t k : {1, 63, 64, 65, 200}) {  // tiles have 64
      for (const uint32_t n : kSizes) {
        // Two kinds of bytes: any, and so few that many distances are equal.
        const bool any = n == 1000;
        std::vector<uint32_t> rows(n * stride / 4), centroids(k * stride / 4);
        for (std::vector<uint32_t>* words : {&rows, &centroids}) {
          for (uint32_t& word : *words) word = any ? random() : random() % 4 * 0x55000055;
        }
        std::vector<NearestCentroid> nearest(n);
        kernel_twin::FindNearest({metric, rows.data(), n, centroids.data(), k, nearest.data()});
        for (uint32_t i = 0; i < n; ++i) {
          const auto* const bytes = reinterpret_cast<const uint8_t*>(rows.data());
          ASSERT_EQ(nearest[i],
                    Nearest(metric, bytes + i * stride,
                            {reinterpret_cast<const uint8_t*>(centroids.data()), k * stride}))
              << "row " << i << " of " << n << ", " << k << " centroids, metric "
              << static_cast<int>(metric);
        }
      }
    }
  }
}

// The twin itself: a kernel that a GPU would hang on, or where threads would see old tiles.
TEST(KernelTwin, SharedMemoryIsSharedAndBarriersWait) {
  static uint32_t shared[64];
  std::vector<uint32_t> sums(64 * 3);
  kernel_twin::RunBlocks(3, 64, [&] {
    const uint32_t thread = kernel_twin::thread_index.x, block = kernel_twin::block_index.x;
    kernel_twin::Synchronize();
    shared[thread] = block * 1000 + thread;
    kernel_twin::Synchronize();
    for (const uint32_t value : shared) sums[block * 64 + thread] += value;
  });
  for (uint32_t i = 0; i < sums.size(); ++i) {
    EXPECT_EQ(sums[i], i / 64 * 64'000 + 63 * 32) << i;
  }
}

TEST(KernelTwinDeathTest, ThreadsThatMissABarrierAreTold) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(kernel_twin::RunBlocks(1, 8,
                                      [] {
                                        if (kernel_twin::thread_index.x < 7) {
                                          kernel_twin::Synchronize();
                                        }
                                      }),
               "some threads of a block");
}

}  // namespace
}  // namespace nash
