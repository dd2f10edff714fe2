// Hold'em with bucket tables of full size and arbitrary contents, in memory.
#ifndef NASHVILLE_TESTS_GPU_HOLDEM_TABLES_H_
#define NASHVILLE_TESTS_GPU_HOLDEM_TABLES_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "glog/logging.h"
#include "solver/cards/hand_index.h"
#include "solver/device/deal_image.h"
#include "solver/game/deal.h"

namespace nash {

inline constexpr std::array<HandShape, kDeviceStreetsMax> kHoldemShapes = {
    HandShape::kPreflop, HandShape::kFlop, HandShape::kTurn, HandShape::kRiver};

class HoldemTables {
 public:
  // Two bytes a bucket: what most memory is read for.
  HoldemTables() {
    for (int s = 0; s < kDeviceStreetsMax; ++s) {
      indexers_.push_back(std::make_unique<HandIndexer>(kHoldemShapes[s]));
      if (s == 0) continue;
      buckets_[s].resize(indexers_[s]->size());
      uint32_t x = s;
      for (uint16_t& bucket : buckets_[s]) bucket = static_cast<uint16_t>((x += 0x9E3779B1) >> 16);
    }
  }

  const HandIndexer& indexer(int street) const { return *indexers_[street]; }
  // [indexer(street).size()].
  const std::vector<uint16_t>& buckets(int street) const { return buckets_[street]; }

  // lossless: the indices themselves are the buckets.
  DealImage Image(int num_players, int num_streets, bool lossless) const {
    std::vector<StreetBuckets> streets;
    for (int s = 0; s < num_streets; ++s) {
      StreetBuckets street = {.hands = indexers_[s].get()};
      if (s > 0 && !lossless) {
        street.data = reinterpret_cast<const uint8_t*>(buckets_[s].data());
        street.element_bytes = 2;
        street.num_entries = buckets_[s].size();
      }
      streets.push_back(street);
    }
    auto image = DealImage::Make(num_players, streets);
    CHECK(image.ok()) << image.status();
    return *std::move(image);
  }

 private:
  std::vector<std::unique_ptr<HandIndexer>> indexers_;
  std::array<std::vector<uint16_t>, kDeviceStreetsMax> buckets_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_GPU_HOLDEM_TABLES_H_
