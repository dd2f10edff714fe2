// hands: files of hands, converted, counted, replayed and added up.
#include <gflags/gflags.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "solver/game/street_names.h"
#include "tools/history/hand_files.h"
#include "tools/playing/session_score.h"
#include "tools/playing/typed_action.h"
#include "tools/program/command_line.h"
#include "tools/program/print_json.h"

DEFINE_string(game, "", "game file of ACPC logs, which do not state their game");
DEFINE_string(from, "", "format that is read: acpc, phh, phhs, pokerstars; empty: by the name");
DEFINE_string(to, "", "convert: format that is written; empty: by the name");
DEFINE_int64(hand, -1, "replay: only the hand of this number");
DEFINE_bool(json, false, "count, score: print one JSON object, for scripts");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(hands reads files of hands, checks every action, card and chip of them by the rules, and

  hands convert FROM TO [--game=GAME] [--from=FORMAT] [--to=FORMAT]    writes them in another format
  hands count FILE ... [--game=GAME] [--json]       says how many there are, and of which tables
  hands replay FILE [--hand=N] [--game=GAME]        tells what was done, action by action
  hands score FILE ... [--game=GAME] [--json]       says what each player has won, with an interval

Formats, by the end of the name: acpc (.log, .acpc), the log of the ACPC's dealer, of any game; phh
(.phh, one hand) and phhs (.phhs, many), the open standard; pokerstars (.txt), for trackers. The last
two are of hold'em. An ACPC log does not state its game: --game names its file.

Exit codes: 0 done; 2 wrong command line, or a line that makes no sense: file and line are named; 3 a
file is not there; 5 the format has no words for these hands.

  tools/dev run hands convert match.log match.phhs --game=configs/games/nolimit_2p.game
  tools/dev run hands score monday.phhs tuesday.phhs
)";

absl::StatusOr<std::vector<HandRecord>> Read(const std::string& path) {
  ASSIGN_OR_RETURN(const HandFormat format, HandFormatOf(path, FLAGS_from));
  std::optional<GameDefinition> game;
  if (!FLAGS_game.empty()) {
    ASSIGN_OR_RETURN(game, LoadGameDefinition(FLAGS_game));
  }
  return ReadHands(path, format, game);
}

absl::Status Convert(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) return absl::InvalidArgumentError("convert: expected FROM TO");
  ASSIGN_OR_RETURN(const HandFormat to, HandFormatOf(arguments[2], FLAGS_to));
  ASSIGN_OR_RETURN(const std::vector<HandRecord> hands, Read(arguments[1]));
  RETURN_IF_ERROR(WriteHands(arguments[2], to, hands));
  absl::PrintF("%d hands written to %s\n", hands.size(), arguments[2]);
  return absl::OkStatus();
}

absl::Status Count(const std::vector<std::string>& arguments) {
  std::map<int, uint64_t> by_players;
  uint64_t total = 0, known = 0;
  for (size_t i = 1; i < arguments.size(); ++i) {
    ASSIGN_OR_RETURN(const std::vector<HandRecord> hands, Read(arguments[i]));
    if (!FLAGS_json) absl::PrintF("%-8d %s\n", hands.size(), arguments[i]);
    for (const HandRecord& hand : hands) {
      ++by_players[hand.game.num_players];
      known += !hand.values.empty();
    }
    total += hands.size();
  }
  if (FLAGS_json) {
    nlohmann::ordered_json json;
    json["hands"] = total;
    json["hands_with_results"] = known;
    for (const auto& [players, hands] : by_players) {
      json["by_players"][absl::StrCat(players)] = hands;
    }
    PrintJson(json);
    return absl::OkStatus();
  }
  absl::PrintF("%-8d in all, of %d of which it is known what was won\n", total, known);
  for (const auto& [players, hands] : by_players) {
    absl::PrintF("%-8d of %d players\n", hands, players);
  }
  return absl::OkStatus();
}

void PrintHand(const HandRecord& hand) {
  const GameDefinition& game = hand.game;
  absl::PrintF("hand %d\n", hand.state.hand);
  BettingState state(&game);
  for (int p = 0; p < game.num_players; ++p) {
    absl::PrintF("  %-12s %d behind, %d bet%s  %s\n", hand.names[p],
                 game.BetChipsMax(p) - state.spent_chips(p), state.spent_chips(p),
                 game.dead_chips[p] > 0 ? absl::StrCat(", ante ", game.dead_chips[p]) : "",
                 CardNames(hand.state.holes[p]));
  }
  for (const ActionLabel action : hand.state.actions) {
    const int street = state.street();
    absl::PrintF("  %-12s %s\n", hand.names[state.player()], ActionInWords(game, state, action));
    ApplyAction(action, &state);
    if (state.street() == street) continue;
    const size_t shown =
        std::min<size_t>(hand.state.board.size(), game.BoardCardsOn(state.street()));
    absl::PrintF("  %s %s, pot %d\n", kStreetNames[state.street()],
                 CardNames(absl::MakeConstSpan(hand.state.board).first(shown)), state.pot_chips());
  }
  if (!std::has_single_bit(state.in_hand())) {
    absl::PrintF("  showdown %s, pot %d\n", CardNames(hand.state.board), state.pot_chips());
  }
  for (size_t p = 0; p < hand.values.size(); ++p) {
    absl::PrintF("  %-12s %s%s\n", hand.names[p], hand.values[p] > 0 ? "+" : "",
                 FormatChips(hand.values[p]));
  }
}

absl::Status Replay(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) return absl::InvalidArgumentError("replay: expected FILE");
  ASSIGN_OR_RETURN(const std::vector<HandRecord> hands, Read(arguments[1]));
  bool is_found = false;
  for (const HandRecord& hand : hands) {
    if (FLAGS_hand >= 0 && hand.state.hand != FLAGS_hand) continue;
    PrintHand(hand);
    is_found = true;
  }
  if (FLAGS_hand < 0 || is_found) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(arguments[1], ": has no hand of number ", FLAGS_hand));
}

struct PlayerScore {
  SessionScore chips{1};
  SessionScore blinds{1};  // in thousandths of the big blind of each hand
  bool has_blinds = true;
};

void PrintScore(const std::string& name, const PlayerScore& score) {
  absl::PrintF("%-16s %s chips in %d hands", name, FormatChips(score.chips.total_chips()),
               score.chips.num_hands());
  const SessionScore& unit = score.has_blinds ? score.blinds : score.chips;
  absl::PrintF(": %+.1f", unit.mean_chips());
  const auto half = unit.half_width_chips();
  if (half.has_value()) absl::PrintF(" +-%.1f", *half);
  absl::PrintF(" %s%s\n", score.has_blinds ? "mbb/g" : "chips a hand",
               half.has_value()
                   ? " (95% interval)"
                   : absl::StrCat("; no interval before ", kSamplesForInterval, " hands"));
}

absl::Status Score(const std::vector<std::string>& arguments) {
  std::map<std::string, PlayerScore> players;
  uint64_t unknown = 0;
  for (size_t i = 1; i < arguments.size(); ++i) {
    ASSIGN_OR_RETURN(const std::vector<HandRecord> hands, Read(arguments[i]));
    for (const HandRecord& hand : hands) {
      unknown += hand.values.empty();
      const double big_blind =
          *std::max_element(hand.game.blind_chips.begin(), hand.game.blind_chips.end());
      for (size_t p = 0; p < hand.values.size(); ++p) {
        PlayerScore& score = players[hand.names[p]];
        const auto number = static_cast<uint32_t>(score.chips.num_hands());
        score.chips.Add(number, hand.values[p]);
        score.has_blinds &= big_blind > 0;
        if (big_blind > 0) score.blinds.Add(number, 1000 * hand.values[p] / big_blind);
      }
    }
  }
  if (FLAGS_json) {
    nlohmann::ordered_json json;
    json["hands_without_results"] = unknown;
    for (const auto& [name, score] : players) {
      nlohmann::ordered_json& of = json["players"][name];
      of["hands"] = score.chips.num_hands();
      of["chips"] = score.chips.total_chips();
      if (!score.has_blinds) continue;
      of["mbb_per_game"] = score.blinds.mean_chips();
      const auto half = score.blinds.half_width_chips();
      if (half.has_value()) of["mbb_half_width"] = *half;
    }
    PrintJson(json);
    return absl::OkStatus();
  }
  for (const auto& [name, score] : players) PrintScore(name, score);
  if (unknown > 0) absl::PrintF("%d hands do not tell what was won\n", unknown);
  return absl::OkStatus();
}

absl::Status Run(const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "" : arguments[0];
  if (command == "convert") return Convert(arguments);
  if (command == "replay") return Replay(arguments);
  if (command == "count" || command == "score") {
    if (arguments.size() < 2) return absl::InvalidArgumentError(command + ": expected FILE ...");
    return command == "count" ? Count(arguments) : Score(arguments);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", command, "\": expected convert, count, replay or score; try --help"));
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
