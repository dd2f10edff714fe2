// Only the end of a log grows, so one file is kept open. Truncate() opens it anew, because after an
// append that failed an AppendFile may believe the file shorter than it is. Removal is not synced:
// a file that comes back after a crash holds rounds that are old, and is removed again.
#include "solver/checkpoint/round_log_files.h"

#include <optional>
#include <utility>

#include "common/append_file.h"
#include "common/file_holes.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

class LogFolder : public LogFiles {
 public:
  explicit LogFolder(std::string folder) : folder_(std::move(folder)) {}

  std::string PathOf(const std::string& name) const override { return JoinPath(folder_, name); }
  absl::StatusOr<std::vector<std::string>> List() override { return ListFolder(folder_); }
  absl::StatusOr<uint64_t> Bytes(const std::string& name) override {
    return FileBytes(PathOf(name));
  }
  absl::StatusOr<std::string> Read(const std::string& name, uint64_t offset,
                                   uint64_t bytes) override {
    return ReadFilePart(PathOf(name), offset, bytes);
  }
  uint64_t NextData(const std::string& name, uint64_t offset) override {
    return NextDataOffset(PathOf(name), offset);
  }
  absl::Status Append(const std::string& name, absl::string_view bytes) override {
    ASSIGN_OR_RETURN(AppendFile * file, Open(name));
    return file->Append(bytes);
  }
  absl::Status Truncate(const std::string& name, uint64_t bytes) override {
    open_.reset();  // it may have grown by more than an AppendFile believes
    ASSIGN_OR_RETURN(AppendFile * file, Open(name));
    return file->Truncate(bytes);
  }
  absl::Status Sync(const std::string& name) override {
    ASSIGN_OR_RETURN(AppendFile * file, Open(name));
    return file->Sync();
  }
  absl::Status Remove(const std::string& name) override {
    if (open_.has_value() && open_->first == name) open_.reset();
    return RemoveAll(PathOf(name));
  }

 private:
  // One file stays open: that at the end of the log.
  absl::StatusOr<AppendFile*> Open(const std::string& name) {
    if (!open_.has_value() || open_->first != name) {
      ASSIGN_OR_RETURN(AppendFile file, AppendFile::Open(PathOf(name)));
      open_.emplace(name, std::move(file));
    }
    return &open_->second;
  }

  const std::string folder_;
  std::optional<std::pair<std::string, AppendFile>> open_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<LogFiles>> OpenLogFolder(const std::string& folder) {
  RETURN_IF_ERROR(CreateDirectories(folder));
  return std::make_unique<LogFolder>(folder);
}

}  // namespace nash
