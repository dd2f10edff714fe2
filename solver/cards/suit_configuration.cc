// A hand's four suits become four keys, code << 24 | place. Sorted downwards, their codes are one
// of the shape's configurations, and their places a number in a mixed radix:
//
//   codes      c0 > c1 = c2 > c3
//   ways       P(c0) * C(P(c1) + 1, 2) * P(c3)        P: places of a suit of that code
//
// Suits of one code can be exchanged, so that their places p >= q form a multiset; its rank is C(p
// + 1, 2) + q in the combinatorial number system (Knuth, TAOCP 4A, section 7.2.1.3), and in general
// the sum of C(p_i + m_i - 1, m_i). LargestPlace() undoes one term by bisection.
//
// AddConfigurations() deals the shape's cards out to suits in all ways with codes descending:
// exactly the multisets of codes. Finding a configuration by its codes must take a few
// instructions, since it is done for every hand of every deal: BuildSlots() tries multipliers until
// one sends all configurations to different slots, so that a look-up is a product, a shift and a
// load, without a comparison: codes that are no configuration are never asked for.
//
// hand_index_test.cc counts the indices of every shape, and undoes them.
#include "solver/cards/suit_configuration.h"

#include <algorithm>

#include "glog/logging.h"
#include "solver/cards/combinations.h"

namespace nash {
namespace {

constexpr uint16_t kNoConfiguration = 0xffff;

// Largest x with C(x + m - 1, m) <= rank.
uint32_t LargestPlace(uint64_t rank, int m, uint32_t places) {
  if (m == 1) return static_cast<uint32_t>(rank);
  uint32_t low = 0;
  uint32_t high = places;  // beyond
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    (Choose(uint64_t{middle} + m - 1, m) <= rank ? low : high) = middle;
  }
  return low;
}

}  // namespace

SuitConfigurations::SuitConfigurations(const DealParts& parts, const IndexedDeck& deck)
    : deck_(deck) {
  std::array<uint8_t, kSuitsMax> codes{};
  AddConfigurations({.first_board = parts.num_first_board,
                     .turn = parts.num_turn,
                     .river = parts.num_river,
                     .hole = parts.num_hole},
                    0, &codes);
  BuildSlots();
}

// Gives suits `suit` and on all ways to hold the cards `left`, codes downwards.
void SuitConfigurations::AddConfigurations(const SuitCounts& left, int suit,
                                           std::array<uint8_t, kSuitsMax>* codes) {
  if (suit == kSuitsMax) {
    if (CodeOf(left) == 0) AddConfiguration(*codes);
    return;
  }
  // Suits that the deck has not are those with the lowest codes: they hold nothing.
  const bool has_suit = suit < deck_.num_suits;
  const uint32_t code_max = !has_suit ? 0 : suit == 0 ? kSuitCodes - 1 : (*codes)[suit - 1];
  for (int code = static_cast<int>(code_max); code >= 0; --code) {
    const SuitCounts n = CountsOf(code);
    if (n.first_board > left.first_board || n.turn > left.turn || n.river > left.river ||
        n.hole > left.hole) {
      continue;
    }
    (*codes)[suit] = static_cast<uint8_t>(code);
    AddConfigurations({.first_board = left.first_board - n.first_board,
                       .turn = left.turn - n.turn,
                       .river = left.river - n.river,
                       .hole = left.hole - n.hole},
                      suit + 1, codes);
  }
}

void SuitConfigurations::AddConfiguration(const std::array<uint8_t, kSuitsMax>& codes) {
  SuitConfiguration out{};
  out.first_index = static_cast<uint32_t>(size_);
  out.codes = codes;
  uint64_t stride = 1;
  for (int i = 0; i < kSuitsMax;) {
    int end = i;
    while (end < kSuitsMax && codes[end] == codes[i]) ++end;
    const int equal_suits = end - i;
    const uint64_t places = SuitPlaces(CountsOf(codes[i]), deck_.num_ranks);
    // Equal suits share one digit of the mixed radix, the rank of their multiset of places, and so
    // they share its stride; m tells which binomial each of them adds.
    for (int m = equal_suits; i < end; ++i, --m) {
      out.strides[i] = static_cast<uint32_t>(stride);
      out.multiplicities[i] = static_cast<uint8_t>(m);
      out.square_masks[i] = m == 2 ? ~uint32_t{0} : 0;
      out.shifts[i] = m == 2 ? 1 : 0;
      if (m > 2 && places > 1) out.has_triple = true;
    }
    stride *= Choose(places + equal_suits - 1, equal_suits);
  }
  if (stride == 0) return;  // the deck has not so many ranks
  size_ += stride;
  CHECK_LT(size_, uint64_t{1} << 32);
  configurations_.push_back(out);
}

void SuitConfigurations::BuildSlots() {
  CHECK_LT(configurations_.size(), kNoConfiguration);
  // With eight slots a configuration, some hundred multipliers are tried for the largest shape.
  int bits = 4;
  while ((size_t{1} << bits) < 8 * configurations_.size()) ++bits;
  for (; slots_.empty(); ++bits) {
    slot_shift_ = 32 - bits;
    uint32_t multiplier = 0x9E3779B1;
    for (int attempt = 0; attempt < 20000; ++attempt, multiplier = multiplier * 0x915F77F5 + 2) {
      std::vector<uint16_t> slots(size_t{1} << bits, kNoConfiguration);
      bool collides = false;
      for (size_t c = 0; c < configurations_.size() && !collides; ++c) {
        const auto& codes = configurations_[c].codes;
        const uint32_t packed = codes[0] | codes[1] << 8 | codes[2] << 16 | codes[3] << 24;
        uint16_t& slot = slots[packed * multiplier >> slot_shift_];
        collides = slot != kNoConfiguration;
        slot = static_cast<uint16_t>(c);
      }
      if (collides) continue;
      multiplier_ = multiplier;
      slots_ = std::move(slots);
      return;
    }
  }
}

uint32_t SuitConfigurations::IndexOf(SuitKeys keys) const {
  std::sort(keys.begin(), keys.end(), std::greater<>());
  const SuitConfiguration& configuration = Find(PackCodes(keys));
  uint64_t index = configuration.first_index;
  for (int i = 0; i < kSuitsMax; ++i) {
    const int m = configuration.multiplicities[i];
    index += configuration.strides[i] * Choose((keys[i] & kSuitPlaceMask) + m - 1, m);
  }
  return static_cast<uint32_t>(index);
}

SuitKeys SuitConfigurations::KeysOf(uint64_t index) const {
  CHECK_LT(index, size_);
  const auto after =
      std::upper_bound(configurations_.begin(), configurations_.end(), index,
                       [](uint64_t i, const SuitConfiguration& c) { return i < c.first_index; });
  const SuitConfiguration& configuration = *(after - 1);
  uint64_t left = index - configuration.first_index;
  SuitKeys keys{};
  for (int i = 0; i < kSuitsMax;) {
    const int equal_suits = configuration.multiplicities[i];
    const uint32_t code = configuration.codes[i];
    const uint32_t places = SuitPlaces(CountsOf(code), deck_.num_ranks);
    const uint64_t ways = Choose(uint64_t{places} + equal_suits - 1, equal_suits);
    uint64_t rank = left % ways;
    left /= ways;
    for (int m = equal_suits; m > 0; --m, ++i) {
      const uint32_t place = LargestPlace(rank, m, places);
      rank -= Choose(uint64_t{place} + m - 1, m);
      keys[i] = code << kSuitCodeShift | place;
    }
  }
  return keys;
}

}  // namespace nash
