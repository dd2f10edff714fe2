// A frame of any bytes is refused, or is a message within limits that encodes and decodes again.
//
// The checksum would stop nearly every mutation at the door, so the bytes are also tried as the
// message behind an honest header, with and without the header's own bytes cut off.
#include <glog/logging.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "proto/codec.h"

namespace {

template <typename Message>
void CheckAs(absl::string_view frame) {
  const absl::StatusOr<nash::Envelope<Message>> envelope = nash::Decode<Message>(frame);
  if (!envelope.ok()) {
    CHECK(!envelope.status().message().empty());
    return;
  }
  CHECK(nash::CheckEnvelope(*envelope).ok());
  const auto again = nash::Decode<Message>(nash::Encode(*envelope));
  CHECK(again.ok()) << again.status();
  CHECK(*again == *envelope);
}

void Check(absl::string_view frame) {
  CheckAs<nash::WorkerMessage>(frame);
  CheckAs<nash::CoordinatorMessage>(frame);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  Check(nash::SealMessage(bytes));
  Check(nash::SealMessage(bytes.substr(std::min(size, nash::kFrameHeaderBytes))));
  return 0;
}
