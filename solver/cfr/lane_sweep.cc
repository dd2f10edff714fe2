// A bucket's rows of eight nodes lie value by value (lane_rows.cc has the picture): a vector of
// regrets, or of sums, is scaled by one fraction, up or down by a dither that belongs to the lane's
// row. Rows of zeros stay zeros whatever the dither, and bundles of nothing else are passed over. A
// round's end reads and writes the whole table, so that bytes are its price; before it went by
// lanes, a game of 15 million rows spent half of its time here (docs/measurements/public.md).
#include "solver/cfr/lane_sweep.h"

#include <array>

#include "solver/cfr/lane_dithers.h"
#include "solver/cfr/lanes.h"
#include "solver/cfr/regret_hash.h"

namespace nash {
namespace {

constexpr int kLanes = LaneDithers::kLanes;
static_assert(kLanes == LanesOf(Sampler::kPublic));

using I = Lanes<kLanes>::I;

// x * fraction + dither, over 2^31, rounded down: Scale() of schedule.h by lane. Products of even
// and of odd lanes are 64 bits; of each, bits 31 to 62 are the result.
I ScaleLanes(I x, I fraction, I dither) {
  const __m256i low_half = _mm256_set1_epi64x(0xffffffff);
  const __m256i even = _mm256_add_epi64(_mm256_mul_epi32((__m256i)x, (__m256i)fraction),
                                        _mm256_and_si256((__m256i)dither, low_half));
  const __m256i odd = _mm256_add_epi64(
      _mm256_mul_epi32(_mm256_srli_epi64((__m256i)x, 32), _mm256_srli_epi64((__m256i)fraction, 32)),
      _mm256_srli_epi64((__m256i)dither, 32));
  const I scaled =
      (I)_mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xaa);
  // One is 2^31, which signed products would take for its negative.
  return fraction == BroadcastInt<kLanes>(static_cast<int32_t>(kOne)) ? x : scaled;
}

}  // namespace

void SweepSideBySide(const TrainingSetup& setup, const RoundEnd& end, uint64_t round,
                     StripIndex strip, UndoLog* checkpoint_log, int thread, uint64_t* regret_hash) {
  const TableLayout& layout = setup.table->layout();
  const absl::Span<const NodeIndex> nodes = layout.NodesOf(strip);
  const uint64_t first_bundle = layout.FirstBundle(strip).value;
  const uint32_t num_actions = layout.tree().nodes()[nodes[0]].num_actions;
  const uint32_t num_values = layout.ValuesPerRow(nodes[0]);
  std::array<uint64_t, kLanes> first_rows;
  for (size_t lane = 0; lane < nodes.size(); ++lane) {
    first_rows[lane] = layout.FirstRow(nodes[lane]).value;
  }
  LaneDithers dithers(setup.seed, round, absl::MakeSpan(first_rows.data(), nodes.size()));
  UndoLog::Saver saver(checkpoint_log, nodes[0], thread);
  const I positive = BroadcastInt<kLanes>(static_cast<int32_t>(end.positive));
  const I negative = BroadcastInt<kLanes>(static_cast<int32_t>(end.negative));
  const I sums = BroadcastInt<kLanes>(static_cast<int32_t>(end.sums));
  const I floor = BroadcastInt<kLanes>(RegretFloorOf(setup.options));
  const I ceiling = BroadcastInt<kLanes>(kRegretCeiling);
  const uint32_t num_buckets = layout.NumBuckets(nodes[0]);
  for (uint32_t bucket = 0; bucket < num_buckets; ++bucket) {
    I* const row = reinterpret_cast<I*>(setup.table->Row(nodes[0], bucket));
    I any = row[0];
    for (uint32_t v = 1; v < num_values; ++v) any |= row[v];
    if (MaskBits<kLanes>(any != 0) == 0) continue;
    if (saver.saves()) saver.Save(bucket);
    dithers.MoveTo(bucket);
    for (uint32_t a = 0; a < num_actions; ++a) {
      I regret = ScaleLanes(row[a], row[a] > 0 ? positive : negative, dithers.regrets);
      regret = regret < floor ? floor : regret;
      row[a] = regret > ceiling ? ceiling : regret;
    }
    for (uint32_t v = num_actions; v < num_values; ++v) {
      row[v] = ScaleLanes(row[v], sums, dithers.sums);
    }
    if (regret_hash == nullptr) continue;
    *regret_hash += HashOfRegrets<kEights>(
        {first_bundle + bucket}, reinterpret_cast<const int32_t*>(row), num_actions * kLanes);
  }
}

}  // namespace nash
