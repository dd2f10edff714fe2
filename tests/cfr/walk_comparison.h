// One pass of the engine and the same pass by its slow twin, on a random table: how far apart are
// they? For tests and for the fuzz target, which explores the borders of 32 bits.
// Thread-compatible.
#ifndef NASHVILLE_TESTS_CFR_WALK_COMPARISON_H_
#define NASHVILLE_TESTS_CFR_WALK_COMPARISON_H_

#include <cstdint>
#include <memory>
#include <string>

#include "solver/cfr/options.h"
#include "solver/cfr/table.h"

namespace nash {

// A file of configs/games, or "rows": a hand of one street whose nodes have all widths of rows.
GameDefinition ComparedGame(const std::string& name);
// A tree with that many bet sizes on every street.
std::unique_ptr<PublicTree> ComparedTree(const std::string& game, int sizes);

enum class Values : uint8_t {
  kSmall,  // regrets of some thousand, a regret scale of 8
  kWild,   // of all magnitudes, at and beyond both limits; the finest quantum that is allowed
};
// Fills regrets, and sums as far as they are kept. beyond: whether regrets may lie past the limits,
// as they do between an addition and the next clamp. A row's values depend on seed and row only.
void FillRandomly(Values values, bool beyond, uint64_t seed, Table* table);

struct ComparedPass {
  const PublicTree* tree = nullptr;
  Sampler sampler = Sampler::kExternal;
  Values values = Values::kSmall;
  bool prunes = false;
  int32_t regret_floor = kRegretFloorMin;
  int32_t amplification = 1;
  int traverser = 0;
  int deals = 300;
  int threads = 2;
  uint64_t seed = 1;
};

struct Comparison {
  uint64_t touches = 0, slow_touches = 0;
  int64_t changed = 0;    // values that the slow twin changed
  int64_t different = 0;  // values that differ by more than `tolerance` (kSmall: at all)
  double most = 0;        // the largest difference
  double tolerance = 0;   // what rounding of floats against doubles may cost a value
  std::string where;      // of the largest difference
};
Comparison CompareWithSlowTwin(const ComparedPass& pass);

}  // namespace nash

#endif  // NASHVILLE_TESTS_CFR_WALK_COMPARISON_H_
