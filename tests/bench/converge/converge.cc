// NashConv by variant, averaging and the shape of a round; see kHelp.
#include <gflags/gflags.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/evaluation/policy.h"
#include "solver/run/run_definition.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/converge/independent_deals.h"
#include "tests/bench/converge/measured_rounds.h"
#include "tests/bench/measure.h"
#include "tools/stored/loaded_run.h"

DEFINE_string(config, "configs/leduc.yaml", "Run definition whose algorithm and round are varied");
DEFINE_uint64(deals, 10'000'000, "Deals of each run; 0: as many as fit --seconds");
DEFINE_double(seconds, 60, "Length of each run when --deals=0");
DEFINE_int32(threads, 2, "Threads");
DEFINE_int32(seeds, 3, "Runs of each mix; their mean is printed");
DEFINE_int32(first_seed, 1, "Seed of the first of them; the others follow");
DEFINE_string(units, "1", "Units in a round, to be tried");
DEFINE_string(batches_per_unit, "0",
              "Batches in a unit, to be tried; 0: so many that a round has --discount_every deals");
DEFINE_string(batches, "32,128", "Deals in a batch, to be tried");
DEFINE_string(meet_every, "1",
              "Rounds from meeting to meeting, to be tried; 1: lag 0, above: lag 1 (lines.h)");
DEFINE_string(mixes, "vanilla,linear,dcfr,plus",
              "Of: vanilla; linear; dcfr (alpha 1.5, beta 0, gamma 2); recent (vanilla regrets, "
              "sums weighted by t); plus (regrets floored at zero, sums weighted by t^2)");
DEFINE_uint64(discount_every, 100'000, "Deals between discounts (about: whole rounds)");
DEFINE_bool(amplify, true, "Rounds of several units: whether their units are amplified");
DEFINE_bool(enumerate, true, "Small games: whether chance is enumerated in cycles, or sampled");
DEFINE_string(sampler, "", "Instead of the run definition's: external, outcome or public");
DEFINE_double(quantum, 0, "Instead of the run definition's, in chips; 0: that one");

namespace nash {
namespace {

std::vector<std::string> Split(const std::string& text) { return absl::StrSplit(text, ','); }

std::vector<uint32_t> Numbers(const std::string& text) {
  std::vector<uint32_t> numbers;
  for (const std::string& number : Split(text)) numbers.push_back(std::stoul(number));
  return numbers;
}

std::vector<RoundShape> Shapes() {
  std::vector<RoundShape> shapes;
  for (const uint32_t units : Numbers(FLAGS_units)) {
    for (const uint32_t batches : Numbers(FLAGS_batches_per_unit)) {
      for (const uint32_t deals : Numbers(FLAGS_batches)) {
        const uint64_t most = FLAGS_discount_every / deals / units;
        for (const uint32_t meet_every : Numbers(FLAGS_meet_every)) {
          shapes.push_back(
              {units, batches > 0 ? batches : std::max<uint32_t>(1, static_cast<uint32_t>(most)),
               deals, meet_every});
        }
      }
    }
  }
  return shapes;
}

RunDefinition Mixed(RunDefinition run, const std::string& mix, const RoundShape& shape,
                    uint64_t seed) {
  run.seed = seed;
  run.round = shape;
  if (!FLAGS_amplify) run.round.amplification = 1;
  if (FLAGS_sampler == "external") run.algorithm.sampler = Sampler::kExternal;
  if (FLAGS_sampler == "outcome") run.algorithm.sampler = Sampler::kOutcome;
  if (FLAGS_sampler == "public") run.algorithm.sampler = Sampler::kPublic;
  if (FLAGS_quantum > 0) run.algorithm.quantum_chips = FLAGS_quantum;
  const uint64_t rounds = std::max<uint64_t>(1, FLAGS_discount_every / shape.DealsPerRound());
  run.algorithm.discount_every_iterations = rounds * shape.DealsPerRound();
  run.algorithm.discount_until_iterations = 0;
  run.algorithm.floor_regrets_at_zero = false;
  run.algorithm.variant = Variant::kDiscounted;
  run.algorithm.alpha = 1.5;
  run.algorithm.beta = 0;
  run.algorithm.gamma = 2;
  if (mix == "vanilla") run.algorithm.variant = Variant::kVanilla;
  if (mix == "linear") run.algorithm.variant = Variant::kLinear;
  if (mix == "plus" || mix == "recent") {
    run.algorithm.floor_regrets_at_zero = mix == "plus";
    run.algorithm.alpha = 16;  // regrets are kept as they are but for the first discounts
    run.algorithm.beta = 16;
  }
  if (mix == "recent") run.algorithm.gamma = 1;
  return run;
}

struct Outcome {
  double nash_conv = 0, seconds = 0;
  uint64_t deals = 0;
  UnitCosts costs;  // of rounds of several units
};

// Calls run_round() until the run is as long as the flags say.
void RunRounds(const std::function<uint64_t()>& run_round, Outcome* outcome) {
  const double start = WallSeconds();
  while (FLAGS_deals > 0 ? outcome->deals < FLAGS_deals : WallSeconds() - start < FLAGS_seconds) {
    outcome->deals = run_round();
  }
  outcome->seconds = WallSeconds() - start;
}

Outcome Train(const RunDefinition& definition) {
  const auto run = OrDie(LoadedRun::Make(definition, {}));
  Table table = OrDie(Table::Make(run->layout()));
  ThreadPool pool(FLAGS_threads);
  const BucketDealSource enumerated(definition.game, run->abstraction());
  const IndependentDeals sampled(definition.game, enumerated);
  TrainingSetup setup = {definition.algorithm, definition.round, definition.seed, &table};
  setup.source = FLAGS_enumerate ? static_cast<const DealSource*>(&enumerated) : &sampled;
  setup.pool = &pool;
  const std::unique_ptr<BoardSource> boards = run->MakeBoardSource();
  setup.boards = boards.get();
  Outcome outcome;
  if (definition.round.units == 1) {
    const auto trainer = OrDie(Trainer::Make(setup, {}));
    const auto run_round = [&] {
      trainer->RunRound(nullptr);
      return trainer->progress().iterations;
    };
    RunRounds(run_round, &outcome);
  } else {
    const auto rounds = OrDie(MeasuredRounds::Make(setup, {}));
    const auto run_round = [&] {
      outcome.costs += rounds->RunRound();
      return rounds->iterations();
    };
    RunRounds(run_round, &outcome);
  }
  const AbstractionHands hands(run->abstraction());
  outcome.nash_conv = OrDie(NashConv(run->tree(), hands, AverageStrategy(table))).nash_conv_chips;
  return outcome;
}

nlohmann::ordered_json Report(const RunDefinition& base, const std::string& mix,
                              const RoundShape& shape) {
  nlohmann::ordered_json json = {{"mix", mix},
                                 {"units", shape.units},
                                 {"batches_per_unit", shape.batches},
                                 {"deals_per_batch", shape.deals},
                                 {"meet_every", shape.meet_every}};
  double sum = 0, seconds = 0, deals = 0;
  UnitCosts costs;
  for (int i = 0; i < FLAGS_seeds; ++i) {
    const Outcome outcome = Train(Mixed(base, mix, shape, FLAGS_first_seed + i));
    sum += outcome.nash_conv;
    seconds += outcome.seconds;
    deals += static_cast<double>(outcome.deals);
    costs += outcome.costs;
    json["nash_conv_by_seed"].push_back(outcome.nash_conv);
  }
  json["nash_conv"] = sum / FLAGS_seeds;
  json["deals"] = deals / FLAGS_seeds;
  json["rounds"] = deals / FLAGS_seeds / static_cast<double>(shape.DealsPerRound());
  json["seconds"] = seconds / FLAGS_seeds;
  json["deals_per_s"] = deals / seconds;
  if (shape.units > 1) {
    json["amplified"] = FLAGS_amplify;
    json["costs"] = ToJson(costs);
  }
  return json;
}

void Main() {
  const RunDefinition base = OrDie(LoadRunDefinition(FLAGS_config));
  for (const std::string& mix : Split(FLAGS_mixes)) {
    for (const RoundShape& shape : Shapes()) {
      std::cout << Report(base, mix, shape).dump() << std::endl;
    }
  }
}

constexpr char kHelp[] =
    R"(converge trains a small game in several ways and prints NashConv after equal numbers of
deals.

  converge --mixes=linear,dcfr --units=1,8 --batches=30
  converge --deals=0 --seconds=60                as many deals as fit a minute

A line of JSON a mix and shape: means of --seeds runs; for rounds of several units also what their
deltas cost. docs/measurements/convergence.md has the tables.

Exit codes: 0 printed; 2 a flag or a definition to correct; 3 a file is not there; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  nash::Main();
}
