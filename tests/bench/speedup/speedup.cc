// tools/dev bench speedup: how much sooner K workers have learnt what one process learns.
//
//   baseline   one process, one unit a round          NashConv at points of the run; the last is
//                                                     the target, the others say what half the
//                                                     time, a quarter ... would have given
//   K workers  rounds of K units, the cluster's own   until NashConv is the target, for each
//              bytes (charged_run.h)                  length of a unit, or a search of the best
//
// Speed-up is seconds over seconds at equal NashConv: (rate of K) x (what a deal is worth in rounds
// of K units), and both factors are printed. One JSON object a run on stdout, so that what an
// interrupted search has found is kept; docs/measurements/speedup.md has the tables.
#include <gflags/gflags.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/evaluation/policy.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/speedup/charged_run.h"
#include "tests/bench/speedup/learning_curve.h"
#include "tools/program/command_line.h"
#include "tools/program/print_json.h"
#include "tools/program/progress_line.h"

DEFINE_string(config, "tests/bench/converge/pairs.yaml", "Run definition of a game with NashConv");
DEFINE_string(bucket_cache, "", "Folder of bucket files; empty: the user's");
DEFINE_string(workers, "8,64", "Numbers of workers, each with one unit of a round");
DEFINE_string(batches, "search", "Batches of a unit, to be tried; or search, for the best");
DEFINE_uint32(deals, 32, "Deals of a batch, or boards");
DEFINE_uint32(baseline_deals, 0, "The same of the one process; 0: as --deals");
DEFINE_uint64(length, 2'000'000, "Deals, or boards, of the one process");
DEFINE_double(limit, 6, "Workers give up after so many times --length");
DEFINE_int32(points, 10, "Moments at which NashConv is computed; one of two is twice as late");
DEFINE_uint64(seed, 1, "Seed of all runs");
DEFINE_string(sampler, "", "Instead of the definition's: external or public");
DEFINE_string(boards, "", "Instead of the definition's, of public: draw or cycle");
DEFINE_string(variant, "", "Instead of the definition's: vanilla, linear or dcfr (1.5, 0, 2)");
DEFINE_uint64(discount_every, 0, "Instead of the definition's; made a multiple of a round");
DEFINE_double(quantum, 0, "Instead of the definition's, in chips; 0: that one");
DEFINE_uint32(meet_every, 1, "1: lag 0; above: lag 1, with a meeting every so many rounds");
DEFINE_string(amplification, "",
              "How often a unit adds its own changes: a list to be tried; "
              "empty: as often as a round has units");
DEFINE_string(stages, "", "Instead of --batches: see the help");
DEFINE_string(costs, "configs/cluster/costs.json",
              "Latency, disk, threads, and what --measured=0 "
              "takes for rows and touches");
DEFINE_bool(measured, true, "Charge rows and touches with the processor time they take here");
DEFINE_double(bandwidth, 10, "Gbit/s of every machine's link, each way");
DEFINE_int32(merge_threads, 16, "Threads of the coordinator");

namespace nash {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kHelp[] =
    R"(speedup trains a small game in rounds of K units, as K workers would, and asks when its
NashConv is what one process reached: in seconds of a cluster that the model of `simulate` charges.

  speedup --workers=8,64                                   the best length of a unit by search
  speedup --workers=1,8 --batches=4,16,64 --length=4000000 these lengths
  speedup --sampler=public --deals=1 --batches=1,2,4 --length=4096 --discount_every=64

A line of JSON each. The first is the one process: NashConv by deals and seconds. Then for each
number of workers and length of a unit: "speedup" (seconds of one process over seconds of K, at the
one process's last NashConv), its factors "rate" (touches a second of K over those of one) and
"worth" (deals of one over deals of K, at equal NashConv), "by_nash_conv" (the same at the earlier
points), "busy" (share of the workers' time that is traversal), and what was charged. null: never
reached within --limit, or passed before the first point. The last line names the best of each K.

--stages=ROUNDS:BATCHES[:AMPLIFICATION],...,BATCHES[:AMPLIFICATION] trains stages of other lengths:
--stages=100:1,100:2,4 begins with 100 rounds of one batch a unit, then 100 of two, then four.
Amplification is round.amplification (docs/run_definition.md), K unless said.

Runs of one seed differ by some hundredths; processor times on a busy machine by more. The same
flags give the same NashConv; with --measured=0 the same seconds, too.

Exit codes: 0 printed; 2 a flag or a definition to correct; 3 a file is not there.
)";

std::vector<std::string> Split(const std::string& text, char by) {
  return absl::StrSplit(text, by, absl::SkipEmpty());
}

absl::StatusOr<uint32_t> Number(const char* flag, const std::string& text, uint32_t highest) {
  uint32_t number = 0;
  if (!absl::SimpleAtoi(text, &number) || number < 1 || number > highest) {
    return absl::InvalidArgumentError(
        absl::StrCat("--", flag, ": \"", text, "\" is no whole number from 1 to ", highest));
  }
  return number;
}

constexpr uint32_t kWorkersMax = 4096;
constexpr uint32_t kBatchesMax = 1 << 24;

absl::StatusOr<std::vector<uint32_t>> Numbers(const char* flag, const std::string& text,
                                              uint32_t highest) {
  std::vector<uint32_t> numbers;
  for (const std::string& part : Split(text, ',')) {
    ASSIGN_OR_RETURN(numbers.emplace_back(), Number(flag, part, highest));
  }
  if (numbers.empty()) return absl::InvalidArgumentError(absl::StrCat("--", flag, ": is empty"));
  return numbers;
}

absl::StatusOr<std::vector<Stage>> Stages() {
  std::vector<Stage> stages;
  const std::vector<std::string> texts = Split(FLAGS_stages, ',');
  for (size_t i = 0; i < texts.size(); ++i) {
    std::vector<std::string> fields = Split(texts[i], ':');
    const bool is_last = i + 1 == texts.size();
    if (is_last) fields.insert(fields.begin(), "");
    if (fields.size() < 2 || fields.size() > 3) {
      return absl::InvalidArgumentError(
          absl::StrCat("--stages: \"", texts[i],
                       "\" is no ROUNDS:BATCHES[:AMPLIFICATION]; the last has no ROUNDS"));
    }
    Stage stage;
    if (!is_last) {
      ASSIGN_OR_RETURN(stage.rounds, Number("stages", fields[0], kBatchesMax));
    }
    ASSIGN_OR_RETURN(stage.batches, Number("stages", fields[1], kBatchesMax));
    if (fields.size() == 3) {
      ASSIGN_OR_RETURN(stage.amplification, Number("stages", fields[2], kWorkersMax));
    }
    stages.push_back(stage);
  }
  return stages;
}

absl::Status Vary(CfrOptions* algorithm) {
  const auto choose = [](const char* flag, const std::string& text, auto* field, auto choices) {
    if (text.empty()) return absl::OkStatus();
    for (const auto& [name, value] : choices) {
      if (text != name) continue;
      *field = value;
      return absl::OkStatus();
    }
    return absl::InvalidArgumentError(
        absl::StrCat("--", flag, "=", text, ": there is no such; see --help"));
  };
  using Samplers = std::map<std::string, Sampler>;
  using Orders = std::map<std::string, BoardOrder>;
  using Variants = std::map<std::string, Variant>;
  RETURN_IF_ERROR(choose("sampler", FLAGS_sampler, &algorithm->sampler,
                         Samplers{{"external", Sampler::kExternal}, {"public", Sampler::kPublic}}));
  RETURN_IF_ERROR(choose("boards", FLAGS_boards, &algorithm->boards,
                         Orders{{"draw", BoardOrder::kDrawn}, {"cycle", BoardOrder::kCycled}}));
  RETURN_IF_ERROR(choose("variant", FLAGS_variant, &algorithm->variant,
                         Variants{{"vanilla", Variant::kVanilla},
                                  {"linear", Variant::kLinear},
                                  {"dcfr", Variant::kDiscounted}}));
  if (FLAGS_quantum > 0) algorithm->quantum_chips = FLAGS_quantum;
  return absl::OkStatus();
}

// The definition for so many workers, whose discounts fall on the ends of rounds.
absl::StatusOr<RunDefinition> DefinitionOf(const RunDefinition& base, uint32_t workers,
                                           uint32_t batches) {
  RunDefinition definition = base;
  RETURN_IF_ERROR(Vary(&definition.algorithm));
  const uint32_t deals =
      workers == 1 && FLAGS_baseline_deals > 0 ? FLAGS_baseline_deals : FLAGS_deals;
  definition.round = {workers, batches, deals, workers == 1 ? 1 : FLAGS_meet_every};
  definition.seed = FLAGS_seed;
  CfrOptions& algorithm = definition.algorithm;
  const uint64_t every =
      FLAGS_discount_every > 0 ? FLAGS_discount_every : algorithm.discount_every_iterations;
  const uint64_t round = definition.round.DealsPerRound();
  algorithm.discount_every_iterations =
      algorithm.variant == Variant::kVanilla ? 0 : (every + round - 1) / round * round;
  algorithm.average = AverageStreets::kAll;
  return definition;
}

struct Measured {
  std::vector<LearningPoint> by_seconds, by_iterations;
  double touches_per_s = 0;
  Json json;

  double last_nash_conv() const { return by_seconds.back().nash_conv; }
};

class Bench {
 public:
  Bench(RunDefinition base, ChargeOptions charge)
      : base_(std::move(base)), charge_(std::move(charge)) {}

  // One process, for FLAGS_length.
  absl::Status RunBaseline() {
    std::vector<uint64_t> moments;
    for (int i = FLAGS_points; i-- > 0;) {
      moments.push_back(static_cast<uint64_t>(FLAGS_length * std::pow(2.0, -0.5 * i)));
    }
    ASSIGN_OR_RETURN(baseline_, Train(1, {Stage{.batches = 1}}, moments, std::nullopt));
    baseline_.json["target"] = baseline_.last_nash_conv();
    std::cout << JsonLine(baseline_.json) << std::endl;
    return absl::OkStatus();
  }

  // K workers, until they have learnt as much. Returns the speed-up; 0: they have not.
  absl::StatusOr<double> RunWorkers(uint32_t workers, const std::vector<Stage>& stages) {
    std::vector<uint64_t> moments;
    const double first = FLAGS_length * std::pow(2.0, -0.5 * (FLAGS_points - 1));
    for (int i = 0;; ++i) {
      const double moment = first * std::pow(2.0, 0.5 * i);
      if (moment > FLAGS_limit * FLAGS_length) break;
      moments.push_back(static_cast<uint64_t>(moment));
    }
    ASSIGN_OR_RETURN(Measured run, Train(workers, stages, moments, baseline_.last_nash_conv()));
    double speedup = 0;
    Json by_nash_conv = Json::array();
    for (size_t i = 0; i < baseline_.by_seconds.size(); ++i) {
      const LearningPoint& level = baseline_.by_seconds[i];
      const auto seconds = AmountToReach(run.by_seconds, level.nash_conv);
      const auto iterations = AmountToReach(run.by_iterations, level.nash_conv);
      if (!seconds.has_value()) continue;
      const double ratio = level.amount / *seconds;
      const double worth = baseline_.by_iterations[i].amount / *iterations;
      by_nash_conv.push_back(
          {{"nash_conv", level.nash_conv}, {"speedup", ratio}, {"worth", worth}});
      if (i + 1 < baseline_.by_seconds.size()) continue;
      speedup = ratio;
      run.json["speedup"] = ratio;
      run.json["worth"] = worth;
    }
    if (speedup == 0) run.json["speedup"] = nullptr;
    run.json["rate"] = run.touches_per_s / baseline_.touches_per_s;
    run.json["by_nash_conv"] = by_nash_conv;
    std::cout << JsonLine(run.json) << std::endl;
    const auto best = best_.find(workers);
    if (best == best_.end() || speedup > best->second["speedup"].get<double>()) {
      best_[workers] = {{"workers", workers},
                        {"speedup", speedup},
                        {"stages", run.json["stages"]},
                        {"rounds", run.json["rounds"]},
                        {"unit_s", run.json["unit_s"]}};
    }
    return speedup;
  }

  // Doubles and halves the length of a unit for as long as that helps. times: the amplification.
  absl::Status Search(uint32_t workers, uint32_t times) {
    // A run should have some hundreds of rounds (docs/measurements/convergence.md).
    const double start = static_cast<double>(FLAGS_length) / (300.0 * workers * FLAGS_deals);
    uint32_t batches = 1;
    while (2 * batches <= start) batches *= 2;
    std::map<uint32_t, double> tried;
    const auto speedup_of = [&](uint32_t length) -> absl::StatusOr<double> {
      if (length == 0 || length > kBatchesMax) return 0;
      if (!tried.contains(length)) {
        ASSIGN_OR_RETURN(tried[length],
                         RunWorkers(workers, {{.batches = length, .amplification = times}}));
      }
      return tried[length];
    };
    for (;;) {
      ASSIGN_OR_RETURN(const double here, speedup_of(batches));
      ASSIGN_OR_RETURN(const double longer, speedup_of(2 * batches));
      ASSIGN_OR_RETURN(const double shorter, speedup_of(batches / 2));
      if (longer <= here && shorter <= here) {
        if (here > 0 || batches == 1) return absl::OkStatus();
        batches = std::max(1u, batches / 4);  // nothing reached it: more rounds
        continue;
      }
      batches = longer > shorter ? 2 * batches : batches / 2;
    }
  }

  void PrintBest() const {
    Json json;
    for (const auto& [workers, entry] : best_) json["best"].push_back(entry);
    std::cout << JsonLine(json) << std::endl;
  }

 private:
  // target: ends there.
  absl::StatusOr<Measured> Train(uint32_t workers, std::vector<Stage> stages,
                                 const std::vector<uint64_t>& moments,
                                 std::optional<double> target) {
    uint32_t longest = 1;
    for (Stage& stage : stages) {
      longest = std::max(longest, stage.batches);
      if (stage.amplification >= workers) stage.amplification = 0;
    }
    ASSIGN_OR_RETURN(const RunDefinition definition, DefinitionOf(base_, workers, longest));
    ASSIGN_OR_RETURN(const auto run,
                     LoadedRun::Make(definition, {.bucket_cache = FLAGS_bucket_cache}));
    ASSIGN_OR_RETURN(const auto charged, ChargedRun::Make(*run, stages));
    const AbstractionHands hands(run->abstraction());
    std::vector<double> nash_convs;
    ProgressLine line;
    for (const uint64_t moment : moments) {
      while (charged->iterations() < moment) RETURN_IF_ERROR(charged->TrainTo(moment));
      while (nash_convs.size() + 1 < charged->points().size()) nash_convs.push_back(0);
      if (nash_convs.size() == charged->points().size()) continue;  // no round between the moments
      ASSIGN_OR_RETURN(const NashConvResult result,
                       NashConv(run->tree(), hands, AverageStrategy(charged->table())));
      nash_convs.push_back(result.nash_conv_chips);
      line.Show({{absl::StrFormat("%d workers, %d x %d", workers, stages.back().batches,
                                  definition.round.deals)},
                 {absl::StrFormat(", %s of at most %s", ShortNumber(charged->iterations()),
                                  ShortNumber(moments.back()))},
                 {absl::StrFormat(", NashConv %.4g", nash_convs.back())},
                 {target.has_value() ? absl::StrFormat(" to %.4g", *target) : ""}});
      if (target.has_value() && nash_convs.back() <= *target) break;
    }
    line.End();
    return Describe(*charged, definition, stages, nash_convs);
  }

  Measured Describe(const ChargedRun& run, const RunDefinition& definition,
                    const std::vector<Stage>& stages, const std::vector<double>& nash_convs) {
    Measured measured;
    const std::vector<double> seconds = run.Seconds(charge_);
    const UnitCosts& all = run.costs();
    Json points = Json::array();
    for (size_t i = 0; i < nash_convs.size(); ++i) {
      if (nash_convs[i] == 0) continue;  // the end of a stage
      const ChargedRun::Point& point = run.points()[i];
      const auto iterations = static_cast<double>(point.iterations);
      measured.by_seconds.push_back({seconds[i], nash_convs[i]});
      measured.by_iterations.push_back({iterations, nash_convs[i]});
      points.push_back({{"iterations", point.iterations},
                        {"rounds", point.rounds},
                        {"seconds", seconds[i]},
                        {"nash_conv", nash_convs[i]}});
    }
    measured.touches_per_s = static_cast<double>(all.touches) / seconds.back();
    Json& json = measured.json;
    json["workers"] = definition.round.units;
    for (const Stage& stage : stages) {
      json["stages"].push_back({{"rounds", stage.rounds},
                                {"batches", stage.batches},
                                {"amplification", stage.amplification}});
    }
    json["deals"] = definition.round.deals;
    json["discount_every"] = definition.algorithm.discount_every_iterations;
    json["iterations"] = run.iterations();
    json["rounds"] = run.points().back().rounds;
    json["nash_conv"] = nash_convs.back();
    json["seconds"] = seconds.back();
    const ClusterCosts costs = CostsOf(charge_, run.points().back().costs, all, 1e18);
    json["touch_ns"] = 1e9 / costs.touches_per_core_s;
    if (all.rows > 0) {
      const double units = static_cast<double>(all.units), rows = static_cast<double>(all.rows);
      json["unit_s"] = static_cast<double>(all.touches) / units / costs.touches_per_core_s;
      json["round_s"] = run.LastRate(charge_).round_s;
      json["busy"] = run.LastRate(charge_).computing;
      json["touches_per_row"] = static_cast<double>(all.touches) / rows;
      json["rows_per_unit"] = rows / units;
      json["merged_rows_per_round"] =
          static_cast<double>(all.merged_rows) / static_cast<double>(all.rounds);
      json["bytes_up_per_row"] = costs.bytes_up_per_row;
      json["bytes_down_per_row"] = costs.bytes_down_per_row;
      json["row_ns"] = {{"seal", costs.seal_ns + costs.encode_ns},
                        {"decode", costs.decode_ns},
                        {"merge", costs.merge_ns},
                        {"finish", costs.finish_ns},
                        {"apply", costs.apply_ns}};
    }
    json["points"] = points;
    return measured;
  }

  const RunDefinition base_;
  const ChargeOptions charge_;
  Measured baseline_;
  std::map<uint32_t, Json> best_;  // by workers
};

absl::Status Run() {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> workers,
                   Numbers("workers", FLAGS_workers, kWorkersMax));
  ASSIGN_OR_RETURN(const std::vector<Stage> stages, Stages());
  std::vector<uint32_t> lengths;
  const bool searches = stages.empty() && FLAGS_batches == "search";
  if (stages.empty() && !searches) {
    ASSIGN_OR_RETURN(lengths, Numbers("batches", FLAGS_batches, kBatchesMax));
  }
  std::vector<uint32_t> amplifications = {0};
  if (!FLAGS_amplification.empty()) {
    ASSIGN_OR_RETURN(amplifications, Numbers("amplification", FLAGS_amplification, kWorkersMax));
  }
  if (stages.size() > 1 && FLAGS_meet_every > 1) {
    return absl::InvalidArgumentError("--stages: rounds of one length only with --meet_every");
  }
  if (FLAGS_points < 2 || FLAGS_points > 40 || FLAGS_limit < 1 || FLAGS_bandwidth <= 0 ||
      FLAGS_merge_threads < 1 || FLAGS_length < 1 || FLAGS_deals < 1) {
    return absl::InvalidArgumentError(
        "--points is from 2 to 40, --limit at least 1, and --length, --deals, --bandwidth and "
        "--merge_threads are positive");
  }
  ChargeOptions charge;
  ASSIGN_OR_RETURN(charge.costs, LoadClusterCosts(FLAGS_costs));
  charge.is_measured = FLAGS_measured;
  charge.gbit_per_s = FLAGS_bandwidth;
  charge.merge_threads = FLAGS_merge_threads;
  ASSIGN_OR_RETURN(RunDefinition base, LoadRunDefinition(FLAGS_config));
  Bench bench(std::move(base), std::move(charge));
  RETURN_IF_ERROR(bench.RunBaseline());
  for (const uint32_t count : workers) {
    if (count == 1) continue;  // that was the baseline
    if (!stages.empty()) RETURN_IF_ERROR(bench.RunWorkers(count, stages).status());
    for (const uint32_t times : amplifications) {
      if (searches) RETURN_IF_ERROR(bench.Search(count, times));
      for (const uint32_t batches : lengths) {
        const Stage stage = {.batches = batches, .amplification = times};
        RETURN_IF_ERROR(bench.RunWorkers(count, {stage}).status());
      }
    }
  }
  bench.PrintBest();
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  return nash::Finish(nash::Run());
}
