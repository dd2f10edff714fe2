// LogFiles in memory, which can fill up, fail and lose what was not synced.
#ifndef NASHVILLE_TESTS_CHECKPOINT_MEMORY_LOG_FILES_H_
#define NASHVILLE_TESTS_CHECKPOINT_MEMORY_LOG_FILES_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "solver/checkpoint/round_log_files.h"

namespace nash {

class MemoryLogFiles : public LogFiles {
 public:
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> synced;  // what a loss of power leaves
  uint64_t room_bytes = std::numeric_limits<uint64_t>::max();
  bool leaves_half = false;  // an append that does not fit writes what fits, as a real disk may
  bool sync_fails = false;
  int syncs = 0;
  uint64_t read_bytes = 0;

  std::string PathOf(const std::string& name) const override { return absl::StrCat("log/", name); }
  absl::StatusOr<std::vector<std::string>> List() override {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files) names.push_back(name);
    return names;
  }
  absl::StatusOr<uint64_t> Bytes(const std::string& name) override {
    if (!files.contains(name)) return absl::NotFoundError(PathOf(name));
    return files[name].size();
  }
  absl::StatusOr<std::string> Read(const std::string& name, uint64_t offset,
                                   uint64_t bytes) override {
    const std::string& file = files[name];
    if (offset > file.size() || bytes > file.size() - offset) return absl::DataLossError("short");
    read_bytes += bytes;
    return file.substr(offset, bytes);
  }
  // All zeros are holes.
  uint64_t NextData(const std::string& name, uint64_t offset) override {
    return std::min(files[name].find_first_not_of('\0', offset), files[name].size());
  }
  absl::Status Append(const std::string& name, absl::string_view bytes) override {
    uint64_t used = 0;
    for (const auto& [other, contents] : files) used += contents.size();
    const uint64_t fits = std::min<uint64_t>(room_bytes - std::min(used, room_bytes), bytes.size());
    if (fits < bytes.size()) {
      if (leaves_half) absl::StrAppend(&files[name], bytes.substr(0, fits));
      return absl::ResourceExhaustedError("the disk is full");
    }
    absl::StrAppend(&files[name], bytes);
    return absl::OkStatus();
  }
  absl::Status Truncate(const std::string& name, uint64_t bytes) override {
    files[name].resize(bytes);
    return absl::OkStatus();
  }
  absl::Status Sync(const std::string& name) override {
    ++syncs;
    if (sync_fails) return absl::DataLossError("the device fails");
    synced[name] = files[name];
    return absl::OkStatus();
  }
  absl::Status Remove(const std::string& name) override {
    files.erase(name);
    synced.erase(name);
    return absl::OkStatus();
  }
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_CHECKPOINT_MEMORY_LOG_FILES_H_
