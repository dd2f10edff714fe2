// RoundLog::Open(): what is on disk, checked; what a crash left unfinished, cut.
//
// The question is which damage a crash can have done, for that is cut without a word, and all other
// damage must be told, or rounds that were durable would vanish in silence. A crash leaves one
// thing: an end, of the last file, after which nothing good follows. So where a record is bad, the
// rest of the file is searched, byte by byte, for a good record of this round or a later one. If
// there is one, or if the file is not the last, the bytes before it have changed since they were
// written: DataLoss.
//
// The search is slow (a checksum wherever a header is plausible) and happens once, after a crash.
// Records that are good but out of order are never cut: no crash makes those.
#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/checkpoint/round_log.h"
#include "solver/checkpoint/round_log_scan.h"

namespace nash {

// Reads one segment after the other into a log.
class RoundLog::Scan {
 public:
  Scan(RoundLog* log, const ProgressCallback& progress)
      : log_(*log), files_(*log->files_), progress_(progress) {}

  absl::Status Read(const std::vector<uint64_t>& first_rounds) {
    for (const uint64_t round : first_rounds) {
      ASSIGN_OR_RETURN(const uint64_t bytes, files_.Bytes(SegmentName(round)));
      all_bytes_ += bytes;
    }
    for (size_t i = 0; i < first_rounds.size(); ++i) {
      is_last_ = i + 1 == first_rounds.size();
      if (i > 0 && first_rounds[i] != log_.rounds()) {
        return absl::DataLossError(absl::StrCat(
            files_.PathOf(SegmentName(first_rounds[i])), ": the file before it ends before round ",
            log_.rounds(), "; restore the missing file, or remove all of them to go on from the ",
            "newest checkpoint"));
      }
      RETURN_IF_ERROR(ReadSegment(first_rounds[i]));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Damaged(uint64_t offset, absl::string_view what) const {
    return absl::DataLossError(absl::StrCat(
        files_.PathOf(name_), ": ", what, " at byte ", offset,
        ", and it is not the end that a crash may leave unfinished; restore the file from a copy, "
        "or remove the folder's files to go on from the newest checkpoint"));
  }

  absl::Status ReadSegment(uint64_t first_round) {
    name_ = SegmentName(first_round);
    ASSIGN_OR_RETURN(const uint64_t bytes, files_.Bytes(name_));
    const uint64_t before = read_bytes_;
    read_bytes_ += bytes;
    SegmentScan scan(&files_, name_, bytes, [this, before](uint64_t place) {
      progress_(
          {"round log", (before + place) >> 20, std::max(all_bytes_, read_bytes_) >> 20, "MiB"});
    });
    ASSIGN_OR_RETURN(const std::string head,
                     files_.Read(name_, 0, std::min<uint64_t>(bytes, kSegmentHeaderBytes)));
    const absl::Status status = CheckSegmentHeader(head, first_round, log_.fingerprint_);
    if (!status.ok()) {
      ASSIGN_OR_RETURN(const bool has_records, scan.HasRecordFrom(0, first_round));
      if (absl::IsDataLoss(status) && is_last_ && !has_records) return RemoveUnfinished(bytes);
      if (absl::IsDataLoss(status)) return Damaged(0, status.message());
      return absl::Status(status.code(),
                          absl::StrCat(files_.PathOf(name_), ": ", status.message()));
    }
    log_.segments_.push_back({first_round, kSegmentHeaderBytes});
    RETURN_IF_ERROR(ReadRecords(&scan));
    const uint64_t counted = log_.segments_.back().bytes;
    if (counted == bytes) return absl::OkStatus();
    if (!is_last_) return Damaged(counted, "a round without its end");
    log_.cut_bytes_ = bytes - counted;
    log_.open_ = {};
    return files_.Truncate(name_, counted);
  }

  // Leaves off at the first record that is not good.
  absl::Status ReadRecords(SegmentScan* scan) {
    uint64_t offset = kSegmentHeaderBytes;
    while (offset < scan->bytes()) {
      ASSIGN_OR_RETURN(const std::optional<FoundRecord> record, scan->RecordAt(offset));
      if (!record.has_value()) {
        ASSIGN_OR_RETURN(const bool has_more, scan->HasRecordFrom(offset + 1, log_.rounds()));
        if (has_more || !is_last_) return Damaged(offset, "a damaged record");
        return absl::OkStatus();
      }
      if (!Take(*record, offset)) return Damaged(offset, "a record out of its order");
      offset += kRecordHeaderBytes + record->payload.size();
      if (record->header.type == RecordType::kEnd) log_.segments_.back().bytes = offset;
    }
    return absl::OkStatus();
  }

  bool Take(const FoundRecord& record, uint64_t offset) {
    const RecordHeader& header = record.header;
    std::vector<Place>& parts = log_.open_.parts;
    if (header.round != log_.rounds()) return false;
    switch (header.type) {
      case RecordType::kRegrets:
        if (needs_sums_ || header.part != parts.size()) return false;
        needs_sums_ = true;
        parts.push_back({log_.segments_.back().first_round, offset, header.payload_bytes, 0});
        return true;
      case RecordType::kSums:
        if (!needs_sums_ || header.part + 1 != parts.size()) return false;
        needs_sums_ = false;
        parts.back().sum_bytes = header.payload_bytes;
        return true;
      case RecordType::kEnd: {
        const std::optional<RoundTotals> totals = DecodeTotals(record.payload);
        if (needs_sums_ || header.part != parts.size() || !totals.has_value()) return false;
        log_.open_.totals = *totals;
        log_.open_.end = offset + kRecordHeaderBytes + record.payload.size();
        log_.rounds_.push_back(std::exchange(log_.open_, {}));
        return true;
      }
      case RecordType::kInvalid:
        break;
    }
    return false;
  }

  // A file whose header was never wholly written holds nothing.
  absl::Status RemoveUnfinished(uint64_t bytes) {
    log_.cut_bytes_ = bytes;
    return files_.Remove(name_);
  }

  RoundLog& log_;
  LogFiles& files_;
  const ProgressCallback& progress_;
  uint64_t all_bytes_ = 0;   // of all segments
  uint64_t read_bytes_ = 0;  // with that of the segment in work
  bool is_last_ = false;
  bool needs_sums_ = false;  // regrets of a part came, its sums did not
  std::string name_;         // of the segment
};

absl::StatusOr<std::unique_ptr<RoundLog>> RoundLog::Open(const Options& options) {
  CHECK_EQ(options.fingerprint.size(), kFingerprintBytes);
  std::unique_ptr<RoundLog> log(new RoundLog(options));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, log->files_->List());
  std::vector<uint64_t> first_rounds;
  for (const std::string& name : names) {
    const std::optional<uint64_t> round = FirstRoundOf(name);
    if (round.has_value()) first_rounds.push_back(*round);
  }
  std::sort(first_rounds.begin(), first_rounds.end());
  log->first_round_ = first_rounds.empty() ? options.first_round : first_rounds.front();
  RETURN_IF_ERROR(Scan(log.get(), options.progress).Read(first_rounds));
  log->roll_ = log->segments_.empty();
  // What is read need not be on disk yet: the process may have died, not the machine.
  log->durable_rounds_ = log->first_round_;
  RETURN_IF_ERROR(log->Sync());
  return log;
}

}  // namespace nash
