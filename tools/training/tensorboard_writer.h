// The figures of a run as an event file of TensorBoard, one event for each line of metrics.jsonl.
//
//   record = length (uint64)  masked CRC-32C of it (uint32)  event  masked CRC-32C of that (uint32)
//   event  = protobuf (tensorboard_event.proto); the first says "brain.Event:2", the others hold
//            scalars, whose tags are the names of metric_registry.h, "/STREET" behind those of
//            streets
//
// All little-endian; the format is TensorFlow's (tensorflow/core/lib/io/record_writer.cc). The step
// of an event is the run's iterations. Each process writes a file of its own: TensorBoard reads all
// files of a folder as one run. Thread-compatible.
#ifndef NASHVILLE_TOOLS_TRAINING_TENSORBOARD_WRITER_H_
#define NASHVILLE_TOOLS_TRAINING_TENSORBOARD_WRITER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/append_file.h"

namespace nash {

class TensorBoardWriter {
 public:
  // Makes the folder where there is none, and a file in it. Errors: those of common/files.h.
  static absl::StatusOr<std::unique_ptr<TensorBoardWriter>> Open(const std::string& folder);

  // line: of metrics.jsonl.
  absl::Status Append(const std::string& line);

 private:
  explicit TensorBoardWriter(AppendFile file) : file_(std::move(file)) {}
  AppendFile file_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_TENSORBOARD_WRITER_H_
