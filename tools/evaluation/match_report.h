// How a match between two strategies is told when it is over.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_EVALUATION_MATCH_REPORT_H_
#define NASHVILLE_TOOLS_EVALUATION_MATCH_REPORT_H_

#include <array>
#include <cstdint>
#include <string>

#include "tools/evaluation/played_deals.h"

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
  int32_t big_blind_chips = 0;
  PlayedDeals played;
};

// To stdout. Need deals that were played.
void PrintMatchTable(const Match& match);
void PrintMatchJson(const Match& match);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_EVALUATION_MATCH_REPORT_H_
