// Any bytes are either refused with a message or read as a table whose every bucket is in range.
//
// The first byte says whether the checksums of the rest are made right before it is parsed, so that
// mutations get past them. What blocks say and what all of the file says agree.
#include <glog/logging.h>
#include <xxhash.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "solver/abstraction/bucket_file.h"

namespace {

constexpr size_t kVersionAt = 8;
constexpr size_t kWidthAt = 22;
constexpr size_t kEntriesAt = 48;
constexpr size_t kDataChecksumAt = 64;
constexpr size_t kHeaderChecksumAt = 72;

// Version 3 has checksums of blocks behind its data; version 2 has data only.
void Reseal(std::vector<uint8_t>* file) {
  if (file->size() < nash::kBucketHeaderBytes) return;
  uint8_t* from = file->data() + nash::kBucketHeaderBytes;
  uint64_t bytes = file->size() - nash::kBucketHeaderBytes;
  if ((*file)[kVersionAt] == 3) {
    uint64_t entries;
    std::memcpy(&entries, file->data() + kEntriesAt, sizeof(entries));
    const uint64_t data_bytes = entries % (bytes + 1) * (*file)[kWidthAt];
    if (nash::BucketFileBytes(data_bytes) == file->size()) {
      uint8_t* const checksums = from + data_bytes;
      for (uint64_t block = 0; block < nash::BucketBlocks(data_bytes); ++block) {
        const uint64_t first = block * nash::kBucketBlockBytes;
        const uint64_t checksum = XXH3_64bits(
            from + first, std::min<uint64_t>(nash::kBucketBlockBytes, data_bytes - first));
        std::memcpy(checksums + block * sizeof(checksum), &checksum, sizeof(checksum));
      }
      from = checksums;
      bytes -= data_bytes;
    }
  }
  const uint64_t data = XXH3_64bits(from, bytes);
  std::memcpy(file->data() + kDataChecksumAt, &data, sizeof(data));
  const uint64_t header = XXH3_64bits(file->data(), kHeaderChecksumAt);
  std::memcpy(file->data() + kHeaderChecksumAt, &header, sizeof(header));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::vector<uint8_t> file(data + 1, data + size);
  if (data[0] % 2 == 1) Reseal(&file);
  const absl::StatusOr<nash::BucketTable> table = nash::ParseBucketFile(file, "input");
  const absl::StatusOr<nash::BucketTable> header = nash::ParseBucketHeader(file, "input");
  if (!table.ok()) {
    CHECK(!table.status().message().empty());
    if (!header.ok() || header->block_checksums == nullptr) return 0;
    bool is_right = true;
    for (uint64_t block = 0; block < header->num_blocks(); ++block) {
      is_right &= nash::CheckBucketBlock(*header, block, "input").ok();
    }
    CHECK(!is_right);
    return 0;
  }
  for (uint64_t i = 0; i < table->num_entries; ++i) {
    uint32_t bucket = table->data[i * table->element_bytes];
    if (table->element_bytes == 2) bucket |= table->data[i * 2 + 1] << 8;
    CHECK_LT(bucket, table->parameters.num_buckets);
  }
  return 0;
}
