// What makes a file's new contents survive a crash is not that write() returned but three things in
// their order: its bytes are synced, its name is put in place by rename(), and the folder that
// holds the name is synced. WriteFileAtomically() does all three; leaving one out works on some
// file systems and loses data on others (Pillai and others 2014, "All file systems are not created
// equal", OSDI).
//
// Every failed call becomes a status with the path, the system's words and a remedy, by one table
// from errno (KindOf). Its codes are what callers and exit codes go by, so an errno that needs
// another remedy is added there and nowhere else. EINTR is no failure.
//
// Paths are used as they are given, symbolic links and all. No file is locked here (folder_lock.h),
// and large files go past the page cache elsewhere (large_file.h).
#include "common/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/descriptor.h"
#include "common/partial_file.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr char kCannotRead[] = "cannot be read";
constexpr char kCannotWrite[] = "cannot be written";

struct ErrorKind {
  absl::StatusCode code;
  const char* remedy;
};

// is_read: there is another remedy where only reading fails.
ErrorKind KindOf(int error_number, bool is_read) {
  switch (error_number) {
    case ENOENT:
      return {absl::StatusCode::kNotFound, "check the path"};
    case EACCES:
    case EPERM:
      return {absl::StatusCode::kPermissionDenied,
              is_read ? "change its permissions, or run as a user who may read it"
                      : "change its permissions or choose another folder (--out)"};
    case EROFS:
      return {absl::StatusCode::kPermissionDenied,
              "mount the disk for writing or choose another folder (--out)"};
    case ENOSPC:
    case EDQUOT:
      return {absl::StatusCode::kResourceExhausted,
              "free space there or choose another folder (--out)"};
    case EFBIG:
      return {absl::StatusCode::kResourceExhausted,
              "raise the limit on file sizes (ulimit -f) or choose another folder (--out)"};
    case EMFILE:
    case ENFILE:
      return {absl::StatusCode::kResourceExhausted, "raise the limit on open files (ulimit -n)"};
    case ENOMEM:
      return {absl::StatusCode::kResourceExhausted, "free memory or use a larger machine"};
    case EEXIST:
    case ENOTEMPTY:
      return {absl::StatusCode::kAlreadyExists, "remove it or choose another name"};
    case EISDIR:
      return {absl::StatusCode::kDataLoss,
              "a folder stands where a file is expected: name a file, or restore it"};
    case ELOOP:
      return {absl::StatusCode::kDataLoss, "a link leads to itself: restore the file"};
    case ENOTDIR:
      return {absl::StatusCode::kFailedPrecondition,
              "a file stands where a folder is expected: remove it or choose another folder"};
    case EIO:
      return {absl::StatusCode::kDataLoss, "the device fails: check it and its cable or network"};
    case ENAMETOOLONG:
      return {absl::StatusCode::kInvalidArgument, "choose a shorter path"};
    default:
      return {absl::StatusCode::kUnknown, "check the disk and its file system"};
  }
}

// Reads until `out` is full or the file ends; the bytes read.
absl::StatusOr<size_t> ReadUpTo(const Descriptor& file, const std::string& path,
                                absl::Span<char> out) {
  size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = read(file.number(), out.data() + done, out.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(path, kCannotRead, errno);
    if (n == 0) break;
    done += n;
  }
  return done;
}

absl::StatusOr<uint64_t> BytesOf(const Descriptor& file, const std::string& path) {
  struct stat info;
  if (fstat(file.number(), &info) != 0) return FileError(path, kCannotRead, errno);
  if (S_ISDIR(info.st_mode)) return FileError(path, kCannotRead, EISDIR);
  return static_cast<uint64_t>(info.st_size);
}

absl::Status WriteAndSync(Descriptor file, const std::string& path, absl::string_view contents) {
  RETURN_IF_ERROR(WriteAll(file, path, contents));
  if (fsync(file.number()) != 0) return FileError(path, kCannotWrite, errno);
  return file.Close(path);
}

}  // namespace

absl::Status FileError(absl::string_view path, absl::string_view what, int error_number) {
  const ErrorKind kind = KindOf(error_number, what == kCannotRead);
  const std::string words = std::generic_category().message(error_number);
  return absl::Status(kind.code, absl::StrCat(path, ": ", what, ": ", words, "; ", kind.remedy));
}

std::string JoinPath(absl::string_view folder, absl::string_view name) {
  if (folder.empty()) return std::string(name);
  return absl::StrCat(folder, folder.back() == '/' ? "" : "/", name);
}

std::string FolderOf(absl::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == absl::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<size_t>(slash, 1)));
}

bool FileExists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

absl::StatusOr<uint64_t> FileBytes(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return FileError(path, kCannotRead, errno);
  if (S_ISDIR(info.st_mode)) return FileError(path, kCannotRead, EISDIR);
  return static_cast<uint64_t>(info.st_size);
}

absl::StatusOr<uint64_t> FreeDiskBytes(const std::string& path) {
  struct statvfs info;
  if (statvfs(path.c_str(), &info) != 0) return FileError(path, kCannotRead, errno);
  return uint64_t{info.f_bavail} * info.f_frsize;
}

absl::StatusOr<std::string> ReadFile(const std::string& path, uint64_t bytes_max) {
  ASSIGN_OR_RETURN(const Descriptor file, Descriptor::Open(path, O_RDONLY, kCannotRead));
  ASSIGN_OR_RETURN(const uint64_t bytes, BytesOf(file, path));
  // Files of /proc tell no size: those are read piece by piece, up to the limit.
  std::string contents;
  size_t piece = bytes > 0 ? bytes : 4096;
  while (true) {
    const size_t before = contents.size();
    if (bytes > bytes_max || before > bytes_max) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path, ": has more than the ", bytes_max,
                       " bytes such a file may have; check that it is the right one"));
    }
    contents.resize(before + piece + 1);  // one more, to see a file that grew
    ASSIGN_OR_RETURN(const size_t n,
                     ReadUpTo(file, path, absl::MakeSpan(&contents[before], piece + 1)));
    contents.resize(before + n);
    if (n <= piece && contents.size() <= bytes_max) return contents;
    piece = std::max<size_t>(contents.size(), 4096);
  }
}

absl::StatusOr<std::string> ReadFilePart(const std::string& path, uint64_t offset, uint64_t bytes) {
  ASSIGN_OR_RETURN(const Descriptor file, Descriptor::Open(path, O_RDONLY, kCannotRead));
  ASSIGN_OR_RETURN(const uint64_t file_bytes, BytesOf(file, path));
  if (offset > file_bytes || bytes > file_bytes - offset) {
    return absl::DataLossError(absl::StrCat(path, ": has ", file_bytes, " bytes, expected ", bytes,
                                            " from byte ", offset, " on; restore it"));
  }
  if (lseek(file.number(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    return FileError(path, kCannotRead, errno);
  }
  std::string contents(bytes, '\0');
  ASSIGN_OR_RETURN(const size_t n, ReadUpTo(file, path, absl::MakeSpan(contents)));
  contents.resize(n);
  return contents;
}

absl::Status WriteNewFile(const std::string& path, absl::string_view contents) {
  ASSIGN_OR_RETURN(Descriptor file,
                   Descriptor::Open(path, O_WRONLY | O_CREAT | O_EXCL, kCannotWrite));
  const absl::Status status = WriteAndSync(std::move(file), path, contents);
  if (!status.ok()) unlink(path.c_str());
  return status;
}

absl::Status WriteFileAtomically(const std::string& path, absl::string_view contents) {
  ASSIGN_OR_RETURN(PartialFile file, PartialFile::Create(path));
  RETURN_IF_ERROR(file.Append(contents));
  return file.Commit();
}

absl::Status CreateDirectories(const std::string& path) {
  std::vector<std::string> missing;
  for (std::string folder = path; !FileExists(folder); folder = FolderOf(folder)) {
    missing.push_back(folder);
  }
  for (; !missing.empty(); missing.pop_back()) {
    const std::string& folder = missing.back();
    if (mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
      return FileError(folder, "cannot be created", errno);
    }
    RETURN_IF_ERROR(SyncFolder(FolderOf(folder)));
  }
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return FileError(path, "cannot be created", errno);
  if (!S_ISDIR(info.st_mode)) return FileError(path, "cannot be created", ENOTDIR);
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::string& path) {
  ASSIGN_OR_RETURN(const Descriptor folder,
                   Descriptor::Open(path, O_RDONLY | O_DIRECTORY, kCannotRead));
  // Some network file systems do not know fsync of a folder and are synchronous anyway.
  if (fsync(folder.number()) != 0 && errno != EINVAL) {
    return FileError(path, kCannotWrite, errno);
  }
  return absl::OkStatus();
}

absl::Status RenamePath(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  return FileError(to, absl::StrCat("cannot take the place of ", from), errno);
}

absl::Status ReplaceFolder(const std::string& from, const std::string& to) {
  if (FileExists(to)) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) {
      RETURN_IF_ERROR(SyncFolder(FolderOf(to)));
      return RemoveAll(from);
    }
    if (errno != EINVAL && errno != ENOSYS) {
      return FileError(to, absl::StrCat("cannot be replaced by ", from), errno);
    }
    RETURN_IF_ERROR(RemoveAll(to));
  }
  return RenamePath(from, to);
}

absl::Status RemoveAll(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return FileError(path, "cannot be removed", error.value());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator it;
  int waits = 0;
  do {
    it = std::filesystem::directory_iterator(path, error);
  } while (error && WaitForDescriptor(error.value(), &waits));
  for (; !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  if (error) return FileError(path, kCannotRead, error.value());
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<MappedFile> MappedFile::Open(const std::string& path) {
  ASSIGN_OR_RETURN(const Descriptor file, Descriptor::Open(path, O_RDONLY, kCannotRead));
  ASSIGN_OR_RETURN(const uint64_t bytes, BytesOf(file, path));
  return Map(file.number(), path, 0, bytes);
}

absl::StatusOr<MappedFile> MappedFile::OpenPart(const std::string& path, uint64_t offset,
                                                uint64_t bytes) {
  ASSIGN_OR_RETURN(const Descriptor file, Descriptor::Open(path, O_RDONLY, kCannotRead));
  ASSIGN_OR_RETURN(const uint64_t file_bytes, BytesOf(file, path));
  if (offset <= file_bytes && bytes <= file_bytes - offset) {
    return Map(file.number(), path, offset, bytes);
  }
  return absl::DataLossError(absl::StrCat(path, ": ends before byte ", offset, " + ", bytes,
                                          ": copy it again from where it is whole"));
}

absl::StatusOr<MappedFile> MappedFile::Map(int descriptor, const std::string& path, uint64_t offset,
                                           uint64_t bytes) {
  MappedFile mapped;
  if (bytes == 0) return mapped;
  void* data = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, descriptor, static_cast<off_t>(offset));
  if (data == MAP_FAILED) return FileError(path, "cannot be mapped", errno);
  mapped.data_ = static_cast<const char*>(data);
  mapped.bytes_ = bytes;
  return mapped;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(const_cast<char*>(data_), bytes_);
}

}  // namespace nash
