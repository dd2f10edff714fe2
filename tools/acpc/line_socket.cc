// Reading waits in steps of 100 ms, so that Ctrl-C is heard and a deadline is kept whatever a peer
// does: it may send half a line, or nothing. Lines have a limit in bytes, which bounds what is held
// for a peer. Nagle's algorithm is off: a match is a dialogue of short lines, and each would wait
// for the last one's acknowledgement. Writing has no deadline: lines are short beside what the
// system holds for a socket.
#include "tools/acpc/line_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/play/match_state.h"
#include "tools/program/stop_signals.h"

namespace nash {
namespace {

constexpr int kPollMs = 100;  // between two looks at whether somebody asked to stop
constexpr size_t kReadBytes = 4096;
constexpr int kBacklog = 4;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

absl::Status NetworkError(const std::string& peer, absl::string_view what, int error) {
  return absl::AbortedError(absl::StrCat(peer, ": ", what, ": ", std::strerror(error)));
}

// OK once there is something to read, or the peer has gone.
absl::Status WaitToRead(int socket, double until, const std::string& peer) {
  while (true) {
    if (stop_signal_received.load() != 0) return absl::CancelledError("stopped");
    pollfd fd = {socket, POLLIN, 0};
    const int ready = poll(&fd, 1, kPollMs);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return NetworkError(peer, "cannot be waited for", errno);
    if (Now() >= until) {
      return absl::DeadlineExceededError(absl::StrCat(peer, ": said nothing in time"));
    }
  }
}

void SendAtOnce(int socket) {
  const int on = 1;  // a failure costs time only
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace

SocketNumber::~SocketNumber() {
  if (number_ >= 0) close(number_);
}

absl::StatusOr<LineSocket> LineSocket::Connect(const std::string& host, const std::string& port) {
  const std::string peer = absl::StrCat(host, ":", port);
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(peer, ": no such host or port: ", gai_strerror(error)));
  }
  int last_error = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    SocketNumber socket(::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, 0));
    if (socket.number() >= 0 &&
        connect(socket.number(), address->ai_addr, address->ai_addrlen) == 0) {
      freeaddrinfo(found);
      SendAtOnce(socket.number());
      return LineSocket(std::move(socket), peer);
    }
    last_error = errno;
  }
  freeaddrinfo(found);
  return absl::UnavailableError(absl::StrCat(
      peer, ": cannot be connected to: ", std::strerror(last_error), "; start the dealer first"));
}

absl::StatusOr<std::optional<std::string>> LineSocket::ReadLine(double seconds) {
  const double until = Now() + seconds;
  while (true) {
    if (const size_t end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (line.find('\0') == std::string::npos) return line;
      return absl::DataLossError(absl::StrCat(peer_, ": sent a line with a NUL"));
    }
    if (buffer_.size() > kAcpcLineBytesMax) {
      return absl::DataLossError(
          absl::StrCat(peer_, ": sent a line of more than ", kAcpcLineBytesMax, " bytes"));
    }
    RETURN_IF_ERROR(WaitToRead(socket_.number(), until, peer_));
    char bytes[kReadBytes];
    const ssize_t n = recv(socket_.number(), bytes, sizeof(bytes), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return NetworkError(peer_, "cannot be read", errno);
    if (n == 0) {
      if (buffer_.empty()) return std::optional<std::string>();
      return absl::AbortedError(absl::StrCat(peer_, ": hung up in the middle of a line"));
    }
    buffer_.append(bytes, n);
  }
}

absl::Status LineSocket::WriteLine(absl::string_view line) {
  const std::string bytes = absl::StrCat(line, "\r\n");
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n =
        send(socket_.number(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return NetworkError(peer_, "has hung up", errno);
    sent += n;
  }
  return absl::OkStatus();
}

absl::StatusOr<LineListener> LineListener::Open(int port) {
  SocketNumber socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const int on = 1;
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool is_open =
      socket.number() >= 0 &&
      setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      bind(socket.number(), generic, sizeof(address)) == 0 &&
      listen(socket.number(), kBacklog) == 0 && getsockname(socket.number(), generic, &size) == 0;
  if (is_open) return LineListener(std::move(socket), ntohs(address.sin_port));
  return absl::UnavailableError(absl::StrCat("port ", port, ": cannot be listened to: ",
                                             std::strerror(errno), "; choose another by --ports"));
}

absl::StatusOr<LineSocket> LineListener::Accept(double seconds, const std::string& peer) {
  RETURN_IF_ERROR(WaitToRead(socket_.number(), Now() + seconds, peer));
  SocketNumber socket(accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC));
  if (socket.number() < 0) return NetworkError(peer, "cannot be accepted", errno);
  SendAtOnce(socket.number());
  return LineSocket(std::move(socket), peer);
}

}  // namespace nash
