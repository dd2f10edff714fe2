// How the figures of a run went, read from its metrics.jsonl: what the report and the browser draw.
//
// A long run writes a line every ten seconds for days, and a curve is a few hundred pixels wide:
// so lines are thinned out while they are read, evenly, and the memory is that of the points kept.
//
// Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_RUN_CURVES_H_
#define NASHVILLE_TOOLS_INSPECTION_RUN_CURVES_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace nash {

// One figure of the registry (tools/stored/metric_registry.h), of one street where it is by street.
struct RunCurve {
  std::string name;  // as in metrics.jsonl; "NAME[0]" of the first street
  std::string unit;
  std::string help;
  std::vector<std::optional<double>> values;  // one for each of RunCurves::run_seconds
};

struct RunCurves {
  std::vector<double> run_seconds;  // of training, over restarts
  std::vector<RunCurve> curves;     // those with a value somewhere, in the registry's order
  uint64_t lines = 0;               // of the file
  uint64_t bad_lines = 0;           // that are no JSON objects: the last one, torn, or damage
};

// points_max: at least 2; twice as many are kept at most. Without the file: no curves. Errors:
// those of common/files.h.
absl::StatusOr<RunCurves> ReadRunCurves(const std::string& run_folder, size_t points_max);

// {"run_seconds": [...], "curves": [{"name", "unit", "help", "values"}], "lines", "bad_lines"}.
nlohmann::ordered_json CurvesJson(const RunCurves& curves);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_RUN_CURVES_H_
