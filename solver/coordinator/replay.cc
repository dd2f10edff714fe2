// A checkpoint is of some round, the log goes on from there or from before. What is replayed is
// what was merged, so the table comes to the same bytes without any worker; after each round its
// hash is compared with the one that was logged then, which finds a log of another run, or one that
// is damaged where no checksum sees it. With lag the log may end between meetings, where no worker
// could take the run up: CutToMeeting() takes those rounds off, and they are run again.
#include "solver/coordinator/replay.h"

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/lines.h"

namespace nash {

absl::Status CutToMeeting(const RoundShape& shape, RoundStore* store) {
  return store->CutTo(MeetingBefore(shape, store->end_round()));
}

absl::Status Replay(RoundStore* store, Master* master, const AfterReplayedRound& after) {
  if (master->rounds() < store->first_round()) {
    return absl::DataLossError(absl::StrFormat(
        "round log: begins with round %d, but the checkpoint holds %d rounds only; restore the "
        "missing part of the log or a newer checkpoint, or remove the log's files (RUN/rounds) to "
        "train those rounds again",
        store->first_round(), master->rounds()));
  }
  for (uint64_t round = master->rounds(); round < store->end_round(); ++round) {
    const RoundRecord record = store->Record(round);
    for (uint32_t part = 0; part < record.parts; ++part) {
      ASSIGN_OR_RETURN(const MergedPart rows, store->ReadPart(round, part));
      RETURN_IF_ERROR(master->Apply(rows));
    }
    master->EndRound();
    if (master->regret_hash() != record.regret_hash) {
      return absl::DataLossError(absl::StrFormat(
          "round log: after round %d the table's regret hash is %016x, logged was %016x; the "
          "checkpoint and the log are of different runs, or one is damaged",
          round, master->regret_hash(), record.regret_hash));
    }
    RETURN_IF_ERROR(after(round));
  }
  return absl::OkStatus();
}

}  // namespace nash
