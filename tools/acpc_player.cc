// acpc_player: takes a strategy to a dealer's table.
#include "tools/acpc/acpc_player.h"

#include <gflags/gflags.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/append_file.h"
#include "common/status_macros.h"
#include "solver/game/game_definition.h"
#include "solver/play/strategy_player.h"
#include "tools/acpc/latencies.h"
#include "tools/acpc/line_socket.h"
#include "tools/history/hand_files.h"
#include "tools/program/command_line.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/bucket_folder.h"
#include "tools/stored/translation_flag.h"

DEFINE_string(strategy, "", "the strategy file (inspect_checkpoint export)");
DEFINE_string(game, "",
              "game file of the table; empty: the game that the strategy was trained for");
DEFINE_string(stakes, "refuse",
              "a table with other blinds or stacks than trained: refuse, or scale (bets keep their "
              "share of the pot)");
DEFINE_string(translation, "pseudo_harmonic",
              "what a bet that is not on the menu is taken for: pseudo_harmonic (one of its "
              "neighbours, drawn) or nearest");
DEFINE_uint64(seed, 1, "what the player does in a hand follows from it");
DEFINE_string(hands, "", "file to which the states of hands that are over are added; empty: none");
DEFINE_string(history, "",
              "file for the hands that are over, in the format of its name: .phhs, .txt "
              "(PokerStars), .log (ACPC); empty: none");
DEFINE_double(timeout, 3600,
              "seconds without a word of the dealer after which the player gives up");
DEFINE_string(bucket_cache, "",
              "folder of bucket files that do not lie beside the strategy; default: the user's "
              "cache folder");
DEFINE_bool(json, false, "print what was played as one JSON object, for scripts");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(acpc_player plays a strategy at the table of an ACPC dealer, by protocol 2.0.0.

  acpc_player HOST PORT --strategy=FILE [--seed=N] [--translation=pseudo_harmonic|nearest]
      [--game=GAME --stakes=scale] [--hands=FILE] [--timeout=SECONDS] [--json]

It connects, plays until the dealer hangs up between two hands, and says how many hands it played and
how long its answers took, from the dealer's line to the answer: the median, the 99th percentile and
the longest. FILE is what inspect_checkpoint export wrote, with its bucket files beside it or in
--bucket_cache; they are not built here. What it does is a function of (--seed, hand, decision).

A dealer tells nobody its game. If it plays for other blinds or stacks than the strategy was trained
for, name its game by --game and allow it by --stakes=scale (docs/playing.md).

Exit codes: 0 the match is over; 1 the dealer hung up in a hand or said nothing in time; 2 wrong
command line; 3 no strategy or bucket file there; 4 damaged, or the dealer said what makes no sense;
5 the strategy is of another game or format version; 8 nobody listens there; 10 asked to stop. Hands
that were over are in --hands and --history whatever the end. --hands adds the dealer's own lines,
--history=FILE writes .phhs, PokerStars-like .txt or an ACPC .log, which `hands` reads; a file that is
there is refused (9).

A match against itself, on one machine:

  acpc_dealer self nolimit.game 1000 1 A B --ports=18791,18792 &
  acpc_player localhost 18791 --strategy=quick.strategy &
  acpc_player localhost 18792 --strategy=quick.strategy --seed=2
)";

absl::StatusOr<PlayerOptions> Options() {
  PlayerOptions options;
  options.bucket_folder = BucketFolder(FLAGS_bucket_cache);
  options.translation.seed = FLAGS_seed;
  ASSIGN_OR_RETURN(options.translation.kind, ParseTranslationKind(FLAGS_translation));
  return options;
}

void PrintResult(const AcpcPlayer& player, const Latencies& latencies) {
  const bool has_times = latencies.total() > 0;
  const double median = has_times ? latencies.Quantile(0.5) * 1e3 : 0;
  const double late = has_times ? latencies.Quantile(0.99) * 1e3 : 0;
  const double most = latencies.most_seconds() * 1e3;
  if (FLAGS_json) {
    nlohmann::ordered_json json;
    json["hands"] = player.num_hands();
    json["answers"] = player.num_answers();
    json["median_ms"] = median;
    json["percentile_99_ms"] = late;
    json["longest_ms"] = most;
    PrintJson(json);
    return;
  }
  absl::PrintF("hands             %d\n", player.num_hands());
  absl::PrintF("answers           %d: median %.3f ms, 99th percentile %.3f ms, longest %.3f ms\n",
               player.num_answers(), median, late, most);
}

// Where hands that are over are kept; either may be missing.
struct KeptHands {
  std::optional<AppendFile> states;
  std::optional<HandFileWriter> history;

  absl::Status Add(const GameDefinition& game, const std::string& line) {
    if (states.has_value()) RETURN_IF_ERROR(states->Append(line + "\n"));
    if (!history.has_value()) return absl::OkStatus();
    HandRecord hand;
    hand.game = game;
    ASSIGN_OR_RETURN(hand.state, ParseMatchState(game, line));
    for (int p = 0; p < game.num_players; ++p) {
      // Others have their place behind the player for a name: the dealer tells no names.
      const int behind = (p - hand.state.position + game.num_players) % game.num_players;
      hand.names.push_back(behind == 0 ? "strategy" : absl::StrCat("opponent", behind));
    }
    hand.state.position = 0;
    RETURN_IF_ERROR(CompleteHand(&hand));
    return history->Add(hand);
  }
};

// Until the dealer hangs up between two hands.
absl::Status Play(const GameDefinition& game, LineSocket* socket, AcpcPlayer* player,
                  KeptHands* kept, Latencies* latencies) {
  RETURN_IF_ERROR(socket->WriteLine(kAcpcVersionLine));
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<std::string> line, socket->ReadLine(FLAGS_timeout));
    if (!line.has_value()) break;
    const auto start = std::chrono::steady_clock::now();
    const uint64_t hands_before = player->num_hands();
    ASSIGN_OR_RETURN(const std::optional<std::string> answer, player->Answer(*line));
    if (answer.has_value()) {
      RETURN_IF_ERROR(socket->WriteLine(*answer));
      latencies->Add(
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    if (player->num_hands() > hands_before) RETURN_IF_ERROR(kept->Add(game, *line));
  }
  if (player->num_hands() == 0 && player->is_between_hands()) {
    return absl::AbortedError(
        absl::StrCat(socket->peer(), ": the dealer hung up before the first hand"));
  }
  if (player->is_between_hands()) return absl::OkStatus();
  return absl::AbortedError(absl::StrCat(socket->peer(), ": the dealer hung up in a hand, after ",
                                         player->num_hands(), " that were over"));
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2 || FLAGS_strategy.empty()) {
    return absl::InvalidArgumentError("expected HOST PORT --strategy=FILE; try --help");
  }
  if (FLAGS_stakes != "refuse" && FLAGS_stakes != "scale") {
    return absl::InvalidArgumentError(
        absl::StrCat("--stakes=", FLAGS_stakes, "; allowed: refuse, scale"));
  }
  ASSIGN_OR_RETURN(const PlayerOptions options, Options());
  ASSIGN_OR_RETURN(const std::unique_ptr<StrategyPlayer> strategy,
                   StrategyPlayer::Open(FLAGS_strategy, options));
  GameDefinition game = strategy->game();
  if (!FLAGS_game.empty()) {
    ASSIGN_OR_RETURN(game, LoadGameDefinition(FLAGS_game));
    game.ranking = strategy->game().ranking;  // no game file states it
  }
  RETURN_IF_ERROR(CheckAcpcGame(game));
  RETURN_IF_ERROR(strategy->CheckGame(
      game, FLAGS_stakes == "scale" ? StakesRule::kScale : StakesRule::kRefuse));
  KeptHands kept;
  if (!FLAGS_hands.empty()) {
    ASSIGN_OR_RETURN(kept.states, AppendFile::Open(FLAGS_hands));
  }
  if (!FLAGS_history.empty()) {
    ASSIGN_OR_RETURN(kept.history, HandFileWriter::Create(FLAGS_history, game));
  }
  CatchStopSignals();
  ASSIGN_OR_RETURN(LineSocket socket, LineSocket::Connect(arguments[0], arguments[1]));
  AcpcPlayer player(*strategy, game);
  Latencies latencies;
  const absl::Status status = Play(game, &socket, &player, &kept, &latencies);
  if (kept.history.has_value()) RETURN_IF_ERROR(kept.history->Finish());
  PrintResult(player, latencies);
  return status;
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
