// Kernels on the processor, from their own sources: a thread for each thread of a block, shared
// memory that is shared, barriers that wait.
//
// So what else only a GPU would run (which thread takes which deal or row, tiles, barriers, the
// device's branch of functions for both) runs in tests; ASan sees there what compute-sanitizer's
// memcheck would, TSan what its racecheck would. What stays a GPU's: how fast it is, and that nvcc
// compiles as g++ does.
#ifndef NASHVILLE_TESTS_DEVICE_KERNEL_TWIN_H_
#define NASHVILLE_TESTS_DEVICE_KERNEL_TWIN_H_

#include "solver/device/deal_lookup.h"
#include "solver/device/row_kernels.h"

namespace kernel_twin {

// LaunchDealLookup() and LaunchNearest(), with pointers of the host; done when they return.
void LookupDeals(const nash::DealLookup& job);
void FindNearest(const nash::NearestJob& job);

}  // namespace kernel_twin

#endif  // NASHVILLE_TESTS_DEVICE_KERNEL_TWIN_H_
