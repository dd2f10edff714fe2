#include "tests/sim/engine.h"

#include <utility>

#include "common/checksum.h"

namespace nash {

absl::Status SimReplica::WriteBuckets(const BucketFileName& name, uint64_t offset,
                                      absl::string_view bytes) {
  incoming_.resize(name.bytes);
  incoming_.replace(offset, bytes.size(), std::string(bytes));
  return absl::OkStatus();
}

absl::Status SimReplica::FinishBuckets(const BucketFileName& name) {
  if (ChecksumOf(incoming_).low != name.content_hash) {
    return absl::InvalidArgumentError("a bucket file of another content");
  }
  buckets_ = std::move(incoming_);
  return absl::OkStatus();
}

}  // namespace nash
