// Who may stay connected, so that strangers, and members that are broken or hostile, use up neither
// descriptors nor memory.
//
// libzmq accepts every connection and has no way to close one of a ROUTER. But it tells which
// descriptor a connection has, when it begins (a monitor's events) and with each frame
// (ZMQ_SRCFD), and a socket that is shut down under its feet is a connection that broke.
//
// A connection is silent until its first frame: members speak at once (channel.h). What cannot be
// done: to refuse a connection before it is accepted; to see which key a connection has before its
// first frame. Thread-compatible.
#ifndef NASHVILLE_PROTO_CONNECTION_GUARD_H_
#define NASHVILLE_PROTO_CONNECTION_GUARD_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/notice_limit.h"

namespace nash {

// What the guard asks of the system. Descriptors may have been closed meanwhile.
class ConnectionSystem {
 public:
  virtual ~ConnectionSystem() = default;
  // Who is at the other end, for people and to count by; "this machine" for ipc.
  virtual std::string AddressOf(int descriptor) = 0;
  // All bytes that have come so far; none where that is not known (ipc).
  virtual std::optional<uint64_t> BytesReceived(int descriptor) = 0;
  virtual void ShutDown(int descriptor) = 0;
};

std::unique_ptr<ConnectionSystem> MakeConnectionSystem();

class ConnectionGuard {
 public:
  using Nanos = std::chrono::nanoseconds;  // of a monotonic clock

  struct Limits {
    size_t connections_max = 1024;  // all
    size_t silent_max = 256;
    size_t silent_of_address_max = 64;
    size_t of_key_max = 4;  // of a key that one worker has; those of a shared key are not counted
    Nanos silent_time_max = std::chrono::seconds(8);
    Nanos idle_time_max = std::chrono::seconds(60);  // after the last sign of life
    // Received since the last frame that was complete: a message of endlessly many parts, or from
    // a connection that libzmq does not read from.
    uint64_t unseen_bytes_max = 64 << 20;
  };

  // system: not owned, outlives us.
  ConnectionGuard(const Limits& limits, ConnectionSystem* system)
      : limits_(limits), system_(system) {}

  void OnAccepted(int descriptor, Nanos now);
  void OnClosed(int descriptor);
  // A frame has come. key: empty where there is none, or where many share it.
  void OnFrame(int descriptor, const std::string& peer, const std::string& key, Nanos now);
  // Several times a second. A time in which we stood still ourselves is not held against others.
  void OnTick(Nanos now);
  // Ends a connection by the name that ROUTER has for it; what is not known is not ended.
  void ShutDown(const std::string& peer);

  size_t connections() const { return connections_.size(); }
  std::vector<std::string> TakeNotices(Nanos now);

 private:
  using Ordered = std::set<std::pair<uint64_t, int>>;  // by age: (order, descriptor)
  struct Connection {
    uint64_t order = 0;
    std::string address;
    std::string peer;  // empty: silent
    std::string key;
    Nanos alive{0};  // awake_ at its beginning, or its last sign of life
    bool has_spoken_since_tick = false;
    uint64_t bytes = 0;           // received, at the last tick
    uint64_t bytes_at_frame = 0;  // the same, at the last tick that saw a frame
  };
  using Connections = std::unordered_map<int, Connection>;

  void End(Connections::iterator it, const std::string& why, Nanos now);
  // Takes it out of the lists by name; what it is listed under is about to change.
  void Forget(int descriptor, const Connection& connection);
  void Remove(Connections::iterator it);
  void EndOldest(const Ordered& connections, const std::string& why, Nanos now);
  const Ordered* MostSilent() const;
  std::string WhyEnded(Connection* connection, int descriptor) const;

  const Limits limits_;
  ConnectionSystem* const system_;
  Connections connections_;
  std::map<std::string, Ordered> silent_;  // by address
  size_t num_silent_ = 0;
  std::map<std::string, Ordered> of_key_;
  std::unordered_map<std::string, int> of_peer_;
  uint64_t next_order_ = 0;
  std::optional<Nanos> last_tick_;
  Nanos awake_{0};  // time that has passed in ticks of a second at most
  NoticeLimit notice_limit_;
  std::vector<std::string> notices_;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_CONNECTION_GUARD_H_
