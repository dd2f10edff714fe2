// A file on its way to a name: NAME.HOST-PID-N.partial beside it until it is whole, then NAME.
//
// A process that is killed in between leaves the partial file. The next one on this host that
// writes the same name removes it: partial_file.cc says how it is known that nobody is at it.
//
// Thread-compatible; any number of processes may write one name at once, and the last one stays.
// Who has all of a file at once calls WriteFileAtomically() (files.h).
#ifndef NASHVILLE_COMMON_PARTIAL_FILE_H_
#define NASHVILLE_COMMON_PARTIAL_FILE_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/descriptor.h"

namespace nash {

class PartialFile {
 public:
  // Begins an empty file beside `path`, and removes what others have left of the same name.
  static absl::StatusOr<PartialFile> Create(const std::string& path);

  PartialFile(PartialFile&& other) noexcept = default;
  PartialFile& operator=(PartialFile&&) = delete;
  // Removes what did not get its name.
  ~PartialFile();

  absl::Status Append(absl::string_view contents) {
    return WriteAll(file_, partial_path_, contents);
  }
  // At a place of its own, in whatever order; what nobody writes is zeros.
  absl::Status WriteAt(uint64_t offset, absl::string_view contents);
  // Where it lies until it has its name, for those who read it before.
  const std::string& partial_path() const { return partial_path_; }
  // Puts the file in the place of `path`; durable on return.
  absl::Status Commit() { return CommitAs(path_); }
  // The same under a name of the same folder that was not known before.
  absl::Status CommitAs(const std::string& path);

 private:
  PartialFile(std::string path, std::string partial_path, Descriptor file, Descriptor lock)
      : path_(std::move(path)),
        partial_path_(std::move(partial_path)),
        file_(std::move(file)),
        lock_(std::move(lock)) {}

  std::string path_;
  std::string partial_path_;
  Descriptor file_;
  Descriptor lock_;  // of the same file; none once it has its name, or where it was moved from
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_PARTIAL_FILE_H_
