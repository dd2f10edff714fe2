// The subcommands of build_buckets, one function each.
#ifndef NASHVILLE_TOOLS_BUCKETS_COMMANDS_H_
#define NASHVILLE_TOOLS_BUCKETS_COMMANDS_H_

#include <string>

#include "absl/status/status.h"
#include "tools/stored/device_flag.h"

namespace nash {

struct BuildRequest {
  std::string config;   // a bucket definition; or
  std::string game;     // a game file, and
  std::string streets;  // what to build: "flop:emd:200,river:ehs:200"
  std::string street;   // of `config`: only this one; empty: all
  std::string out;      // folder; empty: the user's cache
  int threads = 1;
  bool as_json = false;
  DeviceChoice device;
};

// Builds what is missing, and says what is there.
absl::Status BuildBuckets(const BuildRequest& request);

struct InspectRequest {
  int threads = 1;
  bool as_json = false;
};

// What is in a bucket file.
absl::Status ReportBuckets(const std::string& path, const InspectRequest& request);
// How far two agree.
absl::Status CompareBucketFiles(const std::string& first, const std::string& second,
                                const InspectRequest& request);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_BUCKETS_COMMANDS_H_
