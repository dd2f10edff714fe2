// Lines of text over TCP, with limits on their length and on the time that they take.
//
// Thread-compatible. Errors: Unavailable (nobody listens, or a port is taken), Aborted (the peer
// hung up in the middle of a line, or the network failed), DeadlineExceeded, DataLoss (a line
// longer than any that makes sense, or one with a NUL), Cancelled (asked to stop).
#ifndef NASHVILLE_TOOLS_ACPC_LINE_SOCKET_H_
#define NASHVILLE_TOOLS_ACPC_LINE_SOCKET_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

// A socket's number, closed at the end.
class SocketNumber {
 public:
  explicit SocketNumber(int number = -1) : number_(number) {}
  SocketNumber(SocketNumber&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  SocketNumber& operator=(SocketNumber&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~SocketNumber();
  int number() const { return number_; }

 private:
  int number_;
};

class LineSocket {
 public:
  // peer: for messages.
  LineSocket(SocketNumber socket, std::string peer)
      : socket_(std::move(socket)), peer_(std::move(peer)) {}
  static absl::StatusOr<LineSocket> Connect(const std::string& host, const std::string& port);

  // The next line without its end (LF, or CR and LF); none where the peer closed after a whole
  // line. seconds: the longest time to wait for it.
  absl::StatusOr<std::optional<std::string>> ReadLine(double seconds);
  // Adds CR and LF.
  absl::Status WriteLine(absl::string_view line);
  const std::string& peer() const { return peer_; }

 private:
  SocketNumber socket_;
  std::string peer_;
  std::string buffer_;  // read and not yet taken
};

class LineListener {
 public:
  // port: 0 lets the system choose.
  static absl::StatusOr<LineListener> Open(int port);
  int port() const { return port_; }
  absl::StatusOr<LineSocket> Accept(double seconds, const std::string& peer);

 private:
  LineListener(SocketNumber socket, int port) : socket_(std::move(socket)), port_(port) {}
  SocketNumber socket_;
  int port_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_ACPC_LINE_SOCKET_H_
