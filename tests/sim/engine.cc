#include "tests/sim/engine.h"

#include <glog/logging.h>

#include <utility>

#include "common/checksum.h"

namespace nash {

std::vector<MergedPart> MergeRound(Master* master, const std::vector<EncodedRows>& parts) {
  std::vector<std::vector<EncodedRows>> sections(master->num_sections());
  for (const EncodedRows& part : parts) {
    const auto place = master->Check(part);
    CHECK(place.ok()) << place.status();
    sections[place->section].push_back(part);
  }
  std::vector<MergedPart> all;
  while (!master->is_merged()) {
    const auto merged = master->MergeNext([&](size_t section) { return sections[section]; });
    CHECK(merged.ok()) << merged.status();
    all.insert(all.end(), merged->begin(), merged->end());
  }
  master->EndMerge();
  return all;
}

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
