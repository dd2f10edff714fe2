#include "solver/cards/hand_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

#include "glog/logging.h"
#include "solver/cards/preflop_class.h"

namespace nash {
namespace {

// A set of cards by suit: bit 16 * suit + rank.
constexpr uint64_t SuitedBit(Card card) {
  return uint64_t{1} << (16 * SuitOf(card) + RankOf(card));
}
// Bits of the lower ranks of the card's suit.
constexpr uint64_t SuitedBitsBelow(Card card) {
  return SuitedBit(card) - (uint64_t{1} << 16 * SuitOf(card));
}

uint32_t RanksOf(uint64_t suited, int suit) {
  return static_cast<uint32_t>(suited >> 16 * suit) & ((1u << kRanksMax) - 1);
}

// The card's rank among those of its suit that are not `taken`.
uint32_t RankAmongFree(uint64_t taken, Card card) {
  return RankOf(card) - std::popcount(taken & SuitedBitsBelow(card));
}

// The `n`-th rank not in `taken`.
int FreeRank(uint32_t taken, uint32_t n) {
  for (int rank = 0;; ++rank) {
    if (!(taken >> rank & 1) && n-- == 0) return rank;
  }
}

uint32_t BoardPlacesOfCode(uint32_t code) { return BoardPlaces(CountsOf(code % kHoleCode)); }

// Keys of the four suits. `card(k)` is the k-th card of the hand.
template <typename CardAt>
SuitKeys KeysOfHand(const DealParts& parts, CardAt card) {
  uint64_t taken = 0;
  int next = parts.num_hole;
  for (int k = 0; k < parts.num_first_board; ++k) taken |= SuitedBit(card(next++));
  SuitKeys keys;
  for (int suit = 0; suit < kSuitsMax; ++suit) keys[suit] = kFirstBoardKeys[RanksOf(taken, suit)];

  const auto add_single = [&](Card single, uint32_t code) {
    uint32_t& key = keys[SuitOf(single)];
    key += (code << kSuitCodeShift) +
           RankAmongFree(taken, single) * BoardPlacesOfCode(key >> kSuitCodeShift);
    taken |= SuitedBit(single);
  };
  if (parts.num_turn) add_single(card(next++), kTurnCode);
  if (parts.num_river) add_single(card(next++), kRiverCode);
  if (parts.num_hole == 0) return keys;

  const Card low = std::min(card(0), card(1));
  const Card high = std::max(card(0), card(1));
  const bool suited = SuitOf(low) == SuitOf(high);
  const auto add_hole = [&](Card hole, uint32_t place) {
    uint32_t& key = keys[SuitOf(hole)];
    key += (kHoleCode << kSuitCodeShift) + place * BoardPlacesOfCode(key >> kSuitCodeShift);
  };
  const uint32_t high_rank = RankAmongFree(taken, high);
  add_hole(low, RankAmongFree(taken, low));
  add_hole(high, static_cast<uint32_t>(Choose(high_rank, suited ? 2 : 1)));
  return keys;
}

// The ranks of one suit, by part.
struct SuitRanks {
  uint32_t first_board = 0;
  uint32_t turn = 0;
  uint32_t river = 0;
  uint32_t hole = 0;
};

SuitRanks RanksOfKey(uint32_t key) {
  const SuitCounts n = CountsOf(key >> kSuitCodeShift);
  uint32_t place = key & kSuitPlaceMask;
  const auto take = [&place](uint64_t radix) {
    const uint32_t digit = static_cast<uint32_t>(place % radix);
    place /= radix;
    return digit;
  };
  SuitRanks out;
  out.first_board = ColexSet(take(Choose(kRanksMax, n.first_board)), n.first_board);
  uint32_t taken = out.first_board;
  if (n.turn) out.turn = 1u << FreeRank(taken, take(kRanksMax - n.first_board));
  taken |= out.turn;
  if (n.river) out.river = 1u << FreeRank(taken, take(kRanksMax - n.first_board - n.turn));
  taken |= out.river;
  for (uint32_t set = ColexSet(place, n.hole); set != 0; set &= set - 1) {
    out.hole |= 1u << FreeRank(taken, std::countr_zero(set));
  }
  return out;
}

}  // namespace

DealParts PartsOf(HandShape shape) {
  switch (shape) {
    case HandShape::kPreflop:
      return {.num_hole = 2};
    case HandShape::kFlop:
      return {.num_first_board = 3, .num_hole = 2};
    case HandShape::kTurn:
      return {.num_first_board = 4, .num_hole = 2};
    case HandShape::kRiver:
      return {.num_first_board = 5, .num_hole = 2};
    case HandShape::kTurnRecall:
      return {.num_first_board = 3, .num_turn = 1, .num_hole = 2};
    case HandShape::kRiverRecall:
      return {.num_first_board = 3, .num_turn = 1, .num_river = 1, .num_hole = 2};
    case HandShape::kFlopBoard:
      return {.num_first_board = 3};
    case HandShape::kTurnBoard:
      return {.num_first_board = 4};
    case HandShape::kRiverBoard:
      return {.num_first_board = 5};
    case HandShape::kInvalid:
      break;
  }
  LOG(FATAL) << "HandShape " << static_cast<int>(shape) << " is no shape";
}

HandIndexer::HandIndexer(HandShape shape)
    : shape_(shape),
      parts_(PartsOf(shape)),
      configurations_(parts_),
      size_(configurations_.size()) {}

uint64_t HandIndexer::Index(absl::Span<const Card> cards) const {
  DCHECK_EQ(cards.size(), num_cards());
  if (shape_ == HandShape::kPreflop) return PreflopClassOf(cards[0], cards[1]);
  return configurations_.IndexOf(KeysOfHand(parts_, [&](int k) { return cards[k]; }));
}

void HandIndexer::IndexBatch(const Card* const* slots, int n, uint32_t* out) const {
  for (int i = 0; i < n; ++i) {
    out[i] = shape_ == HandShape::kPreflop
                 ? PreflopClassOf(slots[0][i], slots[1][i])
                 : configurations_.IndexOf(KeysOfHand(parts_, [&](int k) { return slots[k][i]; }));
  }
}

void HandIndexer::Unindex(uint64_t index, absl::Span<Card> cards) const {
  CHECK_LT(index, size_);
  CHECK_EQ(cards.size(), num_cards());
  if (shape_ == HandShape::kPreflop) {
    const std::array<Card, 2> hole = PreflopClassCards(static_cast<int>(index));
    std::copy(hole.begin(), hole.end(), cards.begin());
    return;
  }
  Card* hole = cards.data();
  Card* board = hole + parts_.num_hole;
  Card* turn = board + parts_.num_first_board;
  Card* river = turn + parts_.num_turn;
  const SuitKeys keys = configurations_.KeysOf(index);
  for (int i = 0; i < kSuitsMax; ++i) {
    const int suit = kSuitsMax - 1 - i;
    const SuitRanks ranks = RanksOfKey(keys[i]);
    const auto deal = [suit](uint32_t set, Card** place) {
      for (; set != 0; set &= set - 1) *(*place)++ = MakeCard(std::countr_zero(set), suit);
    };
    deal(ranks.first_board, &board);
    deal(ranks.turn, &turn);
    deal(ranks.river, &river);
    deal(ranks.hole, &hole);
  }
  // Parts lie one after the other; the higher cards of each come first.
  std::sort(cards.data(), hole, std::greater<>());
  std::sort(hole, board, std::greater<>());
}

}  // namespace nash
