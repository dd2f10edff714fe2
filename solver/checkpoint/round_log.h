// What every round of a run changed, on disk, in order: an append-only log in segment files.
//
// A checkpoint and the rounds since make the table again, and workers that are behind fetch rounds
// from here. A round is its parts, each as two records (regrets; sums), and an end record. Bytes:
// docs/formats/round_log.md. A round counts once its end record is there, and is durable once
// Sync() returned after that.
//
// The disk may fill: nothing half-written stays, and the same call can be made again. Any other
// failure to write or to sync is kAborted: nothing is known of the disk then, every later call says
// the same, and the process ends; the next one reads what is there.
//
// Thread-compatible. Memory: 24 bytes a part of the rounds kept, and 64 a round.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_H_
#define NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sparse_delta_codec.h"
#include "common/stage_progress.h"
#include "solver/checkpoint/round_log_files.h"
#include "solver/checkpoint/round_log_record.h"

namespace nash {

class RoundLog {
 public:
  struct Options {
    LogFiles* files = nullptr;  // not owned
    std::string fingerprint;    // of the run: 32 hexadecimal digits
    uint64_t first_round = 0;   // where a log that does not exist yet begins
    // Of Open(), which reads all there is.
    ProgressCallback progress = [](const StageProgress&) {};
  };
  // Reads and checks all there is. What a crash left unfinished at the end is cut.
  // Errors: DataLoss where bytes are damaged that have good ones after them, with file and offset;
  // FailedPrecondition for another run or format version; Aborted.
  static absl::StatusOr<std::unique_ptr<RoundLog>> Open(const Options& options);

  // Rounds [first_round(), rounds()) are here, those below durable_rounds() for certain.
  uint64_t first_round() const { return first_round_; }
  uint64_t rounds() const { return first_round_ + rounds_.size(); }
  uint64_t durable_rounds() const { return durable_rounds_; }
  // What Open() cut off, for a line in the program's log.
  uint64_t cut_bytes() const { return cut_bytes_; }
  uint64_t bytes() const;
  // The bytes of the files that begin with this round or a later one.
  uint64_t BytesFrom(uint64_t round) const;

  // What is known of a round that is here; PartsOf() and ReadPart() also of the round that is being
  // appended, rounds(), as far as it has come.
  uint32_t PartsOf(uint64_t round) const;
  const RoundTotals& TotalsOf(uint64_t round) const;
  uint64_t BytesOf(uint64_t round) const;
  // lane: 0 regrets, 1 sums. Needs round in [first_round(), rounds()], part < PartsOf(round).
  // Error: DataLoss where the bytes have changed since they were written.
  absl::StatusOr<EncodedRows> ReadPart(uint64_t round, uint32_t part, int lane);

  // The next part of round rounds(): the same rows, lane by lane.
  // Error: ResourceExhausted: the disk is full; call again when there is room.
  absl::Status AppendPart(const EncodedRows& regrets, const EncodedRows& sums);
  // All parts of round rounds() were appended; it is here now. Error: as above.
  absl::Status EndRound(const RoundTotals& totals);
  // Makes durable what was appended.
  absl::Status Sync();

  // The next round begins a new file (no round may be half there): DropBelow() goes by files. It
  // takes effect with that round's first part.
  void RollSegment();
  // Removes files all of whose rounds are below `round`. A round past rounds() empties the log: it
  // begins anew there.
  absl::Status DropBelow(uint64_t round);
  // Forgets rounds from `round` on, durably. Needs first_round() <= round, and no round half there.
  absl::Status CutTo(uint64_t round);

 private:
  struct Segment {
    uint64_t first_round;
    uint64_t bytes;  // that count; more may be there after an append that failed
    std::string Name() const { return SegmentName(first_round); }
  };
  struct Place {
    uint64_t segment;  // its first round
    uint64_t offset;   // of the regrets' record; that of the sums follows
    uint32_t regret_bytes;
    uint32_t sum_bytes;
  };
  struct Round {
    std::vector<Place> parts;
    RoundTotals totals;
    uint64_t end = 0;  // of its end record, in its segment
  };
  class Scan;

  explicit RoundLog(const Options& options)
      : files_(options.files), fingerprint_(options.fingerprint) {}
  // Appends to the last segment, or to a new one where one is due.
  absl::Status Append(absl::string_view bytes);
  // Remembers and returns it.
  absl::Status Broken(const absl::Status& status);
  const Round& RoundAt(uint64_t round) const;

  LogFiles* const files_;
  const std::string fingerprint_;
  std::deque<Segment> segments_;
  std::deque<Round> rounds_;
  Round open_;  // round rounds(), as far as it has come
  uint64_t first_round_ = 0;
  uint64_t durable_rounds_ = 0;
  uint64_t cut_bytes_ = 0;
  bool roll_ = false;      // the next record begins a segment
  bool is_dirty_ = false;  // an append failed: the file may be longer than it counts
  absl::Status broken_;    // not OK: what ended it
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_H_
