// A line on stderr that tells how far something has come, and the numbers that such a line is made
// of.
#ifndef NASHVILLE_TOOLS_PROGRAM_PROGRESS_LINE_H_
#define NASHVILLE_TOOLS_PROGRAM_PROGRESS_LINE_H_

#include <cstdio>
#include <string>
#include <vector>

namespace nash {

// A part of a line, with what separates it from the part before. Where a terminal is too narrow for
// all, those with the highest rank are left out first; rank 0 stays.
struct LineField {
  std::string text;
  int rank = 0;
};
using LineFields = std::vector<LineField>;

std::string Joined(const LineFields& fields);
// What of it fits into so many columns: whole fields, and a cut only where those of rank 0 are too
// long.
std::string Fitted(const LineFields& fields, int columns);

// The width of the terminal behind the stream as it is now; else what COLUMNS says, else 80.
int TerminalColumns(std::FILE* stream);

// On a terminal the line is rewritten in place, and never wider than the terminal; elsewhere, as in
// a log, each is a line of its own, and the caller shows fewer. Not thread-safe: for the thread
// that does the work.
class ProgressLine {
 public:
  ProgressLine();  // on stderr
  // stream: not owned. columns: of the terminal; 0: as many as it has.
  ProgressLine(std::FILE* stream, bool is_terminal, int columns = 0)
      : stream_(stream), is_terminal_(is_terminal), columns_(columns) {}

  bool is_terminal() const { return is_terminal_; }
  void Show(const LineFields& line);
  // Leaves a line that is being rewritten as it is, for what is printed next.
  void End();

 private:
  std::FILE* const stream_;
  const bool is_terminal_;
  const int columns_;
  bool is_open_ = false;
};

// What took less has no rate: the clock tells noise, and nobody waits.
inline constexpr double kRateSecondsMin = 0.01;

// "1.31M", "24.5k", "310".
std::string ShortNumber(double x);
// "1:02:03" or "2:03".
std::string ShortDuration(double seconds);
// A second's share of `count`: "1.31M", "4.20"; "-" where the time was too short to tell.
std::string ShortRate(double count, double seconds);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PROGRAM_PROGRESS_LINE_H_
