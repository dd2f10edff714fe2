// A CUDA runtime that is none: the calls that solver/device makes, in memory of the host, for
// devices that fail, hang or are lost as told. Linked in place of the real one and of the kernels.
//
// Rules of the real one that it keeps: every thread has a current device, the first until it says
// otherwise, and most calls make a context there; an error stays with its thread until somebody
// asks for it, as launches do; a launch wants a stream of the current device; what is queued in a
// stream happens later; and freeing memory waits for all that is queued.
#ifndef NASHVILLE_TESTS_DEVICE_CUDA_TWIN_H_
#define NASHVILLE_TESTS_DEVICE_CUDA_TWIN_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>

namespace nash {

struct CudaTwin {
  // Told.
  size_t free_bytes = size_t{1} << 30;
  std::map<std::string, int> failing;  // by name of the call ("launch" too): which one, from 0
  int polls_until_done = 0;            // of what is queued
  bool hangs = false;                  // what is queued is never done
  bool is_lost = false;                // every call fails

  // Seen.
  std::set<int> contexts;        // devices that have one
  std::map<void*, size_t> live;  // allocations and streams that were not freed, with their bytes
  int waits = 0;                 // frees that would have waited for a stream
};

// Thread-compatible, as are the calls.
CudaTwin& TheCudaTwin();
// A new one, on this thread; what was left allocated is freed.
void ResetCudaTwin();

}  // namespace nash

#endif  // NASHVILLE_TESTS_DEVICE_CUDA_TWIN_H_
