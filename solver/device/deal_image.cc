// One block of bytes with all small tables that a lookup reads (keys, hashes, ranks,
// configurations), each beginning on a line of its own, and offsets to them. So a device needs one
// copy and one pointer (At), and the processor's twin in tests runs the same code over the block
// where it lies (Here). Bucket tables are large and mapped; they are not copied into it, only
// pointed to.
//
// What devices cannot look up is refused here, before a device is opened: small decks, streets with
// perfect recall, and games of one street.
#include "solver/device/deal_image.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "solver/cards/hand_rank.h"

namespace nash {

absl::StatusOr<DealImage> DealImage::Make(int num_players,
                                          absl::Span<const StreetBuckets> streets) {
  const int num_streets = static_cast<int>(streets.size());
  if (num_players < kDevicePlayersMin || num_players > kDevicePlayersMax) {
    return absl::UnimplementedError(absl::StrCat("devices look up deals of ", kDevicePlayersMin,
                                                 " to ", kDevicePlayersMax, " players, not of ",
                                                 num_players));
  }
  if (num_streets < 2 || num_streets > kDeviceStreetsMax) {
    return absl::UnimplementedError(
        absl::StrCat("devices look up games of 2 to 4 streets, not of ", num_streets));
  }
  for (const StreetBuckets& street : streets) {
    if (street.hands == nullptr) {
      return absl::UnimplementedError("devices look up hold'em only, not small decks");
    }
    const DealParts parts = PartsOf(street.hands->shape());
    if (parts.num_turn + parts.num_river > 0) {
      return absl::UnimplementedError(
          "devices look up hands by the cards held now, not lossless streets with perfect recall");
    }
  }
  DealImage image;
  image.num_players_ = num_players;
  image.streets_.assign(streets.begin(), streets.end());
  image.first_board_keys_ = image.Append(kFirstBoardKeys.data(), kFirstBoardKeys.size());
  std::array<uint32_t, kRanksMax> hashes;
  for (int rank = 0; rank < kRanksMax; ++rank) hashes[rank] = RankHash(rank);
  image.rank_hashes_ = image.Append(hashes.data(), hashes.size());
  const RankTables ranks = SharedHandRanker().tables(2 + num_streets + 1);
  image.row_starts_ = image.Append(ranks.row_starts, kRankRows);
  image.ranks_ = image.Append(ranks.ranks, ranks.num_ranks);
  image.flushes_ = image.Append(ranks.flushes, kRankSets);
  image.num_ranks_ = ranks.num_ranks;
  for (int street = 1; street < num_streets; ++street) image.AppendIndex(street);
  return image;
}

template <typename Value>
size_t DealImage::Append(const Value* values, size_t n) {
  const size_t first_line = lines_.size();
  lines_.resize(first_line + (n * sizeof(Value) + sizeof(Line) - 1) / sizeof(Line));
  std::memcpy(lines_[first_line].bytes, values, n * sizeof(Value));
  return first_line * sizeof(Line);
}

void DealImage::AppendIndex(int street) {
  const SuitConfigurations& all = streets_[street].hands->configurations();
  std::vector<DeviceConfiguration> configurations;
  for (const SuitConfiguration& from : all.configurations()) {
    DeviceConfiguration to{};
    to.first_index = from.first_index;
    for (int i = 0; i < kSuitsMax; ++i) {
      to.strides[i] = from.strides[i];
      to.multiplicities |= uint32_t{from.multiplicities[i]} << 8 * i;
    }
    configurations.push_back(to);
  }
  indices_[street] = {Append(all.slots().data(), all.slots().size()),
                      Append(configurations.data(), configurations.size())};
}

uint64_t DealImage::total_bytes() const {
  uint64_t total = bytes().size();
  for (const StreetBuckets& street : streets_) total += street.bytes();
  return total;
}

DealTables DealImage::At(const void* base,
                         const std::array<const void*, kDeviceStreetsMax>& buckets) const {
  const uint8_t* const start = static_cast<const uint8_t*>(base);
  DealTables tables;
  tables.num_players = num_players_;
  tables.num_streets = static_cast<int>(streets_.size());
  tables.first_board_keys = reinterpret_cast<const uint32_t*>(start + first_board_keys_);
  tables.rank_hashes = reinterpret_cast<const uint32_t*>(start + rank_hashes_);
  tables.ranks.row_starts = reinterpret_cast<const uint16_t*>(start + row_starts_);
  tables.ranks.ranks = reinterpret_cast<const uint16_t*>(start + ranks_);
  tables.ranks.flushes = reinterpret_cast<const uint16_t*>(start + flushes_);
  tables.ranks.num_ranks = num_ranks_;
  for (size_t s = 0; s < streets_.size(); ++s) {
    DeviceStreet& street = tables.streets[s];
    if (s > 0) {
      const SuitConfigurations& all = streets_[s].hands->configurations();
      street.index.slots = reinterpret_cast<const uint16_t*>(start + indices_[s].slots);
      street.index.configurations =
          reinterpret_cast<const DeviceConfiguration*>(start + indices_[s].configurations);
      street.index.multiplier = all.multiplier();
      street.index.slot_shift = all.slot_shift();
    }
    if (streets_[s].data != nullptr) {
      street.buckets = buckets[s];
      street.element_bytes = streets_[s].element_bytes;
    }
  }
  return tables;
}

DealTables DealImage::Here() const {
  std::array<const void*, kDeviceStreetsMax> buckets{};
  for (size_t s = 0; s < streets_.size(); ++s) buckets[s] = streets_[s].data;
  return At(bytes().data(), buckets);
}

}  // namespace nash
