// Cap'n Proto into structs. Private to this folder.
#ifndef NASHVILLE_PROTO_MESSAGE_READER_H_
#define NASHVILLE_PROTO_MESSAGE_READER_H_

#include "absl/status/statusor.h"
#include "proto/messages.capnp.h"
#include "proto/messages.h"

namespace nash {

// Reads every field once; values are not checked (message_limits.h), kj::Exception passes through.
// Error: InvalidArgument where there is no message or an unknown one.
absl::StatusOr<Envelope> ReadEnvelope(wire::Envelope::Reader in);

}  // namespace nash

#endif  // NASHVILLE_PROTO_MESSAGE_READER_H_
