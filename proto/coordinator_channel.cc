#include <net/if.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/process_limits.h"
#include "common/status_macros.h"
#include "proto/channel.h"
#include "proto/identity.h"

namespace nash {
namespace {

// To one peer, in frames of at most kFrameBytesMax: what may wait for somebody slow. Whoever sends
// counts bytes: docs/protocol.md, "Transport".
constexpr int kSendFrames = 256;
constexpr int kBacklog = 1024;
// Kept back from connections, for the files of rounds, checkpoints and buckets.
constexpr size_t kDescriptorsKept = 128;
// ZMQ_ZAP_ENFORCE_DOMAIN: without a handler that knows the domain nobody is let in. The header
// hides its name unless drafts are on; the library knows it.
constexpr int kZapEnforceDomain = 93;

absl::Status Failed(absl::string_view endpoint, const zmq::error_t& error) {
  switch (error.num()) {
    case EADDRINUSE:
      return absl::UnavailableError(absl::StrCat(
          endpoint, ": is in use; stop the program that listens there, or choose another port"));
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(
          absl::StrCat(endpoint, ": may not be used; choose a port above 1023 or another path"));
    case EADDRNOTAVAIL:
    case ENODEV:
      return absl::InvalidArgumentError(absl::StrCat(
          endpoint, ": this machine has no such address; tcp://0.0.0.0:PORT listens on all"));
    case ENAMETOOLONG:
      return absl::InvalidArgumentError(
          absl::StrCat(endpoint, ": choose a shorter path, of at most 107 characters"));
    case EMFILE:
    case ENFILE:
      return absl::ResourceExhaustedError(
          absl::StrCat(endpoint, ": raise the limit on open files (ulimit -n)"));
    default:
      return absl::InvalidArgumentError(
          absl::StrCat(endpoint, ": ", error.what(), "; check the endpoint"));
  }
}

absl::Status RequireZap(zmq::socket_t* socket) {
  const int on = 1;
  socket->set(zmq::sockopt::zap_domain, kZapDomain);
  if (zmq_setsockopt(socket->handle(), kZapEnforceDomain, &on, sizeof(on)) != 0) {
    return absl::InternalError(
        "this libzmq cannot be told to let nobody in without authentication; use 4.3 or later");
  }
  return absl::OkStatus();
}

// As many connections as there are descriptors for. libzmq accepts quicker than a connection can be
// ended again: so those that say nothing may have a fourth of them.
ConnectionGuard::Limits ConnectionLimits() {
  const size_t free = FreeDescriptors();
  ConnectionGuard::Limits limits;
  limits.connections_max = free > 2 * kDescriptorsKept ? free - kDescriptorsKept : free / 2;
  limits.silent_max = std::min<size_t>(512, std::max<size_t>(4, limits.connections_max / 4));
  limits.silent_of_address_max = std::max<size_t>(4, limits.silent_max / 2);
  return limits;
}

// The endpoints to bind for one: where it has a name, one for each of its addresses.
absl::StatusOr<std::vector<std::string>> PlacesOf(const std::string& endpoint) {
  std::string port;
  const std::string host = HostOf(endpoint, &port);
  // libzmq knows the names of network interfaces.
  if (host.empty() || host == "*" || if_nametoindex(host.c_str()) != 0) {
    return std::vector<std::string>{endpoint};
  }
  return AddressesOf(endpoint);
}

// The same with the port that another was bound to.
std::string WithPortOf(const std::string& bound, const std::string& endpoint) {
  return absl::StrCat(endpoint.substr(0, endpoint.rfind(':')), bound.substr(bound.rfind(':')));
}

}  // namespace

absl::Status CoordinatorChannel::Check(const Options& options) {
  for (const std::string& endpoint : options.endpoints) {
    RETURN_IF_ERROR(CheckEndpoint(endpoint, options.flag));
    RETURN_IF_ERROR(CheckSecurity(endpoint, options.keys.has_value(), options.insecure));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<CoordinatorChannel>> CoordinatorChannel::Listen(
    ChannelContext* context, const Options& options) {
  if (options.endpoints.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.flag, ": name an endpoint, as in tcp://0.0.0.0:5555"));
  }
  RETURN_IF_ERROR(Check(options));
  std::unique_ptr<ZapHandler> zap;
  if (options.keys.has_value()) {
    ASSIGN_OR_RETURN(zap, options.is_allow_list_told
                              ? ZapHandler::Start(context)
                              : ZapHandler::Start(context, options.allow_list_path));
  }
  try {
    zmq::socket_t socket(context->zmq(), zmq::socket_type::router);
    SetCommonOptions(kSendFrames, &socket);
    socket.set(zmq::sockopt::backlog, kBacklog);
    socket.set(zmq::sockopt::router_mandatory, true);
    if (options.keys.has_value()) {
      RETURN_IF_ERROR(RequireZap(&socket));
      socket.set(zmq::sockopt::curve_server, true);
      socket.set(zmq::sockopt::curve_secretkey, options.keys->secret_key);
    }
    const auto is_shared = [zap = zap.get()](const std::string& key) {
      return zap == nullptr || IsShared(zap->NameOf(key).value_or(""));
    };
    auto router =
        std::make_unique<RouterSocket>(context, std::move(socket), is_shared, ConnectionLimits());
    std::unique_ptr<CoordinatorChannel> channel(
        new CoordinatorChannel(std::move(zap), std::move(router)));
    for (const std::string& endpoint : options.endpoints) {
      RETURN_IF_ERROR(channel->Bind(endpoint));
    }
    channel->socket_->Start();
    return channel;
  } catch (const zmq::error_t& error) {
    return Failed("a socket", error);
  }
}

absl::Status CoordinatorChannel::Bind(const std::string& endpoint) {
  ASSIGN_OR_RETURN(std::vector<std::string> places, PlacesOf(endpoint));
  const bool is_any_port = absl::EndsWith(endpoint, ":*");
  std::string bound;
  absl::Status last;
  for (std::string& place : places) {
    if (is_any_port && !bound.empty()) place = WithPortOf(bound, place);
    try {
      bound = socket_->Bind(place);
      endpoints_.push_back(bound);
    } catch (const zmq::error_t& error) {
      last = Failed(place == endpoint ? place : absl::StrCat(endpoint, " (", place, ")"), error);
      // A name may have an address that is not of this machine, or that the kernel has no use for.
      const int number = error.num();
      if (number != EADDRNOTAVAIL && number != ENODEV && number != EAFNOSUPPORT) return last;
    }
  }
  return bound.empty() ? last : absl::OkStatus();
}

std::optional<std::string> CoordinatorChannel::UserOf(const RawFrame& frame) const {
  if (zap_ == nullptr) return "";
  if (frame.key.has_value()) return zap_->NameOf(*frame.key);
  // Threads of this process come without a connection, and so without a key. All others were asked.
  if (!frame.is_local) return std::nullopt;
  return "";
}

std::vector<ReceivedFrame> CoordinatorChannel::Poll(std::chrono::milliseconds timeout) {
  socket_->Wait(timeout);
  std::vector<ReceivedFrame> frames;
  while (frames.size() < kFramesPerPoll) {
    std::optional<RawFrame> raw = socket_->Take();
    if (!raw.has_value()) break;
    std::optional<std::string> user = UserOf(*raw);
    if (!user.has_value()) {
      ++refused_frames_;
      continue;
    }
    frames.push_back({std::move(raw->peer), *std::move(user), std::move(raw->frame)});
  }
  return frames;
}

std::vector<std::string> CoordinatorChannel::TakeNotices() {
  std::vector<std::string> notices = socket_->TakeNotices();
  if (zap_ == nullptr) return notices;
  for (std::string& notice : zap_->TakeNotices()) notices.push_back(std::move(notice));
  return notices;
}

std::vector<KeyChange> CoordinatorChannel::TakeKeyChanges() {
  return zap_ == nullptr ? std::vector<KeyChange>() : zap_->TakeKeyChanges();
}

}  // namespace nash
