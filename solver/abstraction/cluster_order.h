// Numbers for clusters by the strength of their hands, so that bucket 0 is the weakest.
// Thread-safe: functions.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_CLUSTER_ORDER_H_
#define NASHVILLE_SOLVER_ABSTRACTION_CLUSTER_ORDER_H_

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace nash {

// A distribution function is the larger the weaker the hand: its clusters come largest first.
enum class SumOrder : uint8_t { kSmallestFirst = 1, kLargestFirst = 2 };

// The place of every cluster among all, ordered by the sum of its centroid's bytes; those of equal
// sums keep their order. centroids: [k][stride].
inline std::vector<uint16_t> OrderBySum(const std::vector<uint8_t>& centroids, int stride,
                                        SumOrder order) {
  const size_t k = centroids.size() / stride;
  std::vector<int64_t> keys(k);
  for (size_t c = 0; c < k; ++c) {
    const auto row = centroids.begin() + c * stride;
    const int64_t sum = std::accumulate(row, row + stride, int64_t{0});
    keys[c] = order == SumOrder::kSmallestFirst ? sum : -sum;
  }
  std::vector<uint16_t> sorted(k);
  std::iota(sorted.begin(), sorted.end(), uint16_t{0});
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](uint16_t a, uint16_t b) { return keys[a] < keys[b]; });
  std::vector<uint16_t> places(k);
  for (size_t place = 0; place < k; ++place) places[sorted[place]] = static_cast<uint16_t>(place);
  return places;
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_CLUSTER_ORDER_H_
