// Frames that have come and wait to be looked at, by connection, in turns.
//
// What does not fit is left out, as if it had been lost on the way: everything is sent again
// (docs/protocol.md). So nobody can fill our memory, and nobody has to be made to wait by not
// reading from his connection, which libzmq does not bear (router_socket.h). Thread-compatible.
#ifndef NASHVILLE_PROTO_PEER_QUEUES_H_
#define NASHVILLE_PROTO_PEER_QUEUES_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "proto/message_limits.h"

namespace nash {

// As it came: nothing of it was checked.
struct RawFrame {
  std::string peer;                // the connection, as ROUTER names it
  std::optional<std::string> key;  // that it was authenticated by
  bool is_local = false;           // from a thread of this process
  std::string frame;
};

class PeerQueues {
 public:
  // Of one connection. A worker has a window of 8 parts under way, and what it repeats.
  static constexpr size_t kFramesMax = 256;
  static constexpr size_t kBytesMax = 24 * kFrameBytesMax;
  // Of all.
  static constexpr size_t kTotalBytesMax = size_t{1} << 30;

  // False where it was left out.
  bool Add(RawFrame frame) {
    Queue& queue = queues_[frame.peer];
    const size_t bytes = frame.frame.size();
    if (queue.frames.size() >= kFramesMax || queue.bytes + bytes > kBytesMax ||
        bytes_ + bytes > kTotalBytesMax) {
      if (queue.frames.empty()) queues_.erase(frame.peer);
      return false;
    }
    if (queue.frames.empty()) turns_.push_back(frame.peer);
    queue.bytes += bytes;
    bytes_ += bytes;
    queue.frames.push_back(std::move(frame));
    return true;
  }

  // The oldest of the connection whose turn it is.
  std::optional<RawFrame> Take() {
    if (turns_.empty()) return std::nullopt;
    const auto found = queues_.find(turns_.front());
    Queue& queue = found->second;
    RawFrame frame = std::move(queue.frames.front());
    queue.frames.pop_front();
    queue.bytes -= frame.frame.size();
    bytes_ -= frame.frame.size();
    turns_.pop_front();
    if (queue.frames.empty()) {
      queues_.erase(found);
    } else {
      turns_.push_back(frame.peer);
    }
    return frame;
  }

  bool empty() const { return turns_.empty(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Queue {
    std::deque<RawFrame> frames;
    size_t bytes = 0;
  };
  std::unordered_map<std::string, Queue> queues_;  // those that are not empty
  std::deque<std::string> turns_;                  // each of them once
  size_t bytes_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_PEER_QUEUES_H_
