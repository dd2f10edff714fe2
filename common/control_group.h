// What control groups (cgroups) leave to this process: containers, batch systems and systemd bound
// memory and processor time so, and the system's own figures (MemAvailable, the number of
// processors) do not show it.
//
// A group's limit holds for all below it, so each group from the process's own up to the top is
// read. Both versions are read wherever they are mounted; a machine may have both.
#ifndef NASHVILLE_COMMON_CONTROL_GROUP_H_
#define NASHVILLE_COMMON_CONTROL_GROUP_H_

#include <cstdint>
#include <limits>
#include <string>

namespace nash {

struct GroupAllowance {
  // That may still be taken; no limit where it is the greatest number. File pages that the system
  // can drop at once (inactive_file) do not count as used, as Kubernetes has it.
  uint64_t memory_bytes = std::numeric_limits<uint64_t>::max();
  // Of processor time, for all threads together; infinite where there is no limit.
  double cores = std::numeric_limits<double>::infinity();
};

// root: the folder that holds /proc and /sys; tests have others than the system's. What cannot be
// read is no limit. Thread-safe.
GroupAllowance ReadGroupAllowance(const std::string& root = "");

}  // namespace nash

#endif  // NASHVILLE_COMMON_CONTROL_GROUP_H_
