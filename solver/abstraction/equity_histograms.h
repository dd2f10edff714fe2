// How the strength of a hand may turn out: the exact histogram of its values on the last street
// over all run-outs, as a row of bytes for clustering.
//
// A row is the distribution function over kEquityBins equal bins of strength: byte b is 255 times
// the share of run-outs in bins 0 to b, rounded; the last byte is 255. Rows' sums of absolute
// differences are earth mover's distances (row_distance.h). Histograms of strength: Johanson,
// Burch, Valenzano, Bowling, "Evaluating state-space abstractions in extensive-form games", AAMAS
// 2013; potential-aware abstraction: Ganzfried & Sandholm, AAAI 2014. Thread-safe: functions.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_EQUITY_HISTOGRAMS_H_
#define NASHVILLE_SOLVER_ABSTRACTION_EQUITY_HISTOGRAMS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/huge_array.h"
#include "solver/abstraction/build_control.h"
#include "solver/abstraction/hand_rows.h"
#include "solver/abstraction/hand_strengths.h"

namespace nash {

inline constexpr int kEquityBins = 64;

// The bin of a value of the last street. Needs value <= value_max.
constexpr int EquityBin(uint64_t value, uint64_t value_max) {
  return static_cast<int>(value * kEquityBins / (value_max + 1));
}

// row: [kEquityBins], written: the distribution function of `counts` in 255ths.
// counts: [kEquityBins], not all 0.
void CumulateHistogram(absl::Span<const uint64_t> counts, uint8_t* row);

// [rows.size()][kEquityBins] of a street from the flop on and before the last.
// strengths: of the last street at least. Errors: ResourceExhausted, Cancelled.
absl::StatusOr<HugeArray> MakeEquityHistograms(const GameDefinition& game, int street,
                                               const HandRows& rows, const HandStrengths& strengths,
                                               const BuildOptions& options);

// The same before the flop: [kPreflopClasses][kEquityBins]; zeros for classes that the deck has
// not.
std::vector<uint8_t> MakePreflopHistograms(const HandStrengths& strengths);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_EQUITY_HISTOGRAMS_H_
