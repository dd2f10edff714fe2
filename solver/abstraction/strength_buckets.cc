// Percentile buckets need the weight of every strength that occurs, in order. Values of a street
// from the flop on are below 2^24 and are counted in an array; squares, and values before the flop,
// are far larger, so those are collected, sorted and merged.
//
// Weights are exact numbers of deals, so that cuts do not depend on the order of visits. Equal
// strengths are never divided between two buckets: a bucket may therefore be larger than its share,
// and there cannot be more buckets than different strengths. Where cuts fall: percentiles.h.
#include "solver/abstraction/strength_buckets.h"

#include "absl/strings/str_format.h"
#include "solver/abstraction/percentiles.h"
#include "solver/game/street_names.h"

namespace nash {
namespace {

// Values up to here are counted in an array: expected strengths from the flop on.
constexpr uint64_t kArrayValueMax = uint64_t{1} << 24;

// Calls visit(value, weight) for every hand; hands of one class may come several times.
template <typename Visitor>
void VisitValues(const HandStrengths& strengths, int street, const BoardSelection& selection,
                 const Visitor& visit) {
  const BoardSet& boards = strengths.boards(street);
  LivePairs pairs;
  for (uint32_t i = 0; i < boards.size(); ++i) {
    if (!selection.Has(i)) continue;
    const uint64_t weight = boards.Multiplicity(i);
    pairs.Find(strengths.deck(), boards.board(i));
    for (int k = 0; k < pairs.size(); ++k) {
      visit(strengths.Value(street, i, PairIndex(pairs.low[k], pairs.high[k])), weight);
    }
  }
}

// Adds up the weights of equal values of a sorted list.
void MergeEqual(std::vector<WeightedValue>* values) {
  size_t kept = 0;
  for (size_t i = 1; i < values->size(); ++i) {
    if ((*values)[i].value == (*values)[kept].value) {
      (*values)[kept].weight += (*values)[i].weight;
    } else {
      (*values)[++kept] = (*values)[i];
    }
  }
  if (!values->empty()) values->resize(kept + 1);
}

// The weights of all different values, ascending.
std::vector<WeightedValue> WeighValues(const HandStrengths& strengths, int street,
                                       const BoardSelection& selection) {
  std::vector<WeightedValue> values;
  if (strengths.ValueMax(street) <= kArrayValueMax) {
    std::vector<uint64_t> weights(strengths.ValueMax(street) + 1);
    VisitValues(strengths, street, selection,
                [&](uint64_t v, uint64_t weight) { weights[v] += weight; });
    for (size_t v = 0; v < weights.size(); ++v) {
      if (weights[v] > 0) values.push_back({v, weights[v]});
    }
    return values;
  }
  VisitValues(strengths, street, selection, [&](uint64_t v, uint64_t weight) {
    values.push_back({v, weight});
  });
  std::sort(values.begin(), values.end(),
            [](const WeightedValue& a, const WeightedValue& b) { return a.value < b.value; });
  MergeEqual(&values);
  return values;
}

}  // namespace

absl::StatusOr<StrengthBuckets> StrengthBuckets::Cut(const HandStrengths& strengths, int street,
                                                     const BoardSelection& selection,
                                                     uint32_t num_buckets) {
  const std::vector<WeightedValue> values = WeighValues(strengths, street, selection);
  if (num_buckets > values.size()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: %d buckets, but %s only %d different strengths: ask for no more buckets than that",
        kStreetNames[street], num_buckets,
        selection.classes.empty() ? "the street has" : "a class of boards has", values.size()));
  }
  const std::vector<uint32_t> cut = CutPercentiles(values, num_buckets);
  StrengthBuckets buckets;
  for (size_t i = 0; i < values.size(); ++i) {
    if (cut[i] == buckets.first_values_.size()) buckets.first_values_.push_back(values[i].value);
  }
  if (values.back().value > kArrayValueMax) return buckets;
  std::vector<uint16_t> by_value(values.back().value + 1);
  for (size_t i = 0; i < values.size(); ++i) {
    by_value[values[i].value] = static_cast<uint16_t>(cut[i]);
  }
  buckets.by_value_ = std::move(by_value);
  return buckets;
}

}  // namespace nash
