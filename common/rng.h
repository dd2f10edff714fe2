// Counter-based randomness: a draw is a pure function of (run seed, what it is for, where).
//
// No generator here has state, so threads, repeated units and restarts all see the same draws.
// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
// SC'11, section 4. Thread-safe: pure functions.
#ifndef NASHVILLE_COMMON_RNG_H_
#define NASHVILLE_COMMON_RNG_H_

#include <Random123/philox.h>

#include <array>
#include <cstdint>

#include "common/host_device.h"

namespace nash {

// What a draw is for. Part of every counter, so that two uses never share a stream. Append only:
// the values are part of the promise "same bytes".
enum class DrawPurpose : uint8_t {
  kInvalid = 0,
  kCards = 1,        // shuffling the deck of a deal
  kSampling = 2,     // actions sampled by a traverser
  kExploration = 3,  // whether a deal ignores pruning
  kClustering = 4,
  kEvaluation = 5,
  kDiscount = 6,     // rounding of what discounts and halvings leave of a row
  kRounding = 7,     // the key of a board's roundings
  kTranslation = 8,  // what a bet off the menu is taken for
  kPlaying = 9,      // what a player does
  kBoardCycle = 10,  // where the circles of boards in turn begin
};

// Names one unit's stream. Deals of a unit are numbered from 0.
struct StreamName {
  uint64_t seed = 0;
  uint64_t round = 0;
  uint32_t unit = 0;

  friend bool operator==(const StreamName&, const StreamName&) = default;
};

using RandomBlock = std::array<uint32_t, 4>;  // 128 uniform bits

// Block number `block` of `deal` in the stream `name` for `purpose`.
NASH_HOST_DEVICE inline RandomBlock Draw(const StreamName& name, DrawPurpose purpose, uint32_t deal,
                                         uint32_t block) {
  const r123::Philox4x32::ctr_type counter = {{deal, name.unit, static_cast<uint32_t>(name.round),
                                               (static_cast<uint32_t>(purpose) << 24) | block}};
  const r123::Philox4x32::key_type key = {
      {static_cast<uint32_t>(name.seed),
       static_cast<uint32_t>(name.seed >> 32) ^ static_cast<uint32_t>(name.round >> 32)}};
  const r123::Philox4x32::ctr_type out = r123::Philox4x32()(counter, key);
  return {out[0], out[1], out[2], out[3]};
}

// Uniform in [0, n) by multiply-shift; the bias is below n / 2^32.
NASH_HOST_DEVICE inline uint32_t UniformBelow(uint32_t random, uint32_t n) {
  return static_cast<uint32_t>((static_cast<uint64_t>(random) * n) >> 32);
}

}  // namespace nash

#endif  // NASHVILLE_COMMON_RNG_H_
