// Lookups on the GPU against the processor's, exactly.
#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "solver/abstraction/parallel_for.h"
#include "solver/device/cuda_lookup.h"
#include "solver/device/deal_kernels.h"
#include "solver/device/deals_ahead.h"
#include "solver/device/device_tables.h"
#include "tests/gpu/findings.h"
#include "tests/gpu/host_lookup.h"

namespace nash {
namespace {

constexpr uint32_t kHandsPerLaunch = 1 << 20;
constexpr const char* kStreetNames[] = {"preflop", "flop", "turn", "river"};

void Must(const absl::Status& status) { CHECK(status.ok()) << status; }

// Canonical hands of one street as deals of two players, the first with the hand.
class HandDeals {
 public:
  HandDeals(const HandIndexer& indexer, int num_streets)
      : indexer_(indexer),
        num_board_(num_streets + 1),
        cards_(size_t(4 + num_board_) * kHandsPerLaunch),
        strengths_(kHandsPerLaunch) {}

  // Deals of the hands first, first + stride, ... : n of them. Threads share the work.
  void Fill(uint64_t first, uint64_t stride, uint32_t n, int threads) {
    ParallelFor(
        n, 4096, threads,
        [&](uint64_t begin, uint64_t end) {
          for (uint64_t d = begin; d < end; ++d) FillDeal(d, n, first + d * stride);
          RankFirst(begin, end, n);
        },
        [](uint64_t) {});
  }
  const std::vector<Card>& cards() const { return cards_; }
  // Of the first player.
  const std::vector<int32_t>& strengths() const { return strengths_; }

 private:
  void FillDeal(uint64_t d, uint32_t n, uint64_t index) {
    std::array<Card, kHandCardsMax> hand;
    const int num_cards = indexer_.num_cards();
    indexer_.Unindex(index, absl::MakeSpan(hand.data(), num_cards));
    uint64_t used = 0;
    for (int k = 0; k < num_cards; ++k) used |= SetOf(hand[k]);
    Card free = static_cast<Card>(index % 40);
    for (int slot = 0; slot < 4 + num_board_; ++slot) {
      const int k = slot < 2 ? slot : slot - 2;
      const bool given = slot < 2 || (slot >= 4 && k < num_cards);
      while (!given && (used & SetOf(free)) != 0) ++free;
      const Card card = given ? hand[k] : free;
      used |= SetOf(card);
      cards_[slot * size_t(n) + d] = card;
    }
  }
  void RankFirst(uint64_t begin, uint64_t end, uint32_t n) {
    std::array<const Card*, kHandCardsMax> slots;
    for (int k = 0; k < 2 + num_board_; ++k) {
      slots[k] = cards_.data() + size_t(k < 2 ? k : k + 2) * n + begin;
    }
    RankHands(slots.data(), 2 + num_board_, static_cast<int>(end - begin),
              strengths_.data() + begin);
  }

  const HandIndexer& indexer_;
  const int num_board_;
  std::vector<Card> cards_;
  std::vector<int32_t> strengths_;
};

Finding CheckHands(const HoldemTables& host, int street, uint64_t stride,
                   const GpuOptions& options) {
  const HandIndexer& indexer = host.indexer(street);
  Finding finding = {absl::StrCat("hands of the ", kStreetNames[street])};
  const int num_streets = std::max(street + 1, 2);
  const DealImage image = host.Image(2, num_streets, /*lossless=*/true);
  DeviceTables tables;
  Must(tables.CopyFrom(image));
  HandDeals deals(indexer, num_streets);
  DeviceArray<Card> cards;
  DeviceArray<uint32_t> device_words;
  Must(cards.Allocate(deals.cards().size()));
  Must(device_words.Allocate(uint64_t{kHandsPerLaunch} * image.words_per_deal()));
  std::vector<uint32_t> words(size_t(kHandsPerLaunch) * image.words_per_deal());
  std::mutex mutex;
  for (uint64_t first = 0; first < indexer.size(); first += kHandsPerLaunch * stride) {
    const uint32_t n = static_cast<uint32_t>(
        std::min<uint64_t>(kHandsPerLaunch, (indexer.size() - first + stride - 1) / stride));
    deals.Fill(first, stride, n, options.threads);
    Must(cards.CopyFrom(deals.cards().data(), deals.cards().size()));
    const DealLookup job = {.tables = tables.tables(),
                            .deals = {{}, 0, n},
                            .cards = cards.data(),
                            .words = device_words.data()};
    Must(CudaStatus(LaunchDealLookup(job, nullptr), "launch"));
    Must(CudaStatus(
        cudaMemcpy(words.data(), device_words.data(),
                   uint64_t{n} * image.words_per_deal() * sizeof(uint32_t), cudaMemcpyDeviceToHost),
        "cudaMemcpy"));
    ParallelFor(
        n, 65536, options.threads,
        [&](uint64_t begin, uint64_t end) {
          for (uint64_t d = begin; d < end; ++d) {
            const uint64_t index = first + d * stride;
            const uint32_t found = words[size_t(2 * street) * n + d];
            const uint32_t rank = words[size_t(2 * num_streets) * n + d];
            const uint32_t expected = static_cast<uint32_t>(deals.strengths()[d]);
            if (found == index && rank == expected) continue;
            const std::lock_guard<std::mutex> lock(mutex);
            finding.problem =
                absl::StrCat("hand ", index, " of the ", kStreetNames[street], " has index ", found,
                             " and rank ", rank, " on the GPU; its rank is ", expected);
          }
        },
        [](uint64_t) {});
    finding.compared += n;
  }
  return finding;
}

// Through the interface that training uses.
Finding CheckDeals(const HoldemTables& host, int num_players, int num_streets, uint32_t batches,
                   const GpuOptions& options) {
  constexpr uint32_t kDeals = 1 << 16;
  Finding finding = {
      absl::StrCat("deals of ", num_players, " players to the ", kStreetNames[num_streets - 1])};
  const DealImage image = host.Image(num_players, num_streets, /*lossless=*/false);
  auto device = OpenCudaLookup(options.ordinal, image, kDeals);
  Must(device.status());
  DealsAhead ahead(*std::move(device),
                   [&finding](const std::string& line) { finding.problem = line; });
  const HostLookup expected(host, num_players, num_streets, /*lossless=*/false);
  DealBatch batch(num_players, num_streets, kDeals);
  for (uint32_t b = 0; b < batches && finding.problem.empty(); ++b) {
    const DealRange deals = {
        {.seed = 11, .round = uint64_t{b} << 31, .unit = b}, b * kDeals, kDeals};
    ahead.Begin(deals);
    ParallelFor(
        kDeals, 1024, options.threads,
        [&](uint64_t begin, uint64_t end) {
          expected.Fill(deals.name, deals.first_deal + static_cast<uint32_t>(begin),
                        static_cast<int>(end - begin), static_cast<int>(begin), &batch);
        },
        [](uint64_t) {});
    if (!ahead.Check(deals, 0, batch) && finding.problem.empty()) {
      finding.problem = "the device did not begin";
    }
    finding.compared += kDeals;
  }
  return finding;
}

}  // namespace

std::vector<Finding> CheckLookups(const GpuOptions& options) {
  const HoldemTables tables;
  std::vector<Finding> findings;
  for (int street = 0; street < kDeviceStreetsMax; ++street) {
    // A sample of about a thousand hands, or all.
    const uint64_t size = tables.indexer(street).size();
    const uint64_t stride = options.quick ? 1 + size / 1000 : 1;
    findings.push_back(CheckHands(tables, street, stride, options));
  }
  for (int num_players = kDevicePlayersMin; num_players <= kDevicePlayersMax; ++num_players) {
    for (int num_streets = 2; num_streets <= kDeviceStreetsMax; ++num_streets) {
      findings.push_back(
          CheckDeals(tables, num_players, num_streets, options.quick ? 1 : 16, options));
    }
  }
  return findings;
}

}  // namespace nash
