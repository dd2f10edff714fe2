// Owns a file descriptor. Private to common/: everyone else uses files.h and its neighbours.
#ifndef NASHVILLE_COMMON_DESCRIPTOR_H_
#define NASHVILLE_COMMON_DESCRIPTOR_H_

#include <unistd.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

// Where `error` says that no descriptor is free: waits a little and returns whether it is worth
// another try, which it is for a second. Strangers may take all of them for a moment, until their
// connections are ended (proto/connection_guard.h). waits: from 0, counts the tries.
bool WaitForDescriptor(int error, int* waits);

// Thread-compatible.
class Descriptor {
 public:
  // `flags` as for open(2); O_CLOEXEC is added. `what` goes into the error: "cannot be read".
  // Error: DataLoss where a pipe, a socket or a device stands: opening or reading one might never
  // end. See also files.h.
  static absl::StatusOr<Descriptor> Open(const std::string& path, int flags,
                                         absl::string_view what);
  // The same for reading, and takes pipes, without waiting for anybody to write to them.
  static absl::StatusOr<Descriptor> OpenText(const std::string& path);

  Descriptor() = default;
  Descriptor(Descriptor&& other) noexcept { *this = std::move(other); }
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }

  int number() const { return number_; }
  // Takes the lock of the file if nobody has it (flock), until the descriptor is closed, or the
  // process ends however it ends. Returns 0 or the error: EWOULDBLOCK when somebody has it.
  int TryLock() const;
  // Closes early, to see errors that some file systems tell only then.
  absl::Status Close(const std::string& path);

 private:
  explicit Descriptor(int number) : number_(number) {}
  static absl::StatusOr<Descriptor> OpenAny(const std::string& path, int flags,
                                            absl::string_view what);
  int number_ = -1;
};

// Writes all of `contents` at the descriptor's position. `path` is for error messages.
absl::Status WriteAll(const Descriptor& file, const std::string& path, absl::string_view contents);

}  // namespace nash

#endif  // NASHVILLE_COMMON_DESCRIPTOR_H_
