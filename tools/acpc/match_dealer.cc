// All cards of a hand are dealt before it begins, as a function of (seed, number); what a seat is
// told is that hand with what it may not see taken out (SeenFrom). So the dealer cannot tell by
// accident, and a hand is the same whoever sits where.
//
// Time is measured at the socket and charged to the seat that acts: an answer, a hand, the match.
// An answer to another state is passed over, because a player may be late; one that makes no sense
// is a call, as the ACPC's server has it. tests/acpc/match_dealer_test.cc looks at every line that
// a seat is told.
#include "tools/acpc/match_dealer.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tools/acpc/dealt_hand.h"

namespace nash {
namespace {

// What `position` is told: its own cards; at a showdown those of all who have not folded.
MatchState SeenFrom(const GameDefinition& game, const MatchState& all, const BettingState& betting,
                    int position) {
  MatchState seen = all;
  seen.position = position;
  seen.board.resize(BoardCardsShown(game, all.actions));
  const bool is_showdown = betting.is_over() && (betting.in_hand() & (betting.in_hand() - 1)) != 0;
  for (int p = 0; p < game.num_players; ++p) {
    const bool is_shown = p == position || (is_showdown && (betting.in_hand() >> p & 1) != 0);
    if (!is_shown) seen.holes[p].clear();
  }
  return seen;
}

class Hand {
 public:
  Hand(const GameDefinition& game, const MatchPlan& plan, const std::vector<MatchSeatName>& seats,
       uint32_t number)
      : game_(game),
        seats_(seats),
        rotation_(plan.fixed_seats ? 0 : number % game.num_players),
        all_(DealHand(game, plan.seed, number)),
        betting_(&game) {}

  absl::Status Play() {
    for (int p = 0; p < game_.num_players; ++p) SeatAt(p).seat->BeginHand();
    while (true) {
      std::string actors_line;
      MatchState actors_state;
      for (int p = 0; p < game_.num_players; ++p) {
        MatchState seen = SeenFrom(game_, all_, betting_, p);
        std::string line = FormatMatchState(game_, seen);
        RETURN_IF_ERROR(SeatAt(p).seat->Tell(seen, line));
        if (betting_.is_over() || betting_.player() != p) continue;
        actors_line = std::move(line);
        actors_state = std::move(seen);
      }
      if (betting_.is_over()) return absl::OkStatus();
      ASSIGN_OR_RETURN(const ActionLabel action,
                       SeatAt(betting_.player()).seat->Act(actors_state, actors_line));
      all_.actions.push_back(action);
      ApplyAction(action, &betting_);
    }
  }

  // "STATE:..." and adds up what seats have won.
  std::string Score(std::vector<double>* totals) const {
    const std::vector<double> values = HandValues(game_, all_);
    std::vector<std::string> names;
    for (int p = 0; p < game_.num_players; ++p) {
      names.push_back(SeatAt(p).name);
      (*totals)[SeatNumber(p)] += values[p];
    }
    return FormatLogState(game_, all_, names);
  }

 private:
  size_t SeatNumber(int position) const { return (position + rotation_) % game_.num_players; }
  const MatchSeatName& SeatAt(int position) const { return seats_[SeatNumber(position)]; }

  const GameDefinition& game_;
  const std::vector<MatchSeatName>& seats_;
  const int rotation_;
  MatchState all_;
  BettingState betting_;
};

}  // namespace

void SocketSeat::Warning(const std::string& what) {
  ++num_warnings_;
  warn_(absl::StrCat(socket_.peer(), ": ", what));
}

absl::Status SocketSeat::Greet() {
  ASSIGN_OR_RETURN(const std::optional<std::string> line, socket_.ReadLine(plan_.limits.response));
  if (line.has_value() && absl::StartsWith(*line, "VERSION:2.")) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(socket_.peer(), ": began with \"",
                                          line.value_or("").substr(0, 40), "\", expected ",
                                          kAcpcVersionLine));
}

absl::Status SocketSeat::Tell(const MatchState& state, const std::string& line) {
  return socket_.WriteLine(line);
}

absl::StatusOr<ActionLabel> SocketSeat::Act(const MatchState& state, const std::string& line) {
  const auto start = std::chrono::steady_clock::now();
  const TimeLimits& limits = plan_.limits;
  const double seconds_left = std::min({limits.response, limits.hand - hand_seconds_,
                                        limits.per_hand * plan_.num_hands - match_seconds_});
  std::optional<ActionLabel> action;
  double used = 0;
  while (!action.has_value()) {
    ASSIGN_OR_RETURN(const std::optional<std::string> answer,
                     socket_.ReadLine(std::max(0.0, seconds_left - used)));
    used = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!answer.has_value()) {
      return absl::AbortedError(absl::StrCat(socket_.peer(), ": hung up in hand ", state.hand));
    }
    if (answer->empty() || (*answer)[0] == '#' || (*answer)[0] == ';') continue;
    const absl::StatusOr<ActionLabel> found = ParseAnswer(game_, state.actions, line, *answer);
    if (found.ok()) {
      action = *found;
    } else if (absl::IsFailedPrecondition(found.status())) {
      Warning(absl::StrCat(found.status().message(), "; passed over"));
    } else {
      Warning(absl::StrCat(found.status().message(), "; taken for a call"));
      action = kCallLabel;
    }
  }
  hand_seconds_ += used;
  match_seconds_ += used;
  return *action;
}

absl::Status PlayMatch(const GameDefinition& game, const MatchPlan& plan,
                       const std::vector<MatchSeatName>& seats, const LogSink& log,
                       MatchResult* result) {
  result->totals.assign(seats.size(), 0);
  RETURN_IF_ERROR(log(absl::StrCat("# name/game/hands/seed ", plan.name, " ", plan.game_name, " ",
                                   plan.num_hands, " ", plan.seed)));
  RETURN_IF_ERROR(log(absl::StrFormat("#--t_response %.0f", plan.limits.response * 1000)));
  RETURN_IF_ERROR(log(absl::StrFormat("#--t_hand %.0f", plan.limits.hand * 1000)));
  RETURN_IF_ERROR(log(absl::StrFormat("#--t_per_hand %.0f", plan.limits.per_hand * 1000)));
  for (; result->num_hands < plan.num_hands; ++result->num_hands) {
    Hand hand(game, plan, seats, result->num_hands);
    RETURN_IF_ERROR(hand.Play());
    RETURN_IF_ERROR(log(hand.Score(&result->totals)));
  }
  std::string totals, names;
  for (size_t s = 0; s < seats.size(); ++s) {
    const char* const bar = s == 0 ? "" : "|";
    absl::StrAppend(&totals, bar, FormatChips(result->totals[s]));
    absl::StrAppend(&names, bar, seats[s].name);
  }
  return log(absl::StrCat("SCORE:", totals, ":", names));
}

}  // namespace nash
