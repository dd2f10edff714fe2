// Three ways lead to a figure, by the size of the game and by what the user can wait for:
//
//   two players, one or two hole cards   ranges (ranges.cc), exact at any size
//   the same with --boards               ranges on drawn boards: a bound with an interval
//   more players, or more hole cards     all deals enumerated (nash_conv.h): small games
//
// --policy=uniform has no checkpoint: it is the figure that any training should be better than, and
// takes a definition. What could not be evaluated is refused by its tree, before buckets are built.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "common/thread_pool.h"
#include "solver/checkpoint/reader.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/evaluation/policy.h"
#include "solver/run/run_definition.h"
#include "tools/evaluation/commands.h"
#include "tools/evaluation/ranges.h"
#include "tools/program/build_progress.h"
#include "tools/program/print_json.h"
#include "tools/stored/loaded_run.h"
#include "tools/stored/stored_policy.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

// What is over sooner needs no line.
constexpr double kQuietSeconds = 2;

struct Evaluation {
  RunDefinition run;
  uint64_t iterations = 0;
  RangeEvaluation ranges;  // games of more players: the result alone
};

absl::Status CheckRequest(const NashConvRequest& request) {
  const bool is_uniform = request.policy == "uniform";
  if (!is_uniform && request.policy != "average" && request.policy != "current") {
    return absl::InvalidArgumentError(
        absl::StrCat("--policy=", request.policy, "; allowed: average, current, uniform"));
  }
  if (is_uniform && (request.config.empty() || !request.folder.empty())) {
    return absl::InvalidArgumentError(
        "--policy=uniform needs --config=FILE, and takes no folder; try --help");
  }
  if (!is_uniform && (request.folder.empty() || !request.config.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("--policy=", request.policy,
                     " needs the folder of a run or checkpoint, and takes no --config: a "
                     "checkpoint holds its own; try --help"));
  }
  return absl::OkStatus();
}

// The tree of a run; an error before any buckets are built for what could not be evaluated after.
absl::StatusOr<PublicTree> BuildEvaluableTree(const RunDefinition& run) {
  ASSIGN_OR_RETURN(PublicTree tree, PublicTree::Build(run.game, run.menu));
  const absl::Status status = CheckEvaluable(tree);
  if (status.ok()) return tree;
  return absl::Status(status.code(),
                      absl::StrCat("game of run ", run.name, ": ", status.message()));
}

absl::StatusOr<NashConvResult> Evaluate(const NashConvRequest& request, const PublicTree& tree,
                                        const HandModel& model, const Policy& policy) {
  ThreadPool pool(request.threads);
  BuildProgressPrinter printer(kQuietSeconds);
  NashConvOptions options;
  options.pool = &pool;
  options.progress = [&](const StageProgress& progress) { printer.Print(progress); };
  return NashConv(tree, model, policy, options);
}

absl::Status EvaluatePolicy(const NashConvRequest& request, const PublicTree& tree,
                            const HandModel& hands, const Policy& policy,
                            const std::string& strategy, Evaluation* out) {
  if (CanWalkRanges(tree.game())) {
    ASSIGN_OR_RETURN(out->ranges, EvaluateByRanges(request, tree, hands, policy, strategy));
    return absl::OkStatus();
  }
  if (!request.from.empty() || request.boards != 0 || !request.precision.empty()) {
    return absl::InvalidArgumentError(
        "--from, --boards and --precision are for two players with one or two hole cards");
  }
  ASSIGN_OR_RETURN(out->ranges.result, Evaluate(request, tree, hands, policy));
  return absl::OkStatus();
}

absl::StatusOr<Evaluation> EvaluateUniform(const NashConvRequest& request) {
  Evaluation evaluation;
  ASSIGN_OR_RETURN(evaluation.run, LoadRunDefinition(request.config));
  ASSIGN_OR_RETURN(const PublicTree tree, BuildEvaluableTree(evaluation.run));
  RETURN_IF_ERROR(EvaluatePolicy(request, tree, UnbucketedHands(tree.game().ranking),
                                 UniformPolicy(), "uniform " + Fingerprint(evaluation.run),
                                 &evaluation));
  return evaluation;
}

absl::StatusOr<Evaluation> EvaluateCheckpoint(const NashConvRequest& request) {
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, OpenStoredRun(request.folder));
  Evaluation evaluation;
  evaluation.iterations = checkpoint.manifest().position.iterations;
  ASSIGN_OR_RETURN(evaluation.run, DefinitionOf(checkpoint));
  const RunDefinition& run = evaluation.run;
  RETURN_IF_ERROR(BuildEvaluableTree(run).status());
  BuildProgressPrinter printer;
  LoadOptions options;
  options.bucket_cache = request.bucket_cache;
  options.build.threads = request.threads;
  options.build.progress = [&](const StageProgress& progress) { printer.Print(progress); };
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> loaded, LoadedRun::Make(run, options));
  ASSIGN_OR_RETURN(const StrategyKind kind, ParseStrategyKind(request.policy));
  ASSIGN_OR_RETURN(const StoredPolicy stored, StoredPolicy::Load(*loaded, checkpoint, kind));
  RETURN_IF_ERROR(EvaluatePolicy(request, loaded->tree(), AbstractionHands(loaded->abstraction()),
                                 stored.policy(),
                                 absl::StrCat(request.policy, " ", Fingerprint(run), " ",
                                              absl::Hex(checkpoint.manifest().state_hash)),
                                 &evaluation));
  return evaluation;
}

void PrintAsJson(const NashConvRequest& request, const Evaluation& evaluation) {
  nlohmann::ordered_json json;
  json["policy"] = request.policy;
  json["precision"] = evaluation.ranges.is_single ? "single" : "double";
  if (evaluation.ranges.bound.has_value()) {
    json["from_street"] = evaluation.ranges.from_street;
    json["boards"] = evaluation.ranges.boards;
    json["is_complete"] = !evaluation.ranges.is_stopped;
    json["exploitability_at_least"] = evaluation.ranges.bound->mean;
    json["half_width_95"] = evaluation.ranges.bound->half_width;
  } else {
    json["nash_conv"] = evaluation.ranges.result.nash_conv_chips;
    json["exploitability"] = evaluation.ranges.result.exploitability_chips;
    json["values"] = evaluation.ranges.result.values_chips;
    json["best_responses"] = evaluation.ranges.result.best_response_chips;
    if (evaluation.ranges.from_street > 0) json["from_street"] = evaluation.ranges.from_street;
  }
  json["iterations"] = evaluation.iterations;
  json["run_fingerprint"] = Fingerprint(evaluation.run);
  PrintJson(json);
}

void PrintTable(const NashConvRequest& request, const Evaluation& evaluation) {
  const GameDefinition& game = evaluation.run.game;
  const NashConvResult& result = evaluation.ranges.result;
  const auto list = [](const std::vector<double>& chips) {
    return absl::StrJoin(chips, "  ", [](std::string* out, double value) {
      absl::StrAppendFormat(out, "%+.6f", value);
    });
  };
  const int32_t big_blind = *std::max_element(game.blind_chips.begin(), game.blind_chips.end());
  const auto milli_blinds = [&](double chips) {
    return big_blind == 0 ? "" : absl::StrFormat(" (%.3f mbb/g)", 1000 * chips / big_blind);
  };
  absl::PrintF("run               %s, %s strategy, %d iterations\n", evaluation.run.name,
               request.policy, evaluation.iterations);
  if (evaluation.ranges.bound.has_value()) {
    absl::PrintF("answers           from %s on, %d boards\n", request.from,
                 evaluation.ranges.boards);
    absl::PrintF("exploitability    at least %.6f%s\n", evaluation.ranges.bound->mean,
                 milli_blinds(evaluation.ranges.bound->mean));
    absl::PrintF("95%% interval      +- %.6f%s\n", evaluation.ranges.bound->half_width,
                 milli_blinds(evaluation.ranges.bound->half_width));
    return;
  }
  if (evaluation.ranges.from_street > 0) {
    absl::PrintF("answers           from %s on: lower bounds\n", request.from);
  }
  if (evaluation.ranges.is_single) {
    absl::PrintF("computed in       floats: five digits are right\n");
  }
  if (!result.values_chips.empty()) {
    absl::PrintF("values            %s  chips a hand, by position\n", list(result.values_chips));
  }
  absl::PrintF("best responses    %s  chips a hand, by position\n",
               list(result.best_response_chips));
  absl::PrintF("NashConv          %.6f\n", result.nash_conv_chips);
  absl::PrintF("exploitability    %.6f%s\n", result.exploitability_chips,
               milli_blinds(result.exploitability_chips));
}

}  // namespace

absl::Status EvaluateNashConv(const NashConvRequest& request) {
  RETURN_IF_ERROR(CheckRequest(request));
  ASSIGN_OR_RETURN(const Evaluation evaluation, request.policy == "uniform"
                                                    ? EvaluateUniform(request)
                                                    : EvaluateCheckpoint(request));
  if (request.as_json) {
    PrintAsJson(request, evaluation);
  } else {
    PrintTable(request, evaluation);
  }
  if (evaluation.ranges.is_stopped) {
    return absl::CancelledError(
        absl::StrFormat("stopped after %d of %d boards: the bound is of these",
                        evaluation.ranges.boards, request.boards));
  }
  // What could not be written is not told: the same command then has no more to do than that.
  if (evaluation.ranges.walks != nullptr && std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
    evaluation.ranges.walks->Remove();
  }
  return absl::OkStatus();
}

}  // namespace nash
