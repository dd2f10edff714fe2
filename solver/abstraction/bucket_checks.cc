#include "solver/abstraction/bucket_checks.h"

#include <utility>

#include "common/status_macros.h"

namespace nash {

BucketChecks::BucketChecks(const BucketTable& table, std::string path)
    : table_(table),
      path_(std::move(path)),
      right_blocks_(table.block_checksums == nullptr ? 0 : (table.num_blocks() + 63) / 64) {}

absl::Status BucketChecks::CheckAll() {
  std::call_once(all_once_, [this] { all_ = CheckBucketData(table_, path_); });
  return all_;
}

absl::Status BucketChecks::CheckEntries(absl::Span<const uint32_t> indices) {
  if (table_.block_checksums == nullptr) return CheckAll();
  for (const uint32_t index : indices) {
    const uint64_t block = table_.BlockOf(index);
    std::atomic<uint64_t>& bits = right_blocks_[block / 64];
    const uint64_t bit = uint64_t{1} << block % 64;
    if (bits.load(std::memory_order_relaxed) & bit) continue;
    RETURN_IF_ERROR(CheckBucketBlock(table_, block, path_));
    bits.fetch_or(bit, std::memory_order_relaxed);
  }
  return absl::OkStatus();
}

}  // namespace nash
