// Which bets a run considers, per street and per number of raises already made.
//
// How a size becomes chips, and what happens to illegal and equal sizes: docs/formats/games.md.
// Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_GAME_ACTION_MENU_H_
#define NASHVILLE_SOLVER_GAME_ACTION_MENU_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/game/betting_state.h"
#include "solver/game/game_definition.h"

namespace nash {

inline constexpr int kBetSizesMax = 14;       // on one street after one number of raises
inline constexpr int kRaisesMax = 255;        // on one street
inline constexpr int kPotFractionMax = 1000;  // above that, say "allin"
// Pot fractions are whole millionths, so that their chips come from integer arithmetic.
inline constexpr int64_t kPotFractionUnits = 1'000'000;

enum class BetSizeKind : uint8_t {
  kInvalid = 0,
  kPotFraction = 1,  // raise by `value` times the pot after calling
  kChips = 2,        // raise to `value` chips put in on this street (blinds count)
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
  int raises_max = kRaisesMax;  // on this street, on top of the game's own cap
  friend bool operator==(const StreetMenu&, const StreetMenu&) = default;
};

// Ignored by limit games but for raises_max: there the rules give the one size.
struct ActionMenu {
  std::array<StreetMenu, kStreetsMax> streets;
  friend bool operator==(const ActionMenu&, const ActionMenu&) = default;
};

// "0.5pot", "pot", "250chips", "min", "allin".
// Error: InvalidArgument, with the text and the forms there are.
absl::StatusOr<BetSize> ParseBetSize(absl::string_view text);
// The one spelling that parses to `size` again. Needs a valid size.
std::string FormatBetSize(const BetSize& size);

// OK if RaiseTotals() may be asked with this menu on the first `num_streets` streets.
// Error: InvalidArgument, naming the street and the size.
absl::Status CheckActionMenu(const ActionMenu& menu, int num_streets);

// The totals, put in over the whole hand, of the raises that `menu` offers in one state: distinct,
// legal and in ascending order; none where a raise is illegal or raises_max is reached.
class RaiseTotals {
 public:
  // Needs !state.is_over() and a menu that CheckActionMenu() accepts.
  RaiseTotals(const GameDefinition& game, const ActionMenu& menu, const BettingState& state);

  absl::Span<const int32_t> chips() const { return absl::MakeConstSpan(chips_.data(), count_); }

 private:
  void Add(int32_t total_chips);

  std::array<int32_t, kBetSizesMax> chips_;
  int count_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_GAME_ACTION_MENU_H_
