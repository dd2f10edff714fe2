// Structs into Cap'n Proto. Private to this folder.
#ifndef NASHVILLE_PROTO_MESSAGE_WRITER_H_
#define NASHVILLE_PROTO_MESSAGE_WRITER_H_

#include <cstddef>

#include "proto/messages.capnp.h"
#include "proto/messages.h"

namespace nash {

// The bytes of the one field of a message that can be large; all others together are small.
size_t LargestFieldBytes(const WorkerMessage& message);
size_t LargestFieldBytes(const CoordinatorMessage& message);

void WriteEnvelope(const WorkerEnvelope& envelope, wire::Envelope::Builder out);
void WriteEnvelope(const CoordinatorEnvelope& envelope, wire::Envelope::Builder out);

}  // namespace nash

#endif  // NASHVILLE_PROTO_MESSAGE_WRITER_H_
