// A folder is looked at twice before it is used: without the lock, so that no lock file is left in
// a folder of something else, and under it, since a run may have come and gone in between. `lock`
// alone makes no run: it is what a process leaves that failed before it began.
//
// metrics.jsonl is only ever appended to. Somebody may move it away while a run goes on (logrotate
// does): then a new one is begun under its name. How long the processes before have trained is read
// off the last lines that are whole, so that no file of its own can disagree with them.
//
// Bytes() walks the folder once a report: dozens of files. Hard links of a measurement
// (yardstick.cc) are left out, because their bytes are those of the checkpoint.
#include "tools/training/run_folder.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
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

// The last line may be cut; those before it are whole.
double LastRunSeconds(const std::string& path) {
  constexpr uint64_t kTailBytes = 64 << 10;
  const uint64_t bytes = FileBytes(path).value_or(0);
  const uint64_t tail = std::min(bytes, kTailBytes);
  const std::string text = ReadFilePart(path, bytes - tail, tail).value_or("");
  double seconds = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("run_seconds")) continue;
    if (json["run_seconds"].is_number()) seconds = json["run_seconds"].get<double>();
  }
  return seconds;
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
  run_seconds_before_ = LastRunSeconds(MetricsPath());
  return OpenMetrics();
}

uint64_t RunFolder::Bytes() const {
  uint64_t bytes = 0;
  std::error_code error;
  const auto options = std::filesystem::directory_options::skip_permission_denied;
  // Files come and go meanwhile, and links of a measurement are counted once, where they are.
  for (auto it = std::filesystem::recursive_directory_iterator(path_, options, error);
       !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    std::error_code gone;
    if (it->path().filename() == "measured") it.disable_recursion_pending();
    if (!it->is_regular_file(gone) || gone) continue;
    const uint64_t size = it->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

std::string RunFolder::MetricsPath() const { return JoinPath(path_, "metrics.jsonl"); }

absl::Status RunFolder::OpenMetrics() {
  ASSIGN_OR_RETURN(AppendFile metrics, AppendFile::Open(MetricsPath()));
  metrics_ = std::make_unique<AppendFile>(std::move(metrics));
  return absl::OkStatus();
}

absl::Status RunFolder::AppendMetrics(const std::string& line) {
  if (!metrics_->IsAtItsPath()) RETURN_IF_ERROR(OpenMetrics());
  return metrics_->Append(line + "\n");
}

}  // namespace nash
