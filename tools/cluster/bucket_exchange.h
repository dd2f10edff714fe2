// Bucket files between machines: pieces out of one cache folder, and into another.
//
// Thread-compatible.
#ifndef NASHVILLE_TOOLS_CLUSTER_BUCKET_EXCHANGE_H_
#define NASHVILLE_TOOLS_CLUSTER_BUCKET_EXCHANGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/partial_file.h"
#include "proto/messages.h"
#include "solver/coordinator/coordinator.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// The bucket files that a run needs, by street.
absl::StatusOr<std::vector<BucketFileName>> BucketFilesOf(const LoadedRun& run);

// Serves them.
class BucketFolderSource : public BucketSource {
 public:
  explicit BucketFolderSource(std::string folder) : folder_(std::move(folder)) {}
  absl::StatusOr<std::string> Read(uint64_t content_hash, uint64_t offset) override;

 private:
  const std::string folder_;
};

// Takes them in: a file has its name once it is whole. What a process that was killed has left of
// one is removed by the next on this host that takes one in (partial_file.h).
class BucketFolderSink {
 public:
  explicit BucketFolderSink(std::string folder) : folder_(std::move(folder)) {}
  bool Has(const BucketFileName& name) const;
  // Pieces come in any order. Errors: those of files.
  absl::Status Write(const BucketFileName& name, uint64_t offset, absl::string_view bytes);
  // All pieces are there. Error: InvalidArgument where they are not what the name says.
  absl::Status Finish(const BucketFileName& name);

 private:
  const std::string folder_;
  std::map<uint64_t, PartialFile> receiving_;  // by content_hash
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_BUCKET_EXCHANGE_H_
