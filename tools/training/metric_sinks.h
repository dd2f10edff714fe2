// Where a run's figures go beside its metrics.jsonl, as flags name them.
#ifndef NASHVILLE_TOOLS_TRAINING_METRIC_SINKS_H_
#define NASHVILLE_TOOLS_TRAINING_METRIC_SINKS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/training/metrics_server.h"
#include "tools/training/tensorboard_writer.h"

namespace nash {

struct MetricSinks {
  // Values of --metrics_address and --tensorboard; empty: none. What is wrong with either is found
  // here. Errors: those of MetricsServer::Start(), and of making a folder.
  static absl::StatusOr<MetricSinks> Open(const std::string& metrics_address,
                                          const std::string& tensorboard_folder);
  // The run begins: its event file is made.
  absl::Status Begin();

  std::unique_ptr<MetricsServer> server;
  std::string tensorboard_folder;
  std::unique_ptr<TensorBoardWriter> tensorboard;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_METRIC_SINKS_H_
