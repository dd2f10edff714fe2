#include <algorithm>
#include <bit>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tools/history/pokerstars_text.h"

namespace nash {
namespace {

constexpr absl::string_view kTime = "2000/01/01 0:00:00 ET";
constexpr std::array<absl::string_view, kStreetsMax> kStreets = {"HOLE CARDS", "FLOP", "TURN",
                                                                 "RIVER"};

std::string Bracketed(absl::Span<const Card> cards) {
  return absl::StrCat(
      "[",
      absl::StrJoin(cards, " ", [](std::string* out, Card card) { out->append(CardName(card)); }),
      "]");
}

class Writer {
 public:
  explicit Writer(const HandRecord& hand) : hand_(hand), game_(hand.game), state_(&hand.game) {}

  std::string Write() {
    Head();
    Posts();
    Line("*** HOLE CARDS ***");
    for (int p = 0; p < game_.num_players; ++p) {
      if (hand_.state.holes[p].empty()) continue;
      Line("Dealt to ", Name(p), " ", Bracketed(hand_.state.holes[p]));
    }
    for (const ActionLabel action : hand_.state.actions) Act(action);
    Uncalled();
    if (!std::has_single_bit(state_.in_hand())) {
      for (int s = state_.street() + 1; s < game_.num_streets; ++s) Street(s);
      Showdown();
    }
    Pots();
    return text_;
  }

 private:
  const std::string& Name(int position) const { return hand_.names[position]; }
  bool IsIn(int position) const { return (state_.in_hand() >> position & 1) != 0; }
  template <typename... Args>
  void Line(const Args&... args) {
    absl::StrAppend(&text_, args..., "\n");
  }

  void Head() {
    const int n = game_.num_players;
    const bool is_limit = game_.betting == BettingKind::kLimit;
    const int small = n == 2 ? 1 : 0, big = n == 2 ? 0 : 1;
    const auto [low, high] = is_limit ? std::pair(game_.raise_chips[0], game_.raise_chips[3])
                                      : std::pair(game_.blind_chips[small], game_.blind_chips[big]);
    Line("PokerStars Hand #", hand_.state.hand, ":  Hold'em ", is_limit ? "Limit" : "No Limit",
         " (", low, "/", high, ") - ", kTime);
    Line("Table 'Nashville' ", n, "-max Seat #", n, " is the button");
    for (int p = 0; p < n; ++p) {
      Line("Seat ", p + 1, ": ", Name(p), " (", game_.stack_chips[p], " in chips)");
    }
  }

  void Posts() {
    const int n = game_.num_players;
    for (int p = 0; p < n; ++p) {
      if (game_.dead_chips[p] > 0) Line(Name(p), ": posts the ante ", game_.dead_chips[p]);
    }
    for (int i = 0; i < n; ++i) {
      const int p = n == 2 ? 1 - i : i;
      if (game_.blind_chips[p] == 0) continue;
      Line(Name(p), ": posts ",
           i == 0   ? "small blind "
           : i == 1 ? "big blind "
                    : "straddle ",
           game_.blind_chips[p]);
    }
  }

  void Act(ActionLabel action) {
    const int p = state_.player();
    const int street = state_.street();
    const int32_t behind = game_.BetChipsMax(p) - state_.spent_chips(p);
    if (action == kFoldLabel) {
      Line(Name(p), ": folds");
    } else if (action == kCallLabel) {
      const int32_t paid = std::min(std::max(state_.owed_chips(), 0), behind);
      if (paid == 0) {
        Line(Name(p), ": checks");
      } else {
        Line(Name(p), ": calls ", paid, paid == behind ? " and is all-in" : "");
      }
    } else {
      const char* const all_in = action == game_.BetChipsMax(p) ? " and is all-in" : "";
      const int32_t before = state_.max_spent_chips() - state_.street_start_chips();
      const int32_t now = action - state_.street_start_chips();
      if (before == 0) {
        Line(Name(p), ": bets ", now, all_in);
      } else {
        Line(Name(p), ": raises ", now - before, " to ", now, all_in);
      }
    }
    ApplyAction(action, &state_);
    for (int s = street + 1; s <= state_.street(); ++s) Street(s);
  }

  void Street(int street) {
    const auto board = absl::MakeConstSpan(hand_.state.board);
    const size_t shown = game_.BoardCardsOn(street), before = game_.BoardCardsOn(street - 1);
    if (board.size() < shown) return;
    Line("*** ", kStreets[street], " *** ",
         before > 0 ? absl::StrCat(Bracketed(board.first(before)), " ") : "",
         Bracketed(board.subspan(before, shown - before)));
  }

  // What the last bet had more than anybody else put in comes back.
  void Uncalled() {
    int most = 0;
    for (int p = 1; p < game_.num_players; ++p) {
      if (state_.spent_chips(p) > state_.spent_chips(most)) most = p;
    }
    int32_t second = 0;
    for (int p = 0; p < game_.num_players; ++p) {
      if (p != most) second = std::max(second, state_.spent_chips(p));
    }
    uncalled_ = state_.spent_chips(most) - second;
    uncalled_position_ = most;
    if (uncalled_ > 0) Line("Uncalled bet (", uncalled_, ") returned to ", Name(most));
  }

  void Showdown() {
    Line("*** SHOW DOWN ***");
    for (int p = 0; p < game_.num_players; ++p) {
      if (!IsIn(p)) continue;
      if (hand_.state.holes[p].empty()) {
        Line(Name(p), ": mucks hand");
      } else {
        Line(Name(p), ": shows ", Bracketed(hand_.state.holes[p]));
      }
    }
  }

  void Pots() {
    for (int p = 0; p < static_cast<int>(hand_.values.size()); ++p) {
      double collected = hand_.values[p] + state_.spent_chips(p) + game_.dead_chips[p];
      if (p == uncalled_position_) collected -= uncalled_;
      if (collected > 0) Line(Name(p), " collected ", FormatChips(collected), " from pot");
    }
    Line("*** SUMMARY ***");
    Line("Total pot ", state_.pot_chips() - uncalled_, " | Rake 0");
    if (!hand_.state.board.empty()) Line("Board ", Bracketed(hand_.state.board));
    Line("");
  }

  const HandRecord& hand_;
  const GameDefinition& game_;
  BettingState state_;
  std::string text_;
  int32_t uncalled_ = 0;
  int uncalled_position_ = 0;
};

}  // namespace

absl::StatusOr<std::string> FormatPokerStarsHand(const HandRecord& hand) {
  RETURN_IF_ERROR(CheckHoldemGame(hand.game, "PokerStars text"));
  for (const std::string& name : hand.names) {
    if (!name.empty() && absl::StripAsciiWhitespace(name) == name &&
        name.find_first_of("\r\n:") == name.npos && !absl::StrContains(name, " (") &&
        !absl::StrContains(name, " [") &&
        std::count(hand.names.begin(), hand.names.end(), name) == 1) {
      continue;
    }
    return absl::FailedPreconditionError(absl::StrCat(
        "hand ", hand.state.hand, ": name \"", name,
        "\"; names of PokerStars text are different and not empty, without ':', ' (' and ' ['"));
  }
  return Writer(hand).Write();
}

}  // namespace nash
