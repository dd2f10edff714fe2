#include "proto/host_addresses.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace nash {

std::string HostOf(absl::string_view endpoint, std::string* port) {
  if (!absl::ConsumePrefix(&endpoint, "tcp://")) return "";
  const size_t colon = endpoint.rfind(':');
  if (colon == absl::string_view::npos) return "";
  *port = std::string(endpoint.substr(colon + 1));
  absl::string_view host = endpoint.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return std::string(host);
}

absl::StatusOr<std::vector<std::string>> AddressesOf(const std::string& endpoint) {
  std::string port;
  const std::string host = HostOf(endpoint, &port);
  if (host.empty()) return std::vector<std::string>{endpoint};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error == EAI_AGAIN) {
    return absl::UnavailableError(absl::StrCat(endpoint, ": the address of ", host,
                                               " cannot be looked up now; check the network"));
  }
  if (error != 0) {
    return absl::NotFoundError(absl::StrCat(endpoint, ": no host ", host,
                                            " is known; check the name, or give its address"));
  }
  std::vector<std::string> addresses;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(info->ai_addr, info->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    std::string address = info->ai_family == AF_INET6
                              ? absl::StrCat("tcp://[", text.data(), "]:", port)
                              : absl::StrCat("tcp://", text.data(), ":", port);
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(std::move(address));
    }
  }
  freeaddrinfo(found);
  return addresses;
}

struct AddressLookup::Shared {
  std::mutex mutex;
  std::optional<absl::StatusOr<std::vector<std::string>>> result;
};

AddressLookup::AddressLookup(const std::string& endpoint) : shared_(std::make_shared<Shared>()) {
  const auto look_up = [shared = shared_, endpoint] {
    absl::StatusOr<std::vector<std::string>> result = AddressesOf(endpoint);
    const std::lock_guard lock(shared->mutex);
    shared->result = std::move(result);
  };
  std::string port;
  if (HostOf(endpoint, &port).empty()) {
    look_up();
    return;
  }
  try {
    std::thread(look_up).detach();
  } catch (const std::system_error&) {
    look_up();  // no thread is to be had: whoever asks waits
  }
}

std::optional<absl::StatusOr<std::vector<std::string>>> AddressLookup::Result() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->result;
}

}  // namespace nash
