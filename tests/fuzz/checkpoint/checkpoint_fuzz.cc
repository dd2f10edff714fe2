// A manifest of any bytes is refused or is exactly what its decoded form encodes to.
//
// The checksum would stop nearly every mutation at the door, so the bytes are also tried as the
// message behind an honest header. Seeds: a manifest of a small table, and the message inside it.
#include <glog/logging.h>

#include <cstddef>
#include <cstdint>

#include "solver/checkpoint/manifest.h"

namespace {

void Check(absl::string_view file) {
  const absl::StatusOr<nash::Manifest> manifest = nash::DecodeManifest(file, "manifest");
  if (!manifest.ok()) {
    CHECK(!manifest.status().message().empty());
    return;
  }
  CHECK(nash::CheckManifest(*manifest).ok());
  CHECK(nash::EncodeManifest(*manifest) == file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes);
  Check(nash::SealManifestMessage(bytes));
  return 0;
}
