// The addresses that a name has at the moment.
#ifndef NASHVILLE_PROTO_HOST_ADDRESSES_H_
#define NASHVILLE_PROTO_HOST_ADDRESSES_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nash {

// HOST of tcp://HOST:PORT, with *port; brackets of IPv6 taken off. Empty where it is none.
std::string HostOf(absl::string_view endpoint, std::string* port);

// tcp://HOST:PORT by address (tcp://[::1]:5555, tcp://127.0.0.1:5555), in the order in which the
// system wants them tried; of other endpoints just these. May take many seconds. Errors: NotFound
// for a host that nobody knows; Unavailable where that cannot be found out now.
absl::StatusOr<std::vector<std::string>> AddressesOf(const std::string& endpoint);

// The address of this machine from which it reaches an endpoint at tcp://, as an endpoint has it
// (10.0.0.7, [fd00::7]); nothing is sent. Loopback for endpoints of this machine. Errors: as
// AddressesOf(); Unavailable where no way leads there; InvalidArgument for other endpoints.
absl::StatusOr<std::string> OwnAddressTowards(const std::string& endpoint);

// The same as AddressesOf() on a thread of its own. Thread-compatible.
class AddressLookup {
 public:
  explicit AddressLookup(const std::string& endpoint);
  // None while it is not known.
  std::optional<absl::StatusOr<std::vector<std::string>>> Result() const;

 private:
  // Shared with the thread, which may outlive us: nothing can stop it.
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace nash

#endif  // NASHVILLE_PROTO_HOST_ADDRESSES_H_
