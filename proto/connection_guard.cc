#include "proto/connection_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "proto/channel_socket.h"

namespace nash {
namespace {

constexpr ConnectionGuard::Nanos kTickMax = std::chrono::seconds(1);

class SocketSystem : public ConnectionSystem {
 public:
  std::string AddressOf(int descriptor) override {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "nobody";
    const void* number = nullptr;
    if (address.ss_family == AF_INET) {
      number = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
    } else if (address.ss_family == AF_INET6) {
      number = &reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
    } else {
      return "this machine";
    }
    inet_ntop(address.ss_family, number, text.data(), text.size());
    return text.data();
  }

  std::optional<uint64_t> BytesReceived(int descriptor) override {
    const std::optional<TcpBytes> bytes = TcpBytesOf(descriptor);
    if (!bytes.has_value()) return std::nullopt;
    return bytes->received;
  }

  void ShutDown(int descriptor) override { shutdown(descriptor, SHUT_RDWR); }
};

}  // namespace

std::unique_ptr<ConnectionSystem> MakeConnectionSystem() {
  return std::make_unique<SocketSystem>();
}

void ConnectionGuard::OnAccepted(int descriptor, Nanos now) {
  OnClosed(descriptor);
  Connection& connection = connections_[descriptor];
  connection.order = next_order_++;
  connection.address = system_->AddressOf(descriptor);
  connection.alive = awake_;
  Ordered& silent = silent_[connection.address];
  silent.emplace(connection.order, descriptor);
  ++num_silent_;
  // The oldest goes: a member speaks within milliseconds, and so is never the oldest for long.
  if (silent.size() > limits_.silent_of_address_max) {
    EndOldest(silent, "it has too many connections that say nothing", now);
  } else if (num_silent_ > limits_.silent_max || connections_.size() > limits_.connections_max) {
    EndOldest(*MostSilent(), "there are too many connections", now);
  }
}

const ConnectionGuard::Ordered* ConnectionGuard::MostSilent() const {
  const auto most = std::max_element(
      silent_.begin(), silent_.end(),
      [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  return &most->second;
}

void ConnectionGuard::EndOldest(const Ordered& connections, const std::string& why, Nanos now) {
  End(connections_.find(connections.begin()->second), why, now);
}

void ConnectionGuard::End(Connections::iterator it, const std::string& why, Nanos now) {
  system_->ShutDown(it->first);
  const std::string who = it->second.key.empty() ? it->second.address : it->second.key;
  std::optional<std::string> notice = notice_limit_.Pass(
      why, who, absl::StrCat("ended a connection from ", it->second.address, ": ", why), now);
  if (notice.has_value()) notices_.push_back(*std::move(notice));
  Remove(it);
}

void ConnectionGuard::Forget(int descriptor, const Connection& connection) {
  const auto erase_from = [&](std::map<std::string, Ordered>* lists, const std::string& name) {
    const auto found = lists->find(name);
    if (found == lists->end()) return;
    found->second.erase({connection.order, descriptor});
    if (found->second.empty()) lists->erase(found);
  };
  if (connection.peer.empty()) {
    erase_from(&silent_, connection.address);
    --num_silent_;
  } else {
    erase_from(&of_key_, connection.key);
    of_peer_.erase(connection.peer);
  }
}

void ConnectionGuard::Remove(Connections::iterator it) {
  Forget(it->first, it->second);
  connections_.erase(it);
}

void ConnectionGuard::OnClosed(int descriptor) {
  const auto found = connections_.find(descriptor);
  if (found != connections_.end()) Remove(found);
}

void ConnectionGuard::OnFrame(int descriptor, const std::string& peer, const std::string& key,
                              Nanos now) {
  const auto found = connections_.find(descriptor);
  if (found == connections_.end()) return;  // it was ended, and this had come before
  Connection& connection = found->second;
  connection.has_spoken_since_tick = true;
  if (connection.peer == peer) return;
  // Another name than before: those were the last frames of one that had the same descriptor.
  Forget(descriptor, connection);
  connection.peer = peer;
  connection.key = key;
  of_peer_[peer] = descriptor;
  if (key.empty()) return;
  Ordered& connections = of_key_[key];
  connections.emplace(connection.order, descriptor);
  if (connections.size() > limits_.of_key_max) {
    EndOldest(connections, "its key has too many connections", now);
  }
}

// Empty where it may stay.
std::string ConnectionGuard::WhyEnded(Connection* connection, int descriptor) const {
  const std::optional<uint64_t> bytes = system_->BytesReceived(descriptor);
  const bool has_spoken = std::exchange(connection->has_spoken_since_tick, false);
  const bool is_receiving = bytes.has_value() && *bytes > connection->bytes;
  if (bytes.has_value()) connection->bytes = *bytes;
  if (has_spoken) connection->bytes_at_frame = connection->bytes;
  if (connection->bytes - connection->bytes_at_frame > limits_.unseen_bytes_max) {
    return "it sends a message without an end";
  }
  const bool is_silent = connection->peer.empty();
  // A large frame on a narrow link takes its time, but what a stranger has to say first is short.
  if (has_spoken || (is_receiving && !is_silent)) connection->alive = awake_;
  const Nanos quiet = awake_ - connection->alive;
  if (is_silent && quiet > limits_.silent_time_max) return "it has said nothing";
  if (!is_silent && quiet > limits_.idle_time_max) return "it says nothing any more";
  return "";
}

void ConnectionGuard::OnTick(Nanos now) {
  if (last_tick_.has_value()) awake_ += std::min(now - *last_tick_, kTickMax);
  last_tick_ = now;
  std::vector<std::pair<int, std::string>> ended;
  for (auto& [descriptor, connection] : connections_) {
    std::string why = WhyEnded(&connection, descriptor);
    if (!why.empty()) ended.emplace_back(descriptor, std::move(why));
  }
  for (const auto& [descriptor, why] : ended) End(connections_.find(descriptor), why, now);
}

void ConnectionGuard::ShutDown(const std::string& peer) {
  const auto found = of_peer_.find(peer);
  if (found == of_peer_.end()) return;
  const auto connection = connections_.find(found->second);
  system_->ShutDown(connection->first);
  Remove(connection);
}

std::vector<std::string> ConnectionGuard::TakeNotices(Nanos now) {
  for (std::string& line : notice_limit_.TakeLeftOut(now)) notices_.push_back(std::move(line));
  return std::exchange(notices_, {});
}

}  // namespace nash
