// Whole files and folders: read, map, replace atomically, make durable.
//
// Every error names the path, the system's words and what to do about it, and its code says which
// kind it is: NotFound, PermissionDenied (also a read-only disk), ResourceExhausted (disk full, too
// large, too many open files), DataLoss (what stands there is no file: a folder, a pipe, a link to
// itself; or the device refused a read or a write), FailedPrecondition (a file where a folder is
// expected). Only regular files are opened, so that no call waits for another process. Thread-safe:
// functions only; MappedFile is immutable. See also append_file.h, large_file.h, text_file.h and
// folder_lock.h.
#ifndef NASHVILLE_COMMON_FILES_H_
#define NASHVILLE_COMMON_FILES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

// The largest file that ReadFile() takes unless told otherwise: more than any text this project
// reads. Larger files are mapped.
inline constexpr uint64_t kReadFileBytesMax = uint64_t{1} << 30;

// Where a part of a file may begin that is mapped alone: a page.
inline constexpr uint64_t kMappedPartAlign = 4096;

// "PATH: WHAT: the system's words for `error_number`; the remedy". `what`: "cannot be read".
absl::Status FileError(absl::string_view path, absl::string_view what, int error_number);

// "a/b" and "c" make "a/b/c".
std::string JoinPath(absl::string_view folder, absl::string_view name);
// The folder that holds `path`; "." where the path names none.
std::string FolderOf(absl::string_view path);

bool FileExists(const std::string& path);  // or folder
absl::StatusOr<uint64_t> FileBytes(const std::string& path);
// What this process may still write on the disk that holds an existing `path`.
absl::StatusOr<uint64_t> FreeDiskBytes(const std::string& path);

// Error: ResourceExhausted when the file is larger than bytes_max; nothing is allocated then.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t bytes_max = kReadFileBytesMax);

// Bytes [offset, offset + bytes) of a file. Error: DataLoss when it ends before.
absl::StatusOr<std::string> ReadFilePart(const std::string& path, uint64_t offset, uint64_t bytes);

// Writes a file that does not exist yet and makes its contents durable (fsync). Its name is durable
// after SyncFolder() of its folder. A file that could not be finished is removed.
absl::Status WriteNewFile(const std::string& path, absl::string_view contents);

// Puts `contents` in the place of `path`: after a crash at any moment the old or the new contents
// are there, whole. Durable on return. Costs two fsync and a look through the folder: what
// processes of this host left that were killed while they wrote the same file is removed
// (partial_file.h).
absl::Status WriteFileAtomically(const std::string& path, absl::string_view contents);

// Creates a folder and those above it; one that exists is OK. New names are durable on return.
absl::Status CreateDirectories(const std::string& path);

// Makes the names in a folder (creations, renames, removals) durable.
absl::Status SyncFolder(const std::string& path);

// Moves a file or a folder within one disk. Durable after SyncFolder() of both folders.
absl::Status RenamePath(const std::string& from, const std::string& to);

// Puts the folder `from` in the place of the folder `to`, of one disk, whatever that held. Where
// the file system can swap names (ext4, xfs, btrfs, tmpfs; not NFS) there is no moment without
// `to`.
absl::Status ReplaceFolder(const std::string& from, const std::string& to);

// Removes a file or a folder with all it holds; one that does not exist is OK.
absl::Status RemoveAll(const std::string& path);

// Names in a folder, sorted, without "." and "..".
absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& path);

// A file as read-only memory. Pages come at first touch; a file that another process shortens
// meanwhile, or a device that fails, ends the process (SIGBUS): map only files that are replaced by
// renaming, never changed in place.
class MappedFile {
 public:
  // An empty file is OK and has no bytes.
  static absl::StatusOr<MappedFile> Open(const std::string& path);
  // Bytes [offset, offset + bytes) of a file; offset is a multiple of kMappedPartAlign. Error:
  // DataLoss when the file ends before.
  static absl::StatusOr<MappedFile> OpenPart(const std::string& path, uint64_t offset,
                                             uint64_t bytes);

  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept { *this = std::move(other); }
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MappedFile();

  // Starts on a page.
  const char* data() const { return data_; }
  uint64_t bytes() const { return bytes_; }
  absl::string_view contents() const { return {data_, bytes_}; }

 private:
  static absl::StatusOr<MappedFile> Map(int descriptor, const std::string& path, uint64_t offset,
                                        uint64_t bytes);

  const char* data_ = nullptr;
  uint64_t bytes_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_COMMON_FILES_H_
