// Each bucket aims at an equal share of the weight that is left when it begins, not of the whole: a
// value too heavy for one bucket is then made up for by all buckets after it, and the last ones do
// not run out. As many values are kept back as there are buckets to come, so that none is empty.
// Comparisons are multiplied out, so that no division rounds.
#include "solver/abstraction/percentiles.h"

#include <glog/logging.h>

namespace nash {

std::vector<uint32_t> CutPercentiles(absl::Span<const WeightedValue> values, uint32_t num_buckets) {
  CHECK_GE(num_buckets, 1u);
  CHECK_LE(num_buckets, values.size());
  uint64_t weight_left = 0;
  for (const WeightedValue& value : values) weight_left += value.weight;

  std::vector<uint32_t> buckets(values.size());
  size_t next = 0;
  for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) {
    const uint64_t buckets_left = num_buckets - bucket;
    const size_t end_max = values.size() - (buckets_left - 1);  // one value for each bucket to come
    uint64_t taken = values[next].weight;
    buckets[next++] = bucket;
    while (next < end_max) {
      // The value goes in when that brings the bucket nearer to weight_left / buckets_left, or
      // when it is the last bucket: 2 * taken + weight <= 2 * weight_left / buckets_left.
      const uint64_t weight = values[next].weight;
      if (buckets_left > 1 && (2 * taken + weight) * buckets_left > 2 * weight_left) break;
      taken += weight;
      buckets[next++] = bucket;
    }
    weight_left -= taken;
  }
  return buckets;
}

}  // namespace nash
