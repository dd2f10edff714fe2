// evaluate: says how good a strategy is.
#include <gflags/gflags.h>

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "tools/evaluation/commands.h"
#include "tools/program/command_line.h"
#include "tools/program/exit_codes.h"
#include "tools/program/threads_flag.h"

DEFINE_string(policy, "average",
              "what to evaluate: average (the strategy that CFR converges with), current (that of "
              "the last iteration), or uniform (nashconv: every action alike; needs --config, no "
              "checkpoint)");
DEFINE_string(config, "", "run definition, for --policy=uniform");
DEFINE_string(
    deals, "",
    "head_to_head, lbr, litmus: how many deals, or all; empty: all of a game with at most 4096, "
    "else 100000 (lbr: 10000; litmus: 400000; exploit: 500000 for each seat); match: of each pair, "
    "10000");
DEFINE_string(
    abstraction, "",
    "exploit: a bucket definition (as of build_buckets) whose buckets the exploiter uses; "
    "empty: those of the run");
DEFINE_uint64(iterations, 0,
              "exploit: deals that each seat learns from; by default 4194304, or no limit with "
              "--time_budget");
DEFINE_double(time_budget, 0, "exploit: seconds of training, shared by the seats; 0: no limit");
DEFINE_string(from, "",
              "nashconv of two players: answer from this street on and play the strategy before; "
              "lbr: check and call before it: preflop, flop, turn or river; empty: preflop");
DEFINE_string(bets, "56",
              "lbr: what it may do besides folding and calling: call (nothing), pot (the pot and "
              "all-in), or 56 (55 fractions of the pot and all-in)");
DEFINE_string(translation, "pseudo_harmonic",
              "lbr: what a bet that is not on the menu is taken for: pseudo_harmonic (one of its "
              "neighbours, drawn) or nearest");
DEFINE_int32(boards, 0,
             "nashconv with --from: how many boards are drawn, up to that street; 0: all boards");
DEFINE_string(
    precision, "",
    "nashconv of two players: double, or single, which takes 55% of the time and is right "
    "to five digits; empty: single with --boards, else double");
DEFINE_uint64(seed, 1, "deals and boards that are drawn follow from it");
DEFINE_int32(threads, 0, "Threads; 0: as many as this process may use cores. Changes no result");
DEFINE_string(bucket_cache, "", "folder of bucket files; default: the user's cache folder");
DEFINE_string(history, "",
              "match: file for the hands, in the format of its name: .log (ACPC), .phhs, .txt "
              "(PokerStars); empty: none");
DEFINE_bool(json, false, "print one JSON object, for scripts");

namespace nash {
namespace {

constexpr int64_t kMatchDealsDefault = 10000;

constexpr char kHelp[] =
    R"(evaluate says how good a strategy is.

  evaluate nashconv DIR [--policy=average|current] [--threads=N] [--json]
  evaluate nashconv --policy=uniform --config=FILE [--threads=N] [--json]
  evaluate nashconv DIR --from=flop|turn|river [--boards=N] [--seed=N] [--threads=N]
      [--precision=single|double] [--json]
  evaluate head_to_head DIR_A DIR_B [--policy=average|current] [--deals=N|all] [--seed=N]
      [--threads=N] [--json]
  evaluate lbr DIR [--bets=call|pot|56] [--from=flop|turn|river] [--translation=pseudo_harmonic|nearest]
      [--policy=average|current] [--deals=N] [--seed=N] [--threads=N] [--json]
  evaluate exploit DIR [--iterations=N] [--time_budget=SECONDS] [--abstraction=FILE]
      [--policy=average|current] [--deals=N] [--seed=N] [--threads=N] [--json]
  evaluate match A B ... [--policy=average|current] [--deals=N] [--seed=N] [--threads=N] [--json]
      [--history=FILE]
  evaluate litmus DIR [--policy=average|current] [--deals=N] [--seed=N] [--threads=N] [--json]

nashconv computes, exactly and for any number of players, what every player would win by a best
response to the others. NashConv is the sum of these gains, exploitability their mean, both in chips
per hand; both are 0 in an equilibrium. The best responses know the cards, not just the buckets, so
that the loss by the card abstraction counts. Every deal is enumerated. With two players that works at
any size, and what it takes is said first: seconds for a game with a short deck, many hours of hold'em.
With three and more it is for small games, and one that is too large is refused at once. With two
players a long evaluation may be stopped or killed: the same command goes on where it was, some
seconds before. What it needs for that lies in the folder of bucket files until the result is told.
--precision=single computes in floats, in some 55% of the time: five digits of the result are right.

With --from=river the responder plays the strategy as far as the turn, and answers on the river; with
--from=turn and --from=flop it begins earlier. What it wins is a lower bound of the exploitability, the
lower the later it begins. With --boards=N it is estimated from N boards drawn up to that street, with a
95% confidence interval: hold'em from 400 rivers takes seconds. Nothing is chosen on cards that are not
known yet, so that the estimate has no bias. A strategy that trains longer may become easier to exploit
and win more matches all the same: look at both.

head_to_head plays strategy A against strategy B, for two players in games of any size, and says what
A wins a hand, in chips and in thousandths of a big blind (mbb/g), with a 95% confidence interval. The
cards are real, so strategies with different buckets can be compared: that is what it is for. The bets
must be the same. Every deal is played twice with the seats exchanged, and each time for its exact
expectation over all actions of both, so that only the cards are left to luck, and of the board's most
is taken off. Four times the deals halve the interval. Games with at most 4096 deals are played out, and the result is exact. Ctrl-C
prints what was played so far. Who beats whom says little about who is harder to beat: that is
nashconv's question.

lbr plays a local best response against the strategy of a game for two: an opponent that knows the
strategy, keeps the range of its hands, and bets what the menu lacks, in 55 sizes and all-in. What it
wins a hand is a lower bound of what the strategy can lose to any bets, with a 95% confidence interval;
a loss says nothing. It looks at one action ahead, so that it may win more when it begins to bet later:
try --from=flop and --from=turn. Bets that the menu has not are taken for a neighbour, as a player with
this strategy would (--translation). Each deal is played in both seats. Games with at most 4096 deals
are played out. Ctrl-C prints what was played so far. What it does and takes: docs/evaluation.md.

exploit trains an exploiter for each seat in turn, in games of 2 to 10 players: the others play the
strategy, the engine trains the one. What it then gains over the strategy in that seat, on deals that it
has not seen and with the same cards and dice for both, is a lower bound of what the seat can gain, with
a 95% confidence interval. It learns from --iterations deals a seat, or for --time_budget seconds, shared
by the seats: the longer, the better the bound. It tells hands apart by the run's buckets, or by those of
--abstraction=FILE, a definition as build_buckets takes, which may see what the run's buckets hide. Games
with at most 4096 deals are measured exactly. Ctrl-C ends the training of a seat, measures it, and leaves
the seats out that come after it; once more ends at once.

match plays sampled hands, everyone against everyone, in games of 2 to 10 players: A in one seat and
copies of B in all others, each deal once with A in every seat. A and B are folders, or built-in
opponents: uniform, always_call, always_fold, always_raise, tight_aggressive. Bets must be the same.
AIVAT takes the luck of actions and of the board out, and in games with at most 4096 deals that of the
hole cards too; how many times it narrows the 95% interval is printed. For two strategies of a large
game for two, head_to_head says the same in less time. --history=FILE keeps the hands, for `hands` and other programs.

litmus checks a strategy for poker sense, in games of any size and number of players: aces are never
folded before the flop, nor the nuts ever, later seats open wider, no raise steals for free, and the
like. Each check prints its figure, the band that it must lie in, and why; one that does not apply says
why not. It plays hands against itself, so that what it never plays does not count. Passing says little
of strength; failing says where chips are given away. Exit code 11 where a check failed.

DIR is a run's folder (--out of train_blueprint), whose newest checkpoint that is not damaged is
taken, or the folder of one checkpoint, or, but for nashconv, a strategy file (inspect_checkpoint
export). Where a run keeps strategy sums for the first street only
(average.streets: first), the average of the others is that of the run's snapshots.

Exit codes: 0 all is well; 2 wrong command line or definition; 3 no checkpoint or file there; 4
damaged; 5 written by another format version, or strategies that cannot play each other; 6 the game
or its tables are too large; 7 may not be read; 10 stopped before all was played; 11 a check of litmus
failed.

To see a strategy improve:

  evaluate nashconv --policy=uniform --config=configs/leduc.yaml
  train_blueprint --config=configs/leduc.yaml --out=runs/leduc
  evaluate nashconv runs/leduc

To see what longer training wins:

  train_blueprint --config=configs/quickstart.yaml --out=runs/long
  train_blueprint --config=configs/quickstart.yaml --out=runs/short --rounds=8
  evaluate head_to_head runs/long runs/short
)";

// Flags of the other subcommand are refused: whoever gives one expects it to do something.
absl::Status RefuseFlags(const std::vector<const char*>& flags, const char* subcommand) {
  for (const char* flag : flags) {
    if (!IsGiven(flag)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("--", flag, ": of no effect on ", subcommand, "; leave it out"));
  }
  return absl::OkStatus();
}

absl::Status RunNashConv(const std::vector<std::string>& arguments) {
  if (arguments.size() > 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected one folder, got ", arguments.size() - 1, "; try --help"));
  }
  RETURN_IF_ERROR(RefuseFlags(
      {"deals", "bets", "translation", "abstraction", "iterations", "time_budget"}, "nashconv"));
  NashConvRequest request;
  ASSIGN_OR_RETURN(request.threads, ParseThreads(FLAGS_threads));
  if (arguments.size() == 2) request.folder = arguments[1];
  request.config = FLAGS_config;
  request.policy = FLAGS_policy;
  request.from = FLAGS_from;
  request.boards = FLAGS_boards;
  request.seed = FLAGS_seed;
  request.precision = FLAGS_precision;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  return EvaluateNashConv(request);
}

absl::Status RunHeadToHead(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected two folders, got ", arguments.size() - 1, "; try --help"));
  }
  RETURN_IF_ERROR(RefuseFlags({"config", "from", "boards", "precision", "bets", "translation",
                               "abstraction", "iterations", "time_budget"},
                              "head_to_head"));
  HeadToHeadRequest request;
  ASSIGN_OR_RETURN(request.threads, ParseThreads(FLAGS_threads));
  request.folders = {arguments[1], arguments[2]};
  request.policy = FLAGS_policy;
  request.deals = FLAGS_deals;
  request.seed = FLAGS_seed;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  return EvaluateHeadToHead(request);
}

absl::Status RunLbr(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected one folder, got ", arguments.size() - 1, "; try --help"));
  }
  RETURN_IF_ERROR(RefuseFlags(
      {"config", "boards", "precision", "abstraction", "iterations", "time_budget"}, "lbr"));
  LbrRequest request;
  ASSIGN_OR_RETURN(request.threads, ParseThreads(FLAGS_threads));
  request.folder = arguments[1];
  request.policy = FLAGS_policy;
  request.bets = FLAGS_bets;
  request.from = FLAGS_from;
  request.translation = FLAGS_translation;
  request.deals = FLAGS_deals;
  request.seed = FLAGS_seed;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  return EvaluateLbr(request);
}

absl::Status RunExploit(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected one folder, got ", arguments.size() - 1, "; try --help"));
  }
  RETURN_IF_ERROR(
      RefuseFlags({"config", "from", "boards", "precision", "bets", "translation"}, "exploit"));
  if ((IsGiven("iterations") && FLAGS_iterations == 0) ||
      (IsGiven("time_budget") && !(FLAGS_time_budget > 0))) {
    return absl::InvalidArgumentError(absl::StrCat(
        IsGiven("iterations") && FLAGS_iterations == 0 ? "--iterations" : "--time_budget",
        ": an exploiter that learns nothing; give more than 0, or leave it out"));
  }
  ExploitRequest request;
  ASSIGN_OR_RETURN(request.threads, ParseThreads(FLAGS_threads));
  request.folder = arguments[1];
  request.policy = FLAGS_policy;
  request.abstraction = FLAGS_abstraction;
  request.iterations = FLAGS_iterations;
  request.time_budget_seconds = FLAGS_time_budget;
  request.deals = FLAGS_deals;
  request.seed = FLAGS_seed;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  return EvaluateExploit(request);
}

absl::Status RunMatch(const std::vector<std::string>& arguments) {
  RETURN_IF_ERROR(RefuseFlags({"config", "from", "boards", "precision", "bets", "translation",
                               "abstraction", "iterations", "time_budget"},
                              "match"));
  MatchRequest request;
  ASSIGN_OR_RETURN(request.threads, ParseThreads(FLAGS_threads));
  request.entrants.assign(arguments.begin() + 1, arguments.end());
  request.policy = FLAGS_policy;
  if (FLAGS_deals.empty()) {
    request.deals = kMatchDealsDefault;
  } else if (!absl::SimpleAtoi(FLAGS_deals, &request.deals)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--deals=", FLAGS_deals, ": expected a number of deals"));
  }
  request.history = FLAGS_history;
  request.seed = FLAGS_seed;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  return EvaluateMatch(request);
}

// The number of checks that failed.
absl::StatusOr<int> RunLitmus(const std::vector<std::string>& arguments) {
  if (arguments.size() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected one folder, got ", arguments.size() - 1, "; try --help"));
  }
  RETURN_IF_ERROR(RefuseFlags({"config", "from", "boards", "precision", "bets", "translation",
                               "abstraction", "iterations", "time_budget", "history"},
                              "litmus"));
  LitmusRequest request;
  ASSIGN_OR_RETURN(request.threads, ParseThreads(FLAGS_threads));
  request.folder = arguments[1];
  request.policy = FLAGS_policy;
  request.deals = FLAGS_deals;
  request.seed = FLAGS_seed;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  return EvaluateLitmus(request);
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    return absl::InvalidArgumentError(
        "expected a subcommand: nashconv, head_to_head, lbr, exploit, match or litmus; try --help");
  }
  if (arguments[0] != "match" && IsGiven("history")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--history: ", arguments[0], " plays no hands that could be kept; match does"));
  }
  if (arguments[0] == "nashconv") return RunNashConv(arguments);
  if (arguments[0] == "head_to_head") return RunHeadToHead(arguments);
  if (arguments[0] == "lbr") return RunLbr(arguments);
  if (arguments[0] == "exploit") return RunExploit(arguments);
  if (arguments[0] == "match") return RunMatch(arguments);
  return absl::InvalidArgumentError(absl::StrCat(
      "no subcommand '", arguments[0],
      "'; there are nashconv, head_to_head, lbr, exploit, match and litmus; try --help"));
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  const std::vector<std::string> arguments = nash::ParseCommandLine(argc, argv, nash::kHelp);
  if (arguments.empty() || arguments[0] != "litmus") return nash::Finish(nash::Run(arguments));
  // A strategy that fails a check is no failure of the program.
  const absl::StatusOr<int> failed = nash::RunLitmus(arguments);
  const int code = nash::Finish(failed.status());
  return code == nash::kExitOk && *failed > 0 ? nash::kExitCheckFailed : code;
}
