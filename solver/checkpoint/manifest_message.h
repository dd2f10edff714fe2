// The Cap'n Proto message inside a manifest. Private to this folder: manifest.h checks the rest.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_MANIFEST_MESSAGE_H_
#define NASHVILLE_SOLVER_CHECKPOINT_MANIFEST_MESSAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/checkpoint/manifest.h"

namespace nash {

// In canonical form: one segment, whose bytes depend on the values only.
std::string EncodeManifestMessage(const Manifest& manifest);

// Reads any bytes without harm; what the values mean is not checked.
// Error: InvalidArgument, what is wrong (without a place).
absl::StatusOr<Manifest> DecodeManifestMessage(absl::string_view message);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_MANIFEST_MESSAGE_H_
