#include "tools/playing/typed_action.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace nash {
namespace {

constexpr double kFractionMax = 1e6;

int32_t OnStreet(const BettingState& state, int32_t total_chips) {
  return total_chips - state.street_start_chips();
}

// "1/2", "0.75", "75%", "pot", "0.75p", "3x" is none.
std::optional<double> ParseFraction(absl::string_view text) {
  if (text == "pot" || text == "p") return 1;
  double percent = 1;
  if (absl::ConsumeSuffix(&text, "%")) {
    percent = 100;
  } else if (!absl::ConsumeSuffix(&text, "pot")) {
    absl::ConsumeSuffix(&text, "p");
  }
  text = absl::StripAsciiWhitespace(text);
  double over = 1, under = 1;
  if (const size_t slash = text.find('/'); slash != text.npos) {
    if (!absl::SimpleAtod(text.substr(slash + 1), &under)) return std::nullopt;
    text = text.substr(0, slash);
  }
  if (!absl::SimpleAtod(text, &over)) return std::nullopt;
  const double fraction = over / under / percent;
  if (!(fraction > 0) || !(fraction <= kFractionMax)) return std::nullopt;
  return fraction;
}

int32_t RaiseByFraction(const BettingState& state, double fraction) {
  const double pot = static_cast<double>(state.pot_chips()) + state.owed_chips();
  const double total = state.max_spent_chips() + std::round(fraction * pot);
  return static_cast<int32_t>(std::clamp<double>(total, state.MinRaiseTo(), state.MaxRaiseTo()));
}

absl::StatusOr<ActionLabel> ParseRaise(const GameDefinition& game, const BettingState& state,
                                       absl::string_view amount) {
  const auto refused = [&](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat(what, "; ", LegalActions(game, state)));
  };
  if (!state.CanRaise()) return refused("no raise is legal now");
  if (game.betting == BettingKind::kLimit) {
    if (amount.empty()) return state.MinRaiseTo();
    return refused("in a limit game \"r\" stands alone");
  }
  if (amount == "min") return state.MinRaiseTo();
  if (amount == "allin" || amount == "all-in" || amount == "max") return state.MaxRaiseTo();
  int64_t chips = 0;
  if (absl::SimpleAtoi(amount, &chips)) {
    const int64_t total = chips + state.street_start_chips();
    if (chips > 0 && chips <= kStackChipsMax && total >= state.MinRaiseTo() &&
        total <= state.MaxRaiseTo()) {
      return static_cast<ActionLabel>(total);
    }
    return refused(absl::StrCat("a raise to ", chips, " is not legal"));
  }
  const std::optional<double> fraction = ParseFraction(amount);
  if (fraction.has_value()) return RaiseByFraction(state, *fraction);
  return refused(absl::StrCat("\"", amount,
                              "\": after r comes a number of chips, a part of the pot (1/2, 0.75, "
                              "75%, pot), min or allin"));
}

}  // namespace

absl::StatusOr<ActionLabel> ParseTypedAction(const GameDefinition& game, const BettingState& state,
                                             absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
  if (lower == "c" || lower == "k" || lower == "call" || lower == "check") return kCallLabel;
  if (lower == "f" || lower == "fold") {
    if (state.CanFold()) return kFoldLabel;
    return absl::InvalidArgumentError(
        absl::StrCat("there is nothing to fold to; ", LegalActions(game, state)));
  }
  absl::string_view rest = lower;
  if (absl::ConsumePrefix(&rest, "raise") || absl::ConsumePrefix(&rest, "bet") ||
      absl::ConsumePrefix(&rest, "r") || absl::ConsumePrefix(&rest, "b")) {
    return ParseRaise(game, state, absl::StripAsciiWhitespace(rest));
  }
  if (lower == "allin" || lower == "all-in") return ParseRaise(game, state, "allin");
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no action; ", LegalActions(game, state), ", ? help"));
}

std::string LegalActions(const GameDefinition& game, const BettingState& state) {
  std::string text = state.CanFold() ? "f fold, " : "";
  absl::StrAppend(&text, "c ", ActionInWords(game, state, kCallLabel));
  if (!state.CanRaise()) return text;
  const int32_t least = OnStreet(state, state.MinRaiseTo());
  const int32_t most = OnStreet(state, state.MaxRaiseTo());
  if (game.betting == BettingKind::kLimit) {
    absl::StrAppend(&text, ", r ", ActionInWords(game, state, state.MinRaiseTo()));
  } else if (least == most) {
    absl::StrAppend(&text, ", r ", least, " (all-in)");
  } else {
    absl::StrAppend(&text, ", r ", least, " to ", most);
  }
  return text;
}

std::string ActionInWords(const GameDefinition& game, const BettingState& state,
                          ActionLabel action) {
  if (action == kFoldLabel) return "fold";
  const int own = state.player();
  const int32_t behind = game.BetChipsMax(own) - state.spent_chips(own);
  if (action == kCallLabel) {
    if (state.owed_chips() <= 0) return "check";
    const int32_t paid = std::min(state.owed_chips(), behind);
    return absl::StrCat("call ", paid, paid == behind ? ", all-in" : "");
  }
  const bool is_bet = state.max_spent_chips() == state.street_start_chips();
  return absl::StrCat(is_bet ? "bet " : "raise to ", OnStreet(state, action),
                      action == game.BetChipsMax(own) ? ", all-in" : "");
}

}  // namespace nash
