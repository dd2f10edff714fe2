// play: you against a strategy, at the terminal.
#include <gflags/gflags.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/checksum.h"
#include "common/file_lock.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/play/strategy_player.h"
#include "tools/history/hand_files.h"
#include "tools/playing/play_session.h"
#include "tools/playing/session_file.h"
#include "tools/playing/table_stakes.h"
#include "tools/program/colour.h"
#include "tools/program/command_line.h"
#include "tools/program/print_json.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/bucket_folder.h"
#include "tools/stored/translation_flag.h"

DEFINE_string(strategy, "", "the strategy file (inspect_checkpoint export)");
DEFINE_string(seat, "rotate", "your position, from 0; rotate: another one each deal");
DEFINE_uint64(seed, 0, "what is dealt and drawn follows from it; not given: one is drawn");
DEFINE_bool(duplicate, false,
            "each deal is played once in every seat, a block later and in another order, so that "
            "luck cancels");
DEFINE_uint32(block, 20, "with --duplicate: deals after which they come again in the next seat");
DEFINE_uint32(hands, 0, "hands of the session, those before included; 0: until you leave");
DEFINE_string(state, "", "file of the session: the same command goes on where it was left");
DEFINE_string(
    history, "",
    "file for the hands of the session, in the format of its name: .log (ACPC), .phhs, .txt "
    "(PokerStars)");
DEFINE_string(blinds, "",
              "blinds of the table by position, as in 200,100; stacks, antes and limit bets keep "
              "their ratio to them; empty: those that the strategy was trained for");
DEFINE_string(stack, "",
              "stack of every seat, or by position as in 40000,30000; empty: as many blinds as the "
              "strategy was trained for");
DEFINE_string(stakes, "refuse",
              "where stacks have other numbers of blinds than trained: refuse, or scale");
DEFINE_bool(reveal, false, "after each hand show all cards, not only those of a showdown");
DEFINE_string(translation, "pseudo_harmonic",
              "what a bet that is not on the menu is taken for: pseudo_harmonic (one of its "
              "neighbours, drawn) or nearest");
DEFINE_string(bucket_cache, "",
              "folder of bucket files that do not lie beside the strategy; default: the user's "
              "cache folder");
DEFINE_bool(json, false,
            "print the result as one JSON object, for scripts; the table goes to stderr");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(play seats you at a table with a strategy: one copy of it in every other seat.

  play --strategy=FILE [--seat=N|rotate] [--duplicate [--block=N]] [--hands=N] [--seed=N]
      [--blinds=N,N] [--stack=N|N,N] [--stakes=refuse|scale] [--state=FILE] [--history=FILE]
      [--reveal] [--translation=pseudo_harmonic|nearest] [--json]

FILE is what inspect_checkpoint export wrote, with its bucket files beside it or in --bucket_cache.
When it is your turn, type

  f            fold
  c or k       call or check
  r AMOUNT     bet or raise to AMOUNT on this street: chips (600), a part of the pot after calling
               (1/2, 0.75, 75%, pot), min or allin; in a limit game r alone
  range [N]    what seat N may hold, as the strategy plays; without N: all other seats
  last [N]     the same at the end of the last hand
  ? help       q leave

Any legal bet may be made: those that the strategy's menu lacks are taken for one of their
neighbours (docs/playing.md). After each hand you see what the strategy would have done in your seat,
and what you have won so far in thousandths of a big blind a hand (mbb/g), with a 95% interval from
30 hands on: chips of a hand have long tails, and it takes thousands of hands to tell players apart.
With --duplicate the same deals are played in every seat, and the interval is over deals.

The chips are those that the strategy was trained for, or --blinds, in the same ratio to each other: then
stacks follow, and the game is the same in other chips. --stack for other depths is refused, or with
--stakes=scale played: bets keep their share of the pot, the worse the more the depth differs.

With --state all that was played is kept: leave by q, the end of the input or Ctrl-C, and the same
command goes on, in the middle of a hand too. Input may be a pipe; then nothing prompts.

Exit codes: 0 the hands were played, or you left; 2 wrong command line; 3 no strategy or bucket file
there; 4 a damaged file; 5 a file of another strategy, plan or format version, stakes that the strategy
does not play; 8 --state is another process's at the moment; 10 stopped by a signal.

  tools/dev run play --strategy=carried/quick.strategy --duplicate --state=me.session
)";

absl::StatusOr<PlayerOptions> StrategyOptions(uint64_t seed) {
  PlayerOptions options;
  options.bucket_folder = BucketFolder(FLAGS_bucket_cache);
  options.translation.seed = seed;
  ASSIGN_OR_RETURN(options.translation.kind, ParseTranslationKind(FLAGS_translation));
  return options;
}

absl::StatusOr<SessionPlan> PlanOfFlags() {
  SessionPlan plan;
  plan.seed = FLAGS_seed;
  if (!IsGiven("seed")) {
    std::random_device device;
    plan.seed = device();
  }
  if (FLAGS_seat != "rotate") {
    int seat = 0;
    if (!absl::SimpleAtoi(FLAGS_seat, &seat) || seat < 0 || seat >= kPlayersMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("--seat=", FLAGS_seat, ": expected a position from 0, or rotate"));
    }
    plan.seat = seat;
  }
  if (FLAGS_duplicate) {
    if (plan.seat.has_value()) {
      return absl::InvalidArgumentError("--duplicate plays every seat: leave --seat out");
    }
    if (FLAGS_block < 1 || FLAGS_block > kBlockDealsMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("--block=", FLAGS_block, ": expected 1 to ", kBlockDealsMax));
    }
    plan.block_deals = FLAGS_block;
  }
  return plan;
}

// The session's text, if there is one.
absl::StatusOr<std::optional<std::string>> StoredSession() {
  if (FLAGS_state.empty() || !FileExists(FLAGS_state)) return std::nullopt;
  ASSIGN_OR_RETURN(std::string text, ReadFile(FLAGS_state, kSessionBytesMax));
  if (text.empty()) return std::nullopt;
  return text;
}

// What the file has is what goes on: flags may leave it out, but not contradict it.
absl::Status OtherSession(const SessionHeader& given, const SessionHeader& stored) {
  return absl::FailedPreconditionError(absl::StrCat(
      FLAGS_state, ": is a session ",
      given.strategy != stored.strategy
          ? "against another strategy than "
          : "with other flags (--seed, --seat, --duplicate, --block, --blinds, --stack or "
            "--translation), against ",
      FLAGS_strategy, "; give the same ones, or begin another session"));
}

void PrintResult(const PlaySession& session, const SessionHeader& header, double big_blind) {
  const SessionScore& score = session.score();
  nlohmann::ordered_json json;
  json["hands"] = score.num_hands();
  json["chips"] = score.total_chips();
  json["seed"] = header.plan.seed;
  json["is_duplicate"] = header.plan.block_deals > 0;
  json["samples"] = score.num_samples();
  if (score.num_samples() > 0) {
    const auto half = score.half_width_chips();
    json["chips_a_hand"] = score.mean_chips();
    if (half.has_value()) json["chips_half_width"] = *half;
    if (big_blind > 0) json["mbb_per_game"] = 1000 * score.mean_chips() / big_blind;
    if (big_blind > 0 && half.has_value()) json["mbb_half_width"] = 1000 * *half / big_blind;
  }
  PrintJson(json);
}

// A session: what is played with what, from flags and from what was stored.
struct Session {
  SessionHeader header;
  std::unique_ptr<StrategyPlayer> strategy;
  GameDefinition game;
  std::optional<SessionRecord> record;
};

// The game at the table by the flags, and by those stored where they say nothing of it.
absl::StatusOr<GameDefinition> PlayedGame(const StrategyPlayer& strategy,
                                          const std::string& stored_stakes) {
  std::string blinds = FLAGS_blinds, stacks = FLAGS_stack;
  StakesRule rule = FLAGS_stakes == "scale" ? StakesRule::kScale : StakesRule::kRefuse;
  if (blinds.empty() && stacks.empty() && !stored_stakes.empty()) {
    const size_t colon = stored_stakes.find(':');
    blinds = stored_stakes.substr(0, colon);
    if (colon != std::string::npos) stacks = stored_stakes.substr(colon + 1);
    rule = StakesRule::kScale;  // it was allowed when the session began
  }
  const GameDefinition& trained = strategy.game();
  ASSIGN_OR_RETURN(GameDefinition game, GameWithStakes(trained, blinds, stacks));
  if (HasSameDepth(trained, game)) rule = StakesRule::kScale;
  absl::Status status = strategy.CheckGame(game, rule);
  if (!status.ok()) return status;
  return game;
}

// history_format: of --history, if it is given.
absl::StatusOr<Session> OpenSession(const std::optional<std::string>& stored,
                                    const std::optional<HandFormat>& history_format) {
  Session session;
  SessionHeader& header = session.header;
  ASSIGN_OR_RETURN(header.plan, PlanOfFlags());
  header.translation = FLAGS_translation;
  RETURN_IF_ERROR(StrategyOptions(0).status());
  ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(FLAGS_strategy));
  header.strategy = ChecksumOf(file.contents()).Hex();
  SessionHeader found;
  if (stored.has_value()) {
    ASSIGN_OR_RETURN(found, ParseSessionHeader(*stored, FLAGS_state));
    if (!IsGiven("seed")) header.plan.seed = found.plan.seed;
    header.stakes = found.stakes;
    if (header != found) return OtherSession(header, found);
  }
  ASSIGN_OR_RETURN(const PlayerOptions options, StrategyOptions(header.plan.seed));
  ASSIGN_OR_RETURN(session.strategy, StrategyPlayer::Open(FLAGS_strategy, options));
  ASSIGN_OR_RETURN(session.game, PlayedGame(*session.strategy, found.stakes));
  header.stakes = session.game == session.strategy->game() ? "" : FormatStakes(session.game);
  if (stored.has_value() && header != found) return OtherSession(header, found);
  if (header.plan.seat.value_or(0) >= session.game.num_players) {
    return absl::InvalidArgumentError(absl::StrCat("--seat=", FLAGS_seat,
                                                   ": the strategy's game has ",
                                                   session.game.num_players, " seats, from 0"));
  }
  if (history_format.has_value()) {
    RETURN_IF_ERROR(CheckGameOf(*history_format, session.game));
  }
  if (stored.has_value()) {
    ASSIGN_OR_RETURN(session.record, ParseSession(*stored, FLAGS_state, session.game));
  }
  return session;
}

TableOptions TableOf(const Session& session) {
  TableOptions table;
  table.plan = session.header.plan;
  table.game = session.game;
  table.hands_max = FLAGS_hands;
  table.shows_all = FLAGS_reveal;
  table.out = FLAGS_json ? stderr : stdout;
  const bool is_terminal = isatty(fileno(table.out)) != 0;
  table.prompts = is_terminal && isatty(STDIN_FILENO) != 0;
  table.has_colour = WantsColour(is_terminal);
  return table;
}

// Until it is over or left; `file` may be null.
absl::Status Play(const Session& session, const std::optional<HandFormat>& history_format,
                  SessionFile* file) {
  const TableOptions table = TableOf(session);
  TypedLines lines(STDIN_FILENO);
  PlaySession play(*session.strategy, table, &lines, file, session.record);
  if (!HasSameDepth(session.strategy->game(), session.game)) {
    std::fprintf(table.out,
                 "stacks are not those that the strategy was trained for: its bets keep "
                 "their share of the pot\n");
  }
  if (table.prompts) {
    std::fprintf(table.out, "f fold, c call or check, r AMOUNT raise, ? help, q leave\n");
  }
  const absl::Status status = play.Play();
  if (history_format.has_value()) {
    RETURN_IF_ERROR(WriteHands(FLAGS_history, *history_format, play.Records()));
  }
  RETURN_IF_ERROR(status);
  const TableView view(session.game, false);
  if (FLAGS_json) PrintResult(play, session.header, view.big_blind_chips());
  if (file != nullptr && table.prompts) {
    std::fprintf(table.out, "\nsaved in %s: the same command goes on\n", FLAGS_state.c_str());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<HandFormat>> HistoryFormat() {
  if (FLAGS_history.empty()) return std::nullopt;
  return HandFormatOf(FLAGS_history, "");
}

absl::StatusOr<FileLock> LockSession() {
  absl::StatusOr<FileLock> lock = FileLock::Acquire(FLAGS_state, "--state");
  if (!absl::IsUnavailable(lock.status())) return lock;
  return absl::UnavailableError(absl::StrCat(
      FLAGS_state,
      ": another process plays this session; leave it there (q), or give another --state"));
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty() || FLAGS_strategy.empty()) {
    return absl::InvalidArgumentError("expected --strategy=FILE and flags; try --help");
  }
  if (FLAGS_stakes != "refuse" && FLAGS_stakes != "scale") {
    return absl::InvalidArgumentError(
        absl::StrCat("--stakes=", FLAGS_stakes, "; allowed: refuse, scale"));
  }
  ASSIGN_OR_RETURN(const std::optional<HandFormat> history_format, HistoryFormat());
  // A new session that is refused leaves no file: all is looked at before the lock makes one.
  std::optional<Session> session;
  if (FLAGS_state.empty() || !FileExists(FLAGS_state)) {
    ASSIGN_OR_RETURN(session, OpenSession(std::nullopt, history_format));
  }
  std::optional<FileLock> lock;  // before the session is read: it is nobody else's from then on
  if (!FLAGS_state.empty()) {
    ASSIGN_OR_RETURN(lock, LockSession());
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> stored, StoredSession());
  if (!session.has_value() || stored.has_value()) {
    ASSIGN_OR_RETURN(session, OpenSession(stored, history_format));
  }
  std::optional<SessionFile> file;
  if (!FLAGS_state.empty()) {
    ASSIGN_OR_RETURN(file, SessionFile::Open(FLAGS_state, session->header, session->record));
  }
  CatchStopSignals();
  RETURN_IF_ERROR(Play(*session, history_format, file.has_value() ? &*file : nullptr));
  if (stop_signal_received.load() == 0) return absl::OkStatus();
  return absl::CancelledError(FLAGS_state.empty()
                                  ? "stopped"
                                  : absl::StrCat("stopped; ", FLAGS_state, " has what was played"));
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
