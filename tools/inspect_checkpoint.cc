// inspect_checkpoint: looks into checkpoints without changing them.
#include <gflags/gflags.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "common/whole_number.h"
#include "tools/inspection/commands.h"
#include "tools/program/command_line.h"
#include "tools/program/threads_flag.h"

DEFINE_bool(json, false,
            "all but serve: print one JSON object, for scripts; policy: of one decision, "
            "hand by hand");
DEFINE_string(format, "csv",
              "policy: csv (a line for every action) or jsonl (a JSON object for every infoset); "
              "range: csv or range; export: strategy (unless given) or npz");
DEFINE_string(street, "", "policy: of this street only (preflop, flop, turn, river); empty: all");
DEFINE_string(betting, "",
              "policy: of this decision only; grid: of this one instead of the first. In ACPC "
              "notation, as in --betting=cr300c/r600");
DEFINE_string(board, "",
              "policy: the board at the decision that --betting names, as in Th9h2c: its strategy "
              "by hole cards instead of by bucket");
DEFINE_string(hand, "", "policy: of these hole cards only, as in AhKd");
DEFINE_string(
    range, "",
    "policy: of these hands only, and the mean over them: as in 22+,A5s+,KTo+,AhKd,T9s:0.5");
DEFINE_bool(same_bucket, false,
            "policy: with --hand or --range: also the hands of this board that share a bucket with "
            "them, and so are played alike");
DEFINE_int32(seat, -1, "range: the position whose range it is, from 0; left out: who acts");
DEFINE_int32(depth, -1, "tree: how many decisions down; negative: to the end");
DEFINE_double(
    min_reach, -1,
    "tree, diff: what play comes to less often is left out; tree: 0.001 unless given, diff: "
    "0");
DEFINE_uint64(top, 20, "diff: how many infosets are named");
DEFINE_string(host, "127.0.0.1", "serve: the address to listen at; others see what it shows");
DEFINE_int32(port, 8321, "serve: the port to listen at; 0: any that is free");
DEFINE_string(color, "auto",
              "grid: auto (where stdout is a terminal and NO_COLOR is not set), always or never");
DEFINE_bool(percent, false, "grid: percentages, a grid for each action");
DEFINE_int32(bits, 16, "export: of a probability, 8 or 16");
DEFINE_string(
    deals, "",
    "export: how many deals the loss by rounding is measured on; 0: it is not. tree, diff: "
    "how many deals reach is counted over. Empty: 2000; all of a game with at most 4096");
DEFINE_uint64(seed, 1, "export, tree, diff: these deals follow from it");
DEFINE_string(
    buckets, "beside",
    "export: beside (the bucket files that the strategy needs are put beside the file), packed "
    "(into the file) or none");
DEFINE_int32(threads, 0,
             "export: threads; 0: as many as this process may use cores. Changes no byte");
DEFINE_string(bucket_cache, "",
              "policy, report, grid, export, serve: folder of bucket files; empty: "
              "$XDG_CACHE_HOME/nashville or "
              "~/.cache/nashville. Files that it lacks are built");

namespace nash {
namespace {

constexpr uint64_t kDealsDefault = 2000;
constexpr double kTreeMinReach = 0.001;

constexpr char kHelp[] =
    R"(inspect_checkpoint looks into the checkpoints of a run. It changes none of them, and a run
that is going on is not disturbed.

  inspect_checkpoint summary DIR [--json]   whose run it is, how far it has come, how large it is
  inspect_checkpoint verify DIR [--json]    reads every byte and checks it, down to the state hash,
                                            and the run.yaml beside it
  inspect_checkpoint definition DIR [--json]
                                            prints the run definition, in a form --config takes
  inspect_checkpoint policy DIR [--format=csv|jsonl] [--street=S] [--betting=B]
                                            prints the strategy, a line for every action, or a JSON
                                            object for every infoset
  inspect_checkpoint policy DIR --betting=B --board=CARDS [--hand=CARDS | --range=R]
                            [--same_bucket] [--json]
                                            the same of one decision, by hole cards, with the reach
                                            of each hand
  inspect_checkpoint range DIR --betting=B --board=CARDS [--seat=P] [--format=csv|range] [--json]
                                            what a player holds there, the likeliest hands first
  inspect_checkpoint tree DIR [--betting=B] [--depth=N] [--min_reach=X] [--json]
                                            what is played, decision by decision, and how often
  inspect_checkpoint regrets DIR [--json]   how large regrets are, by street; what is at the floor,
                                            what was never visited
  inspect_checkpoint diff DIR DIR2 [--top=N] [--min_reach=X] [--json]
                                            where two checkpoints of one game play differently
  inspect_checkpoint log DIR [--json]       rounds, bytes, workers and anomalies of a cluster's run
  inspect_checkpoint repair DIR OUT [--json]
                                            copies the newest state that verifies to a new folder
  inspect_checkpoint serve DIR [DIR2] [--host=127.0.0.1] [--port=8321]
                                            shows the strategy in a browser, until Ctrl-C; with
                                            DIR2 that of another run beside it
  inspect_checkpoint report DIR [FILE] [--json]
                                            writes the run as one HTML page, curves and openings, that
                                            needs nothing else: DIR/report.html, or FILE
  inspect_checkpoint grid DIR [--betting=B] [--color=auto|always|never] [--percent] [--json]
                                            draws one decision's strategy by hole cards
  inspect_checkpoint export DIR FILE [--bits=8|16] [--buckets=beside|packed|none]
      [--deals=N] [--json]
                                            writes the average strategy as one file that players map
  inspect_checkpoint export DIR FILE --format=npz [--json]
                                            the same as arrays of NumPy, for tools/python/nashville.py

DIR is a run's folder (--out of train_blueprint), whose newest checkpoint that is not damaged is
taken, or the folder of one checkpoint, such as runs/kuhn/checkpoints/round-0000000042.

policy prints the columns player,street,betting,hand,action,probability,regret,strategy_sum. player
is the position that acts, from 0. betting is what came before, in ACPC notation: f fold, c check or
call, r raise (no-limit: to so many chips over the whole hand), / a new street; of the first
decision it is root. hand is a class of cards on lossless streets (AKs; own cards|board), else a
bucket's number. regret and strategy_sum are the integers that the table holds. probability is of
the average strategy; on streets whose sums are not kept (average.streets: first) it is of the
current strategy, and strategy_sum is empty. The table is printed as it is read, so that it may be
larger than the memory.

With --board (empty on the first street), --hand, --range or --json, policy looks at one decision by hole
cards: hand,bucket,reach,action,probability,regret. reach is the probability that the hand's player
plays as far as that with it: the player's range. docs/browser.md has the fields of --json.
--range=22+,A5s+,KTo+,QQ-99,AhKd,T9s:0.5 asks about a range instead: pairs from 22 up, suited hands
from A5s to AKs, one hand, half of T9s. Its weights are a column, and the mean is over them.

range takes the hands of --seat=P (a position; left out, who acts) and says for each with what
probability its player's own actions lead there. --format=range prints one line that --range takes.
tree and diff deal hands (--deals, --seed; small games: all there are) and play them by the
strategy, all players: reach is how often a hand comes to a decision. diff weights by it how far two
strategies are apart: the total variation, half of the sum of |a - b| over actions.

log and repair take a run's folder. repair reads checkpoints from the newest back until one is whole
to its last byte, and copies it to OUT, which must not be there, with the snapshots before it and as
much of the round log as is whole; it says what it leaves behind. train_blueprint --resume --out=OUT
goes on from there.

export writes what a player needs and nothing else: the run definition and the average strategy, a
third of the table or less, with a checksum (docs/formats/strategy_file.md). It says how far
rounding moved probabilities and, of games for two, what the file wins against the strategy that it
was made of: nothing, or nearly so. The bucket files of the run are put beside FILE (as a second
name where it is the same disk), so that the folder can be carried to another machine, or into FILE
by --buckets=packed, which is then all that is needed. FILE is replaced if it is there. evaluate
takes such a file wherever it takes a folder. The table is held in memory meanwhile.

report shows the definition, the curves of metrics.jsonl, the first decisions and what to be warned of;
also what evaluate litmus said, where its --json was kept as DIR/litmus.json. train_blueprint writes it
at the end of a run.

Exit codes: 0 all is well; 2 wrong command line; 3 no checkpoint there; 4 damaged; 5 written by
another format version; 6 no room for bucket files; 7 may not be read; 8 serve cannot listen there;
9 OUT of repair is there already; 10 export was stopped before the file was written.

To see that two runs have come to the same table, compare their state hashes:

  inspect_checkpoint summary runs/a --json | grep state_hash
)";

absl::Status RunServe(const std::vector<std::string>& folders) {
  return InspectServe({folders, FLAGS_host, FLAGS_port, FLAGS_bucket_cache});
}

absl::Status RunExport(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) {
    return absl::InvalidArgumentError(absl::StrCat("export: expected a folder and a file, got ",
                                                   arguments.size() - 1, " arguments; try --help"));
  }
  ExportRequest request;
  ASSIGN_OR_RETURN(request.threads, ParseThreads(FLAGS_threads));
  request.folder = arguments[1];
  request.file = arguments[2];
  request.bits = FLAGS_bits;
  request.deals = FLAGS_deals;
  request.seed = FLAGS_seed;
  request.buckets = FLAGS_buckets;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  const std::string format = IsGiven("format") ? FLAGS_format : "strategy";
  if (format == "npz") return InspectExportNpz(request);
  if (format == "strategy") return InspectExport(request);
  return absl::InvalidArgumentError(
      absl::StrCat("--format=", absl::CEscape(format),
                   ": export writes strategy (for players) or npz (for NumPy)"));
}

absl::StatusOr<uint64_t> ParseDeals() {
  if (FLAGS_deals.empty()) return kDealsDefault;
  const std::optional<uint64_t> deals = ParseWholeNumber(FLAGS_deals);
  if (deals.has_value()) return *deals;
  return absl::InvalidArgumentError(
      absl::StrCat("--deals=", absl::CEscape(FLAGS_deals), ": expected a whole number"));
}

absl::Status RunRange(const std::string& folder) {
  RangeRequest request;
  request.folder = folder;
  request.betting = FLAGS_betting;
  request.board = FLAGS_board;
  if (IsGiven("seat")) request.seat = FLAGS_seat;
  request.format = FLAGS_format;
  request.as_json = FLAGS_json;
  request.bucket_cache = FLAGS_bucket_cache;
  return InspectRange(request);
}

absl::Status RunTree(const std::string& folder) {
  TreeRequest request;
  request.folder = folder;
  request.betting = FLAGS_betting;
  request.depth = FLAGS_depth;
  request.min_reach = IsGiven("min_reach") ? FLAGS_min_reach : kTreeMinReach;
  ASSIGN_OR_RETURN(request.deals, ParseDeals());
  request.seed = FLAGS_seed;
  request.as_json = FLAGS_json;
  request.bucket_cache = FLAGS_bucket_cache;
  return InspectTree(request);
}

absl::Status RunDiff(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("diff: expected two folders, got ", arguments.size() - 1, "; try --help"));
  }
  DiffRequest request;
  request.folder = arguments[1];
  request.other_folder = arguments[2];
  request.top = FLAGS_top;
  request.min_reach = IsGiven("min_reach") ? FLAGS_min_reach : 0;
  ASSIGN_OR_RETURN(request.deals, ParseDeals());
  request.seed = FLAGS_seed;
  request.as_json = FLAGS_json;
  request.bucket_cache = FLAGS_bucket_cache;
  return InspectDiff(request);
}

absl::Status RunRepair(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("repair: expected a run's folder and a new one, got ", arguments.size() - 1,
                     " arguments; try --help"));
  }
  return InspectRepair({arguments[1], arguments[2], FLAGS_json});
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty() && arguments[0] == "export") return RunExport(arguments);
  if (!arguments.empty() && arguments[0] == "report" && arguments.size() == 3) {
    return InspectReport({arguments[1], arguments[2], FLAGS_bucket_cache, FLAGS_json});
  }
  if (!arguments.empty() && arguments[0] == "serve" && arguments.size() == 3) {
    return RunServe({arguments[1], arguments[2]});
  }
  if (!arguments.empty() && arguments[0] == "diff") return RunDiff(arguments);
  if (!arguments.empty() && arguments[0] == "repair") return RunRepair(arguments);
  if (arguments.size() != 2) {
    return absl::InvalidArgumentError(absl::StrCat("expected a subcommand and a folder, got ",
                                                   arguments.size(), " arguments; try --help"));
  }
  const std::string& command = arguments[0];
  const std::string& folder = arguments[1];
  if (command == "summary") return InspectSummary(folder, FLAGS_json);
  if (command == "verify") return InspectVerify(folder, FLAGS_json);
  if (command == "definition") return InspectDefinition(folder, FLAGS_json);
  if (command == "policy") {
    PolicyRequest request;
    request.folder = folder;
    request.format = FLAGS_format;
    request.street = FLAGS_street;
    request.bucket_cache = FLAGS_bucket_cache;
    if (IsGiven("betting")) request.betting = FLAGS_betting;
    if (IsGiven("board")) request.board = FLAGS_board;
    request.hand = FLAGS_hand;
    if (IsGiven("range")) request.range = FLAGS_range;
    request.same_bucket = FLAGS_same_bucket;
    request.as_json = FLAGS_json;
    return InspectPolicy(request);
  }
  if (command == "log") return InspectLog({folder, FLAGS_json});
  if (command == "range") return RunRange(folder);
  if (command == "tree") return RunTree(folder);
  if (command == "regrets") return InspectRegrets({folder, FLAGS_json, FLAGS_bucket_cache});
  if (command == "grid") {
    return InspectGrid(
        {folder, FLAGS_betting, FLAGS_color, FLAGS_percent, FLAGS_bucket_cache, FLAGS_json});
  }
  if (command == "report") return InspectReport({folder, "", FLAGS_bucket_cache, FLAGS_json});
  if (command == "serve") return RunServe({folder});
  return absl::InvalidArgumentError(
      absl::StrCat("no subcommand '", absl::CEscape(command),
                   "'; there are summary, verify, definition, policy, range, tree, regrets, diff, "
                   "log, repair, report, grid, export and "
                   "serve; try --help"));
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
