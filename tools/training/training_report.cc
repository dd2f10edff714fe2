#include "tools/training/training_report.h"

#include <glog/logging.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tools/program/print_json.h"

namespace nash {
namespace {

uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
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
  const TrainingSample from =
      now.seconds - last_.seconds < kRateSecondsMin ? start_.value_or(last_) : last_;
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
    rates.idle = member_seconds > 0 ? idle_seconds / member_seconds : 0;
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
  if (now.measured.has_value() && now.is_measured_newly) {
    const Measurement& measured = *now.measured;
    json["evaluation"] = {{"kind", measured.kind},
                          {"round", measured.round},
                          {"iterations", measured.iterations},
                          {"chips", measured.chips},
                          {"half_width_95", measured.half_width},
                          {"seconds", measured.seconds}};
  }
  json["resident_bytes"] = ResidentBytes();
  json["threads"] = num_threads_;
  if (now.cluster.has_value()) {
    json["workers"] = now.cluster->workers;
    json["idle_share"] = rates.idle;
    json["round_log_bytes"] = now.cluster->log_bytes;
    nlohmann::ordered_json& counters = json["coordinator"];
    now.cluster->counters.ForEach(
        [&](const char* name, uint64_t value) { counters[name] = value; });
  }
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
