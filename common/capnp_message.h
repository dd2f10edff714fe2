// Cap'n Proto messages that come from outside, the one border where their library may throw.
//
// What a message holds is not checked here, only that its pointers lead somewhere and do not
// multiply its bytes. Costs a copy. Thread-safe: functions only.
#ifndef NASHVILLE_COMMON_CAPNP_MESSAGE_H_
#define NASHVILLE_COMMON_CAPNP_MESSAGE_H_

#include <capnp/message.h>
#include <kj/exception.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace nash {

inline constexpr size_t kCapnpWordBytes = sizeof(capnp::word);
// Deeper than any schema of ours, for fields of a later program; far below what recursion stands.
inline constexpr int kCapnpNestingMax = 8;
// Every pointer is followed once and what it points to is read once. A message that counts its own
// bytes more often than this (overlapping lists) is refused.
inline constexpr uint64_t kCapnpTraversalsMax = 2;
inline constexpr uint64_t kCapnpTraversalSlackWords = 64;

// Returns read(root), an absl::StatusOr, of a message of one segment, without a segment table,
// unpacked. Root: of the schema. Needs whole words. Errors: those of `read`; InvalidArgument,
// beginning with `name` ("a message"), where the message cannot be read.
template <typename Root, typename Read>
auto ReadCapnp(absl::string_view message, absl::string_view name, const Read& read)
    -> std::invoke_result_t<Read, typename Root::Reader> {
  const auto refused = [name](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat(name, " cannot be read: ", why));
  };
  // A copy, since the bytes may lie at any address and Cap'n Proto wants words.
  const size_t num_words = message.size() / kCapnpWordBytes;
  const auto words = std::make_unique_for_overwrite<capnp::word[]>(num_words);
  std::memcpy(words.get(), message.data(), num_words * kCapnpWordBytes);
  capnp::ReaderOptions options;
  options.traversalLimitInWords = kCapnpTraversalsMax * num_words + kCapnpTraversalSlackWords;
  options.nestingLimit = kCapnpNestingMax;
  try {
    const kj::ArrayPtr<const capnp::word> segments[] = {{words.get(), num_words}};
    capnp::SegmentArrayMessageReader reader(segments, options);
    return read(reader.getRoot<Root>());
  } catch (const kj::Exception& error) {
    return refused(error.getDescription().cStr());
  } catch (const std::exception& error) {
    return refused(error.what());
  }
}

}  // namespace nash

#endif  // NASHVILLE_COMMON_CAPNP_MESSAGE_H_
