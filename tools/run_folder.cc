#include "tools/run_folder.h"

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/checkpoint/checkpoint_folder.h"

namespace nash {
namespace {

absl::Status CheckUnused(const std::string& path) {
  if (!FileExists(path)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(path));
  if (FileExists(CheckpointsFolder(path)) || FileExists(JoinPath(path, "run.yaml"))) {
    return absl::AlreadyExistsError(absl::StrCat(
        path, ": holds a run already: go on with it by --resume, or name another --out"));
  }
  if (!names.empty() && names != std::vector<std::string>{"lock"}) {
    return absl::AlreadyExistsError(absl::StrCat(path, ": is not empty and holds no run (it has ",
                                                 names.front(),
                                                 "): name an empty or a new folder by --out"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RunFolder> RunFolder::Open(const std::string& path, bool resume) {
  // Before the lock, so that no file is left in a folder of something else; and under it, for a run
  // that ended in between.
  if (!resume) RETURN_IF_ERROR(CheckUnused(path));
  RETURN_IF_ERROR(CreateDirectories(path));
  ASSIGN_OR_RETURN(FolderLock lock, FolderLock::Acquire(path));
  if (!resume) RETURN_IF_ERROR(CheckUnused(path));
  return RunFolder(path, std::move(lock));
}

absl::Status RunFolder::Begin(const std::string& definition) {
  RETURN_IF_ERROR(WriteFileAtomically(JoinPath(path_, "run.yaml"), definition));
  ASSIGN_OR_RETURN(AppendFile metrics, AppendFile::Open(JoinPath(path_, "metrics.jsonl")));
  metrics_ = std::make_unique<AppendFile>(std::move(metrics));
  return absl::OkStatus();
}

absl::Status RunFolder::AppendMetrics(const std::string& line) {
  return metrics_->Append(line + "\n");
}

}  // namespace nash
