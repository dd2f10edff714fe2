// Blocks of threads, on the processor: what kernel_twin.h and no_cuda/cuda_runtime.h are made of.
#ifndef NASHVILLE_TESTS_DEVICE_KERNEL_BLOCKS_H_
#define NASHVILLE_TESTS_DEVICE_KERNEL_BLOCKS_H_

#include <cstdint>
#include <functional>

namespace kernel_twin {

struct Index {
  uint32_t x = 0;
};
// The numbers of the thread that asks.
inline thread_local Index block_index, thread_index;

// Calls `kernel` on `threads` threads for each of `blocks` blocks, one block after the other.
void RunBlocks(uint32_t blocks, uint32_t threads, const std::function<void()>& kernel);

// __syncthreads(). Ends the program where other threads of the block have come to their end.
void Synchronize();

}  // namespace kernel_twin

#endif  // NASHVILLE_TESTS_DEVICE_KERNEL_BLOCKS_H_
