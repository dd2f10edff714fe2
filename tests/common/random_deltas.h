// Row spaces and deltas made from a seed, for tests, fuzzers and benchmarks.
#ifndef NASHVILLE_TESTS_COMMON_RANDOM_DELTAS_H_
#define NASHVILLE_TESTS_COMMON_RANDOM_DELTAS_H_

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "common/sparse_delta.h"

namespace nash {

struct DeltaShape {
  double touched = 0.1;  // share of rows in the delta
  double regret_scale =
      1e4;  // median magnitude of a regret; one in a hundred is 100 times as large
  bool both_lanes = true;
  size_t rows_max = kDeltaRowsMax;
};

// Blocks of one to `rows_of_block` rows with 1 to `actions_max` regrets and as many sums; every
// fourth block keeps no sums.
inline RowSpace RandomRowSpace(uint64_t seed, size_t blocks, uint32_t rows_of_block,
                               uint16_t actions_max) {
  std::mt19937_64 random(seed);
  std::vector<RowBlock> list;
  uint64_t row = 0;
  for (size_t i = 0; i < blocks; ++i) {
    const auto actions = static_cast<uint16_t>(1 + random() % actions_max);
    list.push_back({row, {actions, i % 4 == 3 ? uint16_t{0} : actions}});
    row += 1 + random() % rows_of_block;
  }
  return RowSpace(std::move(list), row);
}

// As training makes them: of the rows touched, half were visited by their traverser (regrets of
// either sign, heavy-tailed, which sum to nearly nothing) and half by an opponent (sums: 256 a
// visit, split by a strategy that often is pure).
inline SparseDelta RandomDelta(uint64_t seed, const RowSpace& space, const DeltaShape& shape) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> share(0, 1);
  SparseDelta delta;
  for (size_t b = 0; b < space.num_blocks(); ++b) {
    const auto& widths = space.block(b).widths;
    for (uint64_t row = space.block(b).first_row; row < space.EndOf(b); ++row) {
      if (share(random) >= shape.touched) continue;
      const size_t values = widths[0] + (shape.both_lanes ? widths[1] : 0);
      if (delta.rows.size() == shape.rows_max || delta.num_values() + values > kDeltaValuesMax) {
        return delta;
      }
      delta.rows.push_back(row);
      const bool by_traverser = !shape.both_lanes || random() % 2 == 0;
      for (int a = 0; a < widths[0]; ++a) {
        const double magnitude = shape.regret_scale / std::pow(share(random) + 1e-4, 1.0);
        const auto value = static_cast<int32_t>(std::fmin(magnitude, 1e9));
        delta.lanes[0].push_back(!by_traverser ? 0 : random() % 2 == 0 ? value : -value);
      }
      if (!shape.both_lanes || widths[1] == 0) continue;
      const int visits = 1 + static_cast<int>(random() % 3 == 0);
      int left = by_traverser ? 0 : 256 * visits;
      const bool is_pure = random() % 3 == 0;
      const auto first = delta.lanes[1].size();
      delta.lanes[1].resize(first + widths[1], 0);
      for (int a = 0; a + 1 < widths[1] && !is_pure; ++a) {
        const int part = left == 0 ? 0 : static_cast<int>(random() % (left + 1));
        delta.lanes[1][first + a] = part;
        left -= part;
      }
      delta.lanes[1][first + (is_pure ? random() % widths[1] : widths[1] - 1)] += left;
    }
  }
  return delta;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_COMMON_RANDOM_DELTAS_H_
