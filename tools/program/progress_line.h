// A line on stderr that tells how far something has come, and the numbers that such a line is made
// of.
#ifndef NASHVILLE_TOOLS_PROGRAM_PROGRESS_LINE_H_
#define NASHVILLE_TOOLS_PROGRAM_PROGRESS_LINE_H_

#include <cstdio>
#include <string>

namespace nash {

// On a terminal the line is rewritten in place; elsewhere, as in a log, each is a line of its own,
// and the caller shows fewer. Not thread-safe: for the thread that does the work.
class ProgressLine {
 public:
  ProgressLine();  // on stderr
  // stream: not owned.
  ProgressLine(std::FILE* stream, bool is_terminal) : stream_(stream), is_terminal_(is_terminal) {}

  bool is_terminal() const { return is_terminal_; }
  void Show(const std::string& line);
  // Leaves a line that is being rewritten as it is, for what is printed next.
  void End();

 private:
  std::FILE* const stream_;
  const bool is_terminal_;
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
