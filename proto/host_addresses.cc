#include "proto/host_addresses.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/mutex.h"
#include "common/status_macros.h"

namespace nash {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

absl::StatusOr<Addresses> LookUp(const std::string& endpoint, const std::string& host, int type) {
  addrinfo hints{};
  hints.ai_socktype = type;
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
  return Addresses(found);
}

// As an endpoint has it: IPv6 in brackets. Empty where there is none.
std::string TextOf(const sockaddr* address, socklen_t size) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
    return "";
  }
  return address->sa_family == AF_INET6 ? absl::StrCat("[", text.data(), "]") : text.data();
}

// A datagram socket that is connected knows its own address, and has sent nothing.
std::string OwnAddressTowards(const addrinfo& there) {
  const int datagrams = socket(there.ai_family, there.ai_socktype, there.ai_protocol);
  if (datagrams < 0) return "";
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  auto* const own = reinterpret_cast<sockaddr*>(&address);
  const bool is_known = connect(datagrams, there.ai_addr, there.ai_addrlen) == 0 &&
                        getsockname(datagrams, own, &size) == 0;
  close(datagrams);
  return is_known ? TextOf(own, size) : "";
}

}  // namespace

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
  ASSIGN_OR_RETURN(const Addresses found, LookUp(endpoint, host, SOCK_STREAM));
  std::vector<std::string> addresses;
  for (const addrinfo* info = found.get(); info != nullptr; info = info->ai_next) {
    const std::string text = TextOf(info->ai_addr, info->ai_addrlen);
    if (text.empty()) continue;
    std::string address = absl::StrCat("tcp://", text, ":", port);
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(std::move(address));
    }
  }
  return addresses;
}

absl::StatusOr<std::string> OwnAddressTowards(const std::string& endpoint) {
  std::string port;
  const std::string host = HostOf(endpoint, &port);
  if (host.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(endpoint, ": no address leads there"));
  }
  ASSIGN_OR_RETURN(const Addresses found, LookUp(endpoint, host, SOCK_DGRAM));
  for (const addrinfo* info = found.get(); info != nullptr; info = info->ai_next) {
    std::string own = OwnAddressTowards(*info);
    if (!own.empty()) return own;
  }
  return absl::UnavailableError(
      absl::StrCat(endpoint, ": no way leads there now; check the network"));
}

struct AddressLookup::Shared {
  Mutex mutex;
  std::optional<absl::StatusOr<std::vector<std::string>>> result ABSL_GUARDED_BY(mutex);
};

AddressLookup::AddressLookup(const std::string& endpoint) : shared_(std::make_shared<Shared>()) {
  const auto look_up = [shared = shared_, endpoint] {
    absl::StatusOr<std::vector<std::string>> result = AddressesOf(endpoint);
    const MutexLock lock(&shared->mutex);
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
  const MutexLock lock(&shared_->mutex);
  return shared_->result;
}

}  // namespace nash
