// Any bytes are either refused with a message or read as states that serialize to the same bytes.
//
// The first byte says whether the checksum of the rest is made right before it is parsed, so that
// mutations get past it.
#include <glog/logging.h>
#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "solver/abstraction/build_journal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr uint64_t kContentHash = 1;  // of the seeds
  if (size == 0) return 0;
  std::string file(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1 && file.size() >= 8) {
    const uint64_t checksum = XXH3_64bits(file.data(), file.size() - 8);
    std::memcpy(file.data() + file.size() - 8, &checksum, 8);
  }
  const absl::StatusOr<nash::ClusterStates> states =
      nash::ParseJournal(kContentHash, file, "input");
  if (!states.ok()) {
    CHECK(!states.status().message().empty());
    return 0;
  }
  const std::string again = nash::SerializeJournal(kContentHash, *states);
  const auto same = nash::ParseJournal(kContentHash, again, "again");
  CHECK(same.ok());
  CHECK_EQ(same->size(), states->size());
  CHECK_EQ(again.size(), file.size());
  return 0;
}
