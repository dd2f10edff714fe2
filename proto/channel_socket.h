// What both ends of a channel do with their sockets. Private to channel.h.
#ifndef NASHVILLE_PROTO_CHANNEL_SOCKET_H_
#define NASHVILLE_PROTO_CHANNEL_SOCKET_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/channel_context.h"

namespace nash {

inline constexpr int kFramesPerPoll = 64;

// Sets and clears from any thread; can be waited for together with sockets.
class WakeSignal {
 public:
  WakeSignal();
  ~WakeSignal();
  WakeSignal(const WakeSignal&) = delete;
  WakeSignal& operator=(const WakeSignal&) = delete;

  void Set();
  void Clear();
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;  // an eventfd
};

// A connection without a sign of the other side is given up: by a worker so long after it has asked
// for one, every kHeartbeatInterval; by the coordinator see connection_guard.h.
inline constexpr std::chrono::milliseconds kHeartbeatInterval(1000);
inline constexpr std::chrono::milliseconds kHeartbeatTimeout(5000);
// Of an attempt to connect, and of a handshake.
inline constexpr std::chrono::milliseconds kHandshakeTimeout(5000);

// Limits and time limits: the same for both ends. Neither has libzmq's heartbeats, nor a limit to
// what comes in (router_socket.h says why).
void SetCommonOptions(int send_frames, zmq::socket_t* socket);

// For threads that must not be interrupted: signals are for those that look at what they say.
void BlockSignals();

// Without waiting, and whatever signals come. False where there is nothing, or no room. Throw
// zmq::error_t.
bool ReceivePart(zmq::socket_t* socket, zmq::message_t* part);
bool SendPart(zmq::socket_t* socket, absl::string_view part, bool has_more);

// Reads the rest of a message that has too many parts. Returns whether there was any.
bool SkipParts(zmq::socket_t* socket, bool more);

// Tells what happens to the connections of a socket, which outlives it and has none yet. Whoever
// has one reads it often.
class SocketMonitor {
 public:
  struct Event {
    int number = 0;  // ZMQ_EVENT_*
    uint32_t value = 0;
  };
  // events: of which kinds. Throws zmq::error_t.
  SocketMonitor(ChannelContext* context, zmq::socket_t* socket, int events);
  ~SocketMonitor();
  SocketMonitor(const SocketMonitor&) = delete;
  SocketMonitor& operator=(const SocketMonitor&) = delete;

  std::optional<Event> Next();
  // Readable when something has happened since Next() gave nothing.
  int descriptor() const { return told_.get(zmq::sockopt::fd); }

 private:
  zmq::socket_t* const socket_;
  zmq::socket_t told_;
};

// What has come over a connection, and how much of what was sent has arrived, since it began; none
// where it is not of TCP, or not there.
struct TcpBytes {
  uint64_t received = 0;
  uint64_t acknowledged = 0;
  friend bool operator==(const TcpBytes&, const TcpBytes&) = default;
};
std::optional<TcpBytes> TcpBytesOf(int descriptor);

// Whether an endpoint can be reached from this machine only.
bool IsLocal(absl::string_view endpoint);
// Error: InvalidArgument where it is not tcp://HOST:PORT, ipc://PATH or inproc://NAME. flag: its
// name in messages.
absl::Status CheckEndpoint(absl::string_view endpoint, absl::string_view flag);
// Error: InvalidArgument where keys are needed and not there.
absl::Status CheckSecurity(absl::string_view endpoint, bool has_keys, bool insecure);

}  // namespace nash

#endif  // NASHVILLE_PROTO_CHANNEL_SOCKET_H_
