#include "tools/build_progress.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "absl/strings/str_format.h"

namespace nash {
namespace {

double Seconds() {
  using std::chrono::steady_clock;
  return std::chrono::duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

BuildProgressPrinter::BuildProgressPrinter() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

void BuildProgressPrinter::Print(const BuildProgress& progress) {
  const double now = Seconds();
  if (progress.stage != stage_) {
    stage_ = progress.stage;
    stage_start_ = now;
    last_print_ = 0;
    is_finished_ = false;
  }
  const bool is_last = progress.done == progress.total;
  if (is_finished_ || (!is_last && (!is_terminal_ || now - last_print_ < 0.1))) return;
  is_finished_ = is_last;
  last_print_ = now;
  const double seconds = now - stage_start_;
  const double rate = progress.done / (seconds + 1e-9);
  const std::string time =
      is_last ? absl::StrFormat("%.1f s", seconds)
              : absl::StrFormat("%.1f s left", (progress.total - progress.done) / rate);
  absl::FPrintF(stderr, "%sbuckets: %-18s %5.1f%%  %d boards  %.0f/s  %s%s%s",
                is_terminal_ ? "\r" : "", stage_, 100.0 * progress.done / progress.total,
                progress.done, rate, time, is_terminal_ ? "\x1b[K" : "",
                is_last || !is_terminal_ ? "\n" : "");
}

}  // namespace nash
