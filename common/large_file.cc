// Reads and writes with O_DIRECT where the file system allows it. A checkpoint of many gigabytes
// through the page cache would push out what others have there, make the kernel write back in
// bursts, and satisfy a check from memory instead of from the disk.
//
// O_DIRECT wants addresses and sizes aligned, so the last bytes, fewer than a block, are written
// the ordinary way after the flag is taken off. File systems say no at three places: at the flag,
// at the first transfer (EINVAL), or by a transfer that ends within a block. Each of them falls
// back to ordinary calls from there on, so that what is written is the same, only slower.
#include "common/large_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/descriptor.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr char kCannotRead[] = "cannot be read";
constexpr char kCannotWrite[] = "cannot be written";
// At a time: large enough for any disk, small enough for a signal or an error to come through soon.
constexpr uint64_t kPieceBytesMax = uint64_t{16} << 20;

bool IsAligned(const char* address) {
  return reinterpret_cast<uintptr_t>(address) % kDirectAlignBytes == 0;
}

bool SetDirect(const Descriptor& file, bool direct) {
  const int flags = fcntl(file.number(), F_GETFL);
  if (flags < 0) return false;
  return fcntl(file.number(), F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
}

// Writes what can be written past the cache and takes it off the front of `contents`.
absl::Status WriteDirect(const Descriptor& file, const std::string& path,
                         absl::string_view* contents) {
  if (!IsAligned(contents->data()) || !SetDirect(file, true)) return absl::OkStatus();
  while (contents->size() >= kDirectAlignBytes) {
    const uint64_t whole = contents->size() / kDirectAlignBytes * kDirectAlignBytes;
    const ssize_t n = write(file.number(), contents->data(), std::min(whole, kPieceBytesMax));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EINVAL) break;  // accepted the flag, but not the write: go on without
    if (n < 0) return FileError(path, kCannotWrite, errno);
    contents->remove_prefix(n);
    if (n % kDirectAlignBytes != 0) break;  // cut short within a block
  }
  if (!SetDirect(file, false)) return FileError(path, kCannotWrite, errno);
  return absl::OkStatus();
}

absl::Status WriteAndSync(Descriptor file, const std::string& path, absl::string_view contents) {
  RETURN_IF_ERROR(WriteDirect(file, path, &contents));
  RETURN_IF_ERROR(WriteAll(file, path, contents));
  if (fsync(file.number()) != 0) return FileError(path, kCannotWrite, errno);
  return file.Close(path);
}

absl::Status WrongSize(const std::string& path, uint64_t bytes) {
  return absl::DataLossError(
      absl::StrCat(path, ": is not ", bytes, " bytes long; it was cut short or changed"));
}

}  // namespace

absl::Status WriteLargeNewFile(const std::string& path, absl::string_view contents) {
  ASSIGN_OR_RETURN(Descriptor file,
                   Descriptor::Open(path, O_WRONLY | O_CREAT | O_EXCL, kCannotWrite));
  const absl::Status status = WriteAndSync(std::move(file), path, contents);
  if (!status.ok()) unlink(path.c_str());
  return status;
}

absl::Status ReadLargeFile(const std::string& path, uint64_t bytes, char* buffer) {
  ASSIGN_OR_RETURN(const Descriptor file, Descriptor::Open(path, O_RDONLY, kCannotRead));
  bool direct = IsAligned(buffer) && SetDirect(file, true);
  uint64_t done = 0;
  while (done < bytes) {
    const uint64_t left = bytes - done;
    // Past the cache whole blocks are asked for; the last one ends with the file.
    const uint64_t rounded = (left + kDirectAlignBytes - 1) / kDirectAlignBytes * kDirectAlignBytes;
    const ssize_t n =
        read(file.number(), buffer + done, std::min(direct ? rounded : left, kPieceBytesMax));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EINVAL && direct) {  // accepted the flag, but not the read
      direct = false;
      if (!SetDirect(file, false)) return FileError(path, kCannotRead, errno);
      continue;
    }
    if (n < 0) return FileError(path, kCannotRead, errno);
    if (n == 0) return WrongSize(path, bytes);
    done += n;
  }
  ASSIGN_OR_RETURN(const uint64_t bytes_now, FileBytes(path));
  return bytes_now == bytes ? absl::OkStatus() : WrongSize(path, bytes);
}

}  // namespace nash
