// How many random rows a second the machine can visit at best: the ceiling for any traverser.
#ifndef NASHVILLE_TESTS_BENCH_TRAVERSE_ROW_CEILING_H_
#define NASHVILLE_TESTS_BENCH_TRAVERSE_ROW_CEILING_H_

#include <cstdint>

#include "common/huge_array.h"

namespace nash {

// Reads `visits` random 64-byte lines of `memory` in 16 interleaved chains, each address depending
// on the value before it, with prefetch. With `write`, adds to each line as well. Returns lines per
// second. `sink` receives a value that depends on all reads.
double RandomRowsPerSecond(const HugeArray& memory, uint64_t visits, bool write, uint64_t* sink);

}  // namespace nash

#endif  // NASHVILLE_TESTS_BENCH_TRAVERSE_ROW_CEILING_H_
