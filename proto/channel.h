// Frames between a coordinator and its workers, by ZeroMQ: ROUTER here, DEALER there.
//
// One socket for all: what is in flight is bounded by credits (docs/protocol.md), so a lease never
// waits behind more than a few parts, and messages of one peer keep their order. Frames may still
// be lost, with a connection or where too many wait. Sending never blocks. That a peer is gone is
// seen when something is sent to it, or not at all: leases decide, not sockets.
//
// An empty frame is a heartbeat: a worker sends one every second, the coordinator's end answers
// each by itself. Neither is shown to whoever uses a channel.
//
// tcp:// beyond loopback takes keys, unless `insecure`. With keys everybody but threads of the same
// process (inproc://) must have one.
//
// A worker that passes rounds on to others has both ends: they are workers of its own.
//
// Thread-compatible: one thread for each channel; Wake() alone may be called by any.
#ifndef NASHVILLE_PROTO_CHANNEL_H_
#define NASHVILLE_PROTO_CHANNEL_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/channel_context.h"
#include "proto/channel_socket.h"
#include "proto/host_addresses.h"
#include "proto/keys.h"
#include "proto/router_socket.h"
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
    // tcp://ADDRESS:PORT (* for any; by name: at each of its addresses), ipc://PATH, inproc://NAME
    std::vector<std::string> endpoints;
    std::optional<KeyPair> keys;      // the coordinator's
    std::string allow_list_path;      // with keys: who may connect
    bool is_allow_list_told = false;  // with keys: Allow() says it, in place of a file
    bool insecure = false;            // no keys, whatever the endpoints
    std::string flag = "--listen";    // where endpoints come from, for messages
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
  bool Send(const PeerId& peer, absl::string_view frame) { return socket_->Send(peer, frame); }
  // Nothing more comes from this connection, and nothing goes to it; it ends.
  void Drop(const PeerId& peer) { socket_->Drop(peer); }
  void Wake() { socket_->Wake(); }

  // Frames thrown away: of dropped peers and revoked keys, or not of one part.
  uint64_t refused_frames() const { return refused_frames_ + socket_->refused_frames(); }
  // Lines for a log.
  std::vector<std::string> TakeNotices();
  // With is_allow_list_told: who may connect from now on; any thread may call. Does nothing without
  // keys.
  void Allow(const AllowList& list) {
    if (zap_ != nullptr) zap_->Allow(list);
  }
  // Users whose keys came out of the allow list or into it. Nothing comes from a revoked key; that
  // nothing goes to it but the news is up to the caller.
  std::vector<KeyChange> TakeKeyChanges();

 private:
  CoordinatorChannel(std::unique_ptr<ZapHandler> zap, std::unique_ptr<RouterSocket> socket)
      : zap_(std::move(zap)), socket_(std::move(socket)) {}
  absl::Status Bind(const std::string& endpoint);
  // The user of a frame; none where its key is revoked.
  std::optional<std::string> UserOf(const RawFrame& frame) const;

  std::unique_ptr<ZapHandler> zap_;  // before the socket, and after it
  std::unique_ptr<RouterSocket> socket_;
  std::vector<std::string> endpoints_;
  uint64_t refused_frames_ = 0;
};

class WorkerChannel {
 public:
  struct Options {
    std::string endpoint;  // tcp://HOST:PORT, ipc://PATH, inproc://NAME
    std::optional<KeyPair> keys;
    std::string coordinator_key;  // with keys: the coordinator's public one
    bool insecure = false;
    // Before the next try where the other side did not let us in.
    std::chrono::milliseconds refused_pause = std::chrono::seconds(2);
  };
  // Connects in the background, again and again: each time the name is looked up anew, and all of
  // its addresses are tried in turn. Errors: InvalidArgument; NotFound for an unknown host.
  static absl::StatusOr<std::unique_ptr<WorkerChannel>> Connect(ChannelContext* context,
                                                                const Options& options);

  std::vector<std::string> Poll(std::chrono::milliseconds timeout);
  // False where there is no connection or too much waits already.
  bool Send(absl::string_view frame);
  void Wake() { wake_.Set(); }

  // There is a connection over tcp:// or ipc://.
  bool is_up() const { return connection_ != nullptr && connection_->is_up; }
  // Connections so far over tcp:// and ipc://. What was sent before the last may be lost.
  uint64_t connections() const { return connections_; }
  // What is wrong with the connection, with a remedy; empty while nothing is known to be, and for
  // the first seconds of trying.
  const std::string& trouble() const { return trouble_; }

 private:
  using Clock = std::chrono::steady_clock;
  // One attempt to connect to one address, and the connection that comes of it.
  struct Connection {
    std::string address;
    zmq::socket_t socket;
    std::unique_ptr<SocketMonitor> monitor;  // none for inproc; goes before the socket
    Clock::time_point began;
    bool is_up = false;
    int descriptor = -1;
    Clock::time_point asked;  // the last heartbeat
    Clock::time_point heard;  // something has come
    Clock::time_point alive;  // something has come, or has arrived there
    TcpBytes bytes;
  };

  WorkerChannel(ChannelContext* context, const Options& options)
      : context_(context), options_(options) {}
  std::unique_ptr<Connection> Begin(const std::string& address) const;
  void Proceed(Clock::time_point now);
  void ReadMonitor(Clock::time_point now);
  void OnEvent(const SocketMonitor::Event& event, Clock::time_point now);
  void LookForLife(Clock::time_point now);
  void TryNext(Clock::time_point now);
  void TellOfTries(Clock::time_point now);
  void ReadFrames(Clock::time_point now);
  void End(const std::string& why, bool is_refused, Clock::time_point now);
  bool Wait(std::chrono::milliseconds timeout);

  ChannelContext* const context_;
  const Options options_;
  WakeSignal wake_;
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> addresses_;      // of the name, those not tried yet at the end
  size_t tried_ = 0;                        // of these
  std::optional<AddressLookup> lookup_;     // under way
  Clock::time_point retry_at_;              // not before then
  std::chrono::milliseconds pause_{0};      // after all addresses were tried in vain
  Clock::time_point alone_since_;           // without a connection
  std::map<std::string, std::string> why_;  // the last failure, by address
  bool is_refused_ = false;                 // our key, or our way to speak
  std::deque<std::string> frames_;          // that have come
  uint64_t connections_ = 0;
  std::string trouble_;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_CHANNEL_H_
