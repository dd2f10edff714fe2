// On a given board, a hole card adds a constant to its suit's code and (rank among the suit's free
// ranks) * hole_step to its place, because hole cards are the last digit of a place (suit_code.h).
// So for hole cards in suits r and c
//
//   index = constant + row_stride * place_r + column_stride * place_c
//
// and the constant and the strides depend on the pair of suits only: ten formulas a board
// (FormulaOf), after which each pair of cards costs an addition (IndexRow). Where r and c have one
// code after the hole cards are added, their places form a multiset, and the larger goes first
// (`tied`); no third suit can have that code, for it holds no hole card. Suited pairs go the same
// way with the colex rank of the two cards as one digit.
//
// Rows are written at live_places, which makes the answer an array by cards rather than by suits.
// board_index_test.cc compares with the index of each hand, and reaches every index of each shape
// from canonical boards.
#include "solver/cards/board_index.h"

#include <algorithm>
#include <array>

#include "glog/logging.h"
#include "solver/cards/suit_keys.h"

namespace nash {
namespace {

// One suit of a board.
struct BoardSuit {
  uint32_t key = 0;
  // A hole card whose rank is the i-th free one adds i * hole_step to the place; a pair of hole
  // cards adds its colex rank times that.
  uint32_t hole_step = 0;
  int num_free = 0;
  std::array<uint8_t, kRanksMax> live_places{};  // of the free cards among the live cards

  uint32_t place() const { return key & kSuitPlaceMask; }
};
using BoardSuits = std::array<BoardSuit, kSuitsMax>;

// Index of a hand whose hole cards are the i-th free card of one suit (row) and the j-th of
// another (column), or the i-th and the j-th of one suit. Places below are whole places of suits.
struct PairFormula {
  uint32_t constant = 0;       // with both suits' places at 0
  uint32_t row_stride = 0;     // by place of the row's suit
  uint32_t column_stride = 0;  // by place of the column's suit
  // The suits have one code, so their places form a multiset: see SuitConfiguration.
  bool tied = false;
};

PairFormula FormulaOf(const SuitConfigurations& configurations, const BoardSuits& suits, int row,
                      int column) {
  SuitKeys keys;
  for (int s = 0; s < kSuitsMax; ++s) keys[s] = suits[s].key;
  for (int s : {row, column}) {
    keys[s] += kHoleCode << kSuitCodeShift;
    keys[s] &= ~kSuitPlaceMask;
  }
  const auto load = [&] {
    return SortKeys(_mm_loadu_si128(reinterpret_cast<const __m128i*>(keys.data())));
  };
  const uint32_t row_code = keys[row] >> kSuitCodeShift;
  const uint32_t column_code = keys[column] >> kSuitCodeShift;
  PairFormula out;
  out.constant = IndexOfKeys(configurations, load());
  out.tied = row != column && row_code == column_code;
  SuitKeys sorted;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(sorted.data()), load());
  const SuitConfiguration& configuration =
      configurations.Find(SuitConfigurations::PackCodes(sorted));
  for (int i = 0; i < kSuitsMax; ++i) {
    if (configuration.codes[i] == row_code) out.row_stride = configuration.strides[i];
    if (configuration.codes[i] == column_code) out.column_stride = configuration.strides[i];
  }
  return out;
}

template <typename Ranks>
BoardSuits SuitsOfBoard(const Ranks& ranks, const BoardKeys& board, absl::Span<const Card> live) {
  BoardSuits suits;
  SuitKeys keys;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(keys.data()), board.keys);
  for (int s = 0; s < kSuitsMax; ++s) {
    suits[s].key = keys[s];
    suits[s].hole_step = ranks.BoardPlacesOf(board.Code(s));
  }
  for (int p = 0; p < live.size(); ++p) {
    BoardSuit& suit = suits[SuitOf(live[p])];
    suit.live_places[suit.num_free++] = static_cast<uint8_t>(p);
  }
  return suits;
}

// Indices of the pairs of one row's card with the first `n` free cards of a column's suit.
// row_place: the place of the row's suit; of suited pairs without the column's card.
void IndexRow(const PairFormula& formula, uint32_t row_place, const BoardSuit& column, bool suited,
              int n, uint32_t* row) {
  if (formula.tied) {
    uint32_t place = column.place();
    for (int j = 0; j < n; ++j, place += column.hole_step) {
      const uint32_t high = std::max(row_place, place);
      const uint32_t low = std::min(row_place, place);
      row[column.live_places[j]] =
          formula.constant + formula.row_stride * (high * (high + 1) / 2 + low);
    }
    return;
  }
  uint32_t index = formula.constant + formula.row_stride * row_place;
  if (!suited) index += formula.column_stride * column.place();
  const uint32_t step = formula.column_stride * column.hole_step;
  for (int j = 0; j < n; ++j, index += step) row[column.live_places[j]] = index;
}

}  // namespace

void LiveCards(absl::Span<const Card> board, absl::Span<Card> live, const IndexedDeck& deck) {
  DCHECK_EQ(live.size(), deck.num_cards() - board.size());
  CardSet taken = 0;
  for (Card card : board) taken |= SetOf(card);
  size_t n = 0;
  for (int card = kCardsMax - kSuitsMax * deck.num_ranks; card < kCardsMax; ++card) {
    if (SuitOf(card) < kSuitsMax - deck.num_suits || (taken & SetOf(card))) continue;
    DCHECK_LT(n, live.size());
    live[n++] = static_cast<Card>(card);
  }
}

BoardIndexer::BoardIndexer(const HandIndexer* hands)
    : hands_(*hands), num_board_cards_(PartsOf(hands->shape()).num_board()) {
  CHECK_EQ(PartsOf(hands->shape()).num_hole, 2);
  CHECK_GT(num_board_cards_, 0);
}

void BoardIndexer::IndexAll(absl::Span<const Card> board, absl::Span<uint32_t> indices) const {
  DCHECK_EQ(board.size(), num_board_cards());
  DCHECK_EQ(indices.size(), num_hole_pairs());
  std::array<Card, kCardsMax> live_storage;
  const auto live = absl::MakeSpan(live_storage).first(num_live_cards());
  LiveCards(board, live, hands_.deck());
  const BoardSuits suits = WithRanks(hands_.deck(), [&](const auto& ranks) {
    const BoardKeys keys = WithParts(hands_.shape(), [&]<DealParts kParts>() {
      return KeysOfBoard<kParts>(ranks, [&](int k) { return ranks.Shifted(board[k]); });
    });
    return SuitsOfBoard(ranks, keys, live);
  });
  std::array<std::array<PairFormula, kSuitsMax>, kSuitsMax> formulas;
  for (int row = 0; row < kSuitsMax; ++row) {
    for (int column = 0; column <= row; ++column) {
      // Hands that a short deck cannot deal have no configuration.
      if (suits[row].num_free < (row == column ? 2 : 1) || suits[column].num_free < 1) continue;
      formulas[row][column] = FormulaOf(hands_.configurations(), suits, row, column);
      formulas[column][row] = formulas[row][column];
      std::swap(formulas[column][row].row_stride, formulas[column][row].column_stride);
    }
  }
  std::array<int, kSuitsMax> num_before{};  // free cards of each suit below the row's card
  for (int p = 0; p < live.size(); ++p) {
    const int suit = SuitOf(live[p]);
    const uint32_t i = num_before[suit];
    uint32_t* const row = indices.data() + HolePairPlace(0, p);
    for (int other = 0; other < kSuitsMax; ++other) {
      const bool suited = other == suit;
      const uint32_t hole_place = suited ? i * (i - 1) / 2 : i;
      IndexRow(formulas[suit][other], suits[suit].place() + suits[suit].hole_step * hole_place,
               suits[other], suited, num_before[other], row);
    }
    ++num_before[suit];
  }
}

}  // namespace nash
