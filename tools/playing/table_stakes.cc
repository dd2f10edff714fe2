#include "tools/playing/table_stakes.h"

#include <array>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"

namespace nash {
namespace {

using Chips = std::array<int32_t, kPlayersMax>;

absl::StatusOr<Chips> ParseChips(absl::string_view text, absl::string_view flag, int num_players,
                                 bool may_be_one) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  Chips chips{};
  bool is_well =
      parts.size() == static_cast<size_t>(num_players) || (may_be_one && parts.size() == 1);
  for (int p = 0; p < num_players && is_well; ++p) {
    is_well = absl::SimpleAtoi(parts[parts.size() == 1 ? 0 : p], &chips[p]) && chips[p] >= 0 &&
              chips[p] <= kStackChipsMax;
  }
  if (is_well) return chips;
  return absl::InvalidArgumentError(
      absl::StrCat(flag, "=", text, ": expected chips by position, as in ",
                   absl::StrJoin(std::vector<int>(num_players, 100), ","),
                   may_be_one ? ", or one number" : "", ", up to ", kStackChipsMax));
}

// By how much the first blind that is not 0 was multiplied.
struct Ratio {
  int64_t numerator = 1;
  int64_t denominator = 1;

  absl::Status Scale(absl::string_view what, int32_t* chips) const {
    const int64_t times = *chips * numerator;
    if (times % denominator == 0 && times / denominator <= kStackChipsMax) {
      *chips = static_cast<int32_t>(times / denominator);
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "--blinds: ", what, " ", *chips, " times ", numerator, "/", denominator,
        " are no whole chips, or more than ", kStackChipsMax, ": give other blinds, or --stack"));
  }
};

Ratio RatioOf(const GameDefinition& trained, const Chips& blinds) {
  for (int p = 0; p < trained.num_players; ++p) {
    if (trained.blind_chips[p] > 0) return {blinds[p], trained.blind_chips[p]};
  }
  return {};
}

std::string Joined(const Chips& chips, int num_players) {
  return absl::StrJoin(chips.begin(), chips.begin() + num_players, ",");
}

}  // namespace

absl::StatusOr<GameDefinition> GameWithStakes(const GameDefinition& trained,
                                              absl::string_view blinds, absl::string_view stacks) {
  GameDefinition game = trained;
  const int n = trained.num_players;
  Ratio ratio;
  if (!blinds.empty()) {
    ASSIGN_OR_RETURN(game.blind_chips, ParseChips(blinds, "--blinds", n, /*may_be_one=*/false));
    ratio = RatioOf(trained, game.blind_chips);
  }
  for (int p = 0; p < n; ++p) RETURN_IF_ERROR(ratio.Scale("an ante of", &game.dead_chips[p]));
  for (int s = 0; s < trained.num_streets && trained.betting == BettingKind::kLimit; ++s) {
    RETURN_IF_ERROR(ratio.Scale("a bet of", &game.raise_chips[s]));
  }
  if (!stacks.empty()) {
    ASSIGN_OR_RETURN(game.stack_chips, ParseChips(stacks, "--stack", n, /*may_be_one=*/true));
    return game;
  }
  for (int p = 0; p < n; ++p) {
    // Limit games may have no stacks to speak of.
    if (trained.stack_chips[p] == kStackChipsMax) continue;
    RETURN_IF_ERROR(ratio.Scale("a stack of", &game.stack_chips[p]));
  }
  return game;
}

bool HasSameDepth(const GameDefinition& trained, const GameDefinition& played) {
  const Ratio ratio = RatioOf(trained, played.blind_chips);
  for (int p = 0; p < trained.num_players; ++p) {
    if (trained.stack_chips[p] == played.stack_chips[p] &&
        trained.stack_chips[p] == kStackChipsMax) {
      continue;
    }
    if (trained.stack_chips[p] * ratio.numerator != played.stack_chips[p] * ratio.denominator) {
      return false;
    }
  }
  return true;
}

std::string FormatStakes(const GameDefinition& game) {
  return absl::StrCat(Joined(game.blind_chips, game.num_players), ":",
                      Joined(game.stack_chips, game.num_players));
}

}  // namespace nash
