// Trains by rounds of units as Trainer does (solver/cfr/trainer.h), and counts what a cluster would
// pay for them: rows sent and merged, their bytes, processor time by stage, and what a worker keeps
// to take a unit back.
//
// Ends with Trainer's table; with one unit a round too, where Trainer makes no delta. A second
// table may follow the merged rounds as a worker's does. Thread-compatible.
#ifndef NASHVILLE_TESTS_BENCH_CONVERGE_MEASURED_ROUNDS_H_
#define NASHVILLE_TESTS_BENCH_CONVERGE_MEASURED_ROUNDS_H_

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "solver/cfr/round_merger.h"
#include "solver/cfr/unit_runner.h"

namespace nash {

// Sums over units, and over the rounds that were merged.
struct UnitCosts {
  uint64_t units = 0;
  uint64_t touches = 0;
  uint64_t rows = 0;              // of deltas, with regrets and sums
  uint64_t values = 0;            // of deltas
  uint64_t encoded_bytes = 0;     // of deltas, without message headers
  uint64_t undo_bytes = 0;        // rows kept aside
  uint64_t undo_taken_bytes = 0;  // memory for them, in steps of 1 MiB
  uint64_t parts = 0;             // of deltas

  uint64_t rounds = 0;               // merged
  uint64_t merged_rows = 0;          // of merged deltas
  uint64_t merged_bytes = 0;         // of merged deltas, regrets and sums
  uint64_t merged_regret_bytes = 0;  // what workers are sent of them

  // Processor time, in seconds.
  double traverse_s = 0;
  double seal_s = 0;    // of units' deltas, with their encoding
  double decode_s = 0;  // of units' deltas, once
  double merge_s = 0;   // parts decoded and added up, the master's rows, merged parts encoded
  double follow_s = 0;  // the second table: merged parts decoded and applied, the round's end

  UnitCosts& operator+=(const UnitCosts& other);
};

struct MeasuredOptions {
  // The table holds the end of so many rounds.
  uint64_t start_round = 0;
  // Follows what is merged, as a worker's table; holds the table's regrets. null: there is none.
  Table* replica = nullptr;
};

// By unit and by row.
nlohmann::ordered_json ToJson(const UnitCosts& costs);

class MeasuredRounds {
 public:
  // Errors: see Trainer::Make().
  static absl::StatusOr<std::unique_ptr<MeasuredRounds>> Make(const TrainingSetup& setup,
                                                              const MeasuredOptions& options);
  // Completes a round. Returns what it cost, and the units that it ran: with lag those of the next.
  UnitCosts RunRound();

  uint64_t iterations() const;
  uint64_t rounds() const { return master_.rounds(); }

 private:
  MeasuredRounds(const TrainingSetup& setup, const MeasuredOptions& options,
                 std::unique_ptr<UndoLog> undo);
  // own: by unit, of the round before; null for a meeting.
  std::vector<UnitDelta> RunUnits(uint64_t round, const std::vector<UnitDelta>* own,
                                  UnitCosts* costs);
  void Merge(std::vector<UnitDelta> deltas, UnitCosts* costs);
  void CountMerged(const std::vector<MergedPart>& parts, UnitCosts* costs);
  void CountPart(const EncodedRows& part, UnitCosts* costs) const;
  void CountUndo(UnitCosts* costs) const;

  const TrainingSetup setup_;
  std::unique_ptr<UndoLog> undo_;
  UnitRunner runner_;
  RoundTable master_;
  RoundMerger merger_;
  std::optional<RoundTable> replica_;
  std::vector<UnitDelta> ahead_;  // by unit: of the next round; empty where that is a meeting
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_CONVERGE_MEASURED_ROUNDS_H_
