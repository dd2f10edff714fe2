// A record's header has a checksum of its own, before everything else, so that a scan may try any
// offset: a header that is right by chance is one in 2^64. Only then is its payload's size
// believed, which is bounded as well. The payload's checksum stands in the header and is the one
// that parts already have on the wire (EncodedRows), so that parts are stored and served as they
// came, without decoding.
//
// Segments carry the run's fingerprint: files of two runs in one folder are told apart before any
// record is read. The version is looked at before the header's checksum, since another version may
// have another header.
#include "solver/checkpoint/round_log_record.h"

#include <glog/logging.h>

#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/checksum.h"

namespace nash {
namespace {

constexpr char kSegmentPrefix[] = "segment-";
constexpr char kMagic[] = "NASHRLOG";

struct SegmentHeader {
  std::array<char, 8> magic{};
  uint32_t version = kRoundLogFormatVersion;
  uint32_t zero = 0;
  uint64_t first_round = 0;
  std::array<char, kFingerprintBytes> fingerprint{};
  uint64_t checksum = 0;  // XXH3-64 of what is before it
};
static_assert(sizeof(SegmentHeader) == kSegmentHeaderBytes);
static_assert(sizeof(RecordHeader) + sizeof(uint64_t) == kRecordHeaderBytes);
static_assert(sizeof(RoundTotals) == 24);

template <typename T>
absl::string_view BytesOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

uint64_t ChecksumOfHeader(const SegmentHeader& header) {
  return Checksum64Of(BytesOf(header).substr(0, offsetof(SegmentHeader, checksum)));
}

}  // namespace

std::string SegmentName(uint64_t first_round) {
  return absl::StrFormat("%s%010d", kSegmentPrefix, first_round);
}

std::optional<uint64_t> FirstRoundOf(absl::string_view name) {
  uint64_t round = 0;
  absl::string_view digits = name;
  if (!absl::ConsumePrefix(&digits, kSegmentPrefix) || !absl::SimpleAtoi(digits, &round) ||
      name != SegmentName(round)) {
    return std::nullopt;
  }
  return round;
}

std::string EncodeSegmentHeader(uint64_t first_round, absl::string_view fingerprint) {
  CHECK_EQ(fingerprint.size(), kFingerprintBytes);
  SegmentHeader header;
  std::memcpy(header.magic.data(), kMagic, header.magic.size());
  header.first_round = first_round;
  std::memcpy(header.fingerprint.data(), fingerprint.data(), kFingerprintBytes);
  header.checksum = ChecksumOfHeader(header);
  return std::string(BytesOf(header));
}

absl::Status CheckSegmentHeader(absl::string_view bytes, uint64_t first_round,
                                absl::string_view fingerprint) {
  SegmentHeader header;
  if (bytes.size() < sizeof(header)) return absl::DataLossError("its header is cut");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (absl::string_view(header.magic.data(), header.magic.size()) != kMagic) {
    return absl::DataLossError("is no segment of a round log");
  }
  // A later version may have another header: its checksum says nothing then.
  if (header.version != kRoundLogFormatVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("has format version ", header.version, ", this program reads ",
                     kRoundLogFormatVersion, "; use the program that wrote it"));
  }
  if (header.checksum != ChecksumOfHeader(header) || header.zero != 0) {
    return absl::DataLossError("its header is damaged");
  }
  if (header.first_round != first_round) {
    return absl::DataLossError(
        absl::StrCat("starts with round ", header.first_round, ", not with the one of its name"));
  }
  const absl::string_view found(header.fingerprint.data(), kFingerprintBytes);
  if (found != fingerprint) {
    return absl::FailedPreconditionError(
        absl::StrCat("belongs to the run ", found, ", this is ", fingerprint,
                     "; use that run's definition (--config) or another folder (--out)"));
  }
  return absl::OkStatus();
}

void AppendRecord(const RecordHeader& header, absl::string_view payload, std::string* out) {
  CHECK_EQ(header.payload_bytes, payload.size());
  const uint64_t checksum = Checksum64Of(BytesOf(header));
  absl::StrAppend(out, BytesOf(checksum), BytesOf(header), payload);
}

std::optional<RecordHeader> DecodeRecordHeader(absl::string_view bytes) {
  uint64_t checksum;
  RecordHeader header;
  if (bytes.size() < kRecordHeaderBytes) return std::nullopt;
  std::memcpy(&checksum, bytes.data(), sizeof(checksum));
  std::memcpy(&header, bytes.data() + sizeof(checksum), sizeof(header));
  if (checksum != Checksum64Of(BytesOf(header))) return std::nullopt;
  if (header.zero != 0 || header.payload_bytes > kRecordPayloadBytesMax ||
      header.type < RecordType::kRegrets || header.type > RecordType::kEnd) {
    return std::nullopt;
  }
  return header;
}

std::string EncodeTotals(const RoundTotals& totals) { return std::string(BytesOf(totals)); }

std::optional<RoundTotals> DecodeTotals(absl::string_view bytes) {
  RoundTotals totals;
  if (bytes.size() != sizeof(totals)) return std::nullopt;
  std::memcpy(&totals, bytes.data(), sizeof(totals));
  return totals;
}

}  // namespace nash
