// A cluster's round log as it lies on disk, read without changing it.
//
// RoundLog (solver/checkpoint/round_log.h) is for the process that owns a log: it cuts what a crash
// left, and refuses what is damaged. Who only looks wants neither: the walk goes along the segments
// and records, hands out whole rounds, and stops at the first bytes that are no record, saying
// where. A run may go on meanwhile; then the end is merely unfinished.
//
// Memory: one record, of 1 MiB at most. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_ROUND_LOG_WALK_H_
#define NASHVILLE_TOOLS_INSPECTION_ROUND_LOG_WALK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "solver/checkpoint/round_log_record.h"

namespace nash {

struct LoggedRound {
  uint64_t round = 0;
  uint32_t parts = 0;
  uint64_t regret_bytes = 0;  // encoded
  uint64_t sum_bytes = 0;
  RoundTotals totals;
};

struct LogSegment {
  std::string path;
  uint64_t first_round = 0;
  uint64_t bytes = 0;        // of the file
  uint64_t whole_bytes = 0;  // up to the end of its last whole round
};

struct LogWalk {
  std::vector<LogSegment> segments;
  uint64_t first_round = 0;
  uint64_t rounds = 0;  // the round after the last whole one
  // Empty where all of it is whole; else where the first bytes are that are not, and what they are.
  std::string damage;
  // It lies at the end of the last segment, as what a crash or a running process leaves.
  bool is_unfinished_end = false;
};

// folder: RUN/rounds. fingerprint: of the run. visit: called with each whole round, in order.
// Errors: NotFound where there is no log; FailedPrecondition of another run or format version;
// those of reading.
absl::StatusOr<LogWalk> WalkRoundLog(const std::string& folder, const std::string& fingerprint,
                                     const std::function<void(const LoggedRound&)>& visit);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_ROUND_LOG_WALK_H_
