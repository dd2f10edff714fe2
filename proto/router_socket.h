// The coordinator's ROUTER socket, with a thread that reads it without a pause.
//
// libzmq 4.3.4 ends the process (zeromq/libzmq#4364: "Assertion failed: !_io_error") when it has to
// send a heartbeat, or to answer one, over a connection that broke while its input was stopped. So
// this socket sends no heartbeats of libzmq's and has no high-water mark for what comes: input is
// never stopped. What comes is read at once and kept within limits of ours (peer_queues.h); what is
// too much is left out, as if it had been lost on the way. Heartbeats are empty frames: each is
// answered with one at once, however busy we are.
//
// One thread uses it; Wake() alone may be called by any.
#ifndef NASHVILLE_PROTO_ROUTER_SOCKET_H_
#define NASHVILLE_PROTO_ROUTER_SOCKET_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "absl/strings/string_view.h"
#include "proto/channel_context.h"
#include "proto/channel_socket.h"
#include "proto/connection_guard.h"
#include "proto/peer_queues.h"

namespace nash {

class RouterSocket {
 public:
  // socket: a ROUTER with all its options set, not yet bound. is_shared: whether many may use a
  // key; called by a thread of ours. Throws zmq::error_t.
  RouterSocket(ChannelContext* context, zmq::socket_t socket,
               std::function<bool(const std::string& key)> is_shared,
               const ConnectionGuard::Limits& limits);
  ~RouterSocket();
  RouterSocket(const RouterSocket&) = delete;
  RouterSocket& operator=(const RouterSocket&) = delete;

  // Returns what was bound, with the port. Before Start(). Throws zmq::error_t.
  std::string Bind(const std::string& endpoint);
  void Start();

  // Waits for a frame, Wake() or the timeout.
  void Wait(std::chrono::milliseconds timeout);
  std::optional<RawFrame> Take();
  // False where the peer is gone or has too much waiting for it.
  bool Send(const std::string& peer, absl::string_view frame);
  // Nothing more comes from it, and nothing goes to it; its connection ends, where it is known.
  void Drop(const std::string& peer);
  void Wake() { wake_.Set(); }

  // Frames thrown away: not of one part, or of peers that were dropped.
  uint64_t refused_frames() const { return refused_frames_; }
  std::vector<std::string> TakeNotices();

 private:
  using Nanos = ConnectionGuard::Nanos;
  void Run();
  void ReadMonitor(Nanos now);
  bool Drain(Nanos now);
  void TakeIn(zmq::message_t* peer, zmq::message_t* frame, Nanos now);
  void DropNow(const std::string& peer);
  bool SendNow(const std::string& peer, absl::string_view frame);

  const std::function<bool(const std::string& key)> is_shared_;
  const std::unique_ptr<ConnectionSystem> system_ = MakeConnectionSystem();
  WakeSignal wake_;  // of who waits for frames
  WakeSignal kick_;  // of our thread
  std::atomic<bool> stop_ = false;
  std::atomic<uint64_t> refused_frames_ = 0;

  std::mutex mutex_;
  // Guarded by mutex_.
  zmq::socket_t socket_;
  PeerQueues queues_;
  std::unordered_set<std::string> dropped_;
  ConnectionGuard guard_;
  NoticeLimit notice_limit_;
  std::vector<std::string> notices_;
  // The thread's own.
  SocketMonitor monitor_;
  Nanos next_tick_{0};
  std::thread thread_;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_ROUTER_SOCKET_H_
