#include "tools/cluster/timed_rounds.h"

#include <atomic>

#include "common/encoded_row_count.h"

namespace nash {

namespace {

uint64_t RowsOf(const std::vector<EncodedRows>& parts) {
  uint64_t rows = 0;
  for (const EncodedRows& part : parts) rows += EncodedRowCount(part.bytes);
  return rows;
}

}  // namespace

absl::StatusOr<std::vector<std::vector<EncodedRows>>> TimedMaster::SumUp(
    size_t first, size_t count, const SectionReader& read) {
  const SecondsAdded timer(&times_->sum_seconds);
  summed_rows_.resize(num_sections());
  return master_->SumUp(first, count, [&](size_t section) {
    absl::StatusOr<std::vector<EncodedRows>> parts = read(section);
    if (parts.ok()) summed_rows_[section] = RowsOf(*parts);
    return parts;
  });
}

absl::StatusOr<std::vector<MergedPart>> TimedMaster::MergeNext(const SectionReader& read) {
  const SecondsAdded timer(&times_->merge_seconds);
  std::atomic<uint64_t> unit_rows{0};
  absl::StatusOr<std::vector<MergedPart>> merged = master_->MergeNext([&](size_t section) {
    absl::StatusOr<std::vector<EncodedRows>> parts = read(section);
    if (!parts.ok()) return parts;
    const uint64_t summed = section < summed_rows_.size() ? summed_rows_[section] : 0;
    unit_rows += summed > 0 ? summed : RowsOf(*parts);
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
