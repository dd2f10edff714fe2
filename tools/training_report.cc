#include "tools/training_report.h"

#include <glog/logging.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"

namespace nash {
namespace {

uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::string ShortNumber(double x) {
  if (x >= 1e9) return absl::StrFormat("%.2fG", x / 1e9);
  if (x >= 1e6) return absl::StrFormat("%.2fM", x / 1e6);
  if (x >= 1e4) return absl::StrFormat("%.1fk", x / 1e3);
  return absl::StrFormat("%.0f", x);
}

std::string ShortDuration(double seconds) {
  const int64_t s = static_cast<int64_t>(std::llround(std::min(seconds, 1e9)));
  if (s < 3600) return absl::StrFormat("%d:%02d", s / 60, s % 60);
  return absl::StrFormat("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

TrainingReport::TrainingReport(int num_threads, const TrainingTarget& target)
    : num_threads_(num_threads), target_(target), is_terminal_(isatty(STDERR_FILENO) == 1) {}

TrainingReport::Rates TrainingReport::RatesAt(const TrainingSample& now) const {
  Rates rates = {};
  const double seconds = std::max(now.seconds - last_.seconds, 1e-6);
  rates.iterations = (now.progress.iterations - last_.progress.iterations) / seconds;
  rates.touches = (now.progress.touches - last_.progress.touches) / seconds;
  rates.waiting = (now.waited_seconds - last_.waited_seconds) / (seconds * num_threads_);
  rates.lookup_waiting = (now.prepare_waited_seconds - last_.prepare_waited_seconds) / seconds;
  if (now.cluster.has_value()) {
    const ClusterSample before = last_.cluster.value_or(ClusterSample());
    const double member_seconds = now.cluster->member_seconds - before.member_seconds;
    const double idle_seconds = now.cluster->idle_seconds - before.idle_seconds;
    rates.idle = member_seconds > 0 ? idle_seconds / member_seconds : 0;
  }
  const uint64_t device_deals = now.lookups.device_deals - last_.lookups.device_deals;
  const uint64_t deals = device_deals + now.lookups.processor_deals - last_.lookups.processor_deals;
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
      const double seconds_left = std::max(0.0, left / rates.iterations);
      rates.seconds_left =
          rates.seconds_left < 0 ? seconds_left : std::min(rates.seconds_left, seconds_left);
    }
  }
  return rates;
}

std::string TrainingReport::Line(const TrainingSample& now, double reached_share) const {
  const Rates rates = RatesAt(now);
  std::string line = absl::StrFormat(
      "%5.1f%%  %s iterations  %s/s  %s touches/s  %.1f%% of infosets reached", 100 * rates.share,
      ShortNumber(static_cast<double>(now.progress.iterations)), ShortNumber(rates.iterations),
      ShortNumber(rates.touches), 100 * reached_share);
  if (!now.cluster.has_value()) {
    absl::StrAppendFormat(&line, "  waiting %.1f%%", 100 * rates.waiting);
  } else {
    absl::StrAppendFormat(&line, "  %d workers, idle %.1f%%", now.cluster->workers,
                          100 * rates.idle);
    if (now.cluster->is_paused) line += "  paused: the disk is full";
  }
  if (rates.seconds_left >= 0) line += "  ETA " + ShortDuration(rates.seconds_left);
  return line;
}

std::string TrainingReport::Json(const TrainingSample& now, double reached_share) const {
  const Rates rates = RatesAt(now);
  nlohmann::ordered_json json;
  json["unix_time"] = std::round(now.unix_seconds * 1e3) / 1e3;
  json["seconds"] = now.seconds;
  json["run_seconds"] = now.run_seconds;
  json["rounds"] = now.progress.rounds;
  json["iterations"] = now.progress.iterations;
  json["touches"] = now.progress.touches;
  json["iterations_per_s"] = rates.iterations;
  json["touches_per_s"] = rates.touches;
  json["waiting_share"] = rates.waiting;
  json["lookup_waiting_share"] = rates.lookup_waiting;
  json["device_deals_share"] = rates.device_deals;
  json["infosets_reached_share"] = reached_share;
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
  return json.dump();
}

void TrainingReport::Print(const std::string& line) {
  if (is_terminal_) {
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
    line_is_open_ = true;
  } else {
    LOG(INFO) << line;
  }
}

void TrainingReport::EndLine() {
  if (line_is_open_) std::fputc('\n', stderr);
  line_is_open_ = false;
}

}  // namespace nash
