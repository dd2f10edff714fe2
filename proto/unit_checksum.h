// The checksum that names a unit's result: of the checksums of its parts, in order.
//
// Thread-safe: a pure function.
#ifndef NASHVILLE_PROTO_UNIT_CHECKSUM_H_
#define NASHVILLE_PROTO_UNIT_CHECKSUM_H_

#include <cstdint>
#include <string>

#include "absl/types/span.h"
#include "common/checksum.h"

namespace nash {

// part_checksums: [parts], EncodedRows::checksum of each. XXH3, of little-endian bytes.
inline uint64_t UnitChecksum(absl::Span<const uint64_t> part_checksums) {
  std::string bytes;
  bytes.reserve(part_checksums.size() * sizeof(uint64_t));
  for (const uint64_t checksum : part_checksums) {
    for (int shift = 0; shift < 64; shift += 8) {
      bytes.push_back(static_cast<char>(checksum >> shift));
    }
  }
  return ChecksumOf(bytes).low;
}

}  // namespace nash

#endif  // NASHVILLE_PROTO_UNIT_CHECKSUM_H_
