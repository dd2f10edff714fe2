#include "tools/planning/plan_request.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/planning/default_costs.h"
#include "tools/program/progress_line.h"

namespace nash {
namespace {

constexpr int kHostsMax = 4096;

}  // namespace

absl::Status CheckRequest(const PlanRequest& request) {
  if (request.hosts < 1 || request.hosts > kHostsMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("--hosts=", request.hosts, ": from 1 to ", kHostsMax));
  }
  if (!(request.gbit_per_s >= 0.001 && request.gbit_per_s <= 1e6)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--bandwidth=%g: Gbit/s, from 0.001 to 1000000", request.gbit_per_s));
  }
  if (!(request.visits > 0 && request.visits <= 1e15)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--visits=%g: of an infoset, above 0", request.visits));
  }
  if (!(request.calibration_seconds >= 0 && request.calibration_seconds <= 3600)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "--calibrate=%g: seconds, from 0 (no times) to 3600", request.calibration_seconds));
  }
  return absl::OkStatus();
}

absl::StatusOr<ClusterCosts> CostsNamedBy(const PlanRequest& request) {
  return request.costs.empty() ? ParseClusterCosts(kDefaultCosts, "default costs")
                               : LoadClusterCosts(request.costs);
}

absl::StatusOr<Calibration> CalibrateShown(const LoadedRun& run, const PlanRequest& request) {
  ProgressLine line;
  if (line.is_terminal()) {
    line.Show({{absl::StrFormat("calibrating for %g s", request.calibration_seconds)}});
  }
  absl::StatusOr<Calibration> calibration =
      Calibrate(run, request.threads, request.calibration_seconds);
  line.End();
  return calibration;
}

}  // namespace nash
