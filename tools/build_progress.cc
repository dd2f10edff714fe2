#include "tools/build_progress.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "absl/strings/str_format.h"

namespace nash {
namespace {

constexpr double kPrintEverySeconds = 0.1;

double NowSeconds() {
  using std::chrono::steady_clock;
  return std::chrono::duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

BuildProgressPrinter::BuildProgressPrinter() : is_terminal_(isatty(STDERR_FILENO) != 0) {}

void BuildProgressPrinter::Print(const BuildProgress& progress) {
  const double now = NowSeconds();
  if (progress.stage != stage_) {
    stage_ = progress.stage;
    stage_start_seconds_ = now;
    last_print_seconds_ = 0;
    is_finished_ = false;
  }
  const bool is_last = progress.done == progress.total;
  const bool is_due = is_terminal_ && now - last_print_seconds_ >= kPrintEverySeconds;
  if (is_finished_ || (!is_last && !is_due)) return;
  is_finished_ = is_last;
  last_print_seconds_ = now;
  const double seconds = now - stage_start_seconds_;
  const double per_second = progress.done / (seconds + 1e-9);
  const double seconds_left = (progress.total - progress.done) / (per_second + 1e-9);
  std::string time;
  if (is_last) {
    time = absl::StrFormat(", %.1f s", seconds);
  } else if (progress.done > 0) {
    time = absl::StrFormat(", %.1f s left", seconds_left);
  }
  absl::FPrintF(stderr, "%s%-17s %5.1f%%  %d of %d %s, %.*f/s%s%s", is_terminal_ ? "\r" : "",
                stage_, 100.0 * progress.done / progress.total, progress.done, progress.total,
                progress.unit, per_second < 10 ? 2 : 0, per_second, time,
                is_terminal_ ? "\x1b[K" : "");
  if (is_last) absl::FPrintF(stderr, "\n");
}

void BuildProgressPrinter::EndLine() {
  if (is_terminal_ && !is_finished_) absl::FPrintF(stderr, "\n");
  is_finished_ = true;
}

}  // namespace nash
