// The workers' keys that are shut out for what they have sent, across restarts of the coordinator:
// RUN/quarantined, a key's name on each line.
//
// A worker whose memory is broken is still broken after a restart. An operator lets a key in again
// by taking it out of the allow list and putting it back, or, while no coordinator runs, by taking
// its line out of this file. Thread-compatible.
#ifndef NASHVILLE_TOOLS_CLUSTER_QUARANTINE_LIST_H_
#define NASHVILLE_TOOLS_CLUSTER_QUARANTINE_LIST_H_

#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nash {

class QuarantineList {
 public:
  // Reads it; empty where there is no file. Errors: those of files.h.
  static absl::StatusOr<QuarantineList> Open(const std::string& run_folder);

  const std::set<std::string>& names() const { return names_; }
  // Writes it where it has changed. To be called again and again: what failed is tried again, and
  // an error (those of files.h) is returned once for as long as it stays the same.
  absl::Status Update(const std::set<std::string>& names);

 private:
  explicit QuarantineList(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::set<std::string> names_;
  absl::Status trouble_;  // as last returned
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_QUARANTINE_LIST_H_
