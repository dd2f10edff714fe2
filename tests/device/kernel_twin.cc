#include "tests/device/kernel_twin.h"

#include <glog/logging.h>

#include <atomic>
#include <barrier>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tests/device/kernel_blocks.h"

// The sources of kernels are compiled with another namespace: functions for both sides have another
// body there, and the linker would take one of the two.
namespace nash_device {
struct DealLookup;
struct NearestJob;
int LaunchDealLookup(const DealLookup& job, CUstream_st* stream);
int LaunchNearest(const NearestJob& job, CUstream_st* stream);
}  // namespace nash_device

namespace kernel_twin {
namespace {

// State of the block that runs. Threads wait for each other at __syncthreads() and at their ends.
std::optional<std::barrier<>> barrier;
std::atomic<uint32_t> at_their_end = 0;

// The first to come here ends the process. Were all of a block to do it at once, their words would
// mix.
void ExpectAtTheirEnd(uint32_t threads, const char* what) {
  if (at_their_end.load() == threads) return;
  static std::mutex telling;
  telling.lock();
  LOG(FATAL) << at_their_end.load() << " threads of a block are at their end: " << what;
}

}  // namespace

void Synchronize() {
  barrier->arrive_and_wait();
  ExpectAtTheirEnd(0, "__syncthreads() that some threads of a block never reach");
  barrier->arrive_and_wait();
}

void RunBlocks(uint32_t blocks, uint32_t threads, const std::function<void()>& kernel) {
  barrier.emplace(threads);
  std::vector<std::thread> block;
  for (uint32_t thread = 0; thread < threads; ++thread) {
    block.emplace_back([&, thread] {
      thread_index.x = thread;
      for (block_index.x = 0; block_index.x < blocks; ++block_index.x) {
        kernel();
        ++at_their_end;
        barrier->arrive_and_wait();
        ExpectAtTheirEnd(threads, "some threads of a block end, others are at __syncthreads()");
        barrier->arrive_and_wait();
        if (thread == 0) at_their_end = 0;
        barrier->arrive_and_wait();
      }
    });
  }
  for (std::thread& thread : block) thread.join();
}

void LookupDeals(const nash::DealLookup& job) {
  CHECK_EQ(
      nash_device::LaunchDealLookup(reinterpret_cast<const nash_device::DealLookup&>(job), nullptr),
      0);
}

void FindNearest(const nash::NearestJob& job) {
  CHECK_EQ(
      nash_device::LaunchNearest(reinterpret_cast<const nash_device::NearestJob&>(job), nullptr),
      0);
}

}  // namespace kernel_twin
