// Cap'n Proto into structs. Private to this folder.
#ifndef NASHVILLE_PROTO_MESSAGE_READER_H_
#define NASHVILLE_PROTO_MESSAGE_READER_H_

#include "absl/status/statusor.h"
#include "proto/messages.capnp.h"
#include "proto/messages.h"

namespace nash {

// Reads every field once; values are not checked (message_limits.h), kj::Exception passes through.
// Error: InvalidArgument where there is no message, an unknown one, or one of the other direction.
// Message: WorkerMessage or CoordinatorMessage.
template <typename Message>
absl::StatusOr<Envelope<Message>> ReadEnvelope(wire::Envelope::Reader in);
template <>
absl::StatusOr<WorkerEnvelope> ReadEnvelope(wire::Envelope::Reader in);
template <>
absl::StatusOr<CoordinatorEnvelope> ReadEnvelope(wire::Envelope::Reader in);

}  // namespace nash

#endif  // NASHVILLE_PROTO_MESSAGE_READER_H_
