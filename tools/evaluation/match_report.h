// How a match between two strategies is told: while it is played and when it is over.
//
// Not thread-safe: for the thread that plays it.
#ifndef NASHVILLE_TOOLS_EVALUATION_MATCH_REPORT_H_
#define NASHVILLE_TOOLS_EVALUATION_MATCH_REPORT_H_

#include <array>
#include <cstdint>
#include <string>

#include "solver/evaluation/head_to_head.h"
#include "tools/program/progress_line.h"

namespace nash {

struct MatchSide {
  std::string folder;  // as the user named it
  std::string run_name;
  std::string run_fingerprint;
  uint64_t iterations = 0;
};

struct Match {
  std::array<MatchSide, 2> sides;
  std::string policy;
  uint64_t seed = 0;
  uint64_t deals_wanted = 0;
  bool is_exact = false;  // all deals of the game are wanted
  int32_t big_blind_chips = 0;
  DealMean mean;  // of the deals played so far
  double seconds = 0;
};

// A line on stderr from two seconds on: kept up to date on a terminal, elsewhere one now and then.
class MatchProgress {
 public:
  void Print(const Match& match);
  // Leaves the line that is being kept up to date, for what is printed next.
  void EndLine() { line_.End(); }

 private:
  ProgressLine line_;
  double next_print_seconds_ = 2;
};

// To stdout. Need deals that were played.
void PrintMatchTable(const Match& match);
void PrintMatchJson(const Match& match);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATION_MATCH_REPORT_H_
