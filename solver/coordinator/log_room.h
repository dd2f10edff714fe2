// How much of a disk the round log may take, and when a checkpoint is due to make it smaller.
//
// The log is kept since the older of two checkpoints: the newest may turn out to be damaged. So a
// checkpoint is due when half of what the log may take has come since the newest, and the log stays
// below that but for what comes while the checkpoint is written. What it may take is a limit that
// the operator sets, or less where the disk has less: room for a checkpoint is never given to the
// log, so that a disk that is nearly full is left behind by writing one. Pure functions.
#ifndef NASHVILLE_SOLVER_COORDINATOR_LOG_ROOM_H_
#define NASHVILLE_SOLVER_COORDINATOR_LOG_ROOM_H_

#include <algorithm>
#include <cstdint>
#include <limits>

namespace nash {

struct LogLimits {
  uint64_t log_bytes_max = std::numeric_limits<uint64_t>::max();
  uint64_t checkpoint_bytes = 0;  // that one takes on the disk
};

// At the end of a round.
struct LogUse {
  uint64_t free_bytes = 0;  // of the disk
  uint64_t log_bytes = 0;
  uint64_t new_bytes = 0;    // of these, since the newest checkpoint
  uint64_t round_bytes = 0;  // of a large round in the log
  // That will have come when a checkpoint can be begun next: 1, with lag those to the next meeting.
  uint64_t rounds_ahead = 1;
};

// What must be free for the log to grow, with a quarter for rounds that are larger than those
// before, and for names, manifests and pages that are not full.
inline uint64_t RoomNeeded(const LogLimits& limits, const LogUse& use) {
  constexpr uint64_t kSmallFilesBytes = 256 << 10;
  const uint64_t rounds_bytes = use.rounds_ahead * use.round_bytes;
  return limits.checkpoint_bytes + rounds_bytes + rounds_bytes / 4 + kSmallFilesBytes;
}

inline bool HasRoom(const LogLimits& limits, const LogUse& use) {
  return use.free_bytes >= RoomNeeded(limits, use);
}

inline bool IsCheckpointDue(const LogLimits& limits, const LogUse& use) {
  if (use.new_bytes == 0) return false;
  const uint64_t there = use.free_bytes + use.log_bytes;
  const uint64_t may_take =
      std::min(limits.log_bytes_max, there - std::min(there, limits.checkpoint_bytes));
  return use.new_bytes >= may_take / 2 || !HasRoom(limits, use);
}

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_LOG_ROOM_H_
