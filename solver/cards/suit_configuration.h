// How the cards of a hand can fall over four interchangeable suits, and the index of each way.
//
// A configuration is the multiset of the four suits' codes (suit_code.h), sorted downwards. Suits
// of different codes cannot be exchanged, so their places multiply; the places of k suits of one
// code form a multiset, which has a colex rank (combinations.h). Indices of a shape run through
// the configurations one after the other. Source: Waugh 2013, see suit_code.h.
//
// Immutable and thread-safe once built. Building takes well below a millisecond.
#ifndef NASHVILLE_SOLVER_CARDS_SUIT_CONFIGURATION_H_
#define NASHVILLE_SOLVER_CARDS_SUIT_CONFIGURATION_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "glog/logging.h"
#include "solver/cards/hand_shape.h"
#include "solver/cards/suit_code.h"

namespace nash {

using SuitKeys = std::array<uint32_t, kSuitsMax>;

// Index of the hands of one configuration: first_index + sum over suits i, in order of key
// downwards, of strides[i] * C(place_i + m_i - 1, m_i), m_i = 1 + later suits of the same code.
// For m_i <= 2 that binomial is (place * ((place & square_masks[i]) + 1)) >> shifts[i].
struct alignas(64) SuitConfiguration {
  std::array<uint32_t, kSuitsMax> strides;
  std::array<uint32_t, kSuitsMax> square_masks;  // all ones where m_i = 2
  std::array<uint32_t, kSuitsMax> shifts;        // 1 where m_i = 2
  uint32_t first_index;
  std::array<uint8_t, kSuitsMax> codes;           // downwards
  std::array<uint8_t, kSuitsMax> multiplicities;  // m_i
  bool has_triple;  // some m_i >= 3, of a code with more than one place
};
static_assert(sizeof(SuitConfiguration) == 64);

class SuitConfigurations {
 public:
  explicit SuitConfigurations(const DealParts& parts, const IndexedDeck& deck = {});

  // Number of canonical hands.
  uint64_t size() const { return size_; }
  absl::Span<const SuitConfiguration> configurations() const { return configurations_; }

  // packed_codes: PackCodes() of the sorted keys of a hand with these parts.
  const SuitConfiguration& Find(uint32_t packed_codes) const {
    const uint16_t c = slots_[packed_codes * multiplier_ >> slot_shift_];
    DCHECK_LT(c, configurations_.size()) << "the hand holds a card twice";
    return configurations_[c];
  }
  // The codes of sorted keys, the first in the lowest byte.
  static uint32_t PackCodes(const SuitKeys& sorted) {
    uint32_t packed = 0;
    for (int i = kSuitsMax - 1; i >= 0; --i) packed = packed << 8 | sorted[i] >> kSuitCodeShift;
    return packed;
  }
  // Index of the hand with these suit keys, in any order.
  uint32_t IndexOf(SuitKeys keys) const;
  // Sorted keys of the hand `index`. Needs index < size().
  SuitKeys KeysOf(uint64_t index) const;

  // The hash of packed codes: the configuration of `codes` is slots()[codes * multiplier() >>
  // slot_shift()]. For who copies it elsewhere.
  absl::Span<const uint16_t> slots() const { return slots_; }
  uint32_t multiplier() const { return multiplier_; }
  int slot_shift() const { return slot_shift_; }

 private:
  void AddConfigurations(const SuitCounts& left, int suit, std::array<uint8_t, kSuitsMax>* codes);
  void AddConfiguration(const std::array<uint8_t, kSuitsMax>& codes);
  void BuildSlots();

  const IndexedDeck deck_;
  std::vector<SuitConfiguration> configurations_;  // by first_index
  uint64_t size_ = 0;
  // Perfect hash of packed codes into configurations.
  uint32_t multiplier_ = 0;
  int slot_shift_ = 0;
  std::vector<uint16_t> slots_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_SUIT_CONFIGURATION_H_
