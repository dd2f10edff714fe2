// Who speaks, by name.
//
//   worker-1        a worker that has a key of its own: the key's name in the allow list
//   workers/*       a key that any number of workers share
//   workers/pod-7   one of those, by the name that it gives itself
//
// Without keys a connection's id stands for who speaks: it begins with a zero byte. Thread-safe.
#ifndef NASHVILLE_PROTO_IDENTITY_H_
#define NASHVILLE_PROTO_IDENTITY_H_

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace nash {

inline constexpr absl::string_view kSharedKeyEnd = "/*";

inline bool IsShared(absl::string_view key) {
  return !key.empty() && key.front() != '\0' && absl::EndsWith(key, kSharedKeyEnd);
}

// A connection's id: opaque bytes.
inline bool IsNameless(absl::string_view identity) {
  return identity.empty() || identity.front() == '\0';
}

// What stands before the names of all who share the key.
inline absl::string_view SharersPrefix(absl::string_view key) {
  return key.substr(0, key.size() - 1);
}

// worker: without '*' (message_limits.h).
inline std::string SharerOf(absl::string_view key, absl::string_view worker) {
  return absl::StrCat(SharersPrefix(key), worker);
}

// Whether `identity` is `name`, or shares the key of that name.
inline bool Covers(absl::string_view name, absl::string_view identity) {
  return name == identity || (IsShared(name) && absl::StartsWith(identity, SharersPrefix(name)));
}

}  // namespace nash

#endif  // NASHVILLE_PROTO_IDENTITY_H_
