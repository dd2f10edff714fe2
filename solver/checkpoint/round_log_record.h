// The bytes of a round log: the header of a segment, and records. Private to this folder.
//
// Grammar and a worked example: docs/formats/round_log.md. Thread-safe: values and pure functions.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_RECORD_H_
#define NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_RECORD_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/sparse_delta_codec.h"

namespace nash {

inline constexpr uint32_t kRoundLogFormatVersion = 3;
inline constexpr size_t kSegmentHeaderBytes = 64;
inline constexpr size_t kRecordHeaderBytes = 40;
inline constexpr size_t kRecordPayloadBytesMax = kDeltaBytesMax;
inline constexpr size_t kFingerprintBytes = 32;

enum class RecordType : uint32_t {
  kInvalid = 0,
  kRegrets = 1,  // a part of a round: lane 0, encoded
  kSums = 2,     // the same part: lane 1, encoded
  kEnd = 3,      // the round is whole
};

// What stands before a payload, without the checksum of itself.
struct RecordHeader {
  uint64_t payload_checksum = 0;  // XXH3-64
  uint64_t round = 0;
  uint32_t payload_bytes = 0;
  uint32_t part = 0;  // kEnd: how many there are
  RecordType type = RecordType::kInvalid;
  uint32_t zero = 0;
};

// What an end record tells besides.
struct RoundTotals {
  uint64_t touches = 0;      // of the round
  uint64_t iterations = 0;   // of the round
  uint64_t regret_hash = 0;  // of the table after it
  friend bool operator==(const RoundTotals&, const RoundTotals&) = default;
};
inline constexpr size_t kEndRecordBytes = kRecordHeaderBytes + sizeof(RoundTotals);

// "segment-0000000042" for the one that starts with round 42; digits only grow.
std::string SegmentName(uint64_t first_round);
// The round; none where a writer gives no such name.
std::optional<uint64_t> FirstRoundOf(absl::string_view name);

// fingerprint: kFingerprintBytes.
std::string EncodeSegmentHeader(uint64_t first_round, absl::string_view fingerprint);
// Errors: DataLoss where the bytes are no such header; FailedPrecondition of another format version
// or another run. Without a place.
absl::Status CheckSegmentHeader(absl::string_view bytes, uint64_t first_round,
                                absl::string_view fingerprint);

void AppendRecord(const RecordHeader& header, absl::string_view payload, std::string* out);
// The header at the front of `bytes` ([kRecordHeaderBytes]) where there is one.
std::optional<RecordHeader> DecodeRecordHeader(absl::string_view bytes);

std::string EncodeTotals(const RoundTotals& totals);
std::optional<RoundTotals> DecodeTotals(absl::string_view bytes);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_RECORD_H_
