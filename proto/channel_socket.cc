#include "proto/channel_socket.h"

#include <glog/logging.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "proto/host_addresses.h"
#include "proto/message_limits.h"

namespace nash {
namespace {

// What the kernel bears of a connection that brings nothing, and of one that takes nothing.
constexpr int kKeepAliveIdleSeconds = 10, kKeepAliveIntervalSeconds = 5, kKeepAliveCount = 4;
constexpr std::chrono::milliseconds kUnreadTimeout(30000);
// How long a closed socket still sends: long enough for a goodbye.
constexpr std::chrono::milliseconds kLinger(500);

}  // namespace

WakeSignal::WakeSignal() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  PCHECK(descriptor_ >= 0) << "eventfd";
}

WakeSignal::~WakeSignal() { close(descriptor_); }

void WakeSignal::Set() {
  // Fails only when it is set already.
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = write(descriptor_, &one, sizeof(one));
}

void WakeSignal::Clear() {
  uint64_t count;
  [[maybe_unused]] const ssize_t n = read(descriptor_, &count, sizeof(count));
}

void SetCommonOptions(int send_frames, zmq::socket_t* socket) {
  socket->set(zmq::sockopt::heartbeat_ivl, 0);
  socket->set(zmq::sockopt::rcvhwm, 0);
  socket->set(zmq::sockopt::sndhwm, send_frames);
  socket->set(zmq::sockopt::handshake_ivl, static_cast<int>(kHandshakeTimeout.count()));
  // The system would repeat one attempt for minutes, ever less often, and where an address is
  // translated (a Kubernetes service) to a peer that has gone.
  socket->set(zmq::sockopt::connect_timeout, static_cast<int>(kHandshakeTimeout.count()));
  socket->set(zmq::sockopt::tcp_keepalive, 1);
  socket->set(zmq::sockopt::tcp_keepalive_idle, kKeepAliveIdleSeconds);
  socket->set(zmq::sockopt::tcp_keepalive_intvl, kKeepAliveIntervalSeconds);
  socket->set(zmq::sockopt::tcp_keepalive_cnt, kKeepAliveCount);
  socket->set(zmq::sockopt::tcp_maxrt, static_cast<int>(kUnreadTimeout.count()));
  socket->set(zmq::sockopt::maxmsgsize, static_cast<int64_t>(kFrameBytesMax));
  socket->set(zmq::sockopt::linger, static_cast<int>(kLinger.count()));
}

void BlockSignals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

bool ReceivePart(zmq::socket_t* socket, zmq::message_t* part) {
  while (zmq_msg_recv(part->handle(), socket->handle(), ZMQ_DONTWAIT) < 0) {
    const int error = zmq_errno();
    if (error == EAGAIN) return false;
    if (error != EINTR) throw zmq::error_t(error);
  }
  return true;
}

bool SendPart(zmq::socket_t* socket, absl::string_view part, bool has_more) {
  const int flags = ZMQ_DONTWAIT | (has_more ? ZMQ_SNDMORE : 0);
  while (zmq_send(socket->handle(), part.data(), part.size(), flags) < 0) {
    const int error = zmq_errno();
    if (error == EAGAIN) return false;
    if (error != EINTR) throw zmq::error_t(error);
  }
  return true;
}

bool SkipParts(zmq::socket_t* socket, bool more) {
  const bool any = more;
  while (more) {
    zmq::message_t part;
    if (!ReceivePart(socket, &part)) break;
    more = part.more();
  }
  return any;
}

SocketMonitor::SocketMonitor(ChannelContext* context, zmq::socket_t* socket, int events)
    : socket_(socket), told_(context->zmq(), zmq::socket_type::pair) {
  // A name that no monitor has had which is still being closed.
  std::random_device random;
  const std::string name = absl::StrCat("inproc://events-", random(), "-", random());
  if (zmq_socket_monitor(socket->handle(), name.c_str(), events) != 0) throw zmq::error_t();
  // Room for any number of events: a monitor that is full stops the I/O thread.
  told_.set(zmq::sockopt::rcvhwm, 0);
  told_.set(zmq::sockopt::linger, 0);
  told_.connect(name);
}

SocketMonitor::~SocketMonitor() {
  // First of all: an event for which nobody is there stops the I/O thread as well.
  zmq_socket_monitor(socket_->handle(), nullptr, 0);
}

std::optional<SocketMonitor::Event> SocketMonitor::Next() {
  zmq::message_t told, address;
  if (!ReceivePart(&told_, &told)) return std::nullopt;
  if (told.more()) ReceivePart(&told_, &address);
  Event event;
  uint16_t number = 0;
  if (told.size() < sizeof(number) + sizeof(event.value)) return event;
  std::memcpy(&number, told.data(), sizeof(number));
  std::memcpy(&event.value, told.data<char>() + sizeof(number), sizeof(event.value));
  event.number = number;
  return event;
}

std::optional<TcpBytes> TcpBytesOf(int descriptor) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  if (size < offsetof(tcp_info, tcpi_bytes_received) + sizeof(info.tcpi_bytes_received)) {
    return std::nullopt;  // a kernel before 4.1
  }
  return TcpBytes{info.tcpi_bytes_received, info.tcpi_bytes_acked};
}

bool IsLocal(absl::string_view endpoint) {
  if (absl::StartsWith(endpoint, "ipc://") || absl::StartsWith(endpoint, "inproc://")) return true;
  std::string port;
  const std::string host = HostOf(endpoint, &port);
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

absl::Status CheckEndpoint(absl::string_view endpoint, absl::string_view flag) {
  std::string port;
  const std::string host = HostOf(endpoint, &port);
  int number = 0;
  const bool is_port =
      port == "*" || (absl::SimpleAtoi(port, &number) && number > 0 && number < (1 << 16));
  for (absl::string_view scheme : {"ipc://", "inproc://"}) {
    if (absl::StartsWith(endpoint, scheme) && endpoint.size() > scheme.size()) {
      return absl::OkStatus();
    }
  }
  if (!host.empty() && is_port) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(flag, ": \"", endpoint,
                   "\": tcp://HOST:PORT or ipc://PATH was expected, as in tcp://10.0.0.1:5555"));
}

absl::Status CheckSecurity(absl::string_view endpoint, bool has_keys, bool insecure) {
  if (has_keys || insecure || IsLocal(endpoint)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(endpoint, ": other machines can reach it, so keys are needed; make them with ",
                   "tools/keygen, or accept that anybody can join and listen (--insecure)"));
}

}  // namespace nash
