// Segments, records, and what of them counts:
//
//   rounds from 0   header | regrets sums | regrets sums | END | regrets sums | END |
//   rounds from 2   header | regrets sums | END | regrets sums | regrets ...
//                                               ^ counts up to here
//
// A round exists once its END record does. Open() cuts what follows the last one, so an append need
// not be atomic; Sync() is what makes rounds durable, and only the last segment is ever not synced.
//
// Errors are of two kinds. A full disk is an ordinary answer: the record may be there in part, so
// is_dirty_ has the next append cut the file back to what counts, and the same call can be made
// again. After any other error, above all a failed fsync, it is unknown what is on the disk: the
// kernel may drop the pages and report success the next time (Rebello and others 2020, "Can
// applications recover from fsync failures?", USENIX ATC). So broken_ keeps the first such error
// and every call returns it.
//
// Files go from the old end (DropBelow) in ascending order and from the new end (CutTo) in
// descending order, so that a crash in between leaves no gap. Old rounds are not rewritten or
// compacted: DropBelow() takes whole files or none. tests/checkpoint/round_log_test.cc cuts and
// flips every byte, fails writes and syncs, and pulls the power on a simulated disk
// (memory_log_files.h).
#include "solver/checkpoint/round_log.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/checksum.h"
#include "common/status_macros.h"

namespace nash {

uint64_t RoundLog::bytes() const { return BytesFrom(0); }

uint64_t RoundLog::BytesFrom(uint64_t round) const {
  uint64_t bytes = 0;
  for (const Segment& segment : segments_)
    bytes += segment.first_round >= round ? segment.bytes : 0;
  return bytes;
}

const RoundLog::Round& RoundLog::RoundAt(uint64_t round) const {
  CHECK_GE(round, first_round_);
  CHECK_LE(round, rounds());
  return round == rounds() ? open_ : rounds_[round - first_round_];
}

uint32_t RoundLog::PartsOf(uint64_t round) const {
  return static_cast<uint32_t>(RoundAt(round).parts.size());
}

const RoundTotals& RoundLog::TotalsOf(uint64_t round) const { return RoundAt(round).totals; }

uint64_t RoundLog::BytesOf(uint64_t round) const {
  uint64_t bytes = kEndRecordBytes;
  for (const Place& place : RoundAt(round).parts) {
    bytes += 2 * kRecordHeaderBytes + place.regret_bytes + place.sum_bytes;
  }
  return bytes;
}

absl::StatusOr<EncodedRows> RoundLog::ReadPart(uint64_t round, uint32_t part, int lane) {
  CHECK_LT(part, PartsOf(round));
  const Place& place = RoundAt(round).parts[part];
  const bool is_sums = lane == 1;
  const uint64_t offset = place.offset + (is_sums ? kRecordHeaderBytes + place.regret_bytes : 0);
  const uint32_t payload_bytes = is_sums ? place.sum_bytes : place.regret_bytes;
  const std::string name = SegmentName(place.segment);
  ASSIGN_OR_RETURN(std::string bytes,
                   files_->Read(name, offset, kRecordHeaderBytes + payload_bytes));
  // Checked at every reading, not only when the log was opened: weeks may lie between, and a worker
  // must never be sent what a disk made of a round.
  const std::optional<RecordHeader> header = DecodeRecordHeader(bytes);
  bytes.erase(0, kRecordHeaderBytes);
  if (!header.has_value() || header->round != round || header->part != part ||
      header->type != (is_sums ? RecordType::kSums : RecordType::kRegrets) ||
      header->payload_bytes != bytes.size() || header->payload_checksum != Checksum64Of(bytes)) {
    return absl::DataLossError(absl::StrCat(
        files_->PathOf(name), ": the record at byte ", offset,
        " has changed since it was written; restore the file from a copy, or remove the folder's "
        "files to go on from the newest checkpoint"));
  }
  return EncodedRows{std::move(bytes), header->payload_checksum};
}

absl::Status RoundLog::Broken(const absl::Status& status) {
  broken_ = absl::AbortedError(
      absl::StrCat(status.message(), "; start the program again when the disk is in order"));
  return broken_;
}

absl::Status RoundLog::Append(absl::string_view bytes) {
  RETURN_IF_ERROR(broken_);
  if (roll_) {
    // Only the last segment may have an unfinished end.
    RETURN_IF_ERROR(Sync());
    segments_.push_back({rounds(), 0});
    roll_ = false;
  }
  Segment& segment = segments_.back();
  if (is_dirty_) {
    const absl::StatusOr<uint64_t> there = files_->Bytes(segment.Name());
    if (!there.ok() && !absl::IsNotFound(there.status())) return Broken(there.status());
    if (there.ok() && *there > segment.bytes) {
      const absl::Status cut = files_->Truncate(segment.Name(), segment.bytes);
      if (!cut.ok()) return Broken(cut);
    }
    is_dirty_ = false;
  }
  std::string with_header;
  if (segment.bytes == 0) {
    with_header = EncodeSegmentHeader(segment.first_round, fingerprint_);
    absl::StrAppend(&with_header, bytes);
    bytes = with_header;
  }
  const absl::Status status = files_->Append(segment.Name(), bytes);
  if (absl::IsResourceExhausted(status)) {
    is_dirty_ = true;
    return status;
  }
  if (!status.ok()) return Broken(status);
  segment.bytes += bytes.size();
  return absl::OkStatus();
}

absl::Status RoundLog::AppendPart(const EncodedRows& regrets, const EncodedRows& sums) {
  CHECK_LE(regrets.bytes.size(), kRecordPayloadBytesMax);
  CHECK_LE(sums.bytes.size(), kRecordPayloadBytesMax);
  RecordHeader header;
  header.round = rounds();
  header.part = static_cast<uint32_t>(open_.parts.size());
  std::string records;
  records.reserve(2 * kRecordHeaderBytes + regrets.bytes.size() + sums.bytes.size());
  const auto add = [&](RecordType type, const EncodedRows& rows) {
    header.type = type;
    header.payload_checksum = rows.checksum;
    header.payload_bytes = static_cast<uint32_t>(rows.bytes.size());
    AppendRecord(header, rows.bytes, &records);
  };
  add(RecordType::kRegrets, regrets);
  add(RecordType::kSums, sums);
  RETURN_IF_ERROR(Append(records));
  const Segment& segment = segments_.back();
  open_.parts.push_back({segment.first_round, segment.bytes - records.size(),
                         static_cast<uint32_t>(regrets.bytes.size()),
                         static_cast<uint32_t>(sums.bytes.size())});
  return absl::OkStatus();
}

absl::Status RoundLog::EndRound(const RoundTotals& totals) {
  const std::string payload = EncodeTotals(totals);
  RecordHeader header;
  header.payload_checksum = Checksum64Of(payload);
  header.round = rounds();
  header.payload_bytes = static_cast<uint32_t>(payload.size());
  header.part = static_cast<uint32_t>(open_.parts.size());
  header.type = RecordType::kEnd;
  std::string record;
  AppendRecord(header, payload, &record);
  RETURN_IF_ERROR(Append(record));
  open_.totals = totals;
  open_.end = segments_.back().bytes;
  rounds_.push_back(std::exchange(open_, {}));
  return absl::OkStatus();
}

absl::Status RoundLog::Sync() {
  RETURN_IF_ERROR(broken_);
  if (!segments_.empty() && segments_.back().bytes > 0) {
    const absl::Status status = files_->Sync(segments_.back().Name());
    if (!status.ok()) return Broken(status);
  }
  durable_rounds_ = rounds();
  return absl::OkStatus();
}

void RoundLog::RollSegment() {
  CHECK(open_.parts.empty()) << "round " << rounds() << " is half in the log";
  if (!segments_.empty() && segments_.back().first_round == rounds()) return;
  roll_ = true;
}

absl::Status RoundLog::CutTo(uint64_t round) {
  RETURN_IF_ERROR(broken_);
  CHECK(open_.parts.empty()) << "round " << rounds() << " is half in the log";
  CHECK_GE(round, first_round_);
  if (round >= rounds()) return absl::OkStatus();
  const auto cut = [&]() -> absl::Status {
    // The newest first, each for good before the next: what a crash leaves has no gap.
    while (segments_.size() > 1 && segments_.back().first_round >= round) {
      RETURN_IF_ERROR(files_->Remove(segments_.back().Name()));
      segments_.pop_back();
      RETURN_IF_ERROR(files_->Sync(segments_.back().Name()));
    }
    Segment& last = segments_.back();
    last.bytes = round == first_round_ ? kSegmentHeaderBytes : RoundAt(round - 1).end;
    RETURN_IF_ERROR(files_->Truncate(last.Name(), last.bytes));
    return files_->Sync(last.Name());
  };
  const absl::Status status = cut();
  if (!status.ok()) return Broken(status);
  rounds_.resize(round - first_round_);
  durable_rounds_ = round;
  roll_ = false;  // a file may begin here already
  return absl::OkStatus();
}

absl::Status RoundLog::DropBelow(uint64_t round) {
  RETURN_IF_ERROR(broken_);
  const bool empties = round > rounds();
  CHECK(!empties || open_.parts.empty()) << "round " << rounds() << " is half in the log";
  // The oldest first: what is left after a crash in between has no gap.
  while (!segments_.empty() && (empties || segments_.size() > 1)) {
    const uint64_t end = segments_.size() > 1 ? segments_[1].first_round : rounds();
    if (end > round) break;
    RETURN_IF_ERROR(files_->Remove(segments_.front().Name()));
    segments_.pop_front();
    rounds_.erase(rounds_.begin(), rounds_.begin() + (end - first_round_));
    first_round_ = end;
  }
  if (empties) {
    first_round_ = round;
    durable_rounds_ = round;
    roll_ = true;
    is_dirty_ = false;
  }
  return absl::OkStatus();
}

}  // namespace nash
