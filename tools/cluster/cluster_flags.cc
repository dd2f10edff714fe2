#include "tools/cluster/cluster_flags.h"

#include <gflags/gflags.h>
#include <glog/logging.h>

#include <random>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status_macros.h"
#include "proto/keys.h"
#include "tools/program/command_line.h"

DEFINE_string(listen, "",
              "Train with workers that connect here: tcp://ADDRESS:PORT, ipc://PATH; a list with "
              "commas");
DEFINE_int32(local_workers, 0, "Workers in this process, of --threads each");
DEFINE_string(keys, "", "The coordinator's key file, made by keygen (NAME.key)");
DEFINE_string(allow, "", "Public keys of the workers that may connect, read again when it changes");
DEFINE_bool(insecure, false, "Listen without keys, whoever connects: for networks you trust");
DEFINE_double(
    audit_fraction, nash::kAuditFraction,
    "Share of the rounds whose units two workers run each, to compare their results; with "
    "--local_workers alone 0 unless it is given");
DEFINE_int32(
    relay_fanout, 2,
    "To so many workers the coordinator sends merged rounds itself, and so does every worker that "
    "passes them on (worker --relay_listen); 0: to all");

namespace nash {
namespace {

absl::Status CheckUpTo(const char* flag, double value, double most) {
  if (value >= 0 && value <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("--%s=%g: from 0 to %g", flag, value, most));
}

}  // namespace

absl::StatusOr<std::optional<ClusterOptions>> ClusterOf(int num_threads,
                                                        const DeviceChoice& device) {
  if (FLAGS_listen.empty() && FLAGS_local_workers == 0) {
    for (const char* flag : {"keys", "allow", "audit_fraction", "relay_fanout"}) {
      if (!IsGiven(flag)) continue;
      return absl::InvalidArgumentError(
          absl::StrFormat("--%s: is of a cluster: give --listen as well", flag));
    }
    return std::nullopt;
  }
  ClusterOptions cluster;
  RETURN_IF_ERROR(CheckUpTo("local_workers", FLAGS_local_workers, 64));
  RETURN_IF_ERROR(CheckUpTo("audit_fraction", FLAGS_audit_fraction, 1));
  RETURN_IF_ERROR(CheckUpTo("relay_fanout", FLAGS_relay_fanout, RelayPlace::kChildrenMax));
  cluster.relay_fanout = static_cast<uint32_t>(FLAGS_relay_fanout);
  cluster.local = {FLAGS_local_workers, num_threads, device};
  const bool are_many = !FLAGS_listen.empty() || IsGiven("audit_fraction");
  cluster.audit_fraction = are_many ? FLAGS_audit_fraction : 0;
  std::random_device entropy;
  cluster.audit_secret = uint64_t{entropy()} << 32 | entropy();
  cluster.channel.endpoints = absl::StrSplit(FLAGS_listen, ',', absl::SkipEmpty());
  cluster.channel.insecure = FLAGS_insecure;
  cluster.channel.allow_list_path = FLAGS_allow;
  if (!FLAGS_keys.empty()) {
    ASSIGN_OR_RETURN(cluster.channel.keys, ReadKeyFile(FLAGS_keys));
    if (FLAGS_allow.empty()) {
      return absl::InvalidArgumentError(
          "--allow is missing: with --keys, name the file of the workers' public keys as well");
    }
  }
  RETURN_IF_ERROR(CoordinatorChannel::Check(cluster.channel));
  if (FLAGS_insecure) {
    LOG(WARNING) << "warning: --insecure: whoever reaches " << FLAGS_listen
                 << " can take part and see all";
  }
  return cluster;
}

}  // namespace nash
