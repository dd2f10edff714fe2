// What a message may hold. Thread-safe: values and pure functions.
#ifndef NASHVILLE_PROTO_MESSAGE_LIMITS_H_
#define NASHVILLE_PROTO_MESSAGE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/messages.h"

namespace nash {

inline constexpr size_t kPayloadBytesMax = 1 << 20;  // of rows or of a bucket file
inline constexpr size_t kDefinitionTextMax = 1 << 20;
inline constexpr size_t kNameTextMax = 256;
inline constexpr size_t kReasonTextMax = 1024;
inline constexpr size_t kFingerprintTextBytes = 32;
inline constexpr size_t kBucketFilesMax = 64;
inline constexpr uint32_t kStreetsLimit = 16;
inline constexpr uint32_t kThreadsMax = 1 << 14;
inline constexpr uint32_t kUnitsMax = 1 << 20;  // of a round
inline constexpr uint32_t kPartsMax = 1 << 26;  // of a unit, a round or stored regrets
inline constexpr size_t kPublicKeyTextBytes = 40;
inline constexpr uint64_t kFigureMax = uint64_t{1} << 53;  // of a worker's: exact as a double
inline constexpr uint64_t kRoundsMax = uint64_t{1} << 62;
inline constexpr uint32_t kLeaseMillisecondsMax = 7 * 24 * 3600 * 1000;
// A frame holds one text or one chunk, and little besides.
inline constexpr size_t kFrameBytesMax = (1 << 20) + (1 << 14);

// Whether it is tcp://ADDRESS:PORT with the numbers of an address (of IPv6 in brackets) and a port.
bool IsNumericEndpoint(absl::string_view endpoint);

// Whether every field is within its limits and every checksum is that of its bytes. Texts for
// people hold no control characters. Error: InvalidArgument, the field and what is wrong with it.
absl::Status CheckEnvelope(const WorkerEnvelope& envelope);
absl::Status CheckEnvelope(const CoordinatorEnvelope& envelope);

}  // namespace nash

#endif  // NASHVILLE_PROTO_MESSAGE_LIMITS_H_
