// The 169 classes of two hole cards as the 13 x 13 grid that players know: aces first, pairs on
// the diagonal, suited hands right of it, offsuit hands below. Index = row * 13 + column, so AA is
// 0, AKs 1, AKo 13 and 22 168. HandShape::kPreflop uses this order. Thread-safe: pure functions.
#ifndef NASHVILLE_SOLVER_CARDS_PREFLOP_CLASS_H_
#define NASHVILLE_SOLVER_CARDS_PREFLOP_CLASS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/cards/card.h"

namespace nash {

inline constexpr int kPreflopClasses = kRanksMax * kRanksMax;

struct GridPosition {
  int row;     // 0 is the top
  int column;  // 0 is the left
};

constexpr int PreflopClassAt(GridPosition at) { return at.row * kRanksMax + at.column; }
constexpr GridPosition PreflopGridPosition(int preflop_class) {
  return {.row = preflop_class / kRanksMax, .column = preflop_class % kRanksMax};
}

// Needs two different cards; their order does not matter.
constexpr int PreflopClassOf(Card a, Card b) {
  const int high = kRanksMax - 1 - std::max(RankOf(a), RankOf(b));  // grid lines count from the ace
  const int low = kRanksMax - 1 - std::min(RankOf(a), RankOf(b));
  return SuitOf(a) == SuitOf(b) ? PreflopClassAt({.row = high, .column = low})
                                : PreflopClassAt({.row = low, .column = high});
}

// One hand of the class, the higher card first.
constexpr std::array<Card, 2> PreflopClassCards(int preflop_class) {
  const GridPosition at = PreflopGridPosition(preflop_class);
  const int high = kRanksMax - 1 - std::min(at.row, at.column);
  const int low = kRanksMax - 1 - std::max(at.row, at.column);
  const bool suited = at.column > at.row;
  return {MakeCard(high, kSuitsMax - 1), MakeCard(low, suited ? kSuitsMax - 1 : kSuitsMax - 2)};
}

// Number of hands of the class: 6 for pairs, 4 suited, 12 offsuit.
constexpr int PreflopClassHands(int preflop_class) {
  const GridPosition at = PreflopGridPosition(preflop_class);
  return at.row == at.column ? 6 : at.column > at.row ? 4 : 12;
}

// "AA", "AKs", "T9o". Needs a class below kPreflopClasses.
std::string PreflopClassName(int preflop_class);

// The inverse; the higher rank comes first. Error: InvalidArgument, naming what was expected.
absl::StatusOr<int> ParsePreflopClass(absl::string_view name);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CARDS_PREFLOP_CLASS_H_
