// Simulates training rounds on a cluster that is not there.
#include <gflags/gflags.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "tools/program/command_line.h"
#include "tools/program/print_json.h"
#include "tools/simulation/costs.h"
#include "tools/simulation/model.h"
#include "tools/simulation/round.h"

DEFINE_string(costs, "configs/cluster/costs.json", "What rows, touches and bytes cost");
DEFINE_int32(workers, 64, "The largest number of workers looked at");
DEFINE_int32(threads, 32, "Threads of a worker");
DEFINE_string(bandwidth, "10,100", "Gbit/s of every machine's link, each way: a list");
DEFINE_double(unit_seconds, 60, "Seconds of traversal in a unit, on one worker");
DEFINE_int32(units, 0, "Units of a round; 0: one for each worker");
DEFINE_int32(lag, 0, "Rounds that may be unmerged when a unit starts: 0 or 1");
DEFINE_int32(coordinators, 1, "Machines that share the rows");
DEFINE_int32(merge_threads, 16, "Threads that merge, on each coordinator");
DEFINE_int32(
    relay_fanout, 0,
    "To so many workers a coordinator sends merged deltas itself, and so does every worker; "
    "0: to all");
DEFINE_bool(json, false, "Print JSON");

namespace nash {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kHelp[] =
    R"(simulate answers what a cluster would do that is not there, from measured costs.

  simulate --workers=64 --threads=32 --bandwidth=10,100
  simulate --workers=64 --threads=32 --bandwidth=10 --unit_seconds=600 --lag=1

For each bandwidth it prints the rate by number of workers, where the workers' time goes, and the
knee: the number of workers from which twice as many raise the rate by less than half. Then what
other designs would give with all workers. "formula" is the rate of the closed formulas. Every figure
rests on the costs file and the model in docs/scaling.md: read there what they leave out.

Exit codes: 0 printed; 2 a flag or the costs file to correct; 3 the costs file is not there.
)";

constexpr int kWorkersMax = 4096;
constexpr int kKneeMax = 512;

absl::Status CheckRange(const char* flag, double value, double lowest, double highest) {
  if (value >= lowest && value <= highest) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("--%s=%g: from %g to %g", flag, value, lowest, highest));
}

absl::StatusOr<std::vector<double>> Bandwidths() {
  std::vector<double> all;
  for (const absl::string_view text : absl::StrSplit(FLAGS_bandwidth, ',')) {
    double gbit = 0;
    if (!absl::SimpleAtod(text, &gbit) || !(gbit >= 0.001 && gbit <= 1e6)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--bandwidth: \"", text, "\" is no number of Gbit/s from 0.001 to 1000000"));
    }
    all.push_back(gbit);
  }
  return all;
}

ClusterPlan PlanOf(const ClusterCosts& costs, int workers, double gbit_per_s) {
  ClusterPlan plan;
  plan.workers = workers;
  plan.units = FLAGS_units > 0 ? FLAGS_units : workers;
  plan.threads = FLAGS_threads;
  plan.unit_touches = FLAGS_unit_seconds * costs.WorkerRate(FLAGS_threads);
  plan.gbit_per_s = gbit_per_s;
  plan.lag = FLAGS_lag;
  plan.coordinators = FLAGS_coordinators;
  plan.merge_threads = FLAGS_merge_threads;
  plan.relay_fanout = FLAGS_relay_fanout;
  return plan;
}

ClusterPlan WithWorkers(ClusterPlan plan, int workers) {
  plan.units = FLAGS_units > 0 ? FLAGS_units : workers;
  plan.workers = workers;
  return plan;
}

// The least number of workers of which twice as many are not half as fast again; 0: above kKneeMax.
int Knee(const ClusterPlan& plan, const ClusterCosts& costs) {
  const auto is_past = [&](int workers) {
    return Simulate(WithWorkers(plan, 2 * workers), costs).touches_per_s <
           1.5 * Simulate(WithWorkers(plan, workers), costs).touches_per_s;
  };
  int below = 0, past = 1;
  while (!is_past(past)) {
    below = past;
    past *= 2;
    if (past > kKneeMax) return 0;
  }
  while (past - below > 1) {
    const int middle = (below + past) / 2;
    (is_past(middle) ? past : below) = middle;
  }
  return past;
}

struct Design {
  std::string name;
  ClusterPlan plan;
};

// The plan, and what might help it.
std::vector<Design> Designs(const ClusterPlan& plan, const ClusterCosts& costs) {
  std::vector<Design> designs = {{"as asked", plan}};
  const auto add = [&](const std::string& name) -> ClusterPlan& {
    return designs.emplace_back(Design{name, plan}).plan;
  };
  constexpr int kFanout = 2;
  add(absl::StrCat("passed on to ", kFanout)).relay_fanout = kFanout;
  add("lag 1").lag = 1;
  for (const int threads : {1, 4}) {
    add(absl::StrCat("merging threads: ", threads)).merge_threads = threads;
  }
  for (const int coordinators : {2, 4, 8}) {
    add(absl::StrCat(coordinators, " coordinators")).coordinators = coordinators;
  }
  for (const int period : {2, 4}) {
    ClusterPlan& last = add(absl::StrCat("last street every ", period, " rounds"));
    last.periods[costs.num_streets - 1] = period;
  }
  {
    ClusterPlan& slow = add("streets every 1, 2, 4, 8 rounds");
    for (int street = 0; street < costs.num_streets; ++street) slow.periods[street] = 1 << street;
  }
  add("units 10 times as long").unit_touches *= 10;
  {
    ClusterPlan& both = add("lag 1, 4 coordinators");
    both.lag = 1;
    both.coordinators = 4;
  }
  {
    ClusterPlan& both = add(absl::StrCat("lag 1, passed on to ", kFanout));
    both.lag = 1;
    both.relay_fanout = kFanout;
  }
  return designs;
}

Json Describe(const ClusterPlan& plan, const ClusterCosts& costs) {
  const SimulatedRate rate = Simulate(plan, costs);
  Json json;
  json["workers"] = plan.workers;
  json["touches_per_s"] = rate.touches_per_s;
  json["deals_per_s"] = rate.touches_per_s / costs.touches_per_deal;
  json["efficiency"] = rate.touches_per_s / (plan.workers * costs.WorkerRate(plan.threads));
  json["formula_touches_per_s"] = plan.units * plan.unit_touches / RoundSeconds(plan, costs);
  json["round_s"] = rate.round_s;
  for (const auto& [name, share] :
       {std::pair("computing", rate.computing), std::pair("rows", rate.rows),
        std::pair("merging", rate.merging), std::pair("wire", rate.wire),
        std::pair("waiting", rate.waiting)}) {
    json[name] = std::max(0.0, share);  // sums of many small ones, a little off
  }
  json["bytes_in_per_s"] = rate.bytes_in_per_s;
  json["bytes_out_per_s"] = rate.bytes_out_per_s;
  return json;
}

Json Report(const ClusterCosts& costs, const std::vector<double>& bandwidths) {
  Json json;
  const ClusterPlan one = PlanOf(costs, 1, bandwidths[0]);
  const double rows = RowsHandedOver(one, costs, 1, 0);
  json["costs"] = FLAGS_costs;
  json["threads"] = FLAGS_threads;
  json["worker_touches_per_s"] = costs.WorkerRate(FLAGS_threads);
  json["unit"] = {{"seconds", FLAGS_unit_seconds},
                  {"touches", one.unit_touches},
                  {"deals", one.unit_touches / costs.touches_per_deal},
                  {"rows", rows},
                  {"touches_per_row", one.unit_touches / rows},
                  {"bytes", rows * costs.bytes_up_per_row},
                  {"undo_bytes", rows * costs.undo_bytes_per_row}};
  for (const double gbit_per_s : bandwidths) {
    Json link;
    link["gbit_per_s"] = gbit_per_s;
    const ClusterPlan all = PlanOf(costs, FLAGS_workers, gbit_per_s);
    for (int workers = 1; workers < FLAGS_workers; workers *= 2) {
      link["workers"].push_back(Describe(WithWorkers(all, workers), costs));
    }
    link["workers"].push_back(Describe(all, costs));
    for (const Design& design : Designs(all, costs)) {
      Json entry = Describe(design.plan, costs);
      entry["knee"] = Knee(design.plan, costs);
      link["designs"].push_back({{"name", design.name}, {"result", entry}});
    }
    json["bandwidths"].push_back(link);
  }
  return json;
}

void PrintRow(const std::string& name, const Json& row) {
  const auto number = [&](const char* key) { return row[key].get<double>(); };
  absl::PrintF("%-36s %9.1f %9.1f %6.1f%% %8.1f | %5.1f%% %5.1f%% %5.1f%% %5.1f%% %5.1f%%", name,
               number("touches_per_s") / 1e6, number("formula_touches_per_s") / 1e6,
               100 * number("efficiency"), number("round_s"), 100 * number("computing"),
               100 * number("rows"), 100 * number("merging"), 100 * number("wire"),
               100 * number("waiting"));
  if (row.contains("knee")) {
    const int knee = row["knee"].get<int>();
    absl::PrintF(" %6s", knee == 0 ? absl::StrCat(">", kKneeMax) : absl::StrCat(knee));
  }
  absl::PrintF("\n");
}

void Print(const Json& report) {
  const Json& unit = report["unit"];
  absl::PrintF(
      "A unit: %.3g touches (%.3g deals, %g s at %.0f M/s), %.3g rows, %.1f touches a row,\n"
      "%.3g MB to send, %.3g GB of undo log. Costs: %s.\n",
      unit["touches"].get<double>(), unit["deals"].get<double>(), unit["seconds"].get<double>(),
      report["worker_touches_per_s"].get<double>() / 1e6, unit["rows"].get<double>(),
      unit["touches_per_row"].get<double>(), unit["bytes"].get<double>() / 1e6,
      unit["undo_bytes"].get<double>() / 1e9, report["costs"].get<std::string>());
  for (const Json& link : report["bandwidths"]) {
    absl::PrintF("\n%g Gbit/s\n%-36s %9s %9s %7s %8s | %6s %6s %6s %6s %6s %6s\n",
                 link["gbit_per_s"].get<double>(), "", "M/s", "formula", "ideal", "round s",
                 "comput", "rows", "merge", "wire", "wait", "knee");
    for (const Json& row : link["workers"]) {
      PrintRow(absl::StrCat(row["workers"].get<int>(), " workers"), row);
    }
    absl::PrintF("with %d workers:\n", FLAGS_workers);
    for (const Json& design : link["designs"]) {
      PrintRow(design["name"].get<std::string>(), design["result"]);
    }
  }
}

absl::Status Run(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("unexpected argument \"", arguments[0], "\"; try --help"));
  }
  RETURN_IF_ERROR(CheckRange("workers", FLAGS_workers, 1, kWorkersMax));
  RETURN_IF_ERROR(CheckRange("threads", FLAGS_threads, 1, 1024));
  RETURN_IF_ERROR(CheckRange("unit_seconds", FLAGS_unit_seconds, 1e-3, 1e7));
  RETURN_IF_ERROR(CheckRange("units", FLAGS_units, 0, 65536));
  RETURN_IF_ERROR(CheckRange("lag", FLAGS_lag, 0, 1));
  RETURN_IF_ERROR(CheckRange("coordinators", FLAGS_coordinators, 1, 64));
  RETURN_IF_ERROR(CheckRange("merge_threads", FLAGS_merge_threads, 1, 256));
  RETURN_IF_ERROR(CheckRange("relay_fanout", FLAGS_relay_fanout, 0, 64));
  ASSIGN_OR_RETURN(const std::vector<double> bandwidths, Bandwidths());
  ASSIGN_OR_RETURN(const ClusterCosts costs, LoadClusterCosts(FLAGS_costs));
  const Json report = Report(costs, bandwidths);
  if (FLAGS_json) {
    PrintJson(report);
  } else {
    Print(report);
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginProgram();
  return nash::Finish(nash::Run(nash::ParseCommandLine(argc, argv, nash::kHelp)));
}
