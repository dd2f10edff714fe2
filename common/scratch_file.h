// A file without a name, for what does not fit in memory: gone when its owner is.
//
// Errors as in files.h. Appending is for one thread at a time; Read() may be called from many,
// between two calls.
#ifndef NASHVILLE_COMMON_SCRATCH_FILE_H_
#define NASHVILLE_COMMON_SCRATCH_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/descriptor.h"

namespace nash {

class ScratchFile {
 public:
  // On the disk that holds `folder`.
  static absl::StatusOr<ScratchFile> Create(const std::string& folder);

  // Returns where it begins. Error: ResourceExhausted: the disk is full; nothing was added.
  absl::StatusOr<uint64_t> Append(absl::string_view bytes);
  // Error: DataLoss.
  absl::StatusOr<std::string> Read(uint64_t begin, uint64_t bytes) const;

 private:
  ScratchFile(std::string folder, Descriptor file)
      : folder_(std::move(folder)), file_(std::move(file)) {}
  std::string folder_;
  Descriptor file_;
  uint64_t bytes_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_SCRATCH_FILE_H_
