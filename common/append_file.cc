// A record that could not be written whole is cut off again at once: a full disk is the usual
// reason, and a log with half a line in it would be damaged by it. If cutting fails as well the
// message says both, and the file is longer than it counts. Sync() is fdatasync: the length is
// synced with the bytes, times are not. The name was made durable when the file was created.
#include "common/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {

absl::StatusOr<AppendFile> AppendFile::Open(const std::string& path) {
  const bool is_new = !FileExists(path);
  ASSIGN_OR_RETURN(Descriptor file,
                   Descriptor::Open(path, O_WRONLY | O_CREAT | O_APPEND, "cannot be written"));
  if (is_new) RETURN_IF_ERROR(SyncFolder(FolderOf(path)));
  ASSIGN_OR_RETURN(const uint64_t bytes, FileBytes(path));
  return AppendFile(path, std::move(file), bytes);
}

absl::Status AppendFile::Append(absl::string_view record) {
  const absl::Status status = WriteAll(file_, path_, record);
  if (!status.ok()) {
    const absl::Status truncated = Truncate(bytes_);
    if (truncated.ok()) return status;
    return absl::Status(status.code(),
                        absl::StrCat(status.message(), "; and ", truncated.message()));
  }
  bytes_ += record.size();
  return absl::OkStatus();
}

absl::Status AppendFile::Sync() {
  if (fdatasync(file_.number()) != 0) return FileError(path_, "cannot be written", errno);
  return absl::OkStatus();
}

bool AppendFile::IsAtItsPath() const {
  struct stat ours, there;
  return fstat(file_.number(), &ours) == 0 && stat(path_.c_str(), &there) == 0 &&
         ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

absl::Status AppendFile::Truncate(uint64_t bytes) {
  if (bytes > bytes_) {
    return absl::InvalidArgumentError(
        absl::StrCat(path_, ": has ", bytes_, " bytes and cannot be cut to ", bytes));
  }
  if (ftruncate(file_.number(), static_cast<off_t>(bytes)) != 0) {
    return FileError(path_, "cannot be cut", errno);
  }
  bytes_ = bytes;
  return absl::OkStatus();
}

}  // namespace nash
