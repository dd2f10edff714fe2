// The small tables of deal lookups as one block of memory, to be copied to a device as it is.
//
// Immutable once made, thread-safe. Memory: some 250 KB.
#ifndef NASHVILLE_SOLVER_DEVICE_DEAL_IMAGE_H_
#define NASHVILLE_SOLVER_DEVICE_DEAL_IMAGE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/cards/hand_index.h"
#include "solver/device/deal_lookup.h"

namespace nash {

// What makes the buckets of one street. Not owned.
struct StreetBuckets {
  const HandIndexer* hands = nullptr;  // null: no hold'em, nothing for a device
  const uint8_t* data = nullptr;       // [num_entries * element_bytes] by index; null: the index
  int element_bytes = 0;
  uint64_t num_entries = 0;

  uint64_t bytes() const { return data == nullptr ? 0 : num_entries * element_bytes; }
};

class DealImage {
 public:
  // streets: of a game, the first with hole cards only; what they point to outlives us. Errors:
  // Unimplemented where a device has no code for the game.
  static absl::StatusOr<DealImage> Make(int num_players, absl::Span<const StreetBuckets> streets);

  absl::Span<const uint8_t> bytes() const {
    return {reinterpret_cast<const uint8_t*>(lines_.data()), lines_.size() * sizeof(Line)};
  }
  absl::Span<const StreetBuckets> streets() const { return streets_; }
  int num_players() const { return num_players_; }
  int words_per_deal() const { return (static_cast<int>(streets_.size()) + 1) * num_players_; }
  // Bytes of these tables and of the buckets.
  uint64_t total_bytes() const;

  // The tables where bytes() lies at `base` and the buckets of street s at buckets[s].
  DealTables At(const void* base, const std::array<const void*, kDeviceStreetsMax>& buckets) const;
  // Where they are.
  DealTables Here() const;

 private:
  // Tables start where a device's memory is fetched in whole.
  struct alignas(256) Line {
    uint8_t bytes[256];
  };
  // Places in bytes().
  struct IndexPlaces {
    size_t slots = 0;
    size_t configurations = 0;
  };

  DealImage() = default;
  template <typename Value>
  size_t Append(const Value* values, size_t n);
  void AppendIndex(int street);

  int num_players_ = 0;
  std::vector<StreetBuckets> streets_;
  std::vector<Line> lines_;
  size_t first_board_keys_ = 0;
  size_t rank_hashes_ = 0;
  size_t row_starts_ = 0;
  size_t ranks_ = 0;
  size_t flushes_ = 0;
  uint32_t num_ranks_ = 0;
  std::array<IndexPlaces, kDeviceStreetsMax> indices_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_DEVICE_DEAL_IMAGE_H_
