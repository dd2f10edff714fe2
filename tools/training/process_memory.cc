#include "tools/training/process_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

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

}  // namespace nash
