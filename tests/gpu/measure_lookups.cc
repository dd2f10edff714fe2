// Rates of lookups on the GPU, each beside what limits it, and the processor's.
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "absl/strings/str_cat.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/device/cuda_lookup.h"
#include "solver/device/deal_kernels.h"
#include "solver/device/device_tables.h"
#include "tests/gpu/findings.h"
#include "tests/gpu/host_lookup.h"
#include "tests/gpu/rate_kernels.h"

namespace nash {
namespace {

constexpr int kRuns = 9;
constexpr uint32_t kHands = 1 << 22;
constexpr uint32_t kGathers = 1 << 26;
constexpr uint64_t kBusBytes = uint64_t{256} << 20;

using Clock = std::chrono::steady_clock;

void Must(const absl::Status& status) { CHECK(status.ok()) << status; }
void MustCuda(int error, const char* call) { Must(CudaStatus(error, call)); }

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Median seconds of what `launch` queues, by the device's own clock; the first run does not count.
double DeviceSeconds(const std::function<int()>& launch) {
  cudaEvent_t begin, end;
  MustCuda(cudaEventCreate(&begin), "cudaEventCreate");
  MustCuda(cudaEventCreate(&end), "cudaEventCreate");
  std::vector<float> milliseconds;
  for (int run = 0; run <= kRuns; ++run) {
    MustCuda(cudaEventRecord(begin), "cudaEventRecord");
    MustCuda(launch(), "launch");
    MustCuda(cudaEventRecord(end), "cudaEventRecord");
    MustCuda(cudaEventSynchronize(end), "cudaEventSynchronize");
    float taken = 0;
    MustCuda(cudaEventElapsedTime(&taken, begin, end), "cudaEventElapsedTime");
    if (run > 0) milliseconds.push_back(taken);
  }
  MustCuda(cudaEventDestroy(begin), "cudaEventDestroy");
  MustCuda(cudaEventDestroy(end), "cudaEventDestroy");
  std::nth_element(milliseconds.begin(), milliseconds.begin() + kRuns / 2, milliseconds.end());
  return milliseconds[kRuns / 2] / 1e3;
}

// Reads a second of 2 bytes at random from a street's table.
double GatherRate(const DealTables& tables, uint64_t entries, int street) {
  DeviceArray<uint32_t> sums;
  Must(sums.Allocate(kGathers / kGathersPerThread));
  const GatherJob job = {static_cast<const uint16_t*>(tables.streets[street].buckets),
                         static_cast<uint32_t>(entries), kGathers, sums.data()};
  return kGathers / DeviceSeconds([&] { return LaunchGather(job, nullptr); });
}

double HandRate(const DealTables& tables, int street) {
  constexpr int kSlots = 2 + kDeviceBoardMax;
  std::vector<Card> cards(size_t(kSlots) * kHands);
  for (uint32_t i = 0; i < kHands; ++i) {
    std::array<Card, kSlots> hand;
    DrawDeal<kSlots>({.seed = 5}, i, kSlots, hand.data());
    for (int k = 0; k < kSlots; ++k) cards[size_t(k) * kHands + i] = hand[k];
  }
  DeviceArray<Card> device_cards;
  DeviceArray<uint32_t> buckets;
  Must(device_cards.Allocate(cards.size()));
  Must(device_cards.CopyFrom(cards.data(), cards.size()));
  Must(buckets.Allocate(kHands));
  const HandsJob job = {tables, street, device_cards.data(), kHands, buckets.data()};
  return kHands / DeviceSeconds([&] { return LaunchHands(job, nullptr); });
}

double DealRate(const DealTables& tables) {
  DeviceArray<uint32_t> words;
  Must(words.Allocate(uint64_t{kHands} * tables.words_per_deal()));
  const DealLookup job = {
      .tables = tables, .deals = {{.seed = 6}, 0, kHands}, .words = words.data()};
  return kHands / DeviceSeconds([&] { return LaunchDealLookup(job, nullptr); });
}

// Bytes a second from the device to pinned memory.
double BusRate() {
  DeviceArray<uint8_t> from;
  PinnedArray<uint8_t> to;
  Must(from.Allocate(kBusBytes));
  Must(to.Allocate(kBusBytes));
  return kBusBytes / DeviceSeconds([&] {
           return cudaMemcpyAsync(to.data(), from.data(), kBusBytes, cudaMemcpyDeviceToHost,
                                  nullptr);
         });
}

// Deals a second through LookupDevice, two batches in flight, results in pinned memory.
double EndToEndRate(const DealImage& image, uint32_t batch, int ordinal) {
  constexpr double kSeconds = 0.4;
  auto device = OpenCudaLookup(ordinal, image, batch);
  Must(device.status());
  const auto wait = [&](int slot) {
    while (true) {
      const auto done = (*device)->IsDone(slot);
      Must(done.status());
      if (*done) return;
    }
  };
  uint32_t batches = 0;
  Clock::time_point start = Clock::now();
  for (uint32_t b = 0;; ++b) {
    const int slot = static_cast<int>(b % kLookupSlots);
    if (b >= kLookupSlots) wait(slot);
    if (b == 16) start = Clock::now();  // warm
    if (b >= 16) ++batches;
    if (b >= 32 && SecondsSince(start) > kSeconds) break;
    Must((*device)->Begin(slot, {{.seed = b}, 0, batch}));
  }
  return (batches - 1.0) * batch / SecondsSince(start);
}

double HostRate(const HostLookup& lookup, int threads) {
  constexpr uint32_t kDeals = 1 << 18;
  DealBatch batch(lookup.game().num_players, lookup.game().num_streets, kDeals);
  std::vector<double> seconds;
  for (int run = 0; run <= 3; ++run) {
    const Clock::time_point start = Clock::now();
    ParallelFor(
        kDeals, 1024, threads,
        [&](uint64_t begin, uint64_t end) {
          lookup.Fill({.seed = 8}, static_cast<uint32_t>(begin), static_cast<int>(end - begin),
                      static_cast<int>(begin), &batch);
        },
        [](uint64_t) {});
    if (run > 0) seconds.push_back(SecondsSince(start));
  }
  std::sort(seconds.begin(), seconds.end());
  return kDeals / seconds[1];
}

}  // namespace

nlohmann::ordered_json MeasureLookups(const GpuOptions& options) {
  const HoldemTables host;
  nlohmann::ordered_json report;
  {
    const DealImage image = host.Image(2, kDeviceStreetsMax, /*lossless=*/false);
    DeviceTables device;
    Must(device.CopyFrom(image));
    for (int street = 1; street < kDeviceStreetsMax; ++street) {
      const uint64_t entries = host.indexer(street).size();
      const double ceiling = GatherRate(device.tables(), entries, street);
      const double rate = HandRate(device.tables(), street);
      report["streets"].push_back({{"street", street},
                                   {"table_bytes", 2 * entries},
                                   {"gathers_per_s", ceiling},
                                   {"lookups_per_s", rate},
                                   {"share_of_ceiling", rate / ceiling}});
    }
  }
  const double bus = BusRate();
  report["bus_bytes_per_s"] = bus;
  for (int num_players : {2, 6}) {
    const DealImage image = host.Image(num_players, kDeviceStreetsMax, /*lossless=*/false);
    const HostLookup processor(host, num_players, kDeviceStreetsMax, /*lossless=*/false);
    nlohmann::ordered_json game = {{"players", num_players}};
    const int bytes_per_deal = image.words_per_deal() * static_cast<int>(sizeof(uint32_t));
    game["bytes_per_deal"] = bytes_per_deal;
    {
      DeviceTables device;
      Must(device.CopyFrom(image));
      const double rate = DealRate(device.tables());
      const double ceiling = report["streets"][2]["gathers_per_s"];
      game["deals_per_s_on_device"] = rate;
      game["river_share_of_ceiling"] = rate * num_players / ceiling;
    }
    const double one = HostRate(processor, 1);
    const double all = HostRate(processor, options.threads);
    game["processor_deals_per_s"] = {{"1", one}, {std::to_string(options.threads), all}};
    for (uint32_t batch = 64; batch <= 1u << 22; batch *= 4) {
      const double rate = EndToEndRate(image, batch, options.ordinal);
      game["end_to_end"].push_back({{"batch", batch},
                                    {"deals_per_s", rate},
                                    {"share_of_bus", rate * bytes_per_deal / bus},
                                    {"times_one_core", rate / one},
                                    {"times_all_cores", rate / all}});
    }
    report["games"].push_back(game);
  }
  return report;
}

}  // namespace nash
