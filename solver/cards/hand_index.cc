// A hand and its index, in both directions:
//
//   cards     for example two spades in the hole, a spade and two hearts on the board
//   keys      one a suit: which parts it holds how many cards of, and which      suit_code.h
//   sorted    downwards: now the names of suits are gone                         suit_keys.h
//   index     the configuration's first, plus places in mixed radix              SuitConfigurations
//
// Back (Unindex) each step is undone: the configuration that holds the index, its places, the ranks
// of each suit (RanksOfKey: the digits of a place, each a rank among those that the parts before it
// left free), and suits named in the order of keys, the largest key to the highest suit. So
// Unindex() gives one hand of an index, always the same.
//
// Before the flop indices are the cells of the 13 by 13 grid (preflop_class.h), for people's sake;
// of a short deck those of the grid of its own ranks.
//
// hand_index_test.cc compares the number of indices of every shape with the known one, and puts
// every flop hand and every board into its orbit under renamings of suits.
#include "solver/cards/hand_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

#include "glog/logging.h"
#include "solver/cards/preflop_class.h"
#include "solver/cards/suit_keys.h"

namespace nash {
namespace {

// The `n`-th rank not in `taken`.
int FreeRank(uint32_t taken, uint32_t n) {
  for (int rank = 0;; ++rank) {
    if (!(taken >> rank & 1) && n-- == 0) return rank;
  }
}

// The ranks of one suit, by part.
struct SuitRanks {
  uint32_t first_board = 0;
  uint32_t turn = 0;
  uint32_t river = 0;
  uint32_t hole = 0;
};

SuitRanks RanksOfKey(uint32_t key, int num_ranks) {
  const SuitCounts n = CountsOf(key >> kSuitCodeShift);
  uint32_t place = key & kSuitPlaceMask;
  const auto take = [&place](uint64_t radix) {
    const uint32_t digit = static_cast<uint32_t>(place % radix);
    place /= radix;
    return digit;
  };
  SuitRanks out;
  out.first_board = ColexSet(take(Choose(num_ranks, n.first_board)), n.first_board);
  uint32_t taken = out.first_board;
  if (n.turn) out.turn = 1u << FreeRank(taken, take(num_ranks - n.first_board));
  taken |= out.turn;
  if (n.river) out.river = 1u << FreeRank(taken, take(num_ranks - n.first_board - n.turn));
  taken |= out.river;
  for (uint32_t set = ColexSet(place, n.hole); set != 0; set &= set - 1) {
    out.hole |= 1u << FreeRank(taken, std::countr_zero(set));
  }
  return out;
}

}  // namespace

HandIndexer::HandIndexer(HandShape shape, const IndexedDeck& deck)
    : shape_(shape),
      deck_(deck),
      parts_(PartsOf(shape)),
      configurations_(parts_, deck),
      size_(configurations_.size()) {
  CHECK_GE(deck.num_suits, 2);
  CHECK_GE(deck.num_cards(), parts_.num_cards());
}

// Rows and columns count from the ace, so that a smaller grid is a corner of the larger one.
uint32_t HandIndexer::PreflopIndex(Card a, Card b) const {
  const GridPosition at = PreflopGridPosition(PreflopClassOf(a, b));
  return at.row * deck_.num_ranks + at.column;
}

uint64_t HandIndexer::Index(absl::Span<const Card> cards) const {
  DCHECK_EQ(cards.size(), num_cards());
  if (shape_ == HandShape::kPreflop) return PreflopIndex(cards[0], cards[1]);
  return WithParts(shape_, [&]<DealParts kParts>() {
    return WithRanks(deck_, [&](const auto& ranks) {
      return IndexOfKeys(configurations_,
                         KeysOfHand<kParts>(ranks, [&](int k) { return ranks.Shifted(cards[k]); }));
    });
  });
}

void HandIndexer::IndexBatch(const Card* const* slots, int n, uint32_t* out) const {
  if (shape_ == HandShape::kPreflop) {
    for (int i = 0; i < n; ++i) out[i] = PreflopIndex(slots[0][i], slots[1][i]);
    return;
  }
  WithParts(shape_, [&]<DealParts kParts>() {
    std::array<const Card*, kParts.num_cards()> cards;
    std::copy_n(slots, cards.size(), cards.begin());
    WithRanks(deck_, [&](const auto& ranks) {
      for (int i = 0; i < n; ++i) {
        out[i] = IndexOfKeys(configurations_, KeysOfHand<kParts>(ranks, [&](int k) {
                               return ranks.Shifted(cards[k][i]);
                             }));
      }
    });
  });
}

void HandIndexer::Unindex(uint64_t index, absl::Span<Card> cards) const {
  CHECK_LT(index, size_);
  CHECK_EQ(cards.size(), num_cards());
  if (shape_ == HandShape::kPreflop) {
    const int row = static_cast<int>(index) / deck_.num_ranks;
    const int column = static_cast<int>(index) % deck_.num_ranks;
    const std::array<Card, 2> hole =
        PreflopClassCards(PreflopClassAt({.row = row, .column = column}));
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
    const SuitRanks ranks = RanksOfKey(keys[i], deck_.num_ranks);
    const auto deal = [&](uint32_t set, Card** place) {
      for (; set != 0; set &= set - 1) {
        const int rank = std::countr_zero(set) + kRanksMax - deck_.num_ranks;
        *(*place)++ = MakeCard(rank, suit);
      }
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
