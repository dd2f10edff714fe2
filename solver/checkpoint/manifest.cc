// The border for a manifest's bytes, in two layers: a header with a checksum over everything, then
// a Cap'n Proto message. After the checksum the message is decoded, checked (CheckManifest) and
// encoded again, and must give the same bytes. That one comparison refuses whatever else a message
// may hide: unknown fields, slack, pointers in another order. It also makes the checksum of a
// manifest name its contents.
//
// CheckManifest() is asked by the writer, too, so that nothing is written that no reader would
// take. Sizes must add up exactly, not only stay within limits: a reader allocates by them. The
// definition's control characters are refused because people see it in a terminal. manifest_test.cc
// flips, cuts and lengthens at every byte, also behind a right checksum.
#include "solver/checkpoint/manifest.h"

#include <bit>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/checkpoint/manifest_message.h"

namespace nash {
namespace {

static_assert(std::endian::native == std::endian::little,
              "files are written as they lie in memory");

constexpr char kMagic[8] = {'N', 'A', 'S', 'H', 'C', 'K', 'P', 'T'};

struct Header {
  char magic[8];
  uint32_t format_version;
  uint32_t reserved;  // 0
  uint64_t message_bytes;
  uint64_t reserved_too;   // 0
  uint64_t checksum_high;  // of the 32 bytes before it and the message
  uint64_t checksum_low;
};
static_assert(sizeof(Header) == 48);
constexpr size_t kSummedBytes = offsetof(Header, checksum_high);

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

absl::Status CheckPosition(const RunPosition& position) {
  if (position.fingerprint.size() != kFingerprintDigits) {
    return absl::InvalidArgumentError(absl::StrCat("the run fingerprint has ",
                                                   position.fingerprint.size(),
                                                   " characters, expected ", kFingerprintDigits));
  }
  for (const char c : position.fingerprint) {
    if (!IsHexDigit(c)) {
      return absl::InvalidArgumentError("the run fingerprint has characters other than 0-9a-f");
    }
  }
  if (position.definition.size() > kDefinitionBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("the run definition has ",
                                                   position.definition.size(), " bytes, at most ",
                                                   kDefinitionBytesMax));
  }
  // It is printed to terminals, which obey control characters.
  for (const char c : position.definition) {
    const unsigned char u = static_cast<unsigned char>(c);
    if ((u < 0x20 && u != '\n') || u == 0x7f) {
      return absl::InvalidArgumentError(
          absl::StrCat("the run definition has the control character ", static_cast<int>(u)));
    }
  }
  return absl::OkStatus();
}

// Chunks tile the nodes, and their sizes add up to the table's values and the record headers.
absl::Status CheckChunks(const Manifest& manifest) {
  const uint64_t bytes_max =
      manifest.num_values * sizeof(int32_t) + manifest.num_nodes * sizeof(NodeRecordHeader);
  uint64_t node = 0;
  uint64_t bytes = 0;
  for (size_t i = 0; i < manifest.chunks.size(); ++i) {
    const ChunkEntry& chunk = manifest.chunks[i];
    if (chunk.first_node != node || chunk.num_nodes == 0) {
      return absl::InvalidArgumentError(absl::StrCat("chunk ", i, " has ", chunk.num_nodes,
                                                     " nodes from node ", chunk.first_node,
                                                     ", expected some from node ", node));
    }
    if (chunk.bytes > bytes_max - bytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("chunk ", i, " has ", chunk.bytes, " bytes, more than the table has left"));
    }
    node += chunk.num_nodes;
    bytes += chunk.bytes;
  }
  if (node != manifest.num_nodes || bytes != bytes_max) {
    return absl::InvalidArgumentError(absl::StrCat("the chunks have ", node, " nodes in ", bytes,
                                                   " bytes, the table has ", manifest.num_nodes,
                                                   " nodes in ", bytes_max, " bytes"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CorruptCheckpointError(absl::string_view place, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(place, ": ", what,
                   "; restore the checkpoint from a copy, or delete its folder to go on from the "
                   "one before it"));
}

absl::Status CheckManifest(const Manifest& manifest) {
  RETURN_IF_ERROR(CheckPosition(manifest.position));
  if (manifest.num_nodes == 0 || manifest.num_nodes > kNodesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the table has ", manifest.num_nodes, " nodes, expected 1 to ", kNodesMax));
  }
  if (manifest.num_values > kTableValuesMax || manifest.num_rows > manifest.num_values ||
      manifest.num_rows < manifest.num_nodes || manifest.rows_reached > manifest.num_rows) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the table has ", manifest.num_rows, " rows (", manifest.rows_reached, " reached) and ",
        manifest.num_values, " values: no table of ", manifest.num_nodes, " nodes has"));
  }
  if (manifest.chunks.size() > kChunksMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("there are ", manifest.chunks.size(), " chunks, at most ", kChunksMax));
  }
  return CheckChunks(manifest);
}

std::string SealManifestMessage(absl::string_view message) {
  Header header = {};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.format_version = kCheckpointFormatVersion;
  header.message_bytes = message.size();
  const Checksum sum =
      ChecksumOf(absl::string_view(reinterpret_cast<const char*>(&header), kSummedBytes), message);
  header.checksum_high = sum.high;
  header.checksum_low = sum.low;
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof(header));
  absl::StrAppend(&bytes, message);
  return bytes;
}

std::string EncodeManifest(const Manifest& manifest) {
  return SealManifestMessage(EncodeManifestMessage(manifest));
}

absl::StatusOr<Manifest> DecodeManifest(absl::string_view bytes, absl::string_view path) {
  Header header;
  if (bytes.size() < sizeof(header)) {
    return CorruptCheckpointError(path, absl::StrCat("has ", bytes.size(), " bytes, its header ",
                                                     sizeof(header), ": it was cut short"));
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0) {
    return CorruptCheckpointError(path, "does not start with NASHCKPT: it is no manifest");
  }
  if (header.format_version != kCheckpointFormatVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": has format version ", header.format_version, ", this program reads version ",
        kCheckpointFormatVersion, "; use the release of the program that wrote it"));
  }
  const absl::string_view message = bytes.substr(sizeof(header));
  if (header.message_bytes != message.size()) {
    return CorruptCheckpointError(
        path, absl::StrCat("has ", message.size(), " bytes after its header, expected ",
                           header.message_bytes, ": it was cut short or changed"));
  }
  const Checksum sum = ChecksumOf(bytes.substr(0, kSummedBytes), message);
  if (sum != Checksum{header.checksum_high, header.checksum_low}) {
    return CorruptCheckpointError(path, "its checksum is wrong: its bytes have changed");
  }
  absl::StatusOr<Manifest> manifest = DecodeManifestMessage(message);
  absl::Status status = manifest.status();
  if (status.ok()) status = CheckManifest(*manifest);
  // Whatever else a message may hide (unknown fields, slack) shows here.
  if (status.ok() && EncodeManifest(*manifest) != bytes) {
    status = absl::InvalidArgumentError("its message is not in canonical form");
  }
  if (!status.ok()) return CorruptCheckpointError(path, status.message());
  return manifest;
}

}  // namespace nash
