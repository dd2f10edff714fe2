// What streets are called, in files, on the command line and on the terminal.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_SOLVER_GAME_STREET_NAMES_H_
#define NASHVILLE_SOLVER_GAME_STREET_NAMES_H_

#include <array>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "solver/game/game_definition.h"

namespace nash {

inline constexpr std::array<absl::string_view, kStreetsMax> kStreetNames = {"preflop", "flop",
                                                                            "turn", "river"};

// Which of the first `num_streets` streets has that name.
inline std::optional<int> FindStreet(absl::string_view name, int num_streets) {
  for (int street = 0; street < num_streets; ++street) {
    if (name == kStreetNames[street]) return street;
  }
  return std::nullopt;
}

// The same; street1 to street4 are names too, for games that have no flop.
inline std::optional<int> FindStreetOrNumber(absl::string_view name, int num_streets) {
  for (int street = 0; street < num_streets; ++street) {
    if (name == absl::StrCat("street", street + 1)) return street;
  }
  return FindStreet(name, num_streets);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_STREET_NAMES_H_
