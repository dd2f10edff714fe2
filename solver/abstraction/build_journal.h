// The file that an interrupted build leaves, so that the next one goes on: the centroids of the
// clusterings of one bucket file, as they stood after their last iteration.
//
// Everything else is made again, which takes little. What follows from centroids depends on nothing
// but them, so the bucket file has the same bytes as one built without a stop.
// Layout: docs/formats/buckets.md. Not thread-safe.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUILD_JOURNAL_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUILD_JOURNAL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/abstraction/clustering.h"

namespace nash {

using ClusterStates = std::map<uint32_t, ClusterState>;  // by number of the clustering

// The bytes of a journal for the bucket file with this content hash, and back.
// Errors: DataLoss (damaged, or of another file). `file_name` is for messages only.
std::string SerializeJournal(uint64_t content_hash, const ClusterStates& states);
absl::StatusOr<ClusterStates> ParseJournal(uint64_t content_hash, absl::string_view bytes,
                                           absl::string_view file_name);

// Distances that may be measured again after a crash: about a second.
inline constexpr uint64_t kDistancesPutOffMax = uint64_t{1} << 30;

class BuildJournal : public ClusterJournal {
 public:
  // Reads `path` where it exists. Errors: those of ParseJournal() and of reading.
  static absl::StatusOr<std::unique_ptr<BuildJournal>> Open(const std::string& path,
                                                            uint64_t content_hash);

  std::optional<ClusterState> Find(uint32_t number) const override;
  // Replaces the file once kDistancesPutOffMax have gone by since it was written. Errors: those of
  // writing.
  absl::Status Save(uint32_t number, const ClusterState& state, uint64_t distances) override;
  absl::Status Flush() override;

 private:
  BuildJournal(const std::string& path, uint64_t content_hash)
      : path_(path), content_hash_(content_hash) {}

  const std::string path_;
  const uint64_t content_hash_;
  ClusterStates states_;
  uint64_t distances_put_off_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUILD_JOURNAL_H_
