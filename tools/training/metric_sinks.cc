#include "tools/training/metric_sinks.h"

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {

absl::StatusOr<MetricSinks> MetricSinks::Open(const std::string& metrics_address,
                                              const std::string& tensorboard_folder) {
  MetricSinks sinks;
  if (!metrics_address.empty()) {
    ASSIGN_OR_RETURN(sinks.server, MetricsServer::Start(metrics_address));
  }
  sinks.tensorboard_folder = tensorboard_folder;
  if (tensorboard_folder.empty()) return sinks;
  const absl::Status made = CreateDirectories(tensorboard_folder);
  if (absl::IsFailedPrecondition(made)) {
    return absl::InvalidArgumentError(absl::StrCat("--tensorboard: ", made.message()));
  }
  RETURN_IF_ERROR(made);
  return sinks;
}

absl::Status MetricSinks::Begin() {
  if (tensorboard_folder.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(tensorboard, TensorBoardWriter::Open(tensorboard_folder));
  return absl::OkStatus();
}

}  // namespace nash
