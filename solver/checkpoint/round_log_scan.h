// Walks the records of one segment of a round log. Private to this folder.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_SCAN_H_
#define NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_SCAN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/checkpoint/round_log_files.h"
#include "solver/checkpoint/round_log_record.h"

namespace nash {

struct FoundRecord {
  RecordHeader header;
  absl::string_view payload;  // until the next call
};

// Reads a file in large pieces. Thread-compatible.
class SegmentScan {
 public:
  // bytes: the file's. told: is called with the place to which the file was read, often.
  SegmentScan(LogFiles* files, std::string name, uint64_t bytes, std::function<void(uint64_t)> told)
      : files_(files), name_(std::move(name)), bytes_(bytes), told_(std::move(told)) {}

  uint64_t bytes() const { return bytes_; }

  // The record at `offset`; none where there is no whole one, or its checksums are wrong.
  absl::StatusOr<std::optional<FoundRecord>> RecordAt(uint64_t offset);
  // Whether a good record of round `round` or a later one begins at `offset` or after it.
  absl::StatusOr<bool> HasRecordFrom(uint64_t offset, uint64_t round);

 private:
  // How many zeros follow from `offset` on, as far as can be seen; 0 where a header may begin.
  absl::StatusOr<uint64_t> ZerosAt(uint64_t offset);
  // Needs offset + bytes <= bytes().
  absl::StatusOr<absl::string_view> View(uint64_t offset, uint64_t bytes);

  LogFiles* const files_;
  const std::string name_;
  const uint64_t bytes_;
  const std::function<void(uint64_t)> told_;
  std::string window_;
  uint64_t window_start_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_SCAN_H_
