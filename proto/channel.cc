#include "proto/channel.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status_macros.h"

namespace nash {
namespace {

// Of one peer, in frames of at most kFrameBytesMax: what a stranger can make us keep, and what may
// wait for somebody slow. Whoever sends counts bytes (docs/protocol.md, "Credits").
constexpr QueueLimits kCoordinatorQueues = {.send_frames = 256, .receive_frames = 24};
constexpr QueueLimits kWorkerQueues = {.send_frames = 64, .receive_frames = 256};
constexpr int kBacklog = 1024;
constexpr size_t kDroppedMax = 1 << 16;
constexpr std::chrono::milliseconds kReconnectFirst(100);
constexpr std::chrono::milliseconds kReconnectMax(2000);
// ZMQ_ZAP_ENFORCE_DOMAIN: without a handler that knows the domain nobody is let in. The header
// hides its name unless drafts are on; the library knows it.
constexpr int kZapEnforceDomain = 93;

absl::Status Failed(absl::string_view endpoint, const zmq::error_t& error) {
  switch (error.num()) {
    case EADDRINUSE:
      return absl::UnavailableError(absl::StrCat(
          endpoint, ": is in use; stop the program that listens there, or choose another port"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          absl::StrCat(endpoint, ": may not be used; choose a port above 1023 or another path"));
    case EADDRNOTAVAIL:
    case ENODEV:
      return absl::InvalidArgumentError(absl::StrCat(
          endpoint, ": this machine has no such address; tcp://0.0.0.0:PORT listens on all"));
    case ENAMETOOLONG:
      return absl::InvalidArgumentError(
          absl::StrCat(endpoint, ": choose a shorter path, of at most 107 characters"));
    case EMFILE:
      return absl::ResourceExhaustedError(
          absl::StrCat(endpoint, ": raise the limit on open files (ulimit -n)"));
    default:
      return absl::InvalidArgumentError(
          absl::StrCat(endpoint, ": ", error.what(), "; check the endpoint"));
  }
}

absl::Status RequireZap(zmq::socket_t* socket) {
  const int on = 1;
  socket->set(zmq::sockopt::zap_domain, kZapDomain);
  if (zmq_setsockopt(socket->handle(), kZapEnforceDomain, &on, sizeof(on)) != 0) {
    return absl::InternalError(
        "this libzmq cannot be told to let nobody in without authentication; use 4.3 or later");
  }
  return absl::OkStatus();
}

// A property of a message's connection; none for threads of this process.
std::optional<std::string> PropertyOf(zmq::message_t* message, const char* name) {
  const char* const value = zmq_msg_gets(message->handle(), name);
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

// Reads the rest of a message that has too many parts. Returns whether there was any.
bool SkipParts(zmq::socket_t* socket, bool more) {
  const bool any = more;
  while (more) {
    zmq::message_t part;
    if (!socket->recv(part, zmq::recv_flags::dontwait)) break;
    more = part.more();
  }
  return any;
}

}  // namespace

absl::Status CoordinatorChannel::Check(const Options& options) {
  for (const std::string& endpoint : options.endpoints) {
    RETURN_IF_ERROR(CheckEndpoint(endpoint, "--listen"));
    RETURN_IF_ERROR(CheckSecurity(endpoint, options.keys.has_value(), options.insecure));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<CoordinatorChannel>> CoordinatorChannel::Listen(
    ChannelContext* context, const Options& options) {
  if (options.endpoints.empty()) {
    return absl::InvalidArgumentError("--listen: name an endpoint, as in tcp://0.0.0.0:5555");
  }
  RETURN_IF_ERROR(Check(options));
  std::unique_ptr<ZapHandler> zap;
  if (options.keys.has_value()) {
    ASSIGN_OR_RETURN(zap, ZapHandler::Start(context, options.allow_list_path));
  }
  std::string binding = "a socket";
  try {
    zmq::socket_t socket(context->zmq(), zmq::socket_type::router);
    SetCommonOptions(kCoordinatorQueues, &socket);
    socket.set(zmq::sockopt::backlog, kBacklog);
    // Only where it is asked for: IPv4 addresses would be told in the form of IPv6.
    socket.set(zmq::sockopt::ipv6, std::any_of(options.endpoints.begin(), options.endpoints.end(),
                                               [](const std::string& endpoint) {
                                                 return absl::StrContains(endpoint, '[');
                                               }));
    socket.set(zmq::sockopt::router_mandatory, true);
    if (options.keys.has_value()) {
      RETURN_IF_ERROR(RequireZap(&socket));
      socket.set(zmq::sockopt::curve_server, true);
      socket.set(zmq::sockopt::curve_secretkey, options.keys->secret_key);
    }
    std::unique_ptr<CoordinatorChannel> channel(
        new CoordinatorChannel(std::move(zap), std::move(socket)));
    for (const std::string& endpoint : options.endpoints) {
      binding = endpoint;
      channel->socket_.bind(endpoint);
      channel->endpoints_.push_back(channel->socket_.get(zmq::sockopt::last_endpoint));
    }
    return channel;
  } catch (const zmq::error_t& error) {
    return Failed(binding, error);
  }
}

std::optional<std::string> CoordinatorChannel::UserOf(zmq::message_t* message) const {
  if (zap_ == nullptr) return "";
  const std::optional<std::string> key = PropertyOf(message, "User-Id");
  if (key.has_value()) return zap_->NameOf(*key);
  // Threads of this process come without a connection, and so without a key. All others were asked.
  if (PropertyOf(message, "Peer-Address").has_value()) return std::nullopt;
  return "";
}

std::optional<ReceivedFrame> CoordinatorChannel::Receive() {
  zmq::message_t peer, frame;
  while (socket_.recv(peer, zmq::recv_flags::dontwait)) {
    ReceivedFrame received{peer.to_string()};
    const bool has_frame = peer.more() && socket_.recv(frame, zmq::recv_flags::dontwait);
    const bool has_more = has_frame && SkipParts(&socket_, frame.more());
    const std::optional<std::string> user = has_frame ? UserOf(&frame) : std::nullopt;
    if (!has_frame || has_more) Drop(received.peer);
    if (!user.has_value() || dropped_.contains(received.peer)) {
      ++refused_frames_;
      continue;
    }
    received.user = *user;
    received.frame = frame.to_string();
    return received;
  }
  return std::nullopt;
}

std::vector<ReceivedFrame> CoordinatorChannel::Poll(std::chrono::milliseconds timeout) {
  WaitFor(&socket_, &wake_, timeout);
  std::vector<ReceivedFrame> frames;
  while (frames.size() < kFramesPerPoll) {
    std::optional<ReceivedFrame> received = Receive();
    if (!received.has_value()) break;
    frames.push_back(*std::move(received));
  }
  return frames;
}

bool CoordinatorChannel::Send(const PeerId& peer, absl::string_view frame) {
  if (dropped_.contains(peer)) return false;
  try {
    const auto flags = zmq::send_flags::dontwait | zmq::send_flags::sndmore;
    if (!socket_.send(zmq::buffer(peer), flags)) return false;
    // ROUTER has taken the name only where there is room for the rest.
    return socket_.send(zmq::buffer(frame.data(), frame.size()), zmq::send_flags::dontwait)
        .has_value();
  } catch (const zmq::error_t&) {
    return false;  // EHOSTUNREACH: gone
  }
}

void CoordinatorChannel::Drop(const PeerId& peer) {
  // ROUTER has no way to close one connection. One that is forgotten here is dropped again when it
  // sends something wrong again.
  if (dropped_.size() >= kDroppedMax) dropped_.clear();
  dropped_.insert(peer);
}

std::vector<std::string> CoordinatorChannel::TakeNotices() {
  return zap_ == nullptr ? std::vector<std::string>() : zap_->TakeNotices();
}

std::vector<KeyChange> CoordinatorChannel::TakeKeyChanges() {
  return zap_ == nullptr ? std::vector<KeyChange>() : zap_->TakeKeyChanges();
}

absl::StatusOr<std::unique_ptr<WorkerChannel>> WorkerChannel::Connect(ChannelContext* context,
                                                                      const Options& options) {
  RETURN_IF_ERROR(CheckEndpoint(options.endpoint, "--coordinator"));
  RETURN_IF_ERROR(CheckSecurity(options.endpoint, options.keys.has_value(), options.insecure));
  RETURN_IF_ERROR(CheckHost(options.endpoint));
  try {
    zmq::socket_t socket(context->zmq(), zmq::socket_type::dealer);
    SetCommonOptions(kWorkerQueues, &socket);
    socket.set(zmq::sockopt::ipv6, true);
    // Nothing waits for a connection that is not there: what was lost is sent again (protocol.md).
    socket.set(zmq::sockopt::immediate, true);
    socket.set(zmq::sockopt::reconnect_ivl, static_cast<int>(kReconnectFirst.count()));
    socket.set(zmq::sockopt::reconnect_ivl_max, static_cast<int>(kReconnectMax.count()));
    if (options.keys.has_value()) {
      socket.set(zmq::sockopt::curve_serverkey, options.coordinator_key);
      socket.set(zmq::sockopt::curve_publickey, options.keys->public_key);
      socket.set(zmq::sockopt::curve_secretkey, options.keys->secret_key);
    }
    // Few events, and room for any number of them: a monitor that is full stops the I/O thread.
    const std::string events =
        absl::StrCat("inproc://events-", reinterpret_cast<uintptr_t>(socket.handle()));
    zmq_socket_monitor(socket.handle(), events.c_str(),
                       ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                           ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                           ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_DISCONNECTED);
    zmq::socket_t monitor(context->zmq(), zmq::socket_type::pair);
    monitor.set(zmq::sockopt::rcvhwm, 0);
    monitor.set(zmq::sockopt::linger, 0);
    monitor.connect(events);
    socket.connect(options.endpoint);
    return std::unique_ptr<WorkerChannel>(
        new WorkerChannel(options.endpoint, std::move(socket), std::move(monitor)));
  } catch (const zmq::error_t& error) {
    return Failed(options.endpoint, error);
  }
}

void WorkerChannel::ReadMonitor() {
  zmq::message_t event, address;
  while (monitor_.recv(event, zmq::recv_flags::dontwait)) {
    if (event.more() && !monitor_.recv(address)) break;
    uint16_t number = 0;
    if (event.size() < sizeof(number)) continue;
    std::memcpy(&number, event.data(), sizeof(number));
    switch (number) {
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        ++connections_;
        trouble_.clear();
        break;
      case ZMQ_EVENT_DISCONNECTED:
        // Comes after a refusal as well, which says more.
        if (trouble_.empty()) {
          trouble_ = absl::StrCat(endpoint_, ": the connection broke; trying again");
        }
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        trouble_ =
            absl::StrCat(endpoint_, ": the coordinator refuses this key; add it to its allow list");
        retry_at_ = std::chrono::steady_clock::now() + kReconnectMax;
        break;
      default:
        trouble_ = absl::StrCat(
            endpoint_,
            ": no handshake; check that both sides use keys, and that the coordinator's "
            "public key is right");
        retry_at_ = std::chrono::steady_clock::now() + kReconnectMax;
    }
  }
}

void WorkerChannel::RetryWhenDue() {
  if (!retry_at_.has_value() || std::chrono::steady_clock::now() < *retry_at_) return;
  retry_at_.reset();
  // libzmq gives up an endpoint that refused the handshake, but not the list of the allowed.
  try {
    socket_.disconnect(endpoint_);
  } catch (const zmq::error_t&) {
    // It has forgotten the endpoint already.
  }
  try {
    socket_.connect(endpoint_);
  } catch (const zmq::error_t& error) {
    trouble_ = absl::StrCat(endpoint_, ": ", error.what());
    retry_at_ = std::chrono::steady_clock::now() + kReconnectMax;
  }
}

std::vector<std::string> WorkerChannel::Poll(std::chrono::milliseconds timeout) {
  WaitFor(&socket_, &wake_, timeout);
  ReadMonitor();
  RetryWhenDue();
  std::vector<std::string> frames;
  zmq::message_t frame;
  while (frames.size() < kFramesPerPoll && socket_.recv(frame, zmq::recv_flags::dontwait)) {
    if (!SkipParts(&socket_, frame.more())) frames.push_back(frame.to_string());
  }
  return frames;
}

bool WorkerChannel::Send(absl::string_view frame) {
  try {
    return socket_.send(zmq::buffer(frame.data(), frame.size()), zmq::send_flags::dontwait)
        .has_value();
  } catch (const zmq::error_t&) {
    return false;
  }
}

}  // namespace nash
