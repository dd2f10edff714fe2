// From sizes as people write them to totals in chips, in three steps: a size becomes a total
// (TotalOf), the total is clamped to what is legal, and equal totals become one action
// (RaiseTotals::Add). So a menu may be generous: near the end of a stack its sizes fall together
// into the all-in.
//
// A fraction of the pot is a whole number of millionths. What it comes to is integer arithmetic,
// rounded half up, because a tree must be the same on every machine: a total that differed by one
// chip would give other actions, and a table that no longer fits. A double only carries the number
// as it was read.
//
// Limit games have one size, which the rules give; the menu only says how many raises to consider.
// action_menu_test.cc lists sizes with their totals, and halves of chips for many fractions.
#include "solver/game/action_menu.h"

#include <glog/logging.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr int kTextBytesMax = 32;  // of a bet size

// A plain decimal number: SimpleAtod alone would also take "inf", "0x1p3" and spaces.
bool ParseNumber(absl::string_view text, double* value) {
  const bool plain = std::all_of(
      text.begin(), text.end(), [](unsigned char c) { return absl::ascii_isdigit(c) || c == '.'; });
  return plain && absl::SimpleAtod(text, value) && std::isfinite(*value);
}

int64_t MillionthsOf(double pot_fraction) {
  return std::llround(pot_fraction * static_cast<double>(kPotFractionUnits));
}

// True for a number of millionths, up to what a double keeps of one.
bool IsPotFraction(double value) {
  if (!(value > 0 && value <= kPotFractionMax)) return false;  // also refuses NaN
  const int64_t millionths = MillionthsOf(value);
  return millionths > 0 && std::abs(value * kPotFractionUnits - millionths) < 1e-4;
}

absl::Status CheckBetSize(const BetSize& size) {
  switch (size.kind) {
    case BetSizeKind::kPotFraction:
      if (IsPotFraction(size.value)) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat("a fraction of the pot is above 0 and at most ", kPotFractionMax,
                       ", with at most 6 decimals, not ", size.value));
    case BetSizeKind::kChips:
      if (size.value >= 1 && size.value <= kStackChipsMax && size.value == std::floor(size.value)) {
        return absl::OkStatus();
      }
      return absl::InvalidArgumentError(absl::StrCat("chips are a whole number from 1 to ",
                                                     kStackChipsMax, ", not ", size.value));
    case BetSizeKind::kMinRaise:
    case BetSizeKind::kAllIn:
      if (size.value == 0) return absl::OkStatus();
      return absl::InvalidArgumentError("\"min\" and \"allin\" take no value");
    case BetSizeKind::kInvalid:
      break;
  }
  return absl::InvalidArgumentError("the kind of a bet size is not set");
}

int32_t TotalOf(const BetSize& size, const BettingState& state) {
  switch (size.kind) {
    case BetSizeKind::kPotFraction: {
      // At most 10^9 * 2^28: a pot is below kPlayersMax * kStackChipsMax + kStackChipsMax.
      const int64_t pot_chips = int64_t{state.pot_chips()} + state.owed_chips();
      const int64_t raise_chips =
          (MillionthsOf(size.value) * pot_chips + kPotFractionUnits / 2) / kPotFractionUnits;
      return static_cast<int32_t>(
          std::min<int64_t>(state.max_spent_chips() + raise_chips, state.MaxRaiseTo()));
    }
    case BetSizeKind::kChips:
      return state.street_start_chips() + static_cast<int32_t>(size.value);
    case BetSizeKind::kMinRaise:
      return state.MinRaiseTo();
    case BetSizeKind::kAllIn:
      return state.MaxRaiseTo();
    case BetSizeKind::kInvalid:
      break;
  }
  LOG(FATAL) << "a bet size of no kind: CheckActionMenu() was not asked";
}

}  // namespace

absl::StatusOr<BetSize> ParseBetSize(absl::string_view text) {
  const absl::string_view shown = text.substr(0, kTextBytesMax);
  const auto refuse = [shown](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", absl::CEscape(shown), "\" is no bet size: ", why));
  };
  BetSize size;
  if (text == "min") {
    size.kind = BetSizeKind::kMinRaise;
  } else if (text == "allin") {
    size.kind = BetSizeKind::kAllIn;
  } else if (text == "pot") {
    size = {BetSizeKind::kPotFraction, 1};
  } else {
    absl::string_view number = text;
    if (absl::ConsumeSuffix(&number, "pot")) {
      size.kind = BetSizeKind::kPotFraction;
    } else if (absl::ConsumeSuffix(&number, "chips")) {
      size.kind = BetSizeKind::kChips;
    }
    if (size.kind == BetSizeKind::kInvalid || text.size() > kTextBytesMax ||
        !ParseNumber(number, &size.value)) {
      return refuse("write it as 0.5pot, pot, 250chips, min or allin");
    }
  }
  const absl::Status status = CheckBetSize(size);
  if (!status.ok()) return refuse(status.message());
  if (size.kind == BetSizeKind::kPotFraction) {  // equal sizes compare equal
    size.value = static_cast<double>(MillionthsOf(size.value)) / kPotFractionUnits;
  }
  return size;
}

std::string FormatBetSize(const BetSize& size) {
  if (size.kind == BetSizeKind::kMinRaise) return "min";
  if (size.kind == BetSizeKind::kAllIn) return "allin";
  const bool is_pot = size.kind == BetSizeKind::kPotFraction;
  CHECK(is_pot || size.kind == BetSizeKind::kChips);
  if (is_pot && size.value == 1) return "pot";
  char digits[kTextBytesMax];  // the shortest that reads back as the same number
  const auto end =
      std::to_chars(digits, digits + kTextBytesMax, size.value, std::chars_format::fixed);
  return absl::StrCat(absl::string_view(digits, end.ptr - digits), is_pot ? "pot" : "chips");
}

absl::Status CheckActionMenu(const ActionMenu& menu, int num_streets) {
  for (int s = 0; s < num_streets; ++s) {
    const StreetMenu& street = menu.streets[s];
    if (street.raises_max < 0 || street.raises_max > kRaisesMax) {
      return absl::InvalidArgumentError(absl::StrCat("action menu, street ", s, ": raises_max is ",
                                                     street.raises_max, "; it is 0 to ",
                                                     kRaisesMax));
    }
    for (size_t r = 0; r < street.sizes.size(); ++r) {
      if (street.sizes[r].size() > kBetSizesMax) {
        return absl::InvalidArgumentError(absl::StrCat("action menu, street ", s, ", after ", r,
                                                       " raises: ", street.sizes[r].size(),
                                                       " sizes; at most ", kBetSizesMax));
      }
      for (const BetSize& size : street.sizes[r]) {
        const absl::Status status = CheckBetSize(size);
        if (status.ok()) continue;
        return absl::InvalidArgumentError(
            absl::StrCat("action menu, street ", s, ", after ", r, " raises: ", status.message()));
      }
    }
  }
  return absl::OkStatus();
}

RaiseTotals::RaiseTotals(const GameDefinition& game, const ActionMenu& menu,
                         const BettingState& state) {
  const StreetMenu& street = menu.streets[state.street()];
  if (!state.CanRaise() || state.raises_made() >= street.raises_max) return;
  if (game.betting == BettingKind::kLimit) {
    chips_[count_++] = state.MinRaiseTo();
    return;
  }
  if (street.sizes.empty()) return;
  const size_t row = std::min<size_t>(state.raises_made(), street.sizes.size() - 1);
  for (const BetSize& size : street.sizes[row]) {
    Add(std::clamp(TotalOf(size, state), state.MinRaiseTo(), state.MaxRaiseTo()));
  }
}

// Keeps chips_ sorted and without repetition.
void RaiseTotals::Add(int32_t total_chips) {
  int at = count_;
  while (at > 0 && chips_[at - 1] > total_chips) --at;
  if (at > 0 && chips_[at - 1] == total_chips) return;
  CHECK_LT(count_, kBetSizesMax);
  std::copy_backward(chips_.begin() + at, chips_.begin() + count_, chips_.begin() + count_ + 1);
  chips_[at] = total_chips;
  ++count_;
}

}  // namespace nash
