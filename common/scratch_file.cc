// The file's name is removed at once, so that the system frees its blocks when the process ends,
// however it ends. bytes_ grows only when all of a record is written: after a full disk the next
// Append() writes over the rest of the one that failed.
#include "common/scratch_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {

absl::StatusOr<ScratchFile> ScratchFile::Create(const std::string& folder) {
  // A name for a moment: not every file system has files without one (O_TMPFILE).
  const std::string path = JoinPath(folder, absl::StrCat(".scratch.", getpid()));
  ASSIGN_OR_RETURN(Descriptor file,
                   Descriptor::Open(path, O_RDWR | O_CREAT | O_TRUNC, "cannot be created"));
  if (unlink(path.c_str()) != 0) return FileError(path, "cannot be removed", errno);
  return ScratchFile(folder, std::move(file));
}

absl::StatusOr<uint64_t> ScratchFile::Append(absl::string_view bytes) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t n = pwrite(file_.number(), bytes.data() + done, bytes.size() - done,
                             static_cast<off_t>(bytes_ + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(folder_, "a scratch file there cannot be written", errno);
    done += static_cast<size_t>(n);
  }
  bytes_ += bytes.size();
  return bytes_ - bytes.size();
}

absl::StatusOr<std::string> ScratchFile::Read(uint64_t begin, uint64_t bytes) const {
  std::string read(bytes, '\0');
  for (size_t done = 0; done < read.size();) {
    const ssize_t n = pread(file_.number(), read.data() + done, read.size() - done,
                            static_cast<off_t>(begin + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(folder_, "a scratch file there cannot be read", errno);
    if (n == 0) return absl::DataLossError(absl::StrCat(folder_, ": a scratch file is cut short"));
    done += static_cast<size_t>(n);
  }
  return read;
}

}  // namespace nash
