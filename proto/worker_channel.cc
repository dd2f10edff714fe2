// Reconnecting is done here, not by ZeroMQ: a name may have several addresses, and the one that
// answered yesterday may be gone. Begin() makes a socket for one address; when its monitor tells
// that it has failed, or no handshake follows, the next address is tried, after a pause that grows
// from kReconnectFirst to kReconnectMax.
//
// A connection that is up may be dead all the same: heartbeats find one whose machine is gone, and
// kWordlessMax one that takes what we send and never answers. Only troubles that last are told
// (kTryQuietly). tests/proto/broken_connections_test.cc has connections that break.
#include <poll.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "proto/channel.h"

namespace nash {
namespace {

constexpr int kSendFrames = 64;
constexpr std::chrono::milliseconds kReconnectFirst(100);
constexpr std::chrono::milliseconds kReconnectMax(2000);
// How long nothing is said of attempts that fail.
constexpr std::chrono::milliseconds kTryQuietly(5000);
// Without a word, although what we send arrives: something between us may take it in for a dead
// one.
constexpr std::chrono::seconds kWordlessMax(120);
// Between looks at what has become of the connection.
constexpr std::chrono::milliseconds kLook(50);

constexpr int kEvents = ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED |
                        ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                        ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;

bool IsWithinProcess(const std::string& endpoint) {
  return absl::StartsWith(endpoint, "inproc://");
}

}  // namespace

absl::StatusOr<std::unique_ptr<WorkerChannel>> WorkerChannel::Connect(ChannelContext* context,
                                                                      const Options& options) {
  RETURN_IF_ERROR(CheckEndpoint(options.endpoint, "--coordinator"));
  RETURN_IF_ERROR(CheckSecurity(options.endpoint, options.keys.has_value(), options.insecure));
  std::unique_ptr<WorkerChannel> channel(new WorkerChannel(context, options));
  ASSIGN_OR_RETURN(channel->addresses_, AddressesOf(options.endpoint));
  const Clock::time_point now = Clock::now();
  channel->alone_since_ = now;
  try {
    channel->connection_ = channel->Begin(channel->addresses_[channel->tried_++]);
  } catch (const zmq::error_t& error) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.endpoint, ": ", error.what(), "; check the endpoint"));
  }
  return channel;
}

std::unique_ptr<WorkerChannel::Connection> WorkerChannel::Begin(const std::string& address) const {
  auto connection = std::make_unique<Connection>();
  connection->address = address;
  connection->began = Clock::now();
  zmq::socket_t& socket = connection->socket =
      zmq::socket_t(context_->zmq(), zmq::socket_type::dealer);
  SetCommonOptions(kSendFrames, &socket);
  socket.set(zmq::sockopt::ipv6, absl::StrContains(address, '['));
  // Nothing waits for a connection that is not there: what was lost is sent again (protocol.md).
  socket.set(zmq::sockopt::immediate, true);
  socket.set(zmq::sockopt::reconnect_ivl, -1);  // that is up to us: the address may be another
  if (options_.keys.has_value()) {
    socket.set(zmq::sockopt::curve_serverkey, options_.coordinator_key);
    socket.set(zmq::sockopt::curve_publickey, options_.keys->public_key);
    socket.set(zmq::sockopt::curve_secretkey, options_.keys->secret_key);
  }
  if (!IsWithinProcess(address)) {
    connection->monitor = std::make_unique<SocketMonitor>(context_, &socket, kEvents);
  }
  socket.connect(address);
  return connection;
}

void WorkerChannel::OnEvent(const SocketMonitor::Event& event, Clock::time_point now) {
  switch (event.number) {
    case ZMQ_EVENT_CONNECTED:
      connection_->descriptor = static_cast<int>(event.value);
      return;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      ++connections_;
      connection_->is_up = true;
      connection_->heard = connection_->alive = connection_->asked = now;
      trouble_.clear();
      is_refused_ = false;
      why_.clear();
      pause_ = std::chrono::milliseconds(0);
      // Whoever says nothing is not let stay (connection_guard.h).
      Send("");
      return;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return End("the coordinator refuses this key; add it to its allow list", true, now);
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      if (now - connection_->began > kHandshakeTimeout / 2)
        return End("does not answer", false, now);
      return End(
          "no handshake; check that both sides use keys, and that the coordinator's public key is "
          "right",
          true, now);
    case ZMQ_EVENT_DISCONNECTED:
      ReadFrames(now);
      return End(connection_->is_up ? "the connection broke" : "it ended the connection", false,
                 now);
    case ZMQ_EVENT_CLOSED:
      return End(now - connection_->began > kHandshakeTimeout / 2
                     ? "does not answer"
                     : "cannot be reached, or nothing listens there",
                 false, now);
    default:
      return;
  }
}

void WorkerChannel::ReadMonitor(Clock::time_point now) {
  while (connection_ != nullptr) {
    const std::optional<SocketMonitor::Event> event = connection_->monitor->Next();
    if (!event.has_value()) return;
    OnEvent(*event, now);
  }
}

// Heartbeats, and what becomes of them. On a narrow link a large frame takes its time, and what is
// said waits behind others: bytes that come, and ours that arrive, are signs of life.
void WorkerChannel::LookForLife(Clock::time_point now) {
  Connection& connection = *connection_;
  const std::optional<TcpBytes> bytes = TcpBytesOf(connection.descriptor);
  if (bytes.has_value()) {
    if (bytes->received > connection.bytes.received) connection.heard = now;
    if (*bytes != connection.bytes) connection.alive = now;
    connection.bytes = *bytes;
  }
  if (now - connection.asked >= kHeartbeatInterval) {
    // Time in which nobody has polled is not held against the other side.
    if (now - connection.asked >= 2 * kHeartbeatInterval) {
      connection.heard = connection.alive = now;
    }
    connection.asked = now;
    Send("");
  }
  const bool is_wordless = now - connection.heard >= kHeartbeatTimeout;
  if (is_wordless) {
    trouble_ = absl::StrCat(options_.endpoint, ": the coordinator does not answer; waiting for it");
  } else {
    trouble_.clear();
  }
  // Of ipc the kernel tells when the other process ends.
  if (!bytes.has_value() || !is_wordless) return;
  if (now - connection.alive >= kHeartbeatTimeout || now - connection.heard >= kWordlessMax) {
    End("the connection broke", false, now);
  }
}

void WorkerChannel::End(const std::string& why, bool is_refused, Clock::time_point now) {
  const bool was_up = connection_->is_up;
  why_[connection_->address] = why;
  is_refused_ = is_refused;
  connection_.reset();
  if (was_up) {
    // From the beginning: the name may have moved.
    trouble_ = absl::StrCat(options_.endpoint, ": the connection broke; trying again");
    alone_since_ = now;
    addresses_.clear();
    tried_ = 0;
    retry_at_ = now + kReconnectFirst;
    return;
  }
  if (is_refused) trouble_ = absl::StrCat(options_.endpoint, ": ", why);
  if (tried_ < addresses_.size()) return;
  pause_ =
      is_refused ? options_.refused_pause : std::clamp(2 * pause_, kReconnectFirst, kReconnectMax);
  retry_at_ = now + pause_;
}

void WorkerChannel::TryNext(Clock::time_point now) {
  if (now < retry_at_) return;
  if (tried_ >= addresses_.size()) {
    if (!lookup_.has_value()) lookup_.emplace(options_.endpoint);
    const auto found = lookup_->Result();
    if (!found.has_value()) return;
    lookup_.reset();
    // Where the name cannot be looked up, the addresses that it had are as good as any.
    if (found->ok()) {
      if (addresses_ != **found) why_.clear();
      addresses_ = **found;
    } else {
      why_[""] = std::string(found->status().message());
      retry_at_ = now + kReconnectMax;
    }
    tried_ = 0;
    if (addresses_.empty()) return;
  }
  const std::string address = addresses_[tried_++];
  try {
    connection_ = Begin(address);
  } catch (const zmq::error_t& error) {
    why_[address] = error.what();
    retry_at_ = now + kReconnectMax;
  }
}

void WorkerChannel::TellOfTries(Clock::time_point now) {
  if (is_refused_ || now - alone_since_ < kTryQuietly || why_.empty()) return;
  std::vector<std::string> tries;
  for (const auto& [address, why] : why_) {
    if (address.empty()) {
      tries.push_back(why);
    } else {
      tries.push_back(absl::StrCat(absl::StripPrefix(address, "tcp://"), ": ", why));
    }
  }
  trouble_ = absl::StrCat(options_.endpoint, ": no connection (", absl::StrJoin(tries, "; "),
                          "); trying again");
}

void WorkerChannel::Proceed(Clock::time_point now) {
  if (IsWithinProcess(options_.endpoint)) return;
  ReadMonitor(now);
  if (connection_ != nullptr && connection_->is_up) return LookForLife(now);
  if (connection_ != nullptr && now - connection_->began > kHandshakeTimeout) {
    End("does not answer", false, now);
  }
  if (connection_ == nullptr) TryNext(now);
  TellOfTries(now);
}

void WorkerChannel::ReadFrames(Clock::time_point now) {
  zmq::message_t frame;
  while (ReceivePart(&connection_->socket, &frame)) {
    connection_->heard = connection_->alive = now;
    if (!SkipParts(&connection_->socket, frame.more()) && frame.size() > 0) {
      frames_.push_back(frame.to_string());
    }
  }
}

std::vector<std::string> WorkerChannel::Poll(std::chrono::milliseconds timeout) {
  const Clock::time_point end = Clock::now() + timeout;
  bool is_woken = false;
  while (true) {
    const Clock::time_point now = Clock::now();
    if (connection_ != nullptr) ReadFrames(now);
    Proceed(now);
    if (!frames_.empty() || now >= end || is_woken) break;
    is_woken = Wait(std::min(std::chrono::ceil<std::chrono::milliseconds>(end - now), kLook));
  }
  std::vector<std::string> frames;
  while (!frames_.empty() && frames.size() < kFramesPerPoll) {
    frames.push_back(std::move(frames_.front()));
    frames_.pop_front();
  }
  return frames;
}

// Returns whether Wake() was called.
bool WorkerChannel::Wait(std::chrono::milliseconds timeout) {
  zmq::pollitem_t items[] = {
      {nullptr, wake_.descriptor(), ZMQ_POLLIN, 0},
      {connection_ == nullptr ? nullptr : connection_->socket.handle(), 0, ZMQ_POLLIN, 0}};
  try {
    zmq::poll(items, connection_ == nullptr ? 1 : 2, timeout);
  } catch (const zmq::error_t& error) {
    if (error.num() != EINTR) throw;
    return true;  // a signal is a reason to look around
  }
  if ((items[0].revents & ZMQ_POLLIN) == 0) return false;
  wake_.Clear();
  return true;
}

bool WorkerChannel::Send(absl::string_view frame) {
  if (connection_ == nullptr) return false;
  try {
    return SendPart(&connection_->socket, frame, false);
  } catch (const zmq::error_t&) {
    return false;
  }
}

}  // namespace nash
