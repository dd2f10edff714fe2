#include "solver/coordinator/log_room.h"

#include <gtest/gtest.h>

#include <vector>

namespace nash {
namespace {

constexpr uint64_t kMega = 1'000'000;
constexpr uint64_t kSmall = 256 << 10;  // manifests and names

TEST(LogRoom, RoundsNeedTheirBytesAQuarterMoreAndACheckpoint) {
  const LogLimits limits = {.checkpoint_bytes = 40 * kMega};
  LogUse use = {.round_bytes = 4 * kMega, .rounds_ahead = 3};
  const uint64_t needed = (40 + 12 + 3) * kMega + kSmall;
  EXPECT_EQ(RoomNeeded(limits, use), needed);
  use.free_bytes = needed;
  EXPECT_TRUE(HasRoom(limits, use));
  use.free_bytes = needed - 1;
  EXPECT_FALSE(HasRoom(limits, use));
}

TEST(LogRoom, ACheckpointIsDueWhenHalfOfTheLogIsNewOrTheDiskNearlyFull) {
  struct Case {
    const char* why;
    uint64_t free_megas, log_megas, new_megas;
    bool is_due;
  };
  // A log of 100 MB, checkpoints of 40 MB, rounds of 4 MB: 45.3 MB must be free.
  const LogLimits limits = {.log_bytes_max = 100 * kMega, .checkpoint_bytes = 40 * kMega};
  for (const Case& c : std::vector<Case>{
           {"nothing new", 1, 1000, 0, false},
           {"less than half of what it may take", 1000, 49, 49, false},
           {"half of it", 1000, 50, 50, true},
           {"the older half does not count", 1000, 90, 40, false},
           {"the disk has 60 MB for the log, and 30 are new", 70, 30, 30, true},
           {"the disk has 60 MB for the log, and 29 are new", 71, 29, 29, false},
           {"no room for a round beside a checkpoint", 45, 80, 10, true},
           {"room for one", 46, 80, 10, false},
           {"not even for a checkpoint: it will fail and say so", 0, 30, 1, true},
       }) {
    const LogUse use = {c.free_megas * kMega, c.log_megas * kMega, c.new_megas * kMega, 4 * kMega};
    EXPECT_EQ(IsCheckpointDue(limits, use), c.is_due) << c.why;
  }
}

// On disks of all sizes, to some of which others write: rounds come as long as there is room, and a
// checkpoint, when it is due, always finds room.
TEST(LogRoom, ACheckpointThatIsDueAlwaysFits) {
  constexpr uint64_t kRound = 3 * kMega;
  const LogLimits limits = {.log_bytes_max = 200 * kMega, .checkpoint_bytes = 40 * kMega};
  for (uint64_t disk = 50 * kMega; disk < 500 * kMega; disk += 7 * kMega) {
    uint64_t checkpoints = 0, log = 0, fresh = 0, rounds = 0, largest_log = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto use = [&] {
        const uint64_t used = checkpoints * limits.checkpoint_bytes + log;
        return LogUse{disk - std::min(disk, used), log, fresh, kRound};
      };
      if (IsCheckpointDue(limits, use()) && checkpoints < 3) {
        if (use().free_bytes < limits.checkpoint_bytes) break;  // too small a disk
        log = checkpoints == 0 ? log : fresh;  // the first one has no older one to fall back to
        checkpoints = std::min<uint64_t>(checkpoints + 1, 2);
        fresh = 0;
      }
      if (!HasRoom(limits, use())) break;
      ++rounds;
      log += kRound;
      fresh += kRound;
      ASSERT_LE(checkpoints * limits.checkpoint_bytes + log, disk);
      largest_log = std::max(largest_log, log);
    }
    EXPECT_LE(largest_log, limits.log_bytes_max + 2 * kRound);
    // Three checkpoints, two stretches of log, and some room: then it never ends.
    if (disk > 3 * limits.checkpoint_bytes + 8 * kRound) {
      EXPECT_EQ(rounds, 1000) << disk;
    }
  }
}

}  // namespace
}  // namespace nash
