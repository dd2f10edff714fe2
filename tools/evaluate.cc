// evaluate: says how good a strategy is.
#include "tools/evaluate.h"

#include <gflags/gflags.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tools/command_line.h"

DEFINE_string(
    policy, "average",
    "what to evaluate: average (the strategy that CFR converges with), current (that of "
    "the last iteration), or uniform (every action alike; needs --config, no checkpoint)");
DEFINE_string(config, "", "run definition, for --policy=uniform");
DEFINE_string(bucket_cache, "", "folder of bucket files; default: the user's cache folder");
DEFINE_bool(json, false, "print one JSON object, for scripts");

namespace nash {
namespace {

constexpr char kHelp[] =
    R"(evaluate says how good a strategy is.

  evaluate nashconv DIR [--policy=average|current] [--json]
  evaluate nashconv --policy=uniform --config=FILE [--json]

nashconv computes, exactly and for any number of players, what every player would win by a best
response to the others. NashConv is the sum of these gains, exploitability their mean, both in chips
per hand; both are 0 in an equilibrium. The best responses know the cards, not just the buckets, so
that the loss by the card abstraction counts. Every deal is enumerated: this is for small games, and
a game that is too large is refused at once.

DIR is a run's folder (--out of train_blueprint), whose newest checkpoint that is not damaged is
taken, or the folder of one checkpoint. Where a run keeps strategy sums for the first street only
(average.streets: first), the average of the others is that of the run's snapshots.

Exit codes: 0 all is well; 2 wrong command line or definition; 3 no checkpoint or file there; 4
damaged; 5 written by another format version; 6 the game is too large; 7 may not be read.

To see a strategy improve:

  evaluate nashconv --policy=uniform --config=configs/leduc.yaml
  train_blueprint --config=configs/leduc.yaml --out=runs/leduc
  evaluate nashconv runs/leduc
)";

absl::Status Run(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] != "nashconv") {
    return absl::InvalidArgumentError(
        arguments.empty()
            ? std::string("expected a subcommand: nashconv; try --help")
            : absl::StrCat("no subcommand '", arguments[0], "'; there is nashconv; try --help"));
  }
  if (arguments.size() > 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected one folder, got ", arguments.size() - 1, "; try --help"));
  }
  NashConvRequest request;
  if (arguments.size() == 2) request.folder = arguments[1];
  request.config = FLAGS_config;
  request.policy = FLAGS_policy;
  request.bucket_cache = FLAGS_bucket_cache;
  request.as_json = FLAGS_json;
  return EvaluateNashConv(request);
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
