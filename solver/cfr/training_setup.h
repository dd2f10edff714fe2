// What training a table needs, in one struct. Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_CFR_TRAINING_SETUP_H_
#define NASHVILLE_SOLVER_CFR_TRAINING_SETUP_H_

#include <cstdint>

#include "common/thread_pool.h"
#include "solver/cfr/options.h"
#include "solver/cfr/table.h"
#include "solver/game/deal.h"

namespace nash {

struct TrainingSetup {
  CfrOptions options;
  RoundShape shape;
  uint64_t seed = 0;
  Table* table = nullptr;              // not owned
  const DealSource* source = nullptr;  // not owned
  ThreadPool* pool = nullptr;          // not owned
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TRAINING_SETUP_H_
