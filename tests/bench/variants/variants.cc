// Training without sampling, by variant; see kHelp. NashConv is measured after 1, 2, ...
// iterations, each 1.2 times the last.
#include <gflags/gflags.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "solver/cfr/enumerator.h"
#include "solver/cfr/unit_traverser.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/evaluation/policy.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tools/stored/loaded_run.h"

DEFINE_string(config, "configs/leduc.yaml", "Run definition whose game is trained");
DEFINE_double(seconds, 10, "Processor time of each variant, measurements left out");
DEFINE_int32(threads, 1, "Threads");

namespace nash {
namespace {

constexpr double kThresholds[] = {1, 0.1, 1e-2, 1e-3, 1e-6, 1e-9};

struct Named {
  std::string name;
  CfrOptions options;
};

std::vector<Named> Variants() {
  std::vector<Named> variants;
  const auto add = [&](const std::string& name, Variant variant, double alpha, double beta,
                       double gamma) {
    CfrOptions options;
    options.chance = Chance::kEnumerated;
    options.variant = variant;
    options.alpha = alpha;
    options.beta = beta;
    options.gamma = gamma;
    variants.push_back({name, options});
  };
  add("vanilla", Variant::kVanilla, 0, 0, 0);
  add("linear", Variant::kLinear, 0, 0, 0);
  add("discounted 1.5 0 2", Variant::kDiscounted, 1.5, 0, 2);
  add("discounted 1.5 0 4", Variant::kDiscounted, 1.5, 0, 4);
  add("plus", Variant::kPlus, 0, 0, 0);
  add("predictive", Variant::kPredictive, 0, 0, 0);
  add("predictive_discounted 2.3 5", Variant::kPredictiveDiscounted, 2.3, 0, 5);
  return variants;
}

nlohmann::ordered_json Run(RunDefinition definition, const Named& variant, ThreadPool* pool) {
  definition.algorithm = variant.options;
  definition.round = {1, 1, 1};
  const auto run = OrDie(LoadedRun::Make(definition, {}));
  Table table = OrDie(Table::Make(run->layout()));
  TrainingSetup setup = {definition.algorithm, definition.round, definition.seed, &table};
  setup.pool = pool;
  setup.cards = &run->cards();
  if (const absl::Status fits = CheckTrainingSetup(setup); !fits.ok()) OrDie<int>(fits);
  const auto enumerator = OrDie(Enumerator::Make(setup, MostChipsAtStake(definition.game), 0));
  NashConvOptions evaluation;
  evaluation.pool = pool;
  const AbstractionHands hands(run->abstraction());
  nlohmann::ordered_json out = {{"variant", variant.name}};
  nlohmann::ordered_json reached = nlohmann::ordered_json::object();
  double seconds = 0, nash_conv = 0;
  uint64_t done = 0;
  for (double next = 1; seconds < FLAGS_seconds; next = std::max(next + 1, next * 1.2)) {
    const double start = ProcessSeconds();
    for (; done < static_cast<uint64_t>(next); ++done) enumerator->Run();
    seconds += ProcessSeconds() - start;
    enumerator->Store(nullptr);
    nash_conv =
        OrDie(NashConv(run->tree(), hands, AverageStrategy(table), evaluation)).nash_conv_chips;
    for (const double threshold : kThresholds) {
      const std::string name = absl::StrFormat("%g", threshold);
      if (nash_conv > threshold || reached.contains(name)) continue;
      reached[name] = {{"seconds", seconds}, {"iterations", done}};
    }
  }
  out["reached"] = reached;
  out["seconds"] = seconds;
  out["iterations"] = done;
  out["nash_conv"] = nash_conv;
  return out;
}

constexpr char kHelp[] =
    R"(variants trains a small game without sampling by each variant of CFR, and prints after how
many seconds NashConv is below some thresholds.

  variants --config=configs/kuhn.yaml --seconds=1

A line of JSON a variant. Measuring NashConv is not counted. docs/measurements/enumerated.md has the
tables.

Exit codes: 0 printed; 2 a flag or a definition to correct; 3 a file is not there; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  const nash::RunDefinition definition = nash::OrDie(nash::LoadRunDefinition(FLAGS_config));
  nash::ThreadPool pool(FLAGS_threads);
  for (const nash::Named& variant : nash::Variants()) {
    std::cout << nash::Run(definition, variant, &pool).dump() << std::endl;
  }
}
