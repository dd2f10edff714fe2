// docs/formats/round_log.md has the grammar that SegmentWalk checks:
//
//   segment   header, then rounds in order; its name is its first round
//   round     (regrets sums)* end        of part 0, 1, 2, ...; the end has the round's figures
//
// A segment that ends within a round is how a crash and a running coordinator leave the last one.
// The walk therefore remembers the end of the last whole round (whole_bytes) and calls anything
// behind it damage; in the last segment it says besides that this is an unfinished end. Behind
// damage in an earlier segment nothing is looked at, since rounds follow from those before.
//
// Payloads are checked by their checksums and not decoded: what a round changed is of no interest
// here. tests/tools/look_test.sh reads the same bytes by the page above, compares, and cuts them.
#include "tools/inspection/round_log_walk.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/checksum.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

// One segment, record by record. `expected` carries the next round and part from one to the other.
class SegmentWalk {
 public:
  SegmentWalk(LogSegment* segment, LogWalk* walk,
              const std::function<void(const LoggedRound&)>& visit)
      : segment_(segment), walk_(walk), visit_(visit) {}

  // Stops where walk->damage is set.
  absl::Status Walk() {
    uint64_t offset = kSegmentHeaderBytes;
    segment_->whole_bytes = offset;
    LoggedRound round;
    round.round = walk_->rounds;
    bool has_regrets = false;
    while (offset < segment_->bytes) {
      ASSIGN_OR_RETURN(const std::optional<RecordHeader> header, RecordAt(offset));
      if (!header.has_value()) return Damaged(offset, "no whole record");
      const bool is_expected = header->round == round.round && header->part == round.parts;
      if (header->type == RecordType::kRegrets && is_expected && !has_regrets) {
        has_regrets = true;
        round.regret_bytes += header->payload_bytes;
      } else if (header->type == RecordType::kSums && is_expected && has_regrets) {
        has_regrets = false;
        round.sum_bytes += header->payload_bytes;
        ++round.parts;
      } else if (header->type == RecordType::kEnd && is_expected && !has_regrets) {
        const std::optional<RoundTotals> totals = DecodeTotals(payload_);
        if (!totals.has_value()) return Damaged(offset, "an end record without its figures");
        round.totals = *totals;
        visit_(round);
        segment_->whole_bytes = offset + kRecordHeaderBytes + header->payload_bytes;
        walk_->rounds = round.round + 1;
        round = LoggedRound{.round = walk_->rounds};
      } else {
        return Damaged(offset,
                       absl::StrCat("round ", header->round, ", part ", header->part,
                                    ", expected round ", round.round, ", part ", round.parts));
      }
      offset += kRecordHeaderBytes + header->payload_bytes;
    }
    if (segment_->whole_bytes == segment_->bytes) return absl::OkStatus();
    return Damaged(segment_->whole_bytes, absl::StrCat("round ", round.round, " without its end"));
  }

 private:
  absl::Status Damaged(uint64_t offset, absl::string_view what) {
    walk_->damage =
        absl::StrCat(segment_->path, ": ", what, " at byte ", offset, " of ", segment_->bytes);
    return absl::OkStatus();
  }

  // The header of a whole record, with its payload in payload_; none where there is none.
  absl::StatusOr<std::optional<RecordHeader>> RecordAt(uint64_t offset) {
    std::optional<RecordHeader> none;
    if (segment_->bytes - offset < kRecordHeaderBytes) return none;
    ASSIGN_OR_RETURN(const std::string head,
                     ReadFilePart(segment_->path, offset, kRecordHeaderBytes));
    const std::optional<RecordHeader> header = DecodeRecordHeader(head);
    if (!header.has_value() ||
        segment_->bytes - offset - kRecordHeaderBytes < header->payload_bytes) {
      return none;
    }
    ASSIGN_OR_RETURN(
        payload_, ReadFilePart(segment_->path, offset + kRecordHeaderBytes, header->payload_bytes));
    if (Checksum64Of(payload_) != header->payload_checksum) return none;
    return header;
  }

  LogSegment* const segment_;
  LogWalk* const walk_;
  const std::function<void(const LoggedRound&)>& visit_;
  std::string payload_;
};

absl::StatusOr<std::vector<LogSegment>> ListSegments(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(folder));
  std::vector<LogSegment> segments;
  for (const std::string& name : names) {
    const std::optional<uint64_t> first_round = FirstRoundOf(name);
    if (!first_round.has_value()) continue;
    LogSegment segment;
    segment.path = JoinPath(folder, name);
    segment.first_round = *first_round;
    ASSIGN_OR_RETURN(segment.bytes, FileBytes(segment.path));
    segments.push_back(std::move(segment));
  }
  // More digits come behind fewer, whatever their letters say.
  std::sort(segments.begin(), segments.end(),
            [](const LogSegment& a, const LogSegment& b) { return a.first_round < b.first_round; });
  return segments;
}

}  // namespace

absl::StatusOr<LogWalk> WalkRoundLog(const std::string& folder, const std::string& fingerprint,
                                     const std::function<void(const LoggedRound&)>& visit) {
  if (!FileExists(folder)) {
    return absl::NotFoundError(absl::StrCat(
        folder, ": there is no round log; a coordinator keeps one (train_blueprint --listen)"));
  }
  LogWalk walk;
  ASSIGN_OR_RETURN(walk.segments, ListSegments(folder));
  if (walk.segments.empty()) {
    return absl::NotFoundError(
        absl::StrCat(folder, ": the round log is empty: no round has ended since the checkpoint"));
  }
  walk.first_round = walk.rounds = walk.segments.front().first_round;
  for (size_t i = 0; i < walk.segments.size() && walk.damage.empty(); ++i) {
    LogSegment& segment = walk.segments[i];
    const bool is_last = i + 1 == walk.segments.size();
    if (segment.first_round != walk.rounds) {
      walk.damage = absl::StrCat(segment.path, ": begins with round ", segment.first_round,
                                 ", expected ", walk.rounds, ": a segment is missing");
      break;
    }
    if (segment.bytes < kSegmentHeaderBytes) {
      walk.damage = absl::StrCat(segment.path, ": has no whole header");
    } else {
      ASSIGN_OR_RETURN(const std::string header,
                       ReadFilePart(segment.path, 0, kSegmentHeaderBytes));
      const absl::Status status = CheckSegmentHeader(header, segment.first_round, fingerprint);
      if (absl::IsDataLoss(status)) {
        walk.damage = absl::StrCat(segment.path, ": ", status.message());
      } else if (!status.ok()) {
        return absl::Status(status.code(), absl::StrCat(segment.path, ": ", status.message()));
      } else {
        RETURN_IF_ERROR(SegmentWalk(&segment, &walk, visit).Walk());
      }
    }
    walk.is_unfinished_end = is_last && !walk.damage.empty();
  }
  return walk;
}

}  // namespace nash
