// Any bytes are either refused with a message or read as a table whose every bucket is in range.
//
// The first byte says whether the checksums of the rest are made right before it is parsed, so that
// mutations get past them.
#include <glog/logging.h>
#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "solver/abstraction/bucket_file.h"

namespace {

constexpr size_t kDataChecksumAt = 64;
constexpr size_t kHeaderChecksumAt = 72;

void Reseal(std::vector<uint8_t>* file) {
  if (file->size() < nash::kBucketHeaderBytes) return;
  const uint64_t data =
      XXH3_64bits(file->data() + nash::kBucketHeaderBytes, file->size() - nash::kBucketHeaderBytes);
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
  if (!table.ok()) {
    CHECK(!table.status().message().empty());
    return 0;
  }
  for (uint64_t i = 0; i < table->num_entries; ++i) {
    uint32_t bucket = table->data[i * table->element_bytes];
    if (table->element_bytes == 2) bucket |= table->data[i * 2 + 1] << 8;
    CHECK_LT(bucket, table->parameters.num_buckets);
  }
  return 0;
}
