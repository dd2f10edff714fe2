// The disk as a round log sees it: files in one folder that grow, are cut at their ends and go.
//
// An interface, so that a simulated cluster can lose what was not synced. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_FILES_H_
#define NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_FILES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

class LogFiles {
 public:
  virtual ~LogFiles() = default;

  // For messages to people.
  virtual std::string PathOf(const std::string& name) const = 0;
  // Names of all files, sorted.
  virtual absl::StatusOr<std::vector<std::string>> List() = 0;
  virtual absl::StatusOr<uint64_t> Bytes(const std::string& name) = 0;
  // Error: DataLoss where the file ends before.
  virtual absl::StatusOr<std::string> Read(const std::string& name, uint64_t offset,
                                           uint64_t bytes) = 0;
  // Where something other than zeros may be, at `offset` or behind it; the file's end where nothing
  // is. For files with holes, which are zeros that nobody need read.
  virtual uint64_t NextData(const std::string& name, uint64_t offset) = 0;
  // Creates the file where there is none. Error: ResourceExhausted when the disk is full; the file
  // may have grown by a part of `bytes` only if cutting it failed as well.
  virtual absl::Status Append(const std::string& name, absl::string_view bytes) = 0;
  virtual absl::Status Truncate(const std::string& name, uint64_t bytes) = 0;
  // Makes the file's bytes, its length and its name durable. After an error nothing is known about
  // what the disk holds.
  virtual absl::Status Sync(const std::string& name) = 0;
  // Durable sooner or later. A file that is not there is OK.
  virtual absl::Status Remove(const std::string& name) = 0;
};

// Real files in `folder`, which is created where there is none.
absl::StatusOr<std::unique_ptr<LogFiles>> OpenLogFolder(const std::string& folder);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_ROUND_LOG_FILES_H_
