#include "solver/abstraction/strength_buckets.h"

#include "absl/strings/str_format.h"
#include "solver/abstraction/percentiles.h"

namespace nash {
namespace {

// Values up to here are counted in an array: all streets but the first of hold'em, which has few.
constexpr uint64_t kArrayValueMax = uint64_t{1} << 24;

// Calls visit(value, weight) for every hand; hands of one class may come several times.
template <typename Visitor>
void VisitValues(const HandStrengths& strengths, int street, const Visitor& visit) {
  const BoardSet& boards = strengths.boards(street);
  LivePairs pairs;
  for (uint32_t i = 0; i < boards.size(); ++i) {
    const uint64_t weight = boards.Multiplicity(i);
    pairs.Find(strengths.deck(), boards.board(i));
    for (int k = 0; k < pairs.size(); ++k) {
      visit(strengths.Value(street, i, PairIndex(pairs.low[k], pairs.high[k])), weight);
    }
  }
}

// The weights of all different values, ascending.
std::vector<WeightedValue> WeighValues(const HandStrengths& strengths, int street) {
  std::vector<WeightedValue> values;
  if (strengths.ValueMax(street) <= kArrayValueMax) {
    std::vector<uint64_t> weights(strengths.ValueMax(street) + 1);
    VisitValues(strengths, street, [&](uint64_t v, uint64_t weight) { weights[v] += weight; });
    for (size_t v = 0; v < weights.size(); ++v) {
      if (weights[v] > 0) values.push_back({v, weights[v]});
    }
  } else {
    std::map<uint64_t, uint64_t> weights;
    VisitValues(strengths, street, [&](uint64_t v, uint64_t weight) { weights[v] += weight; });
    for (const auto& [value, weight] : weights) values.push_back({value, weight});
  }
  return values;
}

}  // namespace

absl::StatusOr<StrengthBuckets> StrengthBuckets::Cut(const HandStrengths& strengths, int street,
                                                     uint32_t num_buckets) {
  const std::vector<WeightedValue> values = WeighValues(strengths, street);
  if (num_buckets > values.size()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s:ehs:%d: the street has only %d different strengths: ask for no more buckets than that",
        HoldemStreetName(street), num_buckets, values.size()));
  }
  const std::vector<uint32_t> cut = CutPercentiles(values, num_buckets);
  StrengthBuckets buckets;
  const bool is_array = values.back().value <= kArrayValueMax;
  if (is_array) buckets.by_value_.resize(values.back().value + 1);
  for (size_t i = 0; i < values.size(); ++i) {
    const uint16_t bucket = static_cast<uint16_t>(cut[i]);
    (is_array ? buckets.by_value_[values[i].value] : buckets.by_large_value_[values[i].value]) =
        bucket;
  }
  return buckets;
}

}  // namespace nash
