#include "proto/channel_context.h"

#include <pthread.h>

#include "absl/strings/str_cat.h"
#include "common/process_limits.h"

namespace nash {
namespace {

// Of a context, a channel, and the files of a run.
constexpr size_t kDescriptorsMin = 64;
// I/O, reaper, authentication, the channel's own; and what they allocate at first.
constexpr size_t kThreads = 4;
constexpr size_t kBytesBesides = 32 << 20;

size_t StackBytes() {
  pthread_attr_t attributes;
  size_t bytes = 8 << 20;
  if (pthread_getattr_default_np(&attributes) != 0) return bytes;
  pthread_attr_getstacksize(&attributes, &bytes);
  pthread_attr_destroy(&attributes);
  return bytes;
}

}  // namespace

absl::Status ChannelContext::CheckLimits() {
  const size_t free = FreeDescriptors();
  if (free < kDescriptorsMin) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "only ", free, " more files can be opened, and ", kDescriptorsMin,
        " are needed to listen or to connect: raise the limit on open files (ulimit -n 1024)"));
  }
  const size_t bytes = kThreads * StackBytes() + kBytesBesides;
  if (!HasAddressSpace(bytes)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there is no address space for the ", bytes >> 20,
                     " MB that threads and connections need: raise the limit (ulimit -v)"));
  }
  return absl::OkStatus();
}

}  // namespace nash
