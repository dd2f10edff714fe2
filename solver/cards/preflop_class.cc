#include "solver/cards/preflop_class.h"

#include "absl/strings/str_cat.h"
#include "glog/logging.h"

namespace nash {

std::string PreflopClassName(int preflop_class) {
  CHECK_GE(preflop_class, 0);
  CHECK_LT(preflop_class, kPreflopClasses);
  const GridPosition at = PreflopGridPosition(preflop_class);
  const std::array<Card, 2> cards = PreflopClassCards(preflop_class);
  std::string name = {CardName(cards[0])[0], CardName(cards[1])[0]};
  if (at.row != at.column) name += at.column > at.row ? 's' : 'o';
  return name;
}

absl::StatusOr<int> ParsePreflopClass(absl::string_view name) {
  for (int c = 0; c < kPreflopClasses; ++c) {
    if (name == PreflopClassName(c)) return c;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", name,
                   "\" is no class of hole cards: expected a pair (\"AA\"), or two "
                   "ranks, the higher first, and s or o (\"AKs\", \"T9o\")"));
}

}  // namespace nash
