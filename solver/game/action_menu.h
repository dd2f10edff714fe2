// Which bets a run considers, per street and per number of raises already made.
//
// Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_GAME_ACTION_MENU_H_
#define NASHVILLE_SOLVER_GAME_ACTION_MENU_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "solver/game/game_definition.h"

namespace nash {

enum class BetSizeKind : uint8_t {
  kInvalid = 0,
  kPotFraction = 1,  // raise by `value` times the pot after calling
  kChips = 2,        // raise to `value` chips more than the street's start (see docs)
  kMinRaise = 3,
  kAllIn = 4,
};

struct BetSize {
  BetSizeKind kind = BetSizeKind::kInvalid;
  double value = 0;
  friend bool operator==(const BetSize&, const BetSize&) = default;
};

struct StreetMenu {
  // sizes[r]: the sizes offered when r raises were made on this street; the last entry also
  // serves every higher r.
  std::vector<std::vector<BetSize>> sizes;
  int raises_max = 255;  // on this street, on top of the game's own cap
  friend bool operator==(const StreetMenu&, const StreetMenu&) = default;
};

// Ignored by limit games but for raises_max: there the rules give the one size.
struct ActionMenu {
  std::array<StreetMenu, kStreetsMax> streets;
  friend bool operator==(const ActionMenu&, const ActionMenu&) = default;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_ACTION_MENU_H_
