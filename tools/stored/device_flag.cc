#include "tools/stored/device_flag.h"

#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "solver/device/cuda_lookup.h"
#include "solver/device/cuda_rows.h"

namespace nash {
namespace {

// More than a machine has.
constexpr int kOrdinalMax = 63;

struct OpenedDevice {
  std::unique_ptr<LookupDevice> device;
  uint64_t table_bytes = 0;
};

absl::StatusOr<OpenedDevice> Open(const DeviceChoice& choice, const LoadedRun& run) {
  OpenedDevice opened;
  ASSIGN_OR_RETURN(const DealImage image, DealImage::Make(run.definition().game.num_players,
                                                          run.abstraction().street_buckets()));
  opened.table_bytes = image.total_bytes();
  ASSIGN_OR_RETURN(opened.device,
                   OpenCudaLookup(choice.ordinal, image, run.definition().round.deals));
  return opened;
}

using Print = std::function<void(const std::string&)>;

// Says why there is no device, if somebody is to know.
void Explain(const DeviceChoice& choice, const absl::Status& status, const Print& print) {
  // That a machine has no device, or a game no use for one, is nothing to warn of by itself.
  const bool is_expected = absl::IsUnavailable(status) || absl::IsUnimplemented(status);
  if (choice.kind == DeviceChoice::Kind::kAuto && !choice.check_lookups && is_expected) return;
  print(absl::StrFormat("warning: no device, the processor does all (the same results): %s",
                        status.message()));
}

Print Warning(const Print& print) {
  return [print](const std::string& line) { print(absl::StrCat("warning: ", line)); };
}

}  // namespace

absl::StatusOr<DeviceChoice> ParseDeviceChoice(absl::string_view device, bool check_lookups) {
  DeviceChoice choice;
  choice.check_lookups = check_lookups;
  if (device == "auto") return choice;
  if (device == "cpu") {
    if (check_lookups) {
      return absl::InvalidArgumentError(
          "--check_lookups compares a device with the processor: --device=cpu leaves nothing to "
          "compare");
    }
    choice.kind = DeviceChoice::Kind::kCpu;
    return choice;
  }
  absl::string_view ordinal = device;
  choice.kind = DeviceChoice::Kind::kCuda;
  if (!absl::ConsumePrefix(&ordinal, "cuda:") || !absl::SimpleAtoi(ordinal, &choice.ordinal) ||
      choice.ordinal < 0 || choice.ordinal > kOrdinalMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--device=", device, ": expected auto, cpu, or cuda:N with N from 0 to ", kOrdinalMax));
  }
  return choice;
}

void OpenDevice(const DeviceChoice& choice, const LoadedRun& run, BucketDealSource* deals,
                const Print& print) {
  if (choice.kind == DeviceChoice::Kind::kCpu) return;
  absl::StatusOr<OpenedDevice> opened = Open(choice, run);
  if (!opened.ok()) return Explain(choice, opened.status(), print);
  const std::string name = opened->device->name();
  const bool in_use = deals->UseDevice(std::move(opened->device),
                                       {.check = choice.check_lookups, .warn = Warning(print)});
  if (!in_use) return;
  print(absl::StrFormat("lookups: on %s, %.2f GB of tables%s", name, opened->table_bytes / 1e9,
                        choice.check_lookups ? "; the processor checks every deal" : ""));
}

std::unique_ptr<NearestFinder> OpenFinder(const DeviceChoice& choice, const Print& print) {
  if (choice.kind == DeviceChoice::Kind::kCpu) return nullptr;
  absl::StatusOr<std::unique_ptr<RowDevice>> device = OpenCudaRows(choice.ordinal);
  if (!device.ok()) {
    Explain(choice, device.status(), print);
    return nullptr;
  }
  print(absl::StrCat("clusterings: on ", (*device)->name()));
  return std::make_unique<NearestFinder>(*std::move(device), Warning(print));
}

}  // namespace nash
