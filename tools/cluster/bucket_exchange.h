// Bucket files between machines: pieces out of one cache folder, and into another.
//
// Thread-compatible.
#ifndef NASHVILLE_TOOLS_CLUSTER_BUCKET_EXCHANGE_H_
#define NASHVILLE_TOOLS_CLUSTER_BUCKET_EXCHANGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
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

// Takes them in: a file has its name once it is whole.
class BucketFolderSink {
 public:
  explicit BucketFolderSink(std::string folder) : folder_(std::move(folder)) {}
  bool Has(const BucketFileName& name) const;
  // Pieces come in any order. Errors: those of files.
  absl::Status Write(const BucketFileName& name, uint64_t offset, absl::string_view bytes);
  // All pieces are there. Error: InvalidArgument where they are not what the name says.
  absl::Status Finish(const BucketFileName& name);

 private:
  std::string PartialPath(const BucketFileName& name) const;
  const std::string folder_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_BUCKET_EXCHANGE_H_
