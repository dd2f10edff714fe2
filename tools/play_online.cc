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
#include "tools/opponents/gto_wizard.h"
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
DEFINE_string(opponent, "slumbot", "slumbot, or gto_wizard: the benchmark of GTO Wizard AI");
DEFINE_string(host, "",
              "the server, as in http://localhost:8000; empty: https://slumbot.com, or "
              "https://researcher.gtowizard.com");
DEFINE_uint32(hands, 100, "hands to play");
DEFINE_string(user, "", "slumbot: name of an account at the server; empty: none");
DEFINE_string(password_file, "",
              "slumbot: file whose first line is the account's password; empty: the environment's "
              "SLUMBOT_PASSWORD");
DEFINE_string(
    key_file, "",
    "gto_wizard: file whose first line is the key; empty: the environment's GTOW_API_KEY");
DEFINE_string(certificates, "",
              "https: file (PEM) of the certificates that are trusted; empty: the system's");
DEFINE_string(
    history, "",
    "file for the hands, in the format of its name: .log (ACPC), .phhs, .txt (PokerStars); "
    "empty: none");
DEFINE_double(timeout, 0, "seconds that the server has for an answer; 0: 30, or gto_wizard 180");
DEFINE_int32(tries, 0,
             "times that a question is asked where the server is busy or not there; 0: 6, or "
             "gto_wizard 20");
DEFINE_string(
    stakes, "refuse",
    "a strategy that was trained for other stakes than 50, 100 and 20,000: refuse, or scale");
DEFINE_string(translation, "pseudo_harmonic",
              "what a bet that is not on the menu is taken for: pseudo_harmonic (one of its "
              "neighbours, drawn) or nearest");
DEFINE_bool(resume, false,
            "gto_wizard: first play on the hands that the server holds open for this key, such as "
            "a run that broke off has left; not while another program plays with the key");
DEFINE_uint64(seed, 1, "what the player does in a hand follows from it");
DEFINE_string(bucket_cache, "",
              "folder of bucket files that do not lie beside the strategy; default: the user's "
              "cache folder");
DEFINE_bool(json, false, "print the result as one JSON object, for scripts");

namespace nash {
namespace {

constexpr int32_t kBigBlind = 100;
constexpr uint64_t kSecretFileBytesMax = 4096;
constexpr uint32_t kLostInSuccessionMax = 3;  // hands: something else is wrong then

constexpr char kHelp[] =
    R"(play_online plays a strategy against a public opponent, by the HTTP interface that it publishes:
heads-up no-limit hold'em, blinds 50 and 100, stacks of 20,000 chips in each hand.

  play_online --strategy=FILE --hands=N [--history=FILE] [--host=URL] [--user=NAME] [--json]
  play_online --opponent=gto_wizard --key_file=KEY --strategy=FILE --hands=N [--resume]
      [--history=FILE] [--json]

FILE is what inspect_checkpoint export wrote, trained for configs/games/nolimit_2p.game; one for other
stakes plays with --stakes=scale (docs/playing.md). always_call, always_fold and uniform are built in, to
see that all is well. The result is in thousandths of a big blind a hand, with Student's 95% interval of
independent hands from 30 hands on. Where the server tells it of every hand, a second result has less
luck in it: Slumbot's, less what it won itself in the same seat; GTO Wizard's by AIVAT. --history keeps
the hands, which `hands` reads.

One hand is played at a time. Where the server is busy (429, 502, 503, 504; gto_wizard: 409 at the start
of a hand, too many are open) or does not answer the call, a question is asked again after pauses that
double, or as long as the server says. Every field of an answer is checked: cards, actions, seat, what
was won. A session of Slumbot's that has expired is begun anew; a hand in which that happens is lost, is
told of, and is in no result. GTO Wizard's server holds hands open: a connection that breaks in one is made
anew, and the hand goes on where the server has it; --resume plays on what an earlier run has left there,
as the first of this run's hands. https checks the server's certificate. Passwords and keys are read from
files or the environment, never from the command line, and not printed.

Exit codes: 0 all hands were played; 1 the connection broke in a hand and did not come back; 2 wrong
command line; 3 a file is not there; 4 the server said what makes no sense; 5 the server refuses, is not
trusted, or the strategy is of another game; 7 the account or the key is refused; 8 nobody answers; 9
--history is there already; 10 asked to stop. Hands that were over are printed and kept whatever the end.

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

// A line that is not for the command line's eyes.
absl::StatusOr<std::string> Secret(const std::string& file, const char* variable,
                                   absl::string_view needed_for) {
  if (file.empty()) {
    const char* const value = std::getenv(variable);
    if (value != nullptr) return std::string(value);
    return absl::InvalidArgumentError(
        absl::StrCat(needed_for, ": needs a file or the environment's ", variable, "; try --help"));
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kSecretFileBytesMax));
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

// A table with the opponent of the flags, and the connection to its server.
struct Opponent {
  std::unique_ptr<HttpClient> server;
  std::unique_ptr<OnlineTable> table;
};

absl::StatusOr<Opponent> OpenOpponent() {
  const bool is_wizard = FLAGS_opponent == "gto_wizard";
  if (!is_wizard && FLAGS_opponent != "slumbot") {
    return absl::InvalidArgumentError(
        absl::StrCat("--opponent=", FLAGS_opponent, "; allowed: slumbot, gto_wizard"));
  }
  if (is_wizard ? !FLAGS_user.empty() : !FLAGS_key_file.empty() || FLAGS_resume) {
    return absl::InvalidArgumentError(
        "--user is for slumbot, --key_file and --resume for gto_wizard; try --help");
  }
  HttpOptions options;
  options.url = FLAGS_host;
  if (options.url.empty()) {
    options.url = is_wizard ? "https://researcher.gtowizard.com" : "https://slumbot.com";
  }
  options.timeout_seconds = FLAGS_timeout > 0 ? FLAGS_timeout : is_wizard ? 180 : 30;
  options.tries_max = FLAGS_tries > 0 ? FLAGS_tries : is_wizard ? 20 : 6;
  options.certificates_file = FLAGS_certificates;
  if (!FLAGS_certificates.empty() && !FileExists(FLAGS_certificates)) {
    return absl::NotFoundError(absl::StrCat("--certificates=", FLAGS_certificates, ": not there"));
  }
  Opponent opponent;
  std::string password;
  if (is_wizard) {
    ASSIGN_OR_RETURN(const std::string key,
                     Secret(FLAGS_key_file, "GTOW_API_KEY", "--opponent=gto_wizard"));
    options.headers.emplace_back(kGtoWizardKeyHeader, key);
  } else if (!FLAGS_user.empty()) {
    ASSIGN_OR_RETURN(password, Secret(FLAGS_password_file, "SLUMBOT_PASSWORD", "--user"));
  }
  ASSIGN_OR_RETURN(opponent.server, HttpClient::Open(options));
  if (is_wizard) {
    opponent.table = std::make_unique<GtoWizardTable>(opponent.server.get());
  } else {
    opponent.table = std::make_unique<SlumbotTable>(opponent.server.get(), FLAGS_user, password);
  }
  return opponent;
}

struct Results {
  SessionScore score{1};
  SessionScore adjusted{1};  // of hands that have it
  uint32_t lost_hands = 0;
  size_t found_hands = 0;  // that an earlier run had left open
};

std::string IntervalInWords(const SessionScore& score) {
  const double unit = 1000.0 / kBigBlind;
  const std::optional<double> half = score.half_width_chips();
  return absl::StrFormat("%+.1f%s mbb/g%s", unit * score.mean_chips(),
                         half.has_value() ? absl::StrFormat(" +-%.1f", unit * *half) : "",
                         half.has_value() ? " (95% interval)" : "; no interval before 30 hands");
}

void AddTo(nlohmann::ordered_json* json, const SessionScore& score) {
  const double unit = 1000.0 / kBigBlind;
  if (score.num_hands() > 0) (*json)["mbb_per_game"] = unit * score.mean_chips();
  const std::optional<double> half = score.half_width_chips();
  if (half.has_value()) (*json)["mbb_half_width"] = unit * *half;
}

// An adjusted result is of all hands or none: of some it would be another sample.
void PrintResult(const Results& results, const OnlineTable& table) {
  const SessionScore& score = results.score;
  const bool has_adjusted =
      score.num_hands() > 0 && results.adjusted.num_hands() == score.num_hands();
  if (FLAGS_json) {
    nlohmann::ordered_json json = {{"opponent", FLAGS_opponent},
                                   {"hands", score.num_hands()},
                                   {"lost_hands", results.lost_hands},
                                   {"found_hands", results.found_hands},
                                   {"chips", score.total_chips()}};
    AddTo(&json, score);
    if (has_adjusted) {
      nlohmann::ordered_json adjusted = {{"how", std::string(table.adjustment())}};
      AddTo(&adjusted, results.adjusted);
      json["adjusted"] = adjusted;
    }
    PrintJson(json);
    return;
  }
  absl::PrintF("hands             %d\n", score.num_hands());
  if (results.lost_hands > 0) absl::PrintF("lost hands        %d\n", results.lost_hands);
  if (results.found_hands > 0) absl::PrintF("found open        %d\n", results.found_hands);
  if (score.num_hands() == 0) return;
  absl::PrintF("result            %+.0f chips, %s\n", score.total_chips(), IntervalInWords(score));
  if (!has_adjusted) return;
  absl::PrintF("with less luck    %s, %s\n", IntervalInWords(results.adjusted), table.adjustment());
}

// Hands that an earlier run has left at the server are the first of this one.
absl::Status FindOpenHands(OnlineTable* table, Results* results) {
  if (!FLAGS_resume) return absl::OkStatus();
  ASSIGN_OR_RETURN(results->found_hands, table->FindOpenHands());
  if (results->found_hands > FLAGS_hands) {
    return absl::InvalidArgumentError(absl::StrCat("--hands=", FLAGS_hands, ": the server holds ",
                                                   results->found_hands, " open: give it more"));
  }
  return absl::OkStatus();
}

// Until all hands are played, or something is wrong.
absl::Status PlayHands(OnlineTable* table, const StrategyPlayer* strategy, HandFileWriter* history,
                       Results* results) {
  uint32_t lost_in_succession = 0;
  for (uint32_t h = 0; h < FLAGS_hands; ++h) {
    if (stop_signal_received.load() != 0) return absl::CancelledError("asked to stop");
    const absl::StatusOr<OnlineHand> hand = table->PlayHand(
        h, [&](const MatchState& told) { return Decide(strategy, table->game(), told); });
    if (absl::IsUnauthenticated(hand.status()) && lost_in_succession < kLostInSuccessionMax) {
      ++lost_in_succession;
      ++results->lost_hands;
      std::fprintf(stderr, "warning: hand %u: %s\n", h,
                   std::string(hand.status().message()).c_str());
      continue;
    }
    if (absl::IsUnauthenticated(hand.status())) {
      return absl::FailedPreconditionError(hand.status().message());
    }
    if (!hand.ok()) return hand.status();
    lost_in_succession = 0;
    results->score.Add(h, hand->chips);
    if (hand->adjusted_chips.has_value()) results->adjusted.Add(h, *hand->adjusted_chips);
    if (history != nullptr) RETURN_IF_ERROR(history->Add(hand->record));
  }
  return absl::OkStatus();
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty() || FLAGS_strategy.empty()) {
    return absl::InvalidArgumentError("expected --strategy=FILE and no arguments; try --help");
  }
  if ((FLAGS_stakes != "refuse" && FLAGS_stakes != "scale") || FLAGS_tries < 0) {
    return absl::InvalidArgumentError("--stakes is refuse or scale, --tries at least 1");
  }
  ASSIGN_OR_RETURN(const Opponent opponent, OpenOpponent());
  OnlineTable& table = *opponent.table;
  ASSIGN_OR_RETURN(const std::unique_ptr<StrategyPlayer> strategy, OpenStrategy(table.game()));
  std::optional<HandFileWriter> history;
  if (!FLAGS_history.empty()) {
    ASSIGN_OR_RETURN(history, HandFileWriter::Create(FLAGS_history, table.game()));
  }
  CatchStopSignals();
  Results results;
  absl::Status status = FindOpenHands(&table, &results);
  if (status.ok()) {
    status = PlayHands(&table, strategy.get(), history.has_value() ? &*history : nullptr, &results);
  }
  if (history.has_value()) RETURN_IF_ERROR(history->Finish());
  PrintResult(results, table);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(status.message(), "; ", results.score.num_hands(),
                                                  " of ", FLAGS_hands, " hands were over"));
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
