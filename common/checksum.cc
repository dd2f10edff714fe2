// XXH3, in 128 bits for files and 64 for parts and records: as fast as memory, so that checking
// everything that is read costs nothing to speak of. It finds accidents. It is no defence against a
// peer or a file that means harm; that is what the channel's encryption is for, and the checks of
// values after every checksum.
#include "common/checksum.h"

// Compiled in, so that it uses this build's vector instructions; the results are the same.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "absl/strings/str_format.h"

namespace nash {

std::string Checksum::Hex() const { return absl::StrFormat("%016x%016x", high, low); }

Checksum ChecksumOf(absl::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

Checksum ChecksumOf(absl::string_view first, absl::string_view second) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  XXH3_128bits_update(&state, first.data(), first.size());
  XXH3_128bits_update(&state, second.data(), second.size());
  const XXH128_hash_t hash = XXH3_128bits_digest(&state);
  return {hash.high64, hash.low64};
}

uint64_t Checksum64Of(absl::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace nash
