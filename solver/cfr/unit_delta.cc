// A unit's change of one bundle (without lanes a row), regrets and sums:
//
//   start   where the unit began: the table's row, or that with the line's own delta (line_start.h)
//   row     where it ended, still in the table
//   before  what the table held, from `undo`; put back when the change is taken
//
//   regrets, several units    (clamp(row) - start) / amplification, bounded to +-limit
//   regrets, one unit         row - start
//   sums                      row - start
//
// The unit has added its regrets times the amplification, as if all others did the same where that
// is the number of units; a share is what it may claim. The limit goes by the units: shares within
// it cannot pass int32 together, so the merger need not look; a border checks that a peer's are
// within it. Sums were not multiplied, and the schedule bounds them.
//
// Division by a <= units is a multiplication by 1/a in doubles, four at a time, and gives the
// integer's answer, since half is added to the magnitude first: (|x| + 1/2) / a has the whole part
// of |x| / a, and lies at least 1/(2 a), and so at least 2^-17, from any whole number, while
// rounding moves what is below 2^32 by less than 2^-20. Restoring and packing go together, row by
// row, since both read each changed row once; loops are compiled for each number of actions, or go
// over vectors of eight where the table lies in lanes. tests/cfr/units_test.cc and lines_test.cc
// recompute deltas from two copies of the table.
#include "solver/cfr/unit_delta.h"

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/row_shape.h"
#include "solver/cfr/schedule.h"

namespace nash {
DeltaLimits LimitsOfUnit(const CfrOptions& options, const RoundShape& shape) {
  DeltaLimits limits;
  limits.regret = shape.units == 1
                      ? uint32_t{1} << 31
                      : static_cast<uint32_t>((kRegretCeiling - 1) / static_cast<int>(shape.units));
  const double sum = std::max(1.0f, SumUnitAt(options.sampler, shape, 0)) *
                     SumWeightMax(options.sampler) *
                     (static_cast<double>(shape.batches) * shape.deals);
  limits.sum = static_cast<uint32_t>(std::min<double>(sum, std::numeric_limits<int32_t>::max()));
  return limits;
}

UnitSealer::UnitSealer(const CfrOptions& options, const RoundShape& shape, const LineStart* start,
                       Table* table, ThreadPool* pool)
    : shape_(shape),
      floor_(RegretFloorOf(options)),
      limit_(LimitsOfUnit(options, shape).regret),
      start_(start),
      table_(table),
      pool_(pool) {}

namespace {

// Makes changes of rows and packs them.
class RowSealer {
 public:
  // floor, limit: of regrets. sink: of the parts.
  RowSealer(const RoundShape& shape, int32_t floor, int64_t limit, PartSink sink)
      : divides_(shape.units > 1),
        per_unit_(_mm256_set1_pd(1.0 / shape.Amplification())),
        limit_(_mm256_set1_pd(static_cast<double>(limit))),
        floor_(_mm_set1_epi32(floor)),
        packer_(std::move(sink)) {}

  // Packs what has changed of one bundle, and writes what it held before. kCount: what the caller's
  // loop over regrets is compiled for (row_shape.h). start: the bundle at the unit's start; before:
  // as it was in the table. All have room for four regrets more than there are.
  template <int kCount, bool kSums>
  void Seal(BundleIndex number, uint32_t num_regrets, const int32_t* start, const int32_t* before,
            int32_t* bundle) {
    const uint32_t n = kCount > 0 ? kCount : num_regrets;
    const DeltaPacker::Place change = packer_.next();
    if (divides_) {  // four at a time: what is too much is written again, or not read
      for (uint32_t a = 0; a < n; a += 4) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(change.regrets + a),
                         ShareOf(bundle + a, start + a));
      }
    } else {  // modulo 2^32, as it will be added
      SubtractValues<kCount>(bundle, start, n, change.regrets);
    }
    bool is_zero = AreZero<kCount>(change.regrets, n);
    if constexpr (kSums) {
      SubtractValues<kCount>(bundle + n, start + n, n, change.sums);
      is_zero &= AreZero<kCount>(change.sums, n);
    }
    CopyValues<CountOfValues(kCount, kSums)>(before, kSums ? 2 * n : n, bundle);
    if (!is_zero) packer_.Take(number.value, n, kSums);
  }

  void Finish() { packer_.Finish(); }

 private:
  static __m128i Load(const int32_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  }
  // Of four regrets.
  __m128i ShareOf(const int32_t* row, const int32_t* start) const {
    const __m128i ceiling = _mm_set1_epi32(kRegretCeiling);
    __m128i now = Load(row);
    now = _mm_min_epi32(_mm_max_epi32(now, floor_), ceiling);
    const __m128i then = Load(start);
    const __m256d change = _mm256_sub_pd(_mm256_cvtepi32_pd(now), _mm256_cvtepi32_pd(then));
    const __m256d sign = _mm256_and_pd(change, _mm256_set1_pd(-0.0));
    __m256d share =
        _mm256_mul_pd(_mm256_add_pd(change, _mm256_or_pd(sign, _mm256_set1_pd(0.5))), per_unit_);
    share = _mm256_min_pd(share, limit_);
    share = _mm256_max_pd(share, _mm256_sub_pd(_mm256_setzero_pd(), limit_));
    return _mm256_cvttpd_epi32(share);
  }

  const bool divides_;
  const __m256d per_unit_, limit_;
  const __m128i floor_;
  DeltaPacker packer_;
};

}  // namespace

std::vector<EncodedRows> UnitSealer::SealSection(const UndoLog& undo, size_t section) const {
  const TableLayout& layout = table_->layout();
  const StripIndex begin = start_->sections().begin(section);
  const StripIndex end = start_->sections().end(section);
  std::vector<EncodedRows> parts;
  RowSealer sealer(shape_, static_cast<int32_t>(floor_), limit_, [&](const SparseDelta& part) {
    parts.push_back(EncodeRows(part, start_->rows()));
  });
  std::optional<LineStart::Section> line;
  if (!start_->is_table()) line.emplace(*start_, section);
  for (StripIndex strip = begin; strip < end; ++strip) {
    const uint64_t first = layout.FirstBundle(strip).value;
    const BundleShape shape = layout.ShapeOf(strip);
    const uint32_t n = shape.num_regrets;
    ForShape(shape, [&]<int A, bool S>() {
      constexpr int kValues = CountOfValues(A, S);
      if (!line) {
        ForEachChangedBundle<kValues>(undo, strip, table_, shape.num_values(),
                                      [&](uint32_t bucket, int32_t* bundle, const int32_t* before) {
                                        sealer.Seal<A, S>({first + bucket}, n, before, before,
                                                          bundle);
                                      });
        return;
      }
      // A row may have come back to where it was before the line's delta was added.
      ForEachSavedBundle(undo, strip, table_,
                         [&](uint32_t bucket, int32_t* bundle, const int32_t* before) {
                           BundleRoom start;
                           CopyValues<kValues>(before, shape.num_values(), start.data());
                           line->RegretsOf({first + bucket}, before, n, start.data());
                           sealer.Seal<A, S>({first + bucket}, n, start.data(), before, bundle);
                         });
    });
  }
  sealer.Finish();
  return parts;
}

void UnitSealer::Seal(const UndoLog& undo, UnitDelta* delta) const {
  std::vector<std::vector<EncodedRows>> parts(start_->sections().size());
  pool_->ForEach(start_->sections().size(),
                 [&](size_t section, int) { parts[section] = SealSection(undo, section); });
  for (std::vector<EncodedRows>& of_section : parts) {
    std::move(of_section.begin(), of_section.end(), std::back_inserter(delta->parts));
    delta->part_ends.push_back(static_cast<uint32_t>(delta->parts.size()));
  }
}

}  // namespace nash
