#include "tools/program/build_progress.h"

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nash {
namespace {

constexpr double kTerminalEverySeconds = 0.1;
constexpr double kLogEverySeconds = 10;
// From here on a count is told in short.
constexpr uint64_t kCountMax = 1'000'000'000;

double NowSeconds() {
  using std::chrono::steady_clock;
  return std::chrono::duration<double>(steady_clock::now().time_since_epoch()).count();
}

std::string Count(uint64_t count, uint64_t total) {
  return total < kCountMax ? absl::StrCat(count) : ShortNumber(static_cast<double>(count));
}

}  // namespace

LineFields StageLine(const BuildProgress& progress, double seconds) {
  const uint64_t done = progress.done;
  const uint64_t total = progress.total;
  LineFields line = {
      {absl::StrFormat("%-17s %5.1f%%", progress.stage, total == 0 ? 100.0 : 100.0 * done / total)},
      {absl::StrFormat("  %s of %s %s", Count(done, total), Count(total, total), progress.unit),
       3}};
  if (seconds >= kRateSecondsMin) {
    line.push_back({absl::StrCat(", ", ShortRate(done, seconds), "/s"), 2});
  }
  if (done == total) {
    line.push_back({absl::StrFormat(", %.1f s", seconds), 1});
  } else if (done > 0 && seconds >= kRateSecondsMin) {
    line.push_back({absl::StrFormat(", %.1f s left", seconds * (total - done) / done), 1});
  }
  return line;
}

void BuildProgressPrinter::Print(const BuildProgress& progress) {
  const double now = NowSeconds();
  const double every = line_.is_terminal() ? kTerminalEverySeconds : kLogEverySeconds;
  if (progress.stage != stage_) {
    stage_ = progress.stage;
    stage_start_seconds_ = now;
    next_print_seconds_ =
        now + (quiet_seconds_ > 0 || line_.is_terminal() ? quiet_seconds_ : every);
    is_finished_ = false;
  }
  const double seconds = now - stage_start_seconds_;
  const bool is_last = progress.done == progress.total && seconds >= quiet_seconds_;
  if (is_finished_ || (!is_last && now < next_print_seconds_)) return;
  is_finished_ = is_last;
  next_print_seconds_ = now + every;
  line_.Show(StageLine(progress, seconds));
  if (is_last) line_.End();
}

}  // namespace nash
