// Abstractions for tests: every street of a game as it is, without buckets.
#ifndef NASHVILLE_TESTS_ABSTRACTION_LOSSLESS_H_
#define NASHVILLE_TESTS_ABSTRACTION_LOSSLESS_H_

#include <cstdint>
#include <vector>

#include "solver/abstraction/abstraction.h"

namespace nash {

inline AbstractionDefinition Lossless(const GameDefinition& game) {
  AbstractionDefinition definition;
  for (int street = 0; street < game.num_streets; ++street) {
    definition.streets[street].kind = BucketKind::kLossless;
  }
  return definition;
}

// By street, as TableLayout wants it.
inline std::vector<uint32_t> NumBucketsOf(const Abstraction& abstraction,
                                          const GameDefinition& game) {
  std::vector<uint32_t> num_buckets;
  for (int street = 0; street < game.num_streets; ++street) {
    num_buckets.push_back(abstraction.num_buckets(street));
  }
  return num_buckets;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_ABSTRACTION_LOSSLESS_H_
