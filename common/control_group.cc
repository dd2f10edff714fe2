// Where a limit is written follows from three files. /proc/self/cgroup has the path of our group in
// its hierarchy; /proc/self/mountinfo where the hierarchy is mounted, and from which of its groups
// on it is seen (in a container, not from the top); the group's folder has the limits:
//
//   version 1   a hierarchy for each controller: "memory", "cpu"
//   version 2   one hierarchy for all, named "" here
//
// Each group from our own up to the highest that is seen is read, and the least counts. Of groups
// above, only version 1 tells (hierarchical_memory_limit). A file that is not there or makes no
// sense is no limit: this is advice, never a reason to end. tests/common/control_group_test.cc has
// machines of all these kinds as folders.
#include "common/control_group.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace nash {
namespace {

// A controller of version 1 (its name), or version 2 ("").
using Hierarchy = std::string;

struct Mount {
  std::string group;   // of the hierarchy: the one that is seen
  std::string folder;  // where it is seen
};

std::vector<std::string> Words(absl::string_view line, char separator) {
  return absl::StrSplit(line, separator, absl::SkipEmpty());
}

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// mountinfo has spaces, tabs, line breaks and backslashes as three octal digits.
std::string Unescaped(absl::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      plain +=
          static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + text[i + 3] - '0');
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// The process's own group: "/" at the top. None where it has no such hierarchy.
std::optional<std::string> OwnGroup(const std::string& root, const Hierarchy& hierarchy) {
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    // 4:cpu,cpuacct:/path, and 0::/path of version 2
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    if (hierarchy.empty() ? fields[1].empty() : Contains(Words(fields[1], ','), hierarchy)) {
      return fields[2];
    }
  }
  return std::nullopt;
}

std::vector<Mount> MountsOf(const std::string& root, const Hierarchy& hierarchy) {
  std::vector<Mount> mounts;
  std::ifstream file(root + "/proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    // 36 31 0:33 GROUP FOLDER OPTIONS [TAGS] - TYPE SOURCE OPTIONS
    const std::vector<std::string> halves = absl::StrSplit(line, absl::MaxSplits(" - ", 1));
    if (halves.size() != 2) continue;
    const std::vector<std::string> where = Words(halves[0], ' '), what = Words(halves[1], ' ');
    if (where.size() < 5 || what.size() < 3) continue;
    const bool is_it = hierarchy.empty()
                           ? what[0] == "cgroup2"
                           : what[0] == "cgroup" && Contains(Words(what[2], ','), hierarchy);
    if (is_it) mounts.push_back({Unescaped(where[3]), Unescaped(where[4])});
  }
  return mounts;
}

// Calls `visit` with the folder of each group from the process's own to the highest that is seen.
void ForEachGroup(const std::string& root, const Hierarchy& hierarchy,
                  const std::function<void(const std::string& folder)>& visit) {
  const std::optional<std::string> own = OwnGroup(root, hierarchy);
  const std::vector<Mount> mounts = MountsOf(root, hierarchy);
  if (!own.has_value() || mounts.empty()) return;
  // In a container the mount may show a part of the hierarchy only. Where none shows the own group
  // (it is named from outside the container) the highest that is seen stands for it.
  std::string top = mounts[0].folder, below;
  for (const Mount& mount : mounts) {
    const std::string prefix = mount.group == "/" ? "" : mount.group;
    absl::string_view rest = *own;
    if (!absl::ConsumePrefix(&rest, prefix) || (!rest.empty() && rest[0] != '/')) continue;
    if (absl::StrContains(rest, "/..")) continue;
    top = mount.folder;
    below = std::string(rest);
    break;
  }
  while (!below.empty() && below.back() == '/') below.pop_back();
  while (true) {
    visit(absl::StrCat(root, top, below));
    if (below.empty()) return;
    below.erase(below.rfind('/'));
  }
}

// The first word of a file as a number; none where it says "max", -1, or cannot be read.
std::optional<uint64_t> ReadNumber(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  uint64_t number = 0;
  if (!(file >> word) || !absl::SimpleAtoi(word, &number)) return std::nullopt;
  return number;
}

// The value of the first of `keys` that a file of "KEY VALUE" lines has.
std::optional<uint64_t> ReadValue(const std::string& path, const std::vector<std::string>& keys) {
  std::vector<std::optional<uint64_t>> values(keys.size());
  std::ifstream file(path);
  std::string key;
  for (uint64_t value = 0; file >> key >> value;) {
    const auto it = std::find(keys.begin(), keys.end(), key);
    if (it != keys.end()) values[it - keys.begin()] = value;
  }
  for (const std::optional<uint64_t>& value : values) {
    if (value.has_value()) return value;
  }
  return std::nullopt;
}

struct MemoryFiles {
  std::vector<std::string> limits;
  std::string used;
  std::vector<std::string> droppable_keys;  // of memory.stat
};

uint64_t MemoryLeft(const std::string& folder, const MemoryFiles& files) {
  constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
  uint64_t limit = kNoLimit;
  for (const std::string& name : files.limits) {
    limit = std::min(limit, ReadNumber(absl::StrCat(folder, "/", name)).value_or(kNoLimit));
  }
  const std::string stat = folder + "/memory.stat";
  // Version 1 tells here of groups above that a container does not see.
  limit = std::min(limit, ReadValue(stat, {"hierarchical_memory_limit"}).value_or(kNoLimit));
  const std::optional<uint64_t> used = ReadNumber(absl::StrCat(folder, "/", files.used));
  // Version 1 has "no limit" as the greatest number of whole pages.
  if (limit >= kNoLimit / 4 || !used.has_value()) return kNoLimit;
  const uint64_t droppable = std::min(*used, ReadValue(stat, files.droppable_keys).value_or(0));
  return limit - std::min(limit, *used - droppable);
}

double Cores(const std::optional<uint64_t>& quota_us, const std::optional<uint64_t>& period_us) {
  if (!quota_us.has_value() || period_us.value_or(0) == 0) {
    return std::numeric_limits<double>::infinity();
  }
  return static_cast<double>(*quota_us) / static_cast<double>(*period_us);
}

double CoresOfVersion2(const std::string& folder) {
  std::ifstream file(folder + "/cpu.max");  // "50000 100000" or "max 100000"
  uint64_t quota = 0, period = 0;
  if (!(file >> quota >> period)) return std::numeric_limits<double>::infinity();
  return Cores(quota, period);
}

}  // namespace

GroupAllowance ReadGroupAllowance(const std::string& root) {
  const MemoryFiles version1 = {
      {"memory.limit_in_bytes"}, "memory.usage_in_bytes", {"total_inactive_file", "inactive_file"}};
  // Past memory.high a group is slowed down until it stands still.
  const MemoryFiles version2 = {{"memory.max", "memory.high"}, "memory.current", {"inactive_file"}};
  GroupAllowance least;
  const auto lower = [&](uint64_t bytes) {
    least.memory_bytes = std::min(least.memory_bytes, bytes);
  };
  const auto lower_cores = [&](double cores) { least.cores = std::min(least.cores, cores); };
  ForEachGroup(root, "memory",
               [&](const std::string& folder) { lower(MemoryLeft(folder, version1)); });
  ForEachGroup(root, "cpu", [&](const std::string& folder) {
    lower_cores(
        Cores(ReadNumber(folder + "/cpu.cfs_quota_us"), ReadNumber(folder + "/cpu.cfs_period_us")));
  });
  ForEachGroup(root, "", [&](const std::string& folder) {
    lower(MemoryLeft(folder, version2));
    lower_cores(CoresOfVersion2(folder));
  });
  return least;
}

}  // namespace nash
