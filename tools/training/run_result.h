// What a run that has ended prints: its first decision, and what its user may want to do next.
//
// Thread-compatible: for the thread that trained, after it did.
#ifndef NASHVILLE_TOOLS_TRAINING_RUN_RESULT_H_
#define NASHVILLE_TOOLS_TRAINING_RUN_RESULT_H_

#include <cstdint>
#include <string>

#include "solver/cfr/table.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// Prints to stdout. The grid is a result, and is printed where the run was not stopped and the
// table is in this process; hints are for people at a terminal, and a log has none.
// listens: workers from elsewhere trained the table. folder: the run's.
void ShowResult(const LoadedRun& run, const Table& table, uint64_t iterations, bool listens,
                const std::string& folder);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAINING_RUN_RESULT_H_
