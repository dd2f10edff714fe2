#include "tools/program/progress_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace nash {
namespace {

constexpr char kToLineStart[] = "\r\x1b[K";  // and removes what the line holds

}  // namespace

ProgressLine::ProgressLine() : ProgressLine(stderr, isatty(STDERR_FILENO) == 1) {}

void ProgressLine::Show(const LineFields& line) {
  if (is_terminal_) {
    // A terminal that is full to its last column may have gone to the next line.
    const int columns = columns_ > 0 ? columns_ : TerminalColumns(stream_);
    std::fprintf(stream_, "%s%s", kToLineStart, Fitted(line, columns - 1).c_str());
  } else {
    std::fprintf(stream_, "%s\n", Joined(line).c_str());
  }
  std::fflush(stream_);
  is_open_ = is_terminal_;
}

void ProgressLine::End() {
  if (is_open_) std::fputc('\n', stream_);
  is_open_ = false;
}

std::string Joined(const LineFields& fields) {
  std::string line;
  for (const LineField& field : fields) line += field.text;
  return line;
}

std::string Fitted(const LineFields& fields, int columns) {
  const size_t width = std::max(columns, 1);
  LineFields left = fields;
  std::string line = Joined(left);
  while (line.size() > width) {
    // Of equals the last.
    const auto least =
        std::max_element(left.rbegin(), left.rend(),
                         [](const LineField& a, const LineField& b) { return a.rank < b.rank; });
    if (least == left.rend() || least->rank == 0) return line.substr(0, width);
    left.erase(std::next(least).base());
    line = Joined(left);
  }
  return line;
}

int TerminalColumns(std::FILE* stream) {
  constexpr int kColumns = 80;
  // A stderr that is relayed has no descriptor of its own (stderr_relay.h).
  const int own = fileno(stream);
  winsize size{};
  if (ioctl(own >= 0 ? own : STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  const char* const told = std::getenv("COLUMNS");
  int columns = 0;
  return told != nullptr && absl::SimpleAtoi(told, &columns) && columns > 0 ? columns : kColumns;
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
