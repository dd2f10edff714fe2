// Keys of coordinator and workers: files, and the list of those that are let in.
//
// A key is a CURVE key (Curve25519) as 40 characters of Z85. NAME.key holds both halves of one and
// is its owner's alone (mode 0600); NAME.pub holds the public half as a line of an allow list.
// Making them: tools/keygen. Thread-safe: values and functions of files.
#ifndef NASHVILLE_PROTO_KEYS_H_
#define NASHVILLE_PROTO_KEYS_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nash {

inline constexpr size_t kKeyCharacters = 40;

struct KeyPair {
  std::string public_key;
  std::string secret_key;  // never printed
};

KeyPair MakeKeyPair();

// Writes FOLDER/NAME.key and FOLDER/NAME.pub, durably. name: letters, digits, '.', '-' and '_'.
// is_shared: any number of workers may have it; the allow list calls it NAME/*.
// Errors: AlreadyExists where there is a file of either name: keys are never written over.
absl::Status WriteKeyFiles(const std::string& folder, const std::string& name, const KeyPair& keys,
                           bool is_shared = false);

// Errors: PermissionDenied where others may read the file; InvalidArgument where it holds no key.
absl::StatusOr<KeyPair> ReadKeyFile(const std::string& path);

// Public keys and the names of their owners (identity.h): a line each, "KEY NAME" or "KEY NAME/*";
// '#' begins a comment.
using AllowList = std::map<std::string, std::string>;
// Whoever was taken out of the list, or put into it.
struct KeyChange {
  std::string name;
  bool is_allowed = false;
};
// Error: InvalidArgument, file and line; also where a key or a name stands there twice.
absl::StatusOr<AllowList> ReadAllowList(const std::string& path);

// The one key of a NAME.pub.
absl::StatusOr<std::string> ReadPublicKeyFile(const std::string& path);

}  // namespace nash

#endif  // NASHVILLE_PROTO_KEYS_H_
