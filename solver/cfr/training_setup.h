// What training a table needs, in one struct. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_CFR_TRAINING_SETUP_H_
#define NASHVILLE_SOLVER_CFR_TRAINING_SETUP_H_

#include <cstdint>

#include "common/thread_pool.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"
#include "solver/game/deal.h"
#include "solver/ranges/board_source.h"
#include "solver/ranges/card_model.h"

namespace nash {

struct TrainingSetup {
  CfrOptions options;
  RoundShape shape;
  uint64_t seed = 0;
  Table* table = nullptr;               // not owned
  const DealSource* source = nullptr;   // not owned
  ThreadPool* pool = nullptr;           // not owned
  const BoardSource* boards = nullptr;  // for public chance sampling; not owned
  const CardModel* cards = nullptr;     // for enumerated chance; not owned
  // The one position that learns. The rows of the others never change and hold in their regrets
  // what these players do: regret matching of a strategy's probabilities gives the strategy. No
  // sums are kept, since against players who stand still the current strategy itself comes to a
  // best response. -1: all learn. Else external sampling only.
  int learner = -1;

  bool Learns(int player) const { return learner < 0 || player == learner; }
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TRAINING_SETUP_H_
