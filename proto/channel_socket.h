// What both ends of a channel do with their sockets. Private to channel.h.
#ifndef NASHVILLE_PROTO_CHANNEL_SOCKET_H_
#define NASHVILLE_PROTO_CHANNEL_SOCKET_H_

#include <chrono>
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

// Waits for a frame, the signal (which is cleared) or the timeout.
void WaitFor(zmq::socket_t* socket, WakeSignal* wake, std::chrono::milliseconds timeout);

struct QueueLimits {
  int send_frames;
  int receive_frames;
};
// Heartbeats, limits, time limits: the same for both ends.
void SetCommonOptions(const QueueLimits& limits, zmq::socket_t* socket);

// Whether an endpoint can be reached from this machine only.
bool IsLocal(absl::string_view endpoint);
// Error: InvalidArgument where it is not tcp://HOST:PORT, ipc://PATH or inproc://NAME. flag: its
// name in messages.
absl::Status CheckEndpoint(absl::string_view endpoint, absl::string_view flag);
// Error: InvalidArgument where keys are needed and not there.
absl::Status CheckSecurity(absl::string_view endpoint, bool has_keys, bool insecure);
// Error: NotFound where the host of a tcp endpoint has no address, Unavailable where that cannot be
// known now.
absl::Status CheckHost(const std::string& endpoint);

}  // namespace nash

#endif  // NASHVILLE_PROTO_CHANNEL_SOCKET_H_
