#include "proto/codec.h"

#include <capnp/message.h>
#include <glog/logging.h>

#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/capnp_message.h"
#include "common/checksum.h"
#include "common/status_macros.h"
#include "proto/message_reader.h"
#include "proto/message_writer.h"
#include "proto/messages.capnp.h"
#include "proto/schema_hash.h"

namespace nash {
namespace {

// What a message takes besides its texts and chunks.
constexpr size_t kFixedBytes = 8 << 10;
static_assert(kPayloadBytesMax + kFixedBytes + kFrameHeaderBytes <= kFrameBytesMax);
static_assert(kDefinitionTextMax + kFixedBytes + kFrameHeaderBytes <= kFrameBytesMax);

struct FrameHeader {
  std::array<char, 8> magic = {'N', 'A', 'S', 'H', 'W', 'I', 'R', 'E'};
  uint32_t version = kProtocolVersion;
  uint32_t message_bytes = 0;
  uint64_t schema_hash = kSchemaHash;
  uint64_t checksum = 0;  // XXH3-128 of the 24 bytes before it and the message: the lower half
};
static_assert(sizeof(FrameHeader) == kFrameHeaderBytes);

uint64_t ChecksumOfFrame(const FrameHeader& header, absl::string_view message) {
  return ChecksumOf({reinterpret_cast<const char*>(&header), offsetof(FrameHeader, checksum)},
                    message)
      .low;
}

}  // namespace

uint64_t SchemaHash() { return kSchemaHash; }

std::string SealMessage(absl::string_view message) {
  FrameHeader header;
  header.message_bytes = static_cast<uint32_t>(message.size());
  header.checksum = ChecksumOfFrame(header, message);
  std::string frame;
  frame.reserve(sizeof(header) + message.size());
  frame.append(reinterpret_cast<const char*>(&header), sizeof(header));
  frame.append(message.data(), message.size());
  return frame;
}

template <typename Message>
std::string Encode(const Envelope<Message>& envelope) {
  const absl::Status status = CheckEnvelope(envelope);
  CHECK(status.ok()) << status;
  CHECK_EQ(envelope.protocol_version, kProtocolVersion);
  // One segment that holds it all: without a segment table, and the same bytes every time.
  const size_t bytes = kFixedBytes + LargestFieldBytes(envelope.message);
  capnp::MallocMessageBuilder builder(static_cast<uint>(bytes / kCapnpWordBytes),
                                      capnp::AllocationStrategy::FIXED_SIZE);
  WriteEnvelope(envelope, builder.initRoot<wire::Envelope>());
  const auto segments = builder.getSegmentsForOutput();
  CHECK_EQ(segments.size(), 1);
  const auto chars = segments[0].asChars();
  return SealMessage({chars.begin(), chars.size()});
}

template <typename Message>
absl::StatusOr<Envelope<Message>> Decode(absl::string_view frame) {
  FrameHeader header;
  if (frame.size() < sizeof(header) || frame.size() > kFrameBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("a frame of ", frame.size(), " bytes, expected ",
                                                   sizeof(header), " to ", kFrameBytesMax));
  }
  const FrameHeader expected;
  std::memcpy(&header, frame.data(), sizeof(header));
  if (header.magic != expected.magic) {
    return absl::InvalidArgumentError("a frame of another protocol than Nashville's");
  }
  // Before the checksum: another version may have another header.
  if (header.version != expected.version || header.schema_hash != expected.schema_hash) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the other side speaks protocol version %d with schema %016x, this program version %d with "
        "schema %016x; run the same release on both sides",
        header.version, header.schema_hash, expected.version, expected.schema_hash));
  }
  const absl::string_view message = frame.substr(sizeof(header));
  if (message.size() != header.message_bytes || message.size() % kCapnpWordBytes != 0 ||
      message.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("a frame with ", message.size(),
                                                   " bytes of message, its header tells ",
                                                   header.message_bytes));
  }
  if (header.checksum != ChecksumOfFrame(header, message)) {
    return absl::InvalidArgumentError("a frame whose checksum is not its bytes'");
  }
  // A message that passed its checksum was made by somebody who meant it.
  ASSIGN_OR_RETURN(Envelope<Message> envelope,
                   ReadCapnp<wire::Envelope>(message, "a message", ReadEnvelope<Message>));
  envelope.protocol_version = header.version;
  RETURN_IF_ERROR(CheckEnvelope(envelope));
  return envelope;
}

template std::string Encode(const WorkerEnvelope& envelope);
template std::string Encode(const CoordinatorEnvelope& envelope);
template absl::StatusOr<WorkerEnvelope> Decode(absl::string_view frame);
template absl::StatusOr<CoordinatorEnvelope> Decode(absl::string_view frame);

}  // namespace nash
