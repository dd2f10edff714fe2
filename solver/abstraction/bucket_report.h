// What is in a bucket file: how large its buckets are, how strong their hands, and how much of the
// differences in strength the buckets keep.
//
// Everything is exact, over all hands and all run-outs: strengths are computed anew, from the card
// shape that the file names. Thread-safe: functions. Memory: HandStrengths of the street.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_REPORT_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_REPORT_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/abstraction/build_control.h"

namespace nash {

inline constexpr int kReportBins = 50;  // of expected strength, from 0 to 1

// Strengths are expected ones, from 0 to 1: the chance to win plus half the chance to tie.
struct BucketSummary {
  uint64_t hands = 0;  // canonical
  uint64_t deals = 0;  // (hole cards, board) that they stand for
  double mean = 0;
  double variance = 0;  // of strength within the bucket
  double min = 0;
  double max = 0;
  // "AhKd|Th9h2c": the hand of the lowest strength, one nearest to the mean, one of the highest.
  std::string weakest;
  std::string typical;
  std::string strongest;
  std::array<uint64_t, kReportBins> deals_by_strength{};
};

struct BucketReport {
  std::vector<BucketSummary> buckets;
  // Variance of strength over all deals, and its two parts: they add up to the whole.
  double within_variance = 0;
  double between_variance = 0;
};

// The game of a file, as far as buckets depend on it.
GameDefinition GameOf(const BucketParameters& parameters);

// table: of a street of the hold'em family. Errors: DataLoss (another number of entries than the
// street has hands), ResourceExhausted, Cancelled.
absl::StatusOr<BucketReport> MakeBucketReport(const BucketTable& table,
                                              const BuildOptions& options);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_REPORT_H_
