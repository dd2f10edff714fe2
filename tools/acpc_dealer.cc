// acpc_dealer: deals a match by the ACPC's protocol, for tests and matches of our own.
#include <gflags/gflags.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/append_file.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "common/whole_number.h"
#include "solver/game/game_definition.h"
#include "solver/play/strategy_player.h"
#include "tools/acpc/match_dealer.h"
#include "tools/history/hand_files.h"
#include "tools/program/command_line.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/bucket_folder.h"

DEFINE_string(ports, "",
              "a port for each player, as in 18791,18792; 0 or empty: the system's choice");
DEFINE_string(
    strategies, "",
    "a strategy file for each player, as in A.strategy,B.strategy: they play here, without "
    "sockets, the same match");
DEFINE_string(seeds, "", "with --strategies: the players' --seed, as in 1,2; empty: 1 each");
DEFINE_string(log, "", "file of the log; empty: NAME.log");
DEFINE_string(history, "",
              "file for the hands beside the log, in the format of its name: .phhs, .txt "
              "(PokerStars), .log");
DEFINE_bool(fixed_seats, false, "positions do not rotate: the first player is position 0");
DEFINE_double(t_response, 600, "seconds that a player has for an answer");
DEFINE_double(t_hand, 600, "seconds that a player has for its answers in a hand");
DEFINE_double(t_per_hand, 7, "seconds a hand that a player has on average over the match");
DEFINE_double(start_timeout, 600, "seconds in which all players have to come");
DEFINE_uint32(hands_a_second, 0,
              "hands a second at the most, for long matches beside other work; 0: no limit");
DEFINE_string(bucket_cache, "",
              "with --strategies: folder of bucket files that do not lie beside them; default: the "
              "user's cache folder");

namespace nash {
namespace {

constexpr uint32_t kHandsMax = 100'000'000;

constexpr char kHelp[] =
    R"(acpc_dealer deals a match between programs that speak the ACPC's protocol 2.0.0, as acpc_player
does, and keeps the log that the competition's server keeps.

  acpc_dealer NAME GAME HANDS SEED PLAYER PLAYER ... [--ports=N,N,...] [--log=FILE] [--fixed_seats]
      [--t_response=S] [--t_hand=S] [--t_per_hand=S] [--start_timeout=S] [--history=FILE]
      [--hands_a_second=N]
  acpc_dealer NAME GAME HANDS SEED PLAYER PLAYER --strategies=FILE,FILE [--seeds=N,N]

GAME is a game file; there are as many PLAYER names as it has players. The first line on stdout has
the ports, in the order of the names, the last the score: what each has won in chips. Each player is
told of every event; an answer that makes no sense counts as a call and is warned of, one to an older
state is passed over; who hangs up or passes a time limit ends the match. The log is written hand by
hand, so that it holds what was played, however the match ends; a line SCORE ends it where the match
was whole. --history=FILE keeps the hands in a second file, .phhs or PokerStars-like .txt, for `hands`
and other programs. The cards of a hand follow from (SEED, hand): the same match with the names the other way
round deals the same cards to the other player.

With --strategies nothing is sent: strategy files answer in this process. The log is the same, byte
for byte, that acpc_player gives with these files and seeds over sockets.

Exit codes: 0 all hands were played; 1 a player hung up or was too slow; 2 wrong command line or
game; 3 a file is not there; 4 damaged, or a player that does not speak the protocol; 5 a strategy of
another game; 8 a port is taken; 9 the log is there already; 10 asked to stop.
)";

struct Match {
  GameDefinition game;
  MatchPlan plan;
  std::vector<std::string> names;
};

absl::StatusOr<Match> ParseMatch(const std::vector<std::string>& arguments) {
  if (arguments.size() < 6) {
    return absl::InvalidArgumentError(
        "expected NAME GAME HANDS SEED PLAYER PLAYER ...; try --help");
  }
  Match match;
  ASSIGN_OR_RETURN(match.game, LoadGameDefinition(arguments[1]));
  RETURN_IF_ERROR(CheckAcpcGame(match.game));
  match.names.assign(arguments.begin() + 4, arguments.end());
  if (match.names.size() != static_cast<size_t>(match.game.num_players)) {
    return absl::InvalidArgumentError(absl::StrCat(
        match.names.size(), " players for ", arguments[1], ", a game of ", match.game.num_players));
  }
  for (const std::string& name : match.names) {
    if (!name.empty() && name.find_first_of(":|\r\n") == std::string::npos) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("player \"", name, "\": a name without ':' and '|' is expected"));
  }
  const auto hands = ParseWholeNumber(arguments[2]);
  const auto seed = ParseWholeNumber(arguments[3]);
  if (!hands.has_value() || *hands < 1 || *hands > kHandsMax || !seed.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("HANDS SEED: \"", arguments[2], "\" \"",
                                                   arguments[3], "\"; hands from 1 to ", kHandsMax,
                                                   " and a whole number are expected"));
  }
  match.plan = {
      arguments[0], arguments[1],      static_cast<uint32_t>(*hands),
      *seed,        FLAGS_fixed_seats, {FLAGS_t_response, FLAGS_t_hand, FLAGS_t_per_hand}};
  return match;
}

// Numbers separated by commas, one a player; all `otherwise` where the flag is empty.
absl::StatusOr<std::vector<uint64_t>> ParseNumbers(const std::string& text, const char* flag,
                                                   size_t n, uint64_t otherwise, uint64_t most) {
  if (text.empty()) return std::vector<uint64_t>(n, otherwise);
  std::vector<uint64_t> numbers;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const auto number = ParseWholeNumber(part);
    if (number.has_value() && *number <= most) numbers.push_back(*number);
  }
  if (numbers.size() == n && std::count(text.begin(), text.end(), ',') + 1u == n) return numbers;
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, "=", text, ": expected ", n, " numbers up to ", most));
}

// Keeps to --hands_a_second.
class Pace {
 public:
  void WaitAfterHand() {
    if (FLAGS_hands_a_second == 0) return;
    const std::chrono::duration<double> due(double(++num_hands_) / FLAGS_hands_a_second);
    std::this_thread::sleep_until(
        start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(due));
  }

 private:
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  uint64_t num_hands_ = 0;
};

absl::Status PlayAndScore(const Match& match, const std::vector<MatchSeatName>& seats) {
  const std::string path = FLAGS_log.empty() ? match.plan.name + ".log" : FLAGS_log;
  if (FileExists(path)) {
    return absl::AlreadyExistsError(absl::StrCat(path, ": is there; choose another by --log"));
  }
  std::optional<HandFileWriter> history;
  if (!FLAGS_history.empty()) {
    ASSIGN_OR_RETURN(history, HandFileWriter::Create(FLAGS_history, match.game));
  }
  ASSIGN_OR_RETURN(AppendFile file, AppendFile::Open(path));
  std::string last;
  Pace pace;
  const auto log = [&](absl::string_view line) -> absl::Status {
    last = std::string(line);
    RETURN_IF_ERROR(file.Append(absl::StrCat(line, "\n")));
    if (!absl::StartsWith(line, "STATE:")) return absl::OkStatus();
    pace.WaitAfterHand();
    if (!history.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const HandRecord hand, ParseAcpcHand(match.game, line));
    return history->Add(hand);
  };
  MatchResult result;
  const absl::Status status = PlayMatch(match.game, match.plan, seats, log, &result);
  RETURN_IF_ERROR(file.Sync());
  if (history.has_value()) RETURN_IF_ERROR(history->Finish());
  if (status.ok()) {
    std::printf("%s\n", last.c_str());
    return status;
  }
  return absl::Status(status.code(), absl::StrCat(status.message(), "; ", result.num_hands, " of ",
                                                  match.plan.num_hands, " hands are in ", path));
}

absl::Status DealHere(const Match& match) {
  const std::vector<std::string> files = absl::StrSplit(FLAGS_strategies, ',');
  if (files.size() != match.names.size()) {
    return absl::InvalidArgumentError(absl::StrCat("--strategies: ", files.size(), " files for ",
                                                   match.names.size(), " players"));
  }
  ASSIGN_OR_RETURN(const std::vector<uint64_t> seeds,
                   ParseNumbers(FLAGS_seeds, "seeds", files.size(), 1, UINT64_MAX));
  std::vector<std::unique_ptr<StrategyPlayer>> strategies;
  std::vector<std::unique_ptr<LocalSeat>> players;
  std::vector<MatchSeatName> seats;
  for (size_t s = 0; s < files.size(); ++s) {
    PlayerOptions options;
    options.bucket_folder = BucketFolder(FLAGS_bucket_cache);
    options.translation.seed = seeds[s];
    ASSIGN_OR_RETURN(std::unique_ptr<StrategyPlayer> strategy,
                     StrategyPlayer::Open(files[s], options));
    RETURN_IF_ERROR(strategy->CheckGame(match.game, StakesRule::kRefuse));
    players.push_back(std::make_unique<LocalSeat>(AcpcPlayer(*strategy, match.game)));
    strategies.push_back(std::move(strategy));
    seats.push_back({match.names[s], players.back().get()});
  }
  return PlayAndScore(match, seats);
}

absl::Status DealOverSockets(const Match& match) {
  const size_t n = match.names.size();
  ASSIGN_OR_RETURN(const std::vector<uint64_t> ports,
                   ParseNumbers(FLAGS_ports, "ports", n, 0, 65535));
  std::vector<LineListener> listeners;
  std::string text;
  for (const uint64_t port : ports) {
    ASSIGN_OR_RETURN(LineListener listener, LineListener::Open(static_cast<int>(port)));
    absl::StrAppend(&text, text.empty() ? "" : " ", listener.port());
    listeners.push_back(std::move(listener));
  }
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
  const auto warn = [](const std::string& what) {
    std::fprintf(stderr, "warning: %s\n", what.c_str());
  };
  std::vector<std::unique_ptr<SocketSeat>> players;
  std::vector<MatchSeatName> seats;
  for (size_t s = 0; s < n; ++s) {
    ASSIGN_OR_RETURN(
        LineSocket socket,
        listeners[s].Accept(FLAGS_start_timeout, absl::StrCat("player ", match.names[s])));
    players.push_back(
        std::make_unique<SocketSeat>(match.game, match.plan, std::move(socket), warn));
    RETURN_IF_ERROR(players.back()->Greet());
    seats.push_back({match.names[s], players.back().get()});
  }
  return PlayAndScore(match, seats);
}

absl::Status Run(const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const Match match, ParseMatch(arguments));
  CatchStopSignals();
  return FLAGS_strategies.empty() ? DealOverSockets(match) : DealHere(match);
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
