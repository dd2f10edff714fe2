// What the channels of a process share: libzmq's context and its I/O threads. Thread-safe.
#ifndef NASHVILLE_PROTO_CHANNEL_CONTEXT_H_
#define NASHVILLE_PROTO_CHANNEL_CONTEXT_H_

#include <zmq.hpp>

#include "absl/status/status.h"

namespace nash {

// Outlives its channels. Not carried across fork().
class ChannelContext {
 public:
  // To be asked first: libzmq ends the process when its first socket finds no descriptor or no
  // memory for its threads. Error: ResourceExhausted.
  static absl::Status CheckLimits();

  explicit ChannelContext(int io_threads = 1) : context_(io_threads) {}
  zmq::context_t& zmq() { return context_; }

 private:
  zmq::context_t context_;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_CHANNEL_CONTEXT_H_
