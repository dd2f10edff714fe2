// The ACPC's notation of betting: c, f, rTOTAL (limit: r), a slash where a street begins.
//
//   cr300c/r600...      totals of chips over the whole hand
//
// Text is played and not matched: each character is an action of BettingState or an error with its
// place, so that what is legal is never said a second time. Slashes may be missing only behind the
// last action, since the reader cannot know yet whether the street goes on. After an all-in that
// was called, a slash follows for each street that is dealt without betting.
// tests/game/betting_text_test.cc compares with hands that are played by another, slow
// implementation.
#include "solver/game/betting_text.h"

#include <glog/logging.h>

#include <algorithm>
#include <bit>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/whole_number.h"

namespace nash {
namespace {

absl::Status Refused(absl::string_view text, size_t at, absl::string_view what) {
  constexpr size_t kShownBytes = 60;
  return absl::InvalidArgumentError(absl::StrCat("betting \"", text.substr(0, kShownBytes),
                                                 text.size() > kShownBytes ? "..." : "",
                                                 "\", character ", at + 1, ": ", what));
}

bool IsShowdown(const BettingState& state) { return !std::has_single_bit(state.in_hand()); }

// The action that begins at `at`, which is moved behind it.
absl::StatusOr<ActionLabel> ParseAction(const GameDefinition& game, const BettingState& state,
                                        absl::string_view text, size_t* at) {
  const size_t start = (*at)++;
  if (text[start] == 'c') return kCallLabel;
  if (text[start] == 'f') {
    if (state.CanFold()) return kFoldLabel;
    return Refused(text, start, "a fold where nothing is owed");
  }
  if (text[start] != 'r') return Refused(text, start, "expected f, c, r or /");
  const bool is_limit = game.betting == BettingKind::kLimit;
  while (*at < text.size() && text[*at] >= '0' && text[*at] <= '9') ++*at;
  const absl::string_view digits = text.substr(start + 1, *at - start - 1);
  if (!state.CanRaise()) return Refused(text, start, "a raise where none is legal");
  if (is_limit && digits.empty()) return state.MinRaiseTo();
  const auto total = ParseWholeNumber(digits);
  const uint64_t least = state.MinRaiseTo();
  const uint64_t most = state.MaxRaiseTo();
  if (total.has_value() && *total >= least && *total <= most) {
    return static_cast<ActionLabel>(*total);
  }
  return Refused(text, start,
                 absl::StrCat("a raise to \"", digits.substr(0, 12), "\"; from ", least, " to ",
                              most, " are legal"));
}

}  // namespace

void ApplyAction(ActionLabel action, BettingState* state) {
  if (action == kFoldLabel) {
    state->Fold();
  } else if (action == kCallLabel) {
    state->Call();
  } else {
    state->RaiseTo(action);
  }
}

absl::StatusOr<std::vector<ActionLabel>> ParseBetting(const GameDefinition& game,
                                                      absl::string_view text) {
  if (text.size() > kBettingTextBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("betting of ", text.size(), " characters, at most ", kBettingTextBytesMax));
  }
  BettingState state(&game);
  std::vector<ActionLabel> actions;
  int slashes = 0;
  for (size_t at = 0; at < text.size();) {
    const bool is_run_out = state.is_over() && IsShowdown(state);
    if (text[at] == '/') {
      const int streets = is_run_out ? game.num_streets - 1 : state.street();
      if (slashes >= streets) return Refused(text, at, "no street begins here");
      ++slashes;
      ++at;
      continue;
    }
    if (state.is_over()) return Refused(text, at, "the hand is over");
    if (slashes != state.street()) return Refused(text, at, "a street begins here: expected /");
    const auto action = ParseAction(game, state, text, &at);
    if (!action.ok()) return action.status();
    ApplyAction(*action, &state);
    actions.push_back(*action);
  }
  return actions;
}

std::string FormatAction(const GameDefinition& game, ActionLabel action) {
  if (action == kFoldLabel) return "f";
  if (action == kCallLabel) return "c";
  return game.betting == BettingKind::kLimit ? "r" : absl::StrCat("r", action);
}

std::string FormatBetting(const GameDefinition& game, absl::Span<const ActionLabel> actions) {
  BettingState state(&game);
  std::string text;
  int slashes = 0;
  for (const ActionLabel action : actions) {
    absl::StrAppend(&text, FormatAction(game, action));
    ApplyAction(action, &state);
    for (; slashes < state.street(); ++slashes) text += '/';
  }
  if (state.is_over() && IsShowdown(state)) {
    for (; slashes + 1 < game.num_streets; ++slashes) text += '/';
  }
  return text;
}

}  // namespace nash
