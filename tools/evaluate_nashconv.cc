#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/status_macros.h"
#include "solver/checkpoint/reader.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/evaluation/policy.h"
#include "solver/run/run_definition.h"
#include "tools/evaluate.h"
#include "tools/loaded_run.h"
#include "tools/stored_policy.h"

namespace nash {
namespace {

struct Evaluation {
  RunDefinition run;
  uint64_t iterations = 0;
  NashConvResult result;
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

absl::StatusOr<Evaluation> EvaluateUniform(const NashConvRequest& request) {
  Evaluation evaluation;
  ASSIGN_OR_RETURN(evaluation.run, LoadRunDefinition(request.config));
  ASSIGN_OR_RETURN(const PublicTree tree, BuildEvaluableTree(evaluation.run));
  ASSIGN_OR_RETURN(evaluation.result, NashConv(tree, UnbucketedHands(), UniformPolicy()));
  return evaluation;
}

absl::StatusOr<Evaluation> EvaluateCheckpoint(const NashConvRequest& request) {
  ASSIGN_OR_RETURN(const FoundCheckpoint found, FindCheckpoint(request.folder));
  for (const std::string& note : found.notes) {
    std::fprintf(stderr, "evaluate: passed over a damaged checkpoint: %s\n", note.c_str());
  }
  const Checkpoint& checkpoint = found.checkpoint;
  const RunPosition& position = checkpoint.manifest().position;
  Evaluation evaluation;
  evaluation.iterations = position.iterations;
  ASSIGN_OR_RETURN(evaluation.run,
                   ParseRunDefinition(position.definition,
                                      absl::StrCat(checkpoint.path(), " (its definition)")));
  const RunDefinition& run = evaluation.run;
  RETURN_IF_ERROR(BuildEvaluableTree(run).status());
  LoadOptions options;
  options.bucket_cache = request.bucket_cache;
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadedRun> loaded, LoadedRun::Make(run, options));
  ASSIGN_OR_RETURN(const StrategyKind kind, ParseStrategyKind(request.policy));
  ASSIGN_OR_RETURN(const StoredPolicy stored, StoredPolicy::Load(*loaded, checkpoint, kind));
  ASSIGN_OR_RETURN(
      evaluation.result,
      NashConv(loaded->tree(), AbstractionHands(loaded->abstraction()), stored.policy()));
  return evaluation;
}

void PrintJson(const NashConvRequest& request, const Evaluation& evaluation) {
  nlohmann::ordered_json json;
  json["policy"] = request.policy;
  json["nash_conv"] = evaluation.result.nash_conv_chips;
  json["exploitability"] = evaluation.result.exploitability_chips;
  json["values"] = evaluation.result.values_chips;
  json["best_responses"] = evaluation.result.best_response_chips;
  json["iterations"] = evaluation.iterations;
  json["run_fingerprint"] = Fingerprint(evaluation.run);
  std::printf("%s\n", json.dump(2).c_str());
}

void PrintTable(const NashConvRequest& request, const Evaluation& evaluation) {
  const GameDefinition& game = evaluation.run.game;
  const NashConvResult& result = evaluation.result;
  const auto list = [](const std::vector<double>& chips) {
    return absl::StrJoin(chips, "  ", [](std::string* out, double value) {
      absl::StrAppendFormat(out, "%+.6f", value);
    });
  };
  const int32_t big_blind = *std::max_element(game.blind_chips.begin(), game.blind_chips.end());
  const std::string milli_blinds =
      big_blind == 0
          ? ""
          : absl::StrFormat(" (%.3f mbb/g)", 1000 * result.exploitability_chips / big_blind);
  absl::PrintF("run               %s, %s strategy, %d iterations\n", evaluation.run.name,
               request.policy, evaluation.iterations);
  absl::PrintF("values            %s  chips a hand, by position\n", list(result.values_chips));
  absl::PrintF("best responses    %s\n", list(result.best_response_chips));
  absl::PrintF("NashConv          %.6f\n", result.nash_conv_chips);
  absl::PrintF("exploitability    %.6f%s\n", result.exploitability_chips, milli_blinds);
}

}  // namespace

absl::Status EvaluateNashConv(const NashConvRequest& request) {
  RETURN_IF_ERROR(CheckRequest(request));
  ASSIGN_OR_RETURN(const Evaluation evaluation, request.policy == "uniform"
                                                    ? EvaluateUniform(request)
                                                    : EvaluateCheckpoint(request));
  if (request.as_json) {
    PrintJson(request, evaluation);
  } else {
    PrintTable(request, evaluation);
  }
  return absl::OkStatus();
}

}  // namespace nash
