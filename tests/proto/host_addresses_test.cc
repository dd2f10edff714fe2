#include "proto/host_addresses.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

TEST(HostAddresses, OwnAddressTowardsThisMachineIsLoopback) {
  EXPECT_EQ(OwnAddressTowards("tcp://127.0.0.1:5555").value(), "127.0.0.1");
  const absl::StatusOr<std::string> six = OwnAddressTowards("tcp://[::1]:5555");
  if (six.ok()) {  // where there is IPv6
    EXPECT_EQ(*six, "[::1]");
  }
}

TEST(HostAddresses, OwnAddressIsOfTcpOnlyAndOfHostsThatAreKnown) {
  EXPECT_EQ(OwnAddressTowards("ipc:///tmp/socket").status().code(),
            absl::StatusCode::kInvalidArgument);
  const absl::Status unknown = OwnAddressTowards("tcp://nobody.invalid:5555").status();
  EXPECT_TRUE(absl::IsNotFound(unknown) || absl::IsUnavailable(unknown)) << unknown;
  EXPECT_NE(unknown.message().find("nobody.invalid"), std::string::npos);
}

}  // namespace
}  // namespace nash
