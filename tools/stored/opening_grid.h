// A node's strategy over the 169 classes of hole cards, as the 13 x 13 grid that players know.
//
// Thread-safe: pure functions.
#ifndef NASHVILLE_TOOLS_STORED_OPENING_GRID_H_
#define NASHVILLE_TOOLS_STORED_OPENING_GRID_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// Draws the average strategy at a node. values: [layout.ValuesOf(node)] in canonical form. With
// colour, each cell's background mixes red (raise), green (call) and blue (fold) by their
// probabilities; without, a cell shows its most likely action: r, c or f, in capitals from 90% on.
// Error: InvalidArgument when the node is not on a street with the grid.
absl::StatusOr<std::string> FormatGrid(const LoadedRun& run, NodeIndex node,
                                       absl::Span<const int32_t> values, bool colour);

// The same strategy in numbers: for each action a grid of percentages, ranks along both sides,
// suited hands above the diagonal.
absl::StatusOr<std::string> FormatPercentages(const LoadedRun& run, NodeIndex node,
                                              absl::Span<const int32_t> values);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_OPENING_GRID_H_
