#include "tools/training/run_result.h"

#include <unistd.h>

#include <cstdio>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/program/colour.h"
#include "tools/program/next_command.h"
#include "tools/program/shell_word.h"
#include "tools/program/stop_signals.h"
#include "tools/stored/opening_grid.h"

namespace nash {

void ShowResult(const LoadedRun& run, const Table& table, uint64_t iterations, bool listens,
                const std::string& folder) {
  const bool is_stopped = stop_signal_received.load() != 0;
  const bool is_terminal = isatty(STDOUT_FILENO) == 1;
  if (!is_stopped && !listens && run.abstraction().HasPreflopGrid(0)) {
    std::vector<int32_t> values(run.layout().ValuesOf(0));
    table.CopyOut(0, absl::MakeSpan(values));
    const absl::StatusOr<std::string> grid = FormatGrid(run, 0, values, WantsColour(is_terminal));
    if (grid.ok()) std::printf("\nThe first decision, by hole cards:\n\n%s", grid->c_str());
  }
  if (!is_terminal) return;
  const std::string dir = ShellWord(folder);
  if (is_stopped) {
    std::printf("\nTo go on:\n  %s\n", SameCommand(folder, 0).c_str());
    return;
  }
  const std::string inspect = CommandFor("inspect_checkpoint");
  std::printf("\nThe checkpoint is in %s. What to try next:\n", folder.c_str());
  std::printf("  %s summary %s\n", inspect.c_str(), dir.c_str());
  if (run.abstraction().HasPreflopGrid(0)) {
    std::printf("  %s grid %s --betting=c\n", inspect.c_str(), dir.c_str());
  } else {
    std::printf("  %s nashconv %s\n", CommandFor("evaluate").c_str(), dir.c_str());
  }
  std::printf("Twice as long:\n  %s\n", SameCommand(folder, 2 * iterations).c_str());
}

}  // namespace nash
