// Ways to complete a board. Thread-safe: functions.
#ifndef NASHVILLE_SOLVER_EVALUATION_BOARD_FILL_H_
#define NASHVILLE_SOLVER_EVALUATION_BOARD_FILL_H_

#include <algorithm>
#include <array>
#include <utility>

#include "absl/types/span.h"
#include "common/rng.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"

namespace nash {

// Calls visit() for each set of cards of `left` that to_come can hold, in it, in the order of
// `left`.
template <typename Visit>
void ForEachFill(absl::Span<const Card> left, absl::Span<Card> to_come, const Visit& visit) {
  const int n = static_cast<int>(left.size());
  const int size = static_cast<int>(to_come.size());
  std::array<int, kBoardCardsMax> at{};  // ascending places in `left`
  for (int c = 0; c < size; ++c) at[c] = c;
  while (true) {
    for (int c = 0; c < size; ++c) to_come[c] = left[at[c]];
    visit();
    int c = size - 1;
    while (c >= 0 && at[c] == n - size + c) --c;
    if (c < 0) return;
    for (++at[c++]; c < size; ++c) at[c] = at[c - 1] + 1;
  }
}

// Draws the cards of the streets after `street`, ascending within each: the first of a shuffle of
// `left`, which is left in another order. block(i): random words, four cards each. board: complete.
template <typename Block>
void DrawFill(const GameDefinition& game, int street, absl::Span<Card> left, const Block& block,
              absl::Span<Card> board) {
  const int known = game.BoardCardsOn(street);
  RandomBlock random{};
  for (int c = 0; c < static_cast<int>(board.size()) - known; ++c) {
    if (c % 4 == 0) random = block(c / 4);
    std::swap(left[c], left[c + UniformBelow(random[c % 4], left.size() - c)]);
    board[known + c] = left[c];
  }
  for (int s = street + 1; s < game.num_streets; ++s) {
    std::sort(board.begin() + game.BoardCardsOn(s - 1), board.begin() + game.BoardCardsOn(s));
  }
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_BOARD_FILL_H_
