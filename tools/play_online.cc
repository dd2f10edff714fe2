// play_online: takes a strategy to a public opponent's table, over HTTP.
#include <gflags/gflags.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/rng.h"
#include "common/status_macros.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "solver/play/strategy_player.h"
#include "tools/history/hand_files.h"
#include "tools/opponents/slumbot.h"
#include "tools/playing/session_score.h"
#include "tools/program/command_line.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/bucket_folder.h"
#include "tools/stored/translation_flag.h"

DEFINE_string(
    strategy, "",
    "the strategy file (inspect_checkpoint export), or always_call, always_fold or uniform");
DEFINE_string(host, "https://slumbot.com", "the server, as in http://localhost:8000");
DEFINE_uint32(hands, 100, "hands to play");
DEFINE_string(user, "", "name of an account at the server; empty: none");
DEFINE_string(password_file, "",
              "file whose first line is the account's password; empty: the environment's "
              "SLUMBOT_PASSWORD");
DEFINE_string(
    history, "",
    "file for the hands, in the format of its name: .log (ACPC), .phhs, .txt (PokerStars); "
    "empty: none");
DEFINE_double(timeout, 30, "seconds that the server has for an answer");
DEFINE_int32(tries, 6, "times that a question is asked where the server is busy or not there");
DEFINE_string(
    stakes, "refuse",
    "a strategy that was trained for other stakes than 50, 100 and 20,000: refuse, or scale");
DEFINE_string(translation, "pseudo_harmonic",
              "what a bet that is not on the menu is taken for: pseudo_harmonic (one of its "
              "neighbours, drawn) or nearest");
DEFINE_uint64(seed, 1, "what the player does in a hand follows from it");
DEFINE_string(bucket_cache, "",
              "folder of bucket files that do not lie beside the strategy; default: the user's "
              "cache folder");
DEFINE_bool(json, false, "print the result as one JSON object, for scripts");

namespace nash {
namespace {

constexpr int32_t kBigBlind = 100;
constexpr uint64_t kPasswordFileBytesMax = 4096;

constexpr char kHelp[] =
    R"(play_online plays a strategy against Slumbot, by the HTTP interface that it publishes: heads-up no-limit
hold'em, blinds 50 and 100, stacks of 20,000 chips in each hand.

  play_online --strategy=FILE --hands=N [--history=FILE] [--host=URL] [--user=NAME] [--json]

FILE is what inspect_checkpoint export wrote, trained for configs/games/nolimit_2p.game; one for other
stakes plays with --stakes=scale (docs/playing.md). always_call, always_fold and uniform are built in, to
see that all is well. The result is in thousandths of a big blind a hand, with Student's 95% interval of
independent hands from 30 hands on; no luck is taken out of it. --history keeps the hands, which `hands`
reads.

One hand is played at a time. Where the server is busy (429, 502, 503, 504) or does not answer the call,
a question is asked again after pauses that double, or as long as the server says. Every field of an
answer is checked: cards, actions, seat, what was won. https needs no more than the system's certificates.
A password is read from --password_file or SLUMBOT_PASSWORD, never from the command line, and not printed.

Exit codes: 0 all hands were played; 1 the connection broke in a hand, whose result is not known; 2 wrong
command line; 3 a file is not there; 4 the server said what makes no sense; 5 the server refuses, or the
strategy is of another game; 7 the account is refused; 8 nobody answers; 9 --history is there already; 10
asked to stop. Hands that were over are printed and kept whatever the end.

  tools/dev run play_online --strategy=carried/medium.strategy --hands=1000 --history=slumbot.phhs
)";

// Any of fold, call, the least raise, all-in and one between, alike.
ActionLabel Uniform(const GameDefinition& game, const MatchState& told) {
  BettingState state(&game);
  for (const ActionLabel action : told.actions) ApplyAction(action, &state);
  const RandomBlock draw = Draw({FLAGS_seed, told.hand, 0}, DrawPurpose::kSampling, told.hand,
                                static_cast<uint32_t>(told.actions.size()));
  std::vector<ActionLabel> legal = {kCallLabel};
  if (state.CanFold()) legal.push_back(kFoldLabel);
  if (state.CanRaise()) {
    const int32_t least = state.MinRaiseTo(), most = state.MaxRaiseTo();
    legal.push_back(least);
    legal.push_back(most);
    legal.push_back(least + static_cast<int32_t>(draw[1] % (most - least + 1)));
  }
  return legal[draw[0] % legal.size()];
}

absl::StatusOr<std::string> Password() {
  if (FLAGS_password_file.empty()) {
    const char* const password = std::getenv("SLUMBOT_PASSWORD");
    if (password != nullptr) return std::string(password);
    return absl::InvalidArgumentError("--user: needs --password_file or SLUMBOT_PASSWORD");
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(FLAGS_password_file, kPasswordFileBytesMax));
  return std::string(absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))));
}

// The strategy's file, opened; null for a built-in player.
absl::StatusOr<std::unique_ptr<StrategyPlayer>> OpenStrategy(const GameDefinition& game) {
  if (FLAGS_strategy == "always_call" || FLAGS_strategy == "always_fold" ||
      FLAGS_strategy == "uniform") {
    return nullptr;
  }
  PlayerOptions options;
  options.bucket_folder = BucketFolder(FLAGS_bucket_cache);
  options.translation.seed = FLAGS_seed;
  ASSIGN_OR_RETURN(options.translation.kind, ParseTranslationKind(FLAGS_translation));
  ASSIGN_OR_RETURN(std::unique_ptr<StrategyPlayer> strategy,
                   StrategyPlayer::Open(FLAGS_strategy, options));
  RETURN_IF_ERROR(strategy->CheckGame(
      game, FLAGS_stakes == "scale" ? StakesRule::kScale : StakesRule::kRefuse));
  return strategy;
}

absl::StatusOr<ActionLabel> Decide(const StrategyPlayer* strategy, const GameDefinition& game,
                                   const MatchState& told) {
  if (strategy != nullptr) {
    PlayedHand hand;
    hand.game = &game;
    hand.position = told.position;
    hand.number = told.hand;
    hand.hole = told.holes[told.position];
    hand.board = told.board;
    hand.actions = told.actions;
    ASSIGN_OR_RETURN(const PlayerAnswer answer, strategy->Ask(hand));
    return answer.action();
  }
  if (FLAGS_strategy == "uniform") return Uniform(game, told);
  if (FLAGS_strategy == "always_call") return kCallLabel;
  BettingState state(&game);
  for (const ActionLabel action : told.actions) ApplyAction(action, &state);
  return state.CanFold() ? kFoldLabel : kCallLabel;
}

void PrintResult(const SessionScore& score) {
  const double unit = 1000.0 / kBigBlind;
  const std::optional<double> half = score.half_width_chips();
  if (FLAGS_json) {
    nlohmann::ordered_json json = {{"hands", score.num_hands()}, {"chips", score.total_chips()}};
    if (score.num_hands() > 0) json["mbb_per_game"] = unit * score.mean_chips();
    if (half.has_value()) json["mbb_half_width"] = unit * *half;
    PrintJson(json);
    return;
  }
  absl::PrintF("hands             %d\n", score.num_hands());
  if (score.num_hands() == 0) return;
  absl::PrintF("result            %+.0f chips, %+.1f%s mbb/g%s\n", score.total_chips(),
               unit * score.mean_chips(),
               half.has_value() ? absl::StrFormat(" +-%.1f", unit * *half) : "",
               half.has_value() ? " (95% interval)" : "; no interval before 30 hands");
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty() || FLAGS_strategy.empty()) {
    return absl::InvalidArgumentError("expected --strategy=FILE and no arguments; try --help");
  }
  if ((FLAGS_stakes != "refuse" && FLAGS_stakes != "scale") || FLAGS_tries < 1) {
    return absl::InvalidArgumentError("--stakes is refuse or scale, --tries at least 1");
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<HttpPost> server,
                   HttpPost::Open({FLAGS_host, FLAGS_timeout, FLAGS_tries}));
  SlumbotTable table(server.get());
  ASSIGN_OR_RETURN(const std::unique_ptr<StrategyPlayer> strategy, OpenStrategy(table.game()));
  std::optional<HandFileWriter> history;
  if (!FLAGS_history.empty()) {
    ASSIGN_OR_RETURN(history, HandFileWriter::Create(FLAGS_history, table.game()));
  }
  CatchStopSignals();
  if (!FLAGS_user.empty()) {
    ASSIGN_OR_RETURN(const std::string password, Password());
    RETURN_IF_ERROR(table.LogIn(FLAGS_user, password));
  }
  SessionScore score(1);
  absl::Status status;
  for (uint32_t h = 0; h < FLAGS_hands && status.ok(); ++h) {
    if (stop_signal_received.load() != 0) {
      status = absl::CancelledError("asked to stop");
      break;
    }
    const absl::StatusOr<HandRecord> hand = table.PlayHand(
        h, [&](const MatchState& told) { return Decide(strategy.get(), table.game(), told); });
    status = hand.status();
    if (!status.ok()) break;
    score.Add(h, hand->values[hand->names[0] == "strategy" ? 0 : 1]);
    if (history.has_value()) status = history->Add(*hand);
  }
  if (history.has_value()) RETURN_IF_ERROR(history->Finish());
  PrintResult(score);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), "; ", score.num_hands(), " of ",
                                                  FLAGS_hands, " hands were over"));
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
