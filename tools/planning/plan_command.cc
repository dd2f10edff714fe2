// One JSON object holds all that is said; without --json it is printed as tables.
//
// First what can be counted (run_plan.h), whether or not it fits; then, where it fits and seconds
// were granted, what was timed (calibration.h) and what follows for workers (forecast.h). Counts
// are printed before calibration begins, so that a reader has something to look at. The tables are
// printed from the JSON: neither form can know what the other does not.
#include "tools/planning/plan_command.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/run/run_definition.h"
#include "tools/planning/calibration.h"
#include "tools/planning/forecast.h"
#include "tools/planning/run_plan.h"
#include "tools/program/print_json.h"

namespace nash {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMetricsLineBytes = 1200;  // docs/operations.md

Json MemoryJson(const MemoryPlan& plan) {
  return {{"bytes", plan.total_bytes()},
          {"program", plan.program_bytes},
          {"table", plan.table_bytes},
          {"tree", plan.tree_bytes},
          {"buckets", plan.bucket_bytes},
          {"traversal", plan.traversal_bytes},
          {"rows_to_take_back", plan.undo_bytes},
          {"results", plan.delta_bytes},
          {"checkpoint_on_its_way", plan.checkpoint_bytes},
          {"copies_for_checkpoints", plan.copy_bytes},
          {"fits", CheckFits(plan).ok()}};
}

Json CountsJson(const LoadedRun& run, const RunPlan& plan, const PlanRequest& request) {
  Json json;
  json["run"] = run.definition().name;
  json["run_fingerprint"] = Fingerprint(run.definition());
  json["threads"] = request.threads;
  json["streets"] = Json::array();
  for (const StreetPlan& street : plan.streets) {
    json["streets"].push_back({{"street", street.name},
                               {"nodes", street.nodes},
                               {"buckets", street.buckets},
                               {"infosets", street.infosets},
                               {"slots", street.slots},
                               {"table_bytes", street.bytes}});
  }
  json["infosets"] = plan.infosets();
  json["slots"] = plan.slots();
  json["available_bytes"] = plan.alone.available_bytes;
  json["memory"] = {{"one_process", MemoryJson(plan.alone)},
                    {"coordinator", MemoryJson(plan.coordinator)},
                    {"worker", MemoryJson(plan.worker)}};
  const double checkpoints_an_hour =
      request.checkpoint_every_seconds > 0 ? 3600 / request.checkpoint_every_seconds : 0;
  json["disk"] = {{"checkpoint_bytes", plan.checkpoint_bytes},
                  {"checkpoints_bytes", plan.checkpoint_disk_bytes},
                  {"written_bytes_per_hour", checkpoints_an_hour * plan.checkpoint_bytes},
                  {"metrics_bytes_per_hour", 360 * kMetricsLineBytes}};
  if (!plan.remedy.empty()) json["remedy"] = plan.remedy;
  return json;
}

Json ForecastJson(const Forecast& forecast) {
  Json json = {{"workers", forecast.workers},
               {"units", forecast.units},
               {"iterations_per_s", forecast.iterations_per_s},
               {"touches_per_s", forecast.touches_per_s},
               {"round_s", forecast.round_s},
               {"seconds_to_iterations", forecast.seconds},
               {"seconds_to_visits", forecast.seconds_visits}};
  if (forecast.workers > 0) {
    json["bytes_up_per_iteration"] = forecast.bytes_up_per_iteration;
    json["bytes_down_per_iteration"] = forecast.bytes_down_per_iteration;
    json["log_bytes_per_hour"] = forecast.log_bytes_per_hour;
  }
  return json;
}

std::string Gigabytes(const Json& bytes) {
  const double value = bytes.get<double>();
  if (value < 1e6) return absl::StrFormat("%.1f kB", value / 1e3);
  if (value < 1e9) return absl::StrFormat("%.1f MB", value / 1e6);
  return absl::StrFormat("%.2f GB", value / 1e9);
}

std::string Duration(const Json& seconds) {
  const double value = seconds.get<double>();
  if (value < 120) return absl::StrFormat("%.1f s", value);
  if (value < 7200) return absl::StrFormat("%.1f min", value / 60);
  if (value < 172800) return absl::StrFormat("%.1f h", value / 3600);
  return absl::StrFormat("%.1f days", value / 86400);
}

void PrintCounts(const Json& json) {
  absl::PrintF("%s: fingerprint %s\n\n", json["run"].get<std::string>(),
               json["run_fingerprint"].get<std::string>());
  absl::PrintF("%-10s %12s %12s %16s %16s %10s\n", "street", "decisions", "buckets", "infosets",
               "actions", "table");
  for (const Json& street : json["streets"]) {
    absl::PrintF("%-10s %12d %12d %16d %16d %10s\n", street["street"].get<std::string>(),
                 street["nodes"].get<uint64_t>(), street["buckets"].get<uint64_t>(),
                 street["infosets"].get<uint64_t>(), street["slots"].get<uint64_t>(),
                 Gigabytes(street["table_bytes"]));
  }
  absl::PrintF("%-10s %12s %12s %16d %16d %10s\n\n", "all", "", "",
               json["infosets"].get<uint64_t>(), json["slots"].get<uint64_t>(),
               Gigabytes(json["memory"]["one_process"]["table"]));
  absl::PrintF("memory, with %d threads (%s available)\n", json["threads"].get<int>(),
               Gigabytes(json["available_bytes"]));
  for (const auto& [key, name] :
       {std::pair("one_process", "one process"), std::pair("coordinator", "coordinator"),
        std::pair("worker", "worker")}) {
    const Json& memory = json["memory"][key];
    absl::PrintF("  %-12s %10s  of it table %s, buckets %s, copies for checkpoints %s%s\n", name,
                 Gigabytes(memory["bytes"]), Gigabytes(memory["table"]),
                 Gigabytes(memory["buckets"]), Gigabytes(memory["copies_for_checkpoints"]),
                 memory["fits"].get<bool>() ? "" : ": does not fit here");
  }
  const Json& disk = json["disk"];
  absl::PrintF(
      "disk\n  checkpoints  %10s  (two are kept, one is being written), %s written an hour\n"
      "  metrics      %10s  an hour\n",
      Gigabytes(disk["checkpoints_bytes"]), Gigabytes(disk["written_bytes_per_hour"]),
      Gigabytes(disk["metrics_bytes_per_hour"]));
  if (json.contains("remedy")) absl::PrintF("\n%s\n", json["remedy"].get<std::string>());
}

void PrintForecasts(const Json& json) {
  absl::PrintF(
      "\ntimes, calibrated on this machine in %.1f s; links of %g Gbit/s; to %d iterations, and to "
      "%g visits an infoset\n%-12s %12s %12s %12s %12s %14s\n",
      json["calibration"]["seconds"].get<double>(), json["gbit_per_s"].get<double>(),
      json["iterations"].get<uint64_t>(), json["visits"].get<double>(), "", "iterations/s", "round",
      "iterations", "visits", "bytes up/down");
  for (const Json& row : json["forecasts"]) {
    const int workers = row["workers"].get<int>();
    absl::PrintF(
        "%-12s %12.4g %12s %12s %12s %14s\n",
        workers == 0 ? "one process" : absl::StrCat(workers, workers > 1 ? " workers" : " worker"),
        row["iterations_per_s"].get<double>(), Duration(row["round_s"]),
        Duration(row["seconds_to_iterations"]), Duration(row["seconds_to_visits"]),
        workers == 0 ? ""
                     : absl::StrFormat("%.4g/%.4g", row["bytes_up_per_iteration"].get<double>(),
                                       row["bytes_down_per_iteration"].get<double>()));
  }
  absl::PrintF(
      "\nWorkers have %d threads each and rounds as many units as workers; bytes are of one "
      "iteration, on a worker's\nlink. The coordinator's round log grows by up to %s an hour, to "
      "--round_log_gb. docs/scaling.md has the model\nand what it leaves out. What a deal visits "
      "changes in a long run, and its rate with it.\n",
      json["threads"].get<int>(), Gigabytes(json["forecasts"].back()["log_bytes_per_hour"]));
}

}  // namespace

absl::Status PrintPlan(const LoadedRun& run, const PlanRequest& request) {
  RETURN_IF_ERROR(CheckRequest(request));
  const RunPlan plan = PlanRun(run, request.threads);
  Json json = CountsJson(run, plan, request);
  if (!request.as_json) PrintCounts(json);
  const bool fits = CheckFits(plan.alone).ok();
  if (request.calibration_seconds == 0 || !fits) {
    if (request.as_json) {
      PrintJson(json);
    } else if (!fits) {
      absl::PrintF("\nNo times: the table does not fit here, so nothing was calibrated.\n");
    }
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const ClusterCosts costs, CostsNamedBy(request));
  ASSIGN_OR_RETURN(const Calibration calibration, CalibrateShown(run, request));
  ForecastOptions options;
  options.hosts = request.hosts;
  options.gbit_per_s = request.gbit_per_s;
  options.iterations = request.iterations > 0 ? request.iterations : run.definition().iterations;
  options.visits = request.visits;
  json["calibration"] = {{"seconds", calibration.seconds},
                         {"batch_seconds", calibration.batch_seconds},
                         {"round_end_seconds", calibration.round_seconds},
                         {"deals_per_batch", calibration.batch_deals},
                         {"touches_per_batch", calibration.batch_touches}};
  json["gbit_per_s"] = options.gbit_per_s;
  json["iterations"] = options.iterations;
  json["visits"] = options.visits;
  json["forecasts"] = Json::array();
  for (const Forecast& forecast :
       ForecastsOf(run.definition().round, plan, calibration, costs, options)) {
    json["forecasts"].push_back(ForecastJson(forecast));
  }
  if (request.as_json) {
    PrintJson(json);
  } else {
    PrintForecasts(json);
  }
  return absl::OkStatus();
}

}  // namespace nash
