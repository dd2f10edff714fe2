// tools/dev bench converge: NashConv of Leduc after equal numbers of deals, for mixes of batch
// size, variant and averaging. Prints one JSON object a mix; docs/benchmarks.md holds the table.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/evaluation/policy.h"
#include "solver/run/run_definition.h"
#include "tools/loaded_run.h"

DEFINE_string(config, "configs/leduc.yaml", "Run definition whose algorithm and round are varied");
DEFINE_uint64(deals, 10'000'000, "Deals of each run; 0: as many as fit --seconds");
DEFINE_double(seconds, 60, "Length of each run when --deals=0");
DEFINE_int32(threads, 2, "Threads");
DEFINE_int32(seeds, 3, "Runs of each mix; their mean is printed");
DEFINE_string(batches, "32,128", "Deals in a batch, to be tried");
DEFINE_string(mixes, "vanilla,linear,dcfr,plus",
              "Of: vanilla; linear; dcfr (alpha 1.5, beta 0, gamma 2); recent (vanilla regrets, "
              "sums weighted by t); plus (regrets floored at zero, sums weighted by t^2)");
DEFINE_uint64(discount_every, 100'000, "Deals between discounts (about: whole rounds)");

namespace nash {
namespace {

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::vector<std::string> Split(const std::string& text) { return absl::StrSplit(text, ','); }

RunDefinition Mixed(RunDefinition run, const std::string& mix, uint32_t deals, uint64_t seed) {
  run.seed = seed;
  const uint32_t batches =
      std::max<uint32_t>(1, static_cast<uint32_t>(FLAGS_discount_every / deals));
  run.round = {1, batches, deals};
  run.algorithm.discount_every_iterations = run.round.DealsPerRound();
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
  double nash_conv = 0, value = 0, seconds = 0;
  uint64_t deals = 0;
};

Outcome Train(const RunDefinition& definition) {
  const auto run = *LoadedRun::Make(definition, {});
  Table table = *Table::Make(run->layout());
  ThreadPool pool(FLAGS_threads);
  const BucketDealSource deals(definition.game, run->abstraction());
  auto trainer = *Trainer::Make(
      {definition.algorithm, definition.round, definition.seed, &table, &deals, &pool}, {});
  const double start = Seconds();
  while (FLAGS_deals > 0 ? trainer->progress().iterations < FLAGS_deals
                         : Seconds() - start < FLAGS_seconds) {
    trainer->RunRound(nullptr);
  }
  Outcome outcome;
  outcome.seconds = Seconds() - start;
  outcome.deals = trainer->progress().iterations;
  const AbstractionHands hands(run->abstraction());
  const NashConvResult result = *NashConv(run->tree(), hands, AverageStrategy(table));
  outcome.nash_conv = result.nash_conv_chips;
  outcome.value = result.values_chips[0];
  return outcome;
}

void Main() {
  const RunDefinition base = *LoadRunDefinition(FLAGS_config);
  for (const std::string& mix : Split(FLAGS_mixes)) {
    for (const std::string& batch : Split(FLAGS_batches)) {
      nlohmann::ordered_json json;
      double sum = 0, seconds = 0, deals = 0;
      for (int seed = 1; seed <= FLAGS_seeds; ++seed) {
        const Outcome outcome = Train(Mixed(base, mix, std::stoul(batch), seed));
        sum += outcome.nash_conv;
        seconds += outcome.seconds;
        deals += outcome.deals;
        json["nash_conv_by_seed"].push_back(outcome.nash_conv);
      }
      json["mix"] = mix;
      json["deals_per_batch"] = std::stoul(batch);
      json["nash_conv"] = sum / FLAGS_seeds;
      json["deals"] = deals / FLAGS_seeds;
      json["seconds"] = seconds / FLAGS_seeds;
      json["deals_per_s"] = deals / seconds;
      std::cout << json.dump() << std::endl;
    }
  }
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, true);
  google::InitGoogleLogging(argv[0]);
  nash::Main();
}
