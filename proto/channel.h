// Frames between a coordinator and its workers, by ZeroMQ: ROUTER here, DEALER there.
//
// One socket for all: what is in flight is bounded by credits (docs/protocol.md), so a lease never
// waits behind more than a few parts, and messages of one peer keep their order. Frames may still
// be lost with a connection. Sending never blocks. That a peer is gone is seen when something is
// sent to it, or not at all: leases decide, not sockets.
//
// tcp:// beyond loopback takes keys, unless `insecure`. With keys everybody but threads of the same
// process (inproc://) must have one.
//
// Thread-compatible: one thread for each channel; Wake() alone may be called by any.
#ifndef NASHVILLE_PROTO_CHANNEL_H_
#define NASHVILLE_PROTO_CHANNEL_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/channel_context.h"
#include "proto/channel_socket.h"
#include "proto/keys.h"
#include "proto/zap.h"

namespace nash {

// One connection of a peer, as ROUTER names it: never seen again after it. Opaque bytes.
using PeerId = std::string;

struct ReceivedFrame {
  PeerId peer;
  std::string user;   // the name of its key in the allow list; empty without keys
  std::string frame;  // not checked: Decode() does
};

class CoordinatorChannel {
 public:
  struct Options {
    std::vector<std::string>
        endpoints;                // tcp://ADDRESS:PORT (* for any), ipc://PATH, inproc://NAME
    std::optional<KeyPair> keys;  // the coordinator's
    std::string allow_list_path;  // with keys: who may connect
    bool insecure = false;        // no keys, whatever the endpoints
  };
  // Error: InvalidArgument for endpoints that make no sense or need keys. Listen() checks it too.
  static absl::Status Check(const Options& options);
  // Errors: as Check(); Unavailable for a port
  // or path in use; PermissionDenied; as ReadAllowList().
  static absl::StatusOr<std::unique_ptr<CoordinatorChannel>> Listen(ChannelContext* context,
                                                                    const Options& options);

  // What was bound, with ports: "tcp://0.0.0.0:5555".
  const std::vector<std::string>& endpoints() const { return endpoints_; }

  // Waits until there is something, Wake() is called, or `timeout` has passed. At most
  // kFramesPerPoll frames; the rest next time.
  std::vector<ReceivedFrame> Poll(std::chrono::milliseconds timeout);
  // False where the peer is gone, dropped, or has too much waiting for it.
  bool Send(const PeerId& peer, absl::string_view frame);
  // Nothing more comes from this connection, and nothing goes to it.
  void Drop(const PeerId& peer);
  void Wake() { wake_.Set(); }

  // Frames thrown away: of dropped peers and revoked keys, or not of one part.
  uint64_t refused_frames() const { return refused_frames_; }
  // Lines for a log.
  std::vector<std::string> TakeNotices();
  // Users whose keys came out of the allow list or into it. Nothing comes from a revoked key; that
  // nothing goes to it but the news is up to the caller.
  std::vector<KeyChange> TakeKeyChanges();

 private:
  CoordinatorChannel(std::unique_ptr<ZapHandler> zap, zmq::socket_t socket)
      : zap_(std::move(zap)), socket_(std::move(socket)) {}
  std::optional<ReceivedFrame> Receive();
  // The user of a message; none where its key is revoked.
  std::optional<std::string> UserOf(zmq::message_t* message) const;

  std::unique_ptr<ZapHandler> zap_;  // before the socket, and after it
  WakeSignal wake_;
  zmq::socket_t socket_;
  std::vector<std::string> endpoints_;
  std::unordered_set<PeerId> dropped_;
  uint64_t refused_frames_ = 0;
};

class WorkerChannel {
 public:
  struct Options {
    std::string endpoint;  // tcp://HOST:PORT, ipc://PATH, inproc://NAME
    std::optional<KeyPair> keys;
    std::string coordinator_key;  // with keys: the coordinator's public one
    bool insecure = false;
  };
  // Connects in the background, again and again. Errors: InvalidArgument; NotFound for an unknown
  // host.
  static absl::StatusOr<std::unique_ptr<WorkerChannel>> Connect(ChannelContext* context,
                                                                const Options& options);

  std::vector<std::string> Poll(std::chrono::milliseconds timeout);
  // False where there is no connection or too much waits already.
  bool Send(absl::string_view frame);
  void Wake() { wake_.Set(); }

  // Connections so far over tcp:// and ipc://. What was sent before the last may be lost.
  uint64_t connections() const { return connections_; }
  // What is wrong with the connection, with a remedy; empty while nothing is known to be.
  const std::string& trouble() const { return trouble_; }

 private:
  WorkerChannel(std::string endpoint, zmq::socket_t socket, zmq::socket_t monitor)
      : endpoint_(std::move(endpoint)), socket_(std::move(socket)), monitor_(std::move(monitor)) {}
  void ReadMonitor();
  void RetryWhenDue();

  const std::string endpoint_;
  WakeSignal wake_;
  zmq::socket_t socket_;
  zmq::socket_t monitor_;
  uint64_t connections_ = 0;
  std::string trouble_;
  std::optional<std::chrono::steady_clock::time_point> retry_at_;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_CHANNEL_H_
