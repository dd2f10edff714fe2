// The flags --listen, --local_workers, --keys, --allow, --insecure, --audit_fraction and
// --relay_fanout: whether a program that trains leads a cluster, and which.
#ifndef NASHVILLE_TOOLS_CLUSTER_CLUSTER_FLAGS_H_
#define NASHVILLE_TOOLS_CLUSTER_CLUSTER_FLAGS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "tools/cluster/coordinator_node.h"
#include "tools/stored/device_flag.h"

namespace nash {

// None without --listen and --local_workers. num_threads, device: of local workers. Errors:
// InvalidArgument, those of key files, and CoordinatorChannel::Check()'s.
absl::StatusOr<std::optional<ClusterOptions>> ClusterOf(int num_threads,
                                                        const DeviceChoice& device);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_CLUSTER_FLAGS_H_
