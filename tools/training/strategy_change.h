// How much the strategy of a run still changes: the current strategies (regret matching) of some
// infosets of each street, compared with what they were when last looked at.
//
// Infosets are taken evenly over each street, always the same. Memory: a float for each of their
// actions, below 1 MB. Thread-compatible: no other thread may change the table during Look().
#ifndef NASHVILLE_TOOLS_TRAINING_STRATEGY_CHANGE_H_
#define NASHVILLE_TOOLS_TRAINING_STRATEGY_CHANGE_H_

#include <cstdint>
#include <vector>

#include "solver/cfr/table.h"

namespace nash {

class StrategyChange {
 public:
  static constexpr uint64_t kRowsPerStreet = 5'000;

  // table outlives us.
  explicit StrategyChange(const Table& table, uint64_t rows_per_street = kRowsPerStreet);

  // By street: the mean total variation between the strategies now and at the look before, of the
  // infosets in the sample that are reached by now. The first look compares with none: all 0.
  std::vector<double> Look();

 private:
  struct Place {
    NodeIndex node;
    uint32_t bucket;
    uint8_t street;
  };
  const Table& table_;
  std::vector<Place> places_;
  std::vector<float> strategies_;  // of all places, one after the other; empty before a look
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_STRATEGY_CHANGE_H_
