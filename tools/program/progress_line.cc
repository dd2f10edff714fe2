#include "tools/program/progress_line.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "absl/strings/str_format.h"

namespace nash {
namespace {

constexpr char kToLineStart[] = "\r\x1b[K";  // and removes what the line holds

}  // namespace

ProgressLine::ProgressLine() : ProgressLine(stderr, isatty(STDERR_FILENO) == 1) {}

void ProgressLine::Show(const std::string& line) {
  std::fprintf(stream_, is_terminal_ ? "%s%s" : "%s%s\n", is_terminal_ ? kToLineStart : "",
               line.c_str());
  std::fflush(stream_);
  is_open_ = is_terminal_;
}

void ProgressLine::End() {
  if (is_open_) std::fputc('\n', stream_);
  is_open_ = false;
}

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

std::string ShortRate(double count, double seconds) {
  if (seconds < kRateSecondsMin) return "-";
  const double rate = count / seconds;
  return rate > 0 && rate < 10 ? absl::StrFormat("%.2f", rate) : ShortNumber(rate);
}

}  // namespace nash
