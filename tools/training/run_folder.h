// The output folder of a run: locked, its definition, its checkpoints, its metrics.
//
//   RUN/run.yaml        the run definition in canonical form
//   RUN/metrics.jsonl   one JSON object a report: what the progress line shows, and more
//   RUN/checkpoints/    docs/formats/checkpoint.md
//   RUN/lock            held while a process trains here
#ifndef NASHVILLE_TOOLS_TRAINING_RUN_FOLDER_H_
#define NASHVILLE_TOOLS_TRAINING_RUN_FOLDER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/append_file.h"
#include "common/folder_lock.h"

namespace nash {

class RunFolder {
 public:
  // Creates the folder where there is none. Errors: AlreadyExists when it holds a run and `resume`
  // is false, or files that are no run; Unavailable when another process trains there;
  // PermissionDenied and others of common/files.h.
  static absl::StatusOr<RunFolder> Open(const std::string& path, bool resume);

  const std::string& path() const { return path_; }
  // Writes run.yaml, and opens the metrics.
  absl::Status Begin(const std::string& definition);
  // Of all its files, also those that other processes write.
  uint64_t Bytes() const;
  // Of training, by processes before us, as the metrics' last line has it; 0 where there is none.
  double run_seconds_before() const { return run_seconds_before_; }
  // Appends a line; to a new file, where the one we had was moved away. A metric that cannot be
  // written is no reason to stop training: the status says what is wrong, for a warning.
  absl::Status AppendMetrics(const std::string& line);

 private:
  RunFolder(std::string path, FolderLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string MetricsPath() const;
  absl::Status OpenMetrics();
  std::string path_;
  FolderLock lock_;
  std::unique_ptr<AppendFile> metrics_;
  double run_seconds_before_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_RUN_FOLDER_H_
