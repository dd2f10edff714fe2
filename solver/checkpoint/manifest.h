// The manifest of a checkpoint: what is in it, and the one border where its bytes are checked.
//
// File: a header of 48 bytes, then a Cap'n Proto message (solver/checkpoint/checkpoint.capnp) in
// canonical form; grammar and a worked example in docs/formats/checkpoint.md. One manifest has one
// encoding: bytes that decode are the bytes that encoding gives again. Thread-safe: values and pure
// functions.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_MANIFEST_H_
#define NASHVILLE_SOLVER_CHECKPOINT_MANIFEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/checksum.h"
#include "solver/game/public_tree.h"

namespace nash {

inline constexpr uint32_t kCheckpointFormatVersion = 1;

// Limits of a manifest. What passes them is refused before memory is taken.
inline constexpr uint64_t kManifestBytesMax = uint64_t{64} << 20;
inline constexpr uint64_t kDefinitionBytesMax = uint64_t{1} << 20;
inline constexpr uint64_t kChunksMax = uint64_t{1} << 20;
inline constexpr uint64_t kTableValuesMax = uint64_t{1} << 46;  // 256 TiB of int32
inline constexpr int kFingerprintDigits = 32;

// A chunk file holds, for each of its nodes, a record: this header, then the node's values in
// canonical form. Little-endian throughout.
struct NodeRecordHeader {
  uint32_t num_buckets;
  uint32_t values_per_row;
};
static_assert(sizeof(NodeRecordHeader) == 8);

struct ChunkEntry {
  NodeIndex first_node = 0;
  uint32_t num_nodes = 0;
  uint64_t bytes = 0;  // of the file
  Checksum checksum;   // of the file
  friend bool operator==(const ChunkEntry&, const ChunkEntry&) = default;
};

// How far a run had come, and whose run it was.
struct RunPosition {
  std::string definition;   // canonical text of the run definition
  std::string fingerprint;  // of the run definition: kFingerprintDigits of 0-9a-f
  uint64_t round = 0;       // rounds that are complete
  uint64_t iterations = 0;
  uint64_t touches = 0;
  friend bool operator==(const RunPosition&, const RunPosition&) = default;
};

struct Manifest {
  RunPosition position;
  uint64_t state_hash = 0;    // see state_hash.h
  uint64_t rows_reached = 0;  // rows that are not all zero
  uint32_t num_nodes = 0;
  uint64_t num_rows = 0;
  uint64_t num_values = 0;
  std::vector<ChunkEntry> chunks;  // tile [0, num_nodes) in order

  uint64_t table_bytes() const { return num_values * sizeof(int32_t); }
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// Whether the parts agree with one another and with the limits.
// Error: InvalidArgument, what is wrong (without a place).
absl::Status CheckManifest(const Manifest& manifest);

// The bytes of a manifest file. Needs CheckManifest(manifest).ok().
std::string EncodeManifest(const Manifest& manifest);

// Checks foreign bytes once and completely. `path` names the file in errors.
// Errors: DataLoss when the bytes are not what a writer of this version wrote; FailedPrecondition
// when they are of another format version.
absl::StatusOr<Manifest> DecodeManifest(absl::string_view bytes, absl::string_view path);

// Puts the header before a Cap'n Proto message. EncodeManifest() and fuzzers use it.
std::string SealManifestMessage(absl::string_view message);

// "PLACE: WHAT; the remedy for a damaged file of a checkpoint".
absl::Status CorruptCheckpointError(absl::string_view place, absl::string_view what);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_MANIFEST_H_
