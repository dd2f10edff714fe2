#include "proto/channel_socket.h"

#include <glog/logging.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "proto/message_limits.h"

namespace nash {
namespace {

constexpr std::chrono::milliseconds kHeartbeatInterval(1000);
constexpr std::chrono::milliseconds kHeartbeatTimeout(3000);
constexpr std::chrono::milliseconds kHandshakeTimeout(5000);
// How long a closed socket still sends: long enough for a goodbye.
constexpr std::chrono::milliseconds kLinger(500);

// HOST of tcp://HOST:PORT, with *port; brackets of IPv6 taken off. Empty where it is none.
std::string HostOf(absl::string_view endpoint, std::string* port) {
  if (!absl::ConsumePrefix(&endpoint, "tcp://")) return "";
  const size_t colon = endpoint.rfind(':');
  if (colon == absl::string_view::npos) return "";
  *port = std::string(endpoint.substr(colon + 1));
  absl::string_view host = endpoint.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return std::string(host);
}

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

void WaitFor(zmq::socket_t* socket, WakeSignal* wake, std::chrono::milliseconds timeout) {
  zmq::pollitem_t items[] = {{socket->handle(), 0, ZMQ_POLLIN, 0},
                             {nullptr, wake->descriptor(), ZMQ_POLLIN, 0}};
  try {
    zmq::poll(items, 2, timeout);
  } catch (const zmq::error_t& error) {
    CHECK_EQ(error.num(), EINTR) << error.what();  // a signal is a reason to look around
  }
  if ((items[1].revents & ZMQ_POLLIN) != 0) wake->Clear();
}

void SetCommonOptions(const QueueLimits& limits, zmq::socket_t* socket) {
  socket->set(zmq::sockopt::heartbeat_ivl, static_cast<int>(kHeartbeatInterval.count()));
  socket->set(zmq::sockopt::heartbeat_timeout, static_cast<int>(kHeartbeatTimeout.count()));
  socket->set(zmq::sockopt::heartbeat_ttl, static_cast<int>(kHeartbeatTimeout.count()));
  socket->set(zmq::sockopt::handshake_ivl, static_cast<int>(kHandshakeTimeout.count()));
  // The system would repeat one attempt for minutes, ever less often, and where an address is
  // translated (a Kubernetes service) to a peer that has gone.
  socket->set(zmq::sockopt::connect_timeout, static_cast<int>(kHandshakeTimeout.count()));
  socket->set(zmq::sockopt::maxmsgsize, static_cast<int64_t>(kFrameBytesMax));
  socket->set(zmq::sockopt::linger, static_cast<int>(kLinger.count()));
  socket->set(zmq::sockopt::sndhwm, limits.send_frames);
  socket->set(zmq::sockopt::rcvhwm, limits.receive_frames);
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

absl::Status CheckHost(const std::string& endpoint) {
  std::string port;
  const std::string host = HostOf(endpoint, &port);
  if (host.empty()) return absl::OkStatus();
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, nullptr, &found);
  if (error == 0) {
    freeaddrinfo(found);
    return absl::OkStatus();
  }
  if (error == EAI_AGAIN) {
    return absl::UnavailableError(absl::StrCat(endpoint, ": the address of ", host,
                                               " cannot be looked up now; check the network"));
  }
  return absl::NotFoundError(
      absl::StrCat(endpoint, ": no host ", host, " is known; check the name, or give its address"));
}

}  // namespace nash
