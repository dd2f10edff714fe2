// Totals come in, rates go out. A sample has counters since the start of the process; what a report
// tells is the difference to the sample before it, over the seconds between. Two samples are kept:
// the first, for the moment after a report when the last is too near to tell a rate from, and the
// last.
//
// The line and the JSON say the same things, the line in the order of importance: each part has a
// number, and a narrow terminal loses the parts with the highest first (progress_line.h). Keys of
// the JSON are the names of the registry (tools/stored/metric_registry.cc) in its order;
// run_reporter_test fails where one lacks the other.
//
// The time left is by whichever limit comes first, at the rate of now: a run whose deals get longer
// takes longer than it says.
#include "tools/training/training_report.h"

#include <glog/logging.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tools/program/print_json.h"
#include "tools/training/process_memory.h"

namespace nash {
namespace {

double PerRound(double now, double before, uint64_t rounds) {
  return rounds == 0 ? 0 : (now - before) / static_cast<double>(rounds);
}

// In the order of the table's rows.
void AddCluster(const TrainingSample& now, const TrainingSample& from, double idle,
                nlohmann::ordered_json* json) {
  const ClusterSample& cluster = *now.cluster;
  const ClusterSample before = from.cluster.value_or(ClusterSample());
  const uint64_t rounds = now.progress.rounds - from.progress.rounds;
  const uint64_t iterations = now.progress.iterations - from.progress.iterations;
  (*json)["workers"] = cluster.workers;
  (*json)["worker_threads"] = cluster.worker_threads;
  (*json)["workers_resident_bytes"] = cluster.workers_resident_bytes;
  (*json)["idle_share"] = idle;
  (*json)["paused"] = cluster.is_paused ? 1 : 0;
  (*json)["units_in_flight"] = cluster.units_in_flight;
  (*json)["bytes_up_per_iteration"] =
      PerRound(static_cast<double>(cluster.received_bytes),
               static_cast<double>(before.received_bytes), iterations);
  (*json)["bytes_down_per_iteration"] = PerRound(
      static_cast<double>(cluster.sent_bytes), static_cast<double>(before.sent_bytes), iterations);
  const RoundTimes& times = cluster.times;
  const double unit_rows = static_cast<double>(times.unit_rows - before.times.unit_rows);
  const double merged_rows = static_cast<double>(times.merged_rows - before.times.merged_rows);
  (*json)["rows_overlap_share"] = unit_rows == 0 ? 0 : 1 - merged_rows / unit_rows;
  (*json)["round"] = {
      {"check_seconds", PerRound(times.check_seconds, before.times.check_seconds, rounds)},
      {"sum_seconds", PerRound(times.sum_seconds, before.times.sum_seconds, rounds)},
      {"merge_seconds", PerRound(times.merge_seconds, before.times.merge_seconds, rounds)},
      {"log_seconds", PerRound(times.log_seconds, before.times.log_seconds, rounds)}};
  (*json)["round_log_bytes"] = cluster.log_bytes;
  (*json)["round_log_appended_bytes"] = cluster.appended_bytes;
  (*json)["results_memory_bytes"] = cluster.results_memory_bytes;
  (*json)["results_disk_bytes"] = cluster.results_disk_bytes;
  nlohmann::ordered_json& worker_time = (*json)["worker_time"];
  worker_time["all_seconds"] = cluster.worker_seconds;
  for (const auto& [name, time] : kWorkerTimes) {
    worker_time[absl::StrCat(name, "_seconds")] =
        static_cast<double>(cluster.worker_times.*time) / 1e6;
  }
  nlohmann::ordered_json& counters = (*json)["coordinator"];
  cluster.counters.ForEach([&](const char* name, uint64_t value) { counters[name] = value; });
}

nlohmann::ordered_json PlanFigures(const MemoryPlan& plan) {
  return {{"total_bytes", plan.total_bytes()}, {"program_bytes", plan.program_bytes},
          {"table_bytes", plan.table_bytes},   {"tree_bytes", plan.tree_bytes},
          {"bucket_bytes", plan.bucket_bytes}, {"traversal_bytes", plan.traversal_bytes},
          {"undo_bytes", plan.undo_bytes},     {"delta_bytes", plan.delta_bytes},
          {"worker_bytes", plan.worker_bytes}, {"checkpoint_bytes", plan.checkpoint_bytes},
          {"copy_bytes", plan.copy_bytes},     {"available_bytes", plan.available_bytes}};
}

// Table, tree and copies are taken whole before training begins, so that the plan's figures are
// what they take; of files the system says what is in memory.
nlohmann::ordered_json UseFigures(const TrainingSample& now, uint64_t resident_bytes) {
  const MemoryPlan& plan = *now.memory_plan;
  const uint64_t buckets = MappedFileBytesInMemory(".buckets");
  const uint64_t results = now.cluster.has_value() ? now.cluster->results_memory_bytes : 0;
  const uint64_t known = plan.table_bytes + plan.tree_bytes + plan.copy_bytes + buckets + results;
  return {{"table_bytes", plan.table_bytes},
          {"tree_bytes", plan.tree_bytes},
          {"bucket_bytes", buckets},
          {"copy_bytes", plan.copy_bytes},
          {"result_bytes", results},
          {"other_bytes", resident_bytes - std::min(resident_bytes, known)}};
}

std::string IntervalOf(const Measurement& measured) {
  if (measured.half_width == 0) return absl::StrFormat("%.4g chips", measured.chips);
  return absl::StrFormat("%.4g +- %.2g chips", measured.chips, measured.half_width);
}

}  // namespace

TrainingReport::TrainingReport(int num_threads, const TrainingTarget& target)
    : num_threads_(num_threads), target_(target) {}

void TrainingReport::Take(const TrainingSample& now) {
  if (!start_.has_value()) start_ = now;
  last_ = now;
}

TrainingReport::Rates TrainingReport::RatesAt(const TrainingSample& now) const {
  Rates rates = {};
  // Right after the last sample there is nothing to tell a rate from: then it is that of all.
  const bool is_too_soon = now.seconds - last_.seconds < kRateSecondsMin;
  const TrainingSample& from = is_too_soon && start_.has_value() ? *start_ : last_;
  rates.from = &from;
  rates.seconds = now.seconds - from.seconds;
  const double seconds = std::max(rates.seconds, kRateSecondsMin);
  rates.iterations = now.progress.iterations - from.progress.iterations;
  rates.touches = now.progress.touches - from.progress.touches;
  rates.waiting = (now.waited_seconds - from.waited_seconds) / (seconds * num_threads_);
  rates.lookup_waiting = (now.prepare_waited_seconds - from.prepare_waited_seconds) / seconds;
  if (now.cluster.has_value()) {
    const ClusterSample before = from.cluster.value_or(ClusterSample());
    const double member_seconds = now.cluster->member_seconds - before.member_seconds;
    const double idle_seconds = now.cluster->idle_seconds - before.idle_seconds;
    // Where all were idle the sums differ by rounding.
    rates.idle = member_seconds > 0 ? std::min(1.0, idle_seconds / member_seconds) : 0;
    // Workers wait, and tell of it now and then: where none did, the share is not known.
    const double worker_seconds = now.cluster->worker_seconds - before.worker_seconds;
    rates.lookup_waiting =
        worker_seconds > 0
            ? (now.prepare_waited_seconds - from.prepare_waited_seconds) / worker_seconds
            : 0;
  }
  const uint64_t device_deals = now.lookups.device_deals - from.lookups.device_deals;
  const uint64_t deals = device_deals + now.lookups.processor_deals - from.lookups.processor_deals;
  rates.device_deals = deals == 0 ? 0 : double(device_deals) / deals;
  rates.seconds_left = -1;
  if (target_.seconds > 0) {
    rates.share = std::min(1.0, now.seconds / target_.seconds);
    rates.seconds_left = std::max(0.0, target_.seconds - now.seconds);
  }
  if (target_.iterations > 0) {
    const double share = double(now.progress.iterations) / target_.iterations;
    const double left = double(target_.iterations) - double(now.progress.iterations);
    // Whole rounds are run, so that the last one may pass the target.
    rates.share = std::min(1.0, std::max(rates.share, share));
    if (rates.iterations > 0) {
      const double seconds_left = std::max(0.0, left / rates.iterations * rates.seconds);
      rates.seconds_left =
          rates.seconds_left < 0 ? seconds_left : std::min(rates.seconds_left, seconds_left);
    }
  }
  return rates;
}

LineFields TrainingReport::Line(const TrainingSample& now, const TableSurvey& survey) const {
  const Rates rates = RatesAt(now);
  LineFields line = {
      {absl::StrFormat("%5.1f%%  %s iterations", 100 * rates.share,
                       ShortNumber(static_cast<double>(now.progress.iterations)))},
      {absl::StrFormat("  %s/s", ShortRate(rates.iterations, rates.seconds)), 2},
      {absl::StrFormat("  %s touches/s", ShortRate(rates.touches, rates.seconds)), 5},
      {absl::StrFormat("  %.1f%% of infosets reached", 100 * survey.reached_share()), 4}};
  if (!now.cluster.has_value()) {
    line.push_back({absl::StrFormat("  waiting %.1f%%", 100 * rates.waiting), 6});
  }
  const double at_ceiling = survey.worst_ceiling_share();
  if (at_ceiling > kTraceOfRegrets) {
    line.push_back({absl::StrFormat("  %.1f%% of regrets at the ceiling", 100 * at_ceiling), 3});
  }
  if (now.cluster.has_value()) {
    line.push_back({absl::StrFormat("  %d workers", now.cluster->workers), 1});
    line.push_back({absl::StrFormat(", idle %.1f%%", 100 * rates.idle), 2});
    if (now.cluster->is_paused) line.push_back({"  paused: the disk is full"});
    if (now.cluster->counters.audits_waived > 0) {
      line.push_back(
          {absl::StrFormat("  %d audits waived", now.cluster->counters.audits_waived), 3});
    }
  }
  if (now.measured.has_value()) {
    line.push_back({absl::StrFormat("  %s %s", now.measured->kind, IntervalOf(*now.measured)), 3});
  }
  if (rates.seconds_left >= 0) line.push_back({"  ETA " + ShortDuration(rates.seconds_left), 1});
  return line;
}

std::string TrainingReport::Json(const TrainingSample& now, const TableSurvey& survey) const {
  const Rates rates = RatesAt(now);
  nlohmann::ordered_json json;
  json["unix_time"] = std::round(now.unix_seconds * 1e3) / 1e3;
  json["seconds"] = now.seconds;
  json["run_seconds"] = now.run_seconds;
  json["rounds"] = now.progress.rounds;
  json["iterations"] = now.progress.iterations;
  json["touches"] = now.progress.touches;
  const double seconds = std::max(rates.seconds, kRateSecondsMin);
  json["iterations_per_s"] = rates.iterations / seconds;
  json["touches_per_s"] = rates.touches / seconds;
  json["waiting_share"] = rates.waiting;
  json["lookup_waiting_share"] = rates.lookup_waiting;
  json["device_deals_share"] = rates.device_deals;
  json["infosets_reached_share"] = survey.reached_share();
  for (const StreetSurvey& street : survey.streets) {
    json["largest_regret_share_of_ceiling"].push_back(static_cast<double>(street.largest_regret) /
                                                      kRegretCeiling);
    json["regrets_at_ceiling_share"].push_back(street.ceiling_share());
    json["regrets_at_floor_share"].push_back(street.floor_share());
  }
  if (!now.learning.positive_regret_chips.empty()) {
    json["mean_positive_regret"] = now.learning.positive_regret_chips;
    json["strategy_change"] = now.learning.strategy_change;
  }
  json["staleness_rounds"] = now.staleness_rounds;
  if (now.measured.has_value() && now.is_measured_newly) {
    const Measurement& measured = *now.measured;
    json["evaluation"] = {{"kind", measured.kind},
                          {"round", measured.round},
                          {"iterations", measured.iterations},
                          {"chips", measured.chips},
                          {"half_width_95", measured.half_width},
                          {"seconds", measured.seconds}};
  }
  json["checkpoint"] = {{"written", now.checkpoints.written},
                        {"seconds", now.checkpoints.last_seconds},
                        {"pause_seconds", now.checkpoints.pause_seconds}};
  json["disk"] = {{"run_bytes", now.run_folder_bytes}, {"free_bytes", now.disk_free_bytes}};
  const ProcessMemory memory = ReadProcessMemory();
  json["resident_bytes"] = memory.resident_bytes;
  json["resident_file_bytes"] = memory.file_bytes;
  json["resident_peak_bytes"] = memory.peak_bytes;
  if (now.memory_plan.has_value()) {
    json["memory_plan"] = PlanFigures(*now.memory_plan);
    json["memory_in_use"] = UseFigures(now, memory.resident_bytes);
  }
  json["threads"] = num_threads_;
  if (now.cluster.has_value()) AddCluster(now, *rates.from, rates.idle, &json);
  return JsonLine(json);
}

void TrainingReport::Print(const LineFields& line) {
  if (line_.is_terminal()) {
    line_.Show(line);
  } else {
    LOG(INFO) << Joined(line);
  }
}

}  // namespace nash
