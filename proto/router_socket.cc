#include "proto/router_socket.h"

#include <poll.h>

#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

// Between two looks at whether somebody else wants the socket.
constexpr int kFramesPerTurn = 64;
constexpr std::chrono::milliseconds kTick(250);
constexpr size_t kDroppedMax = 1 << 16;

ConnectionGuard::Nanos Now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// A property of a message's connection; none for threads of this process.
std::optional<std::string> PropertyOf(zmq::message_t* message, const char* name) {
  const char* const value = zmq_msg_gets(message->handle(), name);
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

}  // namespace

RouterSocket::RouterSocket(ChannelContext* context, zmq::socket_t socket,
                           std::function<bool(const std::string& key)> is_shared,
                           const ConnectionGuard::Limits& limits)
    : is_shared_(std::move(is_shared)),
      socket_(std::move(socket)),
      guard_(limits, system_.get()),
      monitor_(context, &socket_, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) {}

RouterSocket::~RouterSocket() {
  stop_ = true;
  kick_.Set();
  if (thread_.joinable()) thread_.join();
}

std::string RouterSocket::Bind(const std::string& endpoint) {
  const MutexLock lock(&mutex_);
  // IPv4 addresses would be told in the form of IPv6.
  socket_.set(zmq::sockopt::ipv6, endpoint.find('[') != std::string::npos);
  socket_.bind(endpoint);
  return socket_.get(zmq::sockopt::last_endpoint);
}

int RouterSocket::Descriptor() {
  const MutexLock lock(&mutex_);
  return socket_.get(zmq::sockopt::fd);
}

void RouterSocket::Start() {
  thread_ = std::thread([this] { Run(); });
}

void RouterSocket::Run() {
  BlockSignals();
  pollfd items[] = {{Descriptor(), POLLIN, 0},
                    {monitor_.descriptor(), POLLIN, 0},
                    {kick_.descriptor(), POLLIN, 0}};
  // Descriptors of libzmq are raised when something new has come: whoever was told reads all.
  bool has_more = true;
  while (!stop_) {
    poll(items, 3, has_more ? 0 : static_cast<int>(kTick.count()));
    if ((items[2].revents & POLLIN) != 0) kick_.Clear();
    const MutexLock lock(&mutex_);
    const Nanos now = Now();
    ReadMonitor(now);
    has_more = Drain(now);
    if (now < next_tick_ || has_more) continue;
    guard_.OnTick(now);
    next_tick_ = now + kTick;
  }
}

void RouterSocket::ReadMonitor(Nanos now) {
  while (const std::optional<SocketMonitor::Event> event = monitor_.Next()) {
    const int descriptor = static_cast<int>(event->value);
    if (event->number == ZMQ_EVENT_ACCEPTED) guard_.OnAccepted(descriptor, now);
    if (event->number == ZMQ_EVENT_DISCONNECTED) guard_.OnClosed(descriptor);
  }
}

// Returns whether there may be more.
bool RouterSocket::Drain(Nanos now) {
  zmq::message_t peer, frame;
  for (int i = 0; i < kFramesPerTurn; ++i) {
    if (!ReceivePart(&socket_, &peer)) return false;
    // A descriptor may be another connection's by now: its beginning was told before its frames
    // came, but perhaps after we looked last.
    ReadMonitor(now);
    const bool has_frame = peer.more() && ReceivePart(&socket_, &frame);
    if (!has_frame || SkipParts(&socket_, frame.more())) {
      ++refused_frames_;
      DropNow(peer.to_string());
      continue;
    }
    TakeIn(&peer, &frame, now);
  }
  return true;
}

void RouterSocket::TakeIn(zmq::message_t* peer, zmq::message_t* frame, Nanos now) {
  RawFrame raw;
  raw.peer = peer->to_string();
  raw.key = PropertyOf(frame, "User-Id");
  raw.is_local = !PropertyOf(frame, "Peer-Address").has_value();
  const std::string key = raw.key.has_value() && !is_shared_(*raw.key) ? *raw.key : "";
  guard_.OnFrame(zmq_msg_get(frame->handle(), ZMQ_SRCFD), raw.peer, key, now);
  if (dropped_.contains(raw.peer)) {
    ++refused_frames_;
    return;
  }
  if (frame->size() == 0) {
    SendNow(raw.peer, "");
    return;
  }
  raw.frame = frame->to_string();
  const bool was_empty = queues_.empty();
  const std::string address = PropertyOf(frame, "Peer-Address").value_or("this process");
  if (!queues_.Add(std::move(raw))) {
    std::optional<std::string> notice = notice_limit_.Pass(
        "overflow", address,
        absl::StrCat("left out a message from ", address, ": too many wait to be looked at"), now);
    if (notice.has_value()) notices_.push_back(*std::move(notice));
  }
  if (was_empty) wake_.Set();
}

bool RouterSocket::SendNow(const std::string& peer, absl::string_view frame) {
  try {
    // ROUTER takes the name only where there is room for the rest.
    return SendPart(&socket_, peer, true) && SendPart(&socket_, frame, false);
  } catch (const zmq::error_t&) {
    return false;  // EHOSTUNREACH: gone
  }
}

bool RouterSocket::Send(const std::string& peer, absl::string_view frame) {
  const MutexLock lock(&mutex_);
  const bool is_sent = !dropped_.contains(peer) && SendNow(peer, frame);
  // Sending may have seen that something has come, and our thread would not be told again.
  if (Drain(Now())) kick_.Set();
  return is_sent;
}

void RouterSocket::Drop(const std::string& peer) {
  const MutexLock lock(&mutex_);
  DropNow(peer);
}

void RouterSocket::DropNow(const std::string& peer) {
  // The connection may end some time later. One that is forgotten here is dropped again when it
  // sends something wrong again.
  if (dropped_.size() >= kDroppedMax) dropped_.clear();
  dropped_.insert(peer);
  guard_.ShutDown(peer);
}

void RouterSocket::Wait(std::chrono::milliseconds timeout) {
  {
    const MutexLock lock(&mutex_);
    if (!queues_.empty()) return;
  }
  pollfd item = {wake_.descriptor(), POLLIN, 0};
  poll(&item, 1, static_cast<int>(timeout.count()));  // a signal is a reason to look around
  if ((item.revents & POLLIN) != 0) wake_.Clear();
}

std::optional<RawFrame> RouterSocket::Take() {
  const MutexLock lock(&mutex_);
  std::optional<RawFrame> frame = queues_.Take();
  while (frame.has_value() && dropped_.contains(frame->peer)) {
    ++refused_frames_;
    frame = queues_.Take();
  }
  return frame;
}

std::vector<std::string> RouterSocket::TakeNotices() {
  const MutexLock lock(&mutex_);
  const Nanos now = Now();
  std::vector<std::string> notices = std::exchange(notices_, {});
  for (std::string& line : guard_.TakeNotices(now)) notices.push_back(std::move(line));
  for (std::string& line : notice_limit_.TakeLeftOut(now)) notices.push_back(std::move(line));
  return notices;
}

}  // namespace nash
