// One bucket's rows of eight nodes of three actions, 192 bytes that lie together:
//
//     regret 0 | regret 1 | regret 2 | sum 0 | sum 1 | sum 2       a vector of eight lanes each
//
// So everything here is straight-line code on vectors: no shuffle, no look at a single row. The
// rows of a board's buckets lie apart, in order; those ahead are asked for, since a large table's
// come from memory and no prefetcher guesses which bucket is next.
//
// Loops over actions are unrolled for the numbers of actions that games mostly have.
// tests/cfr/public_pass_runner_test.cc compares all of it with sums over pairs of hands.
#include "solver/cfr/lane_rows.h"

#include <glog/logging.h>

#include "solver/cfr/lanes.h"

namespace nash {
namespace {

constexpr int kLanes = LaneRows::kLanes;
constexpr size_t kBucketsAhead = 6;
constexpr uint64_t kLineBytes = 64;

using F = Lanes<kLanes>::F;
using I = Lanes<kLanes>::I;
typedef uint32_t U __attribute__((vector_size(kLanes * 4)));

// Two rounds of multiplication and shifts by Wellons ("hash-prospector", lowbias32).
U Mix(U x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

// The dithers of a block's rows.
class Dithers {
 public:
  Dithers(const LaneRows& rows, uint64_t key) {
    U nodes;
    for (int lane = 0; lane < kLanes; ++lane) nodes[lane] = rows.nodes[lane];
    keys_ =
        Mix(nodes * 0x9e3779b9u + static_cast<uint32_t>(key)) ^ static_cast<uint32_t>(key >> 32);
  }
  F Of(uint32_t bucket) const {
    const U bits = Mix(keys_ + bucket * 0x9e3779b9u) >> 9;
    return ToFloats<kLanes>((I)bits) * 0x1p-23f + 0x1p-24f;
  }

 private:
  U keys_;
};

I* RowOf(const LaneRows& rows, size_t d) {
  return reinterpret_cast<I*>(rows.first + rows.buckets[d] * rows.row_values);
}

// bytes: of the row, that are wanted.
void AskAhead(const LaneRows& rows, size_t d, uint64_t bytes) {
  if (d + kBucketsAhead >= rows.buckets.size()) return;
  const char* const row = reinterpret_cast<const char*>(RowOf(rows, d + kBucketsAhead));
  for (uint64_t at = 0; at < bytes; at += kLineBytes) __builtin_prefetch(row + at, 1);
}

// Calls body.operator()<N>() with N the number of actions, or 0 where that is not compiled in.
template <typename Body>
void WithActions(int num_actions, const Body& body) {
  switch (num_actions) {
    case 2:
      return body.template operator()<2>();
    case 3:
      return body.template operator()<3>();
    case 4:
      return body.template operator()<4>();
    case 5:
      return body.template operator()<5>();
    default:
      return body.template operator()<0>();
  }
}

template <int N>
void MatchRowsOf(const LaneRows& rows, F* __restrict strategies) {
  const int n = N > 0 ? N : rows.num_actions;
  const F uniform = Broadcast<kLanes>(1.0f / n);
  for (size_t d = 0; d < rows.buckets.size(); ++d, strategies += n) {
    AskAhead(rows, d, rows.row_values * sizeof(int32_t));
    const I* const row = RowOf(rows, d);
    F weights[N > 0 ? N : kActionsMax];
    F total = {};
    for (int a = 0; a < n; ++a) {
      weights[a] = ToFloats<kLanes>(row[a] > 0 ? row[a] : I{});
      total += weights[a];
    }
    const I some = total > 0.0f;
    const F inverse = 1.0f / (some ? total : Broadcast<kLanes>(1));
    for (int a = 0; a < n; ++a) strategies[a] = some ? weights[a] * inverse : uniform;
  }
}

template <int N>
void AddRegretsOf(const LaneRows& rows, const F* __restrict strategies, const F* __restrict values,
                  float scale, uint64_t key) {
  const int n = N > 0 ? N : rows.num_actions;
  const Dithers dithers(rows, key);
  const I floor = BroadcastInt<kLanes>(rows.pass.regret_floor);
  const I ceiling = BroadcastInt<kLanes>(kRegretCeiling);
  const int32_t amplification = rows.pass.amplification;
  for (size_t d = 0; d < rows.buckets.size(); ++d, strategies += n, values += n) {
    I* const row = RowOf(rows, d);
    F value = strategies[0] * values[0];
    for (int a = 1; a < n; ++a) value += strategies[a] * values[a];
    const F dither = dithers.Of(rows.buckets[d]);
    for (int a = 0; a < n; ++a) {
      I regret = row[a] + FloorToInts<kLanes>((values[a] - value) * scale + dither) * amplification;
      regret = regret < floor ? floor : regret;
      row[a] = regret > ceiling ? ceiling : regret;
    }
  }
}

template <int N>
void AddSumsOf(const LaneRows& rows, const F* __restrict strategies, const F* __restrict reach,
               float scale, uint64_t key) {
  const int n = N > 0 ? N : rows.num_actions;
  const Dithers dithers(rows, key);
  const F most = Broadcast<kLanes>(rows.pass.sum_unit);
  for (size_t d = 0; d < rows.buckets.size(); ++d, strategies += n) {
    I* const sums = RowOf(rows, d) + n;
    const F share = reach[d] * scale;
    const F dither = dithers.Of(rows.buckets[d]);
    for (int a = 0; a < n; ++a) {
      // No more than an iteration may add (schedule.h), whatever the shares of the hands of a
      // bucket that holds all of them add up to in floats.
      const F units = strategies[a] * share;
      sums[a] += FloorToInts<kLanes>((units < most ? units : most) + dither);
    }
  }
}

const F* Vectors(const float* floats) { return reinterpret_cast<const F*>(floats); }

}  // namespace

LaneRows::LaneRows(const Pass& pass, const NodeIndex* nodes, absl::Span<const uint32_t> buckets)
    : pass(pass), nodes(nodes), buckets(buckets) {
  const TableLayout& layout = pass.table->layout();
  num_actions = layout.tree().nodes()[nodes[0]].num_actions;
  has_sums = layout.HasSums(nodes[0]);
  first = pass.table->Row(nodes[0], 0);
  row_values = layout.RowStep(nodes[0]) / sizeof(int32_t);
}

void MatchRows(const LaneRows& rows, float* strategies) {
  WithActions(rows.num_actions,
              [&]<int N>() { MatchRowsOf<N>(rows, reinterpret_cast<F*>(strategies)); });
}

void AddRegrets(const LaneRows& rows, const float* strategies, const float* values, float scale,
                uint64_t key) {
  WithActions(rows.num_actions, [&]<int N>() {
    AddRegretsOf<N>(rows, Vectors(strategies), Vectors(values), scale, key);
  });
}

void AddSums(const LaneRows& rows, const float* strategies, const float* reach, float scale,
             uint64_t key) {
  DCHECK(rows.has_sums);
  WithActions(rows.num_actions, [&]<int N>() {
    AddSumsOf<N>(rows, Vectors(strategies), Vectors(reach), scale, key);
  });
}

}  // namespace nash
