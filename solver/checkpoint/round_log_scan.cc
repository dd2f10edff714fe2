// A window of 8 MiB goes along the file, so that small records cost no call of the system each.
// RecordAt() believes nothing before its checksum: the header's, then that the payload fits into
// the file, then the payload's.
//
// HasRecordFrom() tries every offset. It is asked only where a record is bad; a header's checksum
// is wrong at nearly every offset, so that few payloads are read.
#include "solver/checkpoint/round_log_scan.h"

#include <algorithm>

#include "common/checksum.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint64_t kWindowBytes = uint64_t{8} << 20;
constexpr char kZeros[kRecordHeaderBytes] = {};
static_assert(kWindowBytes >= 2 * (kRecordHeaderBytes + kRecordPayloadBytesMax));

}  // namespace

absl::StatusOr<absl::string_view> SegmentScan::View(uint64_t offset, uint64_t bytes) {
  if (offset < window_start_ || offset + bytes > window_start_ + window_.size()) {
    ASSIGN_OR_RETURN(
        window_,
        files_->Read(name_, offset, std::min(std::max(kWindowBytes, bytes), bytes_ - offset)));
    window_start_ = offset;
    told_(offset + window_.size());
  }
  return absl::string_view(window_).substr(offset - window_start_, bytes);
}

absl::StatusOr<std::optional<FoundRecord>> SegmentScan::RecordAt(uint64_t offset) {
  std::optional<FoundRecord> none;
  if (bytes_ - offset < kRecordHeaderBytes) return none;
  ASSIGN_OR_RETURN(const absl::string_view head, View(offset, kRecordHeaderBytes));
  const std::optional<RecordHeader> header = DecodeRecordHeader(head);
  if (!header.has_value() || bytes_ - offset - kRecordHeaderBytes < header->payload_bytes) {
    return none;
  }
  ASSIGN_OR_RETURN(const absl::string_view payload,
                   View(offset + kRecordHeaderBytes, header->payload_bytes));
  if (Checksum64Of(payload) != header->payload_checksum) return none;
  return FoundRecord{*header, payload};
}

absl::StatusOr<uint64_t> SegmentScan::ZerosAt(uint64_t offset) {
  ASSIGN_OR_RETURN(const absl::string_view head, View(offset, kRecordHeaderBytes));
  if (head != absl::string_view(kZeros, kRecordHeaderBytes)) return 0;
  // All that the window has.
  const absl::string_view all = absl::string_view(window_).substr(offset - window_start_);
  return std::min<uint64_t>(all.find_first_not_of('\0'), all.size());
}

absl::StatusOr<bool> SegmentScan::HasRecordFrom(uint64_t offset, uint64_t round) {
  for (; offset + kRecordHeaderBytes <= bytes_; ++offset) {
    // A file that a crash left longer than it was written ends with zeros, at times with gigabytes
    // of them. A header is not all zeros: its type is not.
    ASSIGN_OR_RETURN(const uint64_t zeros, ZerosAt(offset));
    if (zeros >= kRecordHeaderBytes) {
      // What follows the window may be a hole, which need not be read.
      const bool is_to_its_end = offset + zeros == window_start_ + window_.size();
      const uint64_t data =
          is_to_its_end ? files_->NextData(name_, offset + zeros) : offset + zeros;
      told_(data);
      offset = data - kRecordHeaderBytes;
      continue;
    }
    ASSIGN_OR_RETURN(const std::optional<FoundRecord> record, RecordAt(offset));
    if (record.has_value() && record->header.round >= round) return true;
  }
  return false;
}

}  // namespace nash
