#include "tools/training/process_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace nash {

ProcessMemory ReadProcessMemory() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0, resident = 0, shared = 0;
  file >> all >> resident >> shared;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return {resident * page, shared * page, static_cast<uint64_t>(usage.ru_maxrss) * 1024};
}

// A mapping has a line "7f0a-7f0b r--s 0 fe:00 123  /path" and lines "Rss:  4 kB" and others below.
uint64_t MappedFileBytesInMemory(absl::string_view ending) {
  std::ifstream file("/proc/self/smaps");
  uint64_t sum = 0;
  bool is_wanted = false;
  for (std::string line; std::getline(file, line);) {
    unsigned long long first, last, kilobytes;
    if (std::sscanf(line.c_str(), "%llx-%llx ", &first, &last) == 2) {
      absl::string_view name = line;
      absl::ConsumeSuffix(&name, " (deleted)");  // or replaced since it was mapped
      is_wanted = absl::EndsWith(name, ending);
    } else if (is_wanted && std::sscanf(line.c_str(), "Rss: %llu kB", &kilobytes) == 1) {
      sum += kilobytes * 1024;
    }
  }
  return sum;
}

}  // namespace nash
