// The flags --device and --check_lookups: which device helps the processor, if any.
#ifndef NASHVILLE_TOOLS_STORED_DEVICE_FLAG_H_
#define NASHVILLE_TOOLS_STORED_DEVICE_FLAG_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/device/nearest_finder.h"
#include "tools/stored/loaded_run.h"

namespace nash {

struct DeviceChoice {
  enum class Kind { kAuto, kCpu, kCuda };
  Kind kind = Kind::kAuto;
  int ordinal = 0;             // of kCuda
  bool check_lookups = false;  // BucketDealSource::DeviceOptions::check
};

// "auto", "cpu" or "cuda:N". Errors: InvalidArgument; with check_lookups also where the processor
// alone is chosen.
absl::StatusOr<DeviceChoice> ParseDeviceChoice(absl::string_view device, bool check_lookups);

// Has `deals`, of `run`, use the device of the choice, and prints one line about it. Where there is
// none, or none that works, the processor does all; a warning says why if one was named, is to be
// checked, or has no room.
void OpenDevice(const DeviceChoice& choice, const LoadedRun& run, BucketDealSource* deals,
                const std::function<void(const std::string&)>& print);

// The same for clusterings: null where the processor does all.
std::unique_ptr<NearestFinder> OpenFinder(const DeviceChoice& choice,
                                          const std::function<void(const std::string&)>& print);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_DEVICE_FLAG_H_
