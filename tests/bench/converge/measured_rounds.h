// Trains by rounds of units as Trainer does (solver/cfr/trainer.h), and counts what a cluster would
// pay for them: rows sent, their bytes, and what a worker keeps to take a unit back.
//
// Ends with Trainer's table; with one unit a round too, where Trainer makes no delta. Can also
// leave the amplification out, which Trainer cannot: for comparison. Thread-compatible.
#ifndef NASHVILLE_TESTS_BENCH_CONVERGE_MEASURED_ROUNDS_H_
#define NASHVILLE_TESTS_BENCH_CONVERGE_MEASURED_ROUNDS_H_

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/cfr/round_merger.h"
#include "solver/cfr/unit_runner.h"

namespace nash {

// Sums over units.
struct UnitCosts {
  uint64_t units = 0;
  uint64_t touches = 0;
  uint64_t rows = 0;              // of deltas, with regrets and sums
  uint64_t values = 0;            // of deltas
  uint64_t encoded_bytes = 0;     // of deltas, without message headers
  uint64_t undo_bytes = 0;        // rows kept aside
  uint64_t undo_taken_bytes = 0;  // memory for them, in steps of 1 MiB

  UnitCosts& operator+=(const UnitCosts& other);
};

// By unit and by row.
nlohmann::ordered_json ToJson(const UnitCosts& costs);

class MeasuredRounds {
 public:
  // amplified: false adds a unit's own changes once instead of times the units of a round.
  // Errors: see Trainer::Make(); InvalidArgument for rounds too long to go without, and for lag.
  static absl::StatusOr<std::unique_ptr<MeasuredRounds>> Make(const TrainingSetup& setup,
                                                              bool amplified);
  // Completes a round. Returns what the units cost that it ran: with lag those of the next round.
  UnitCosts RunRound();

  uint64_t iterations() const;

 private:
  MeasuredRounds(const TrainingSetup& setup, bool amplified, std::unique_ptr<UndoLog> undo);
  // own: by unit, of the round before; null for a meeting.
  std::vector<UnitDelta> RunUnits(uint64_t round, const std::vector<UnitDelta>* own,
                                  UnitCosts* costs);
  void Merge(std::vector<UnitDelta> deltas);
  void CountPart(const EncodedRows& part, UnitCosts* costs) const;
  void CountUndo(UnitCosts* costs) const;

  const TrainingSetup setup_;
  const bool amplified_;
  std::unique_ptr<UndoLog> undo_;
  UnitRunner runner_;
  RoundTable master_;
  RoundMerger merger_;
  std::vector<UnitDelta> ahead_;  // by unit: of the next round; empty where that is a meeting
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_CONVERGE_MEASURED_ROUNDS_H_
