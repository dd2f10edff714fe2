#include "tools/cluster/worker_progress.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "tools/program/progress_line.h"

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

}  // namespace nash
