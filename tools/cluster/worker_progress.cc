#include "tools/cluster/worker_progress.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/program/print_json.h"
#include "tools/program/progress_line.h"
#include "tools/training/process_memory.h"

namespace nash {

std::string WorkerLine(const WorkerProgress& last, const WorkerProgress& now) {
  const double seconds = std::max(now.seconds - last.seconds, kRateSecondsMin);
  std::string line =
      absl::StrFormat("round %d: %d units run, %.1fM touches/s, lookups waited for %.1f%%",
                      now.rounds, now.units, (now.touches - last.touches) / seconds / 1e6,
                      100 * (now.waited_seconds - last.waited_seconds) / seconds);
  const uint64_t by_device = now.lookups.device_deals - last.lookups.device_deals;
  const uint64_t deals = by_device + now.lookups.processor_deals - last.lookups.processor_deals;
  if (deals > 0) {
    absl::StrAppendFormat(&line, ", %.1f%% of deals by the device", 100.0 * by_device / deals);
  }
  return line;
}

std::string WorkerFiguresLine(const WorkerProgress& last, const WorkerProgress& now, int threads,
                              const WorkerCounters& counters, double unix_seconds) {
  constexpr double kLongSeconds = 60;
  const double seconds = std::max(now.seconds - last.seconds, kRateSecondsMin);
  nlohmann::ordered_json json;
  json["unix_time"] = std::round(unix_seconds * 1e3) / 1e3;
  json["seconds"] = now.seconds;
  json["rounds"] = now.rounds;
  if (now.touches > last.touches || seconds >= kLongSeconds) {
    const uint64_t by_device = now.lookups.device_deals - last.lookups.device_deals;
    const uint64_t deals = by_device + now.lookups.processor_deals - last.lookups.processor_deals;
    json["touches_per_s"] = static_cast<double>(now.touches - last.touches) / seconds;
    json["lookup_waiting_share"] = (now.waited_seconds - last.waited_seconds) / seconds;
    json["device_deals_share"] = deals == 0 ? 0 : double(by_device) / double(deals);
  }
  const ProcessMemory memory = ReadProcessMemory();
  json["resident_bytes"] = memory.resident_bytes;
  json["resident_file_bytes"] = memory.file_bytes;
  json["resident_peak_bytes"] = memory.peak_bytes;
  json["threads"] = threads;
  json["worker"] = {{"touches", now.touches},
                    {"units_run", counters.units_run},
                    {"units_abandoned", counters.units_abandoned},
                    {"rounds_followed", counters.rounds_followed},
                    {"tables_loaded", counters.tables_loaded},
                    {"divergences", counters.divergences},
                    {"parts_refused", counters.parts_refused},
                    {"joins", counters.joins},
                    {"early_parts", counters.early_parts},
                    {"relay_served_bytes", counters.relay_served_bytes},
                    {"relay_fetched_bytes", counters.relay_fetched_bytes},
                    {"relay_fallbacks", counters.relay_fallbacks},
                    {"received_bytes", now.received_bytes},
                    {"sent_bytes", now.sent_bytes}};
  for (const auto& [name, time] : kWorkerTimes) {
    json["worker"][absl::StrCat(name, "_seconds")] = static_cast<double>(now.times.*time) / 1e6;
  }
  return JsonLine(json);
}

}  // namespace nash
