// A segment of any bytes is refused, or opens to rounds that can be read, and again to the same.
//
// Checksums would stop nearly every mutation at the door, so the bytes are also tried as payloads
// and headers with checksums made right. The seed is the worked example of the format's page.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "common/checksum.h"
#include "solver/checkpoint/round_log.h"
#include "tests/checkpoint/memory_log_files.h"

namespace {

constexpr char kFingerprint[] = "000102030405060708090a0b0c0d0e0f";
constexpr uint64_t kRound = 7;

void Check(const std::string& bytes) {
  nash::MemoryLogFiles files;
  files.files[nash::SegmentName(kRound)] = bytes;
  const nash::RoundLog::Options options = {.files = &files, .fingerprint = kFingerprint};
  const auto log = nash::RoundLog::Open(options);
  if (!log.ok()) {
    CHECK(!log.status().message().empty());
    return;
  }
  for (uint64_t round = (*log)->first_round(); round < (*log)->rounds(); ++round) {
    for (uint32_t part = 0; part < (*log)->PartsOf(round); ++part) {
      CHECK((*log)->ReadPart(round, part, 0).ok());
      CHECK((*log)->ReadPart(round, part, 1).ok());
    }
  }
  const auto again = nash::RoundLog::Open(options);
  CHECK(again.ok()) << again.status();
  CHECK_EQ((*again)->cut_bytes(), 0);
  if ((*log)->rounds() > (*log)->first_round()) CHECK_EQ((*again)->rounds(), (*log)->rounds());
}

// The same records with right checksums, for as long as they make sense.
std::string Repaired(std::string bytes) {
  std::string out = nash::EncodeSegmentHeader(kRound, kFingerprint);
  size_t at = nash::kSegmentHeaderBytes;
  while (bytes.size() >= at + nash::kRecordHeaderBytes) {
    nash::RecordHeader header;
    std::memcpy(&header, &bytes[at + sizeof(uint64_t)], sizeof(header));
    at += nash::kRecordHeaderBytes;
    header.payload_bytes %= bytes.size() - at + 1;
    const std::string payload = bytes.substr(at, header.payload_bytes);
    header.payload_checksum = nash::Checksum64Of(payload);
    nash::AppendRecord(header, payload, &out);
    at += payload.size();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  Check(Repaired(bytes));
  return 0;
}
