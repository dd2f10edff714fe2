// The regrets of a checkpoint in parts, for workers that join: as deltas from zero.
//
// A part is a range of rows; how many parts there are follows from the layout alone. Parts are
// asked for in order, mostly: the chunk of the last one is kept. Thread-compatible. Memory: one
// chunk.
#ifndef NASHVILLE_SOLVER_COORDINATOR_CHECKPOINT_REGRETS_H_
#define NASHVILLE_SOLVER_COORDINATOR_CHECKPOINT_REGRETS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/sparse_delta_codec.h"
#include "solver/checkpoint/reader.h"

namespace nash {

class CheckpointRegrets {
 public:
  // Errors: as Checkpoint::Open().
  static absl::StatusOr<CheckpointRegrets> Open(const std::string& checkpoint_path,
                                                const TableLayout& layout);
  static uint32_t PartsOf(const TableLayout& layout);

  // Errors: those of reading a checkpoint.
  absl::StatusOr<EncodedRows> Read(uint32_t part);

 private:
  CheckpointRegrets(Checkpoint checkpoint, const TableLayout& layout);
  absl::Status LoadChunk(size_t chunk);

  Checkpoint checkpoint_;
  const TableLayout* layout_;
  RowSpace rows_;
  std::optional<size_t> chunk_;  // whose regrets are in regrets_
  uint64_t first_row_ = 0;       // of the chunk
  uint64_t end_row_ = 0;
  std::vector<int32_t> regrets_;  // of the chunk's rows, one after the other
  std::vector<uint64_t> places_;  // by row of the chunk: of its first regret
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_CHECKPOINT_REGRETS_H_
