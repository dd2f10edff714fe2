#include "tools/cluster/timed_rounds.h"

#include <atomic>

#include "common/encoded_row_count.h"

namespace nash {

absl::StatusOr<std::vector<MergedPart>> TimedMaster::MergeNext(const SectionReader& read) {
  const SecondsAdded timer(&times_->merge_seconds);
  std::atomic<uint64_t> unit_rows{0};
  absl::StatusOr<std::vector<MergedPart>> merged = master_->MergeNext([&](size_t section) {
    absl::StatusOr<std::vector<EncodedRows>> parts = read(section);
    if (!parts.ok()) return parts;
    for (const EncodedRows& part : *parts) unit_rows += EncodedRowCount(part.bytes);
    return parts;
  });
  if (!merged.ok()) return merged;
  times_->unit_rows += unit_rows;
  for (const MergedPart& part : *merged) {
    times_->merged_rows += EncodedRowCount(part.regrets.bytes);
  }
  return merged;
}

}  // namespace nash
