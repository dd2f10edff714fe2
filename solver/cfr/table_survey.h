// What a look at some of a table's rows tells, street by street: how much is reached, and whether
// regrets have come to the limits of 32 bits.
//
// A regret at the ceiling (2^30 quanta) can grow no further, so ratios between regrets, and with
// them strategies, go wrong without any other sign: the quantum is too fine for the run. A regret
// at the lowest floor is harmless: the action is not played either way, only taken up again sooner.
// Rows of doubles have no limits: of them it tells how much is reached, and the mean positive
// regret. Thread-compatible: no other thread may change the table meanwhile.
#ifndef NASHVILLE_SOLVER_CFR_TABLE_SURVEY_H_
#define NASHVILLE_SOLVER_CFR_TABLE_SURVEY_H_

#include <cstdint>
#include <vector>

#include "solver/cfr/table.h"

namespace nash {

struct StreetSurvey {
  uint64_t rows = 0;           // of the street
  uint64_t seen_rows = 0;      // that were looked at
  uint64_t reached_rows = 0;   // of these: not all zero
  uint64_t regrets = 0;        // of the rows reached
  uint64_t at_ceiling = 0;     // of these: at kRegretCeiling or above, until the next clamp
  uint64_t at_floor = 0;       // of these: at kRegretFloorMin or below
  int32_t largest_regret = 0;  // of the rows seen, in quanta
  double positive_regret = 0;  // of the rows seen, summed: quanta, or chips where rows hold doubles

  // Shares of the regrets of rows reached.
  double ceiling_share() const { return regrets == 0 ? 0 : double(at_ceiling) / regrets; }
  double floor_share() const { return regrets == 0 ? 0 : double(at_floor) / regrets; }
  // Of a regret of these, what is above 0, on average.
  double mean_positive_regret() const { return regrets == 0 ? 0 : positive_regret / regrets; }
};

struct TableSurvey {
  std::vector<StreetSurvey> streets;
  // The share of the table's rows that are not all zero, estimated.
  double reached_share() const;
  // The ceiling_share() of the street where it is largest.
  double worst_ceiling_share() const;
};

// A share of a street's regrets at the ceiling up to this is a trace: no reason to say a word.
inline constexpr double kTraceOfRegrets = 0.001;

// Looks at all nodes of streets that have few rows, and at nodes spread evenly over the others:
// about `rows_per_street` rows of each, and at least one node.
TableSurvey SurveyTable(const Table& table, uint64_t rows_per_street);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_SURVEY_H_
