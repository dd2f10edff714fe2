// The figures that a run tells of itself: one table, from which every way out of the program takes
// names, units and meanings (metrics.jsonl, Prometheus). docs/operations.md has a row for each, and
// tests/tools/run_reporter_test.cc fails where a figure, a row of the table or a row of the page
// lacks the others.
//
// Thread-safe: constants and functions only.
#ifndef NASHVILLE_TOOLS_STORED_METRIC_REGISTRY_H_
#define NASHVILLE_TOOLS_STORED_METRIC_REGISTRY_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "absl/types/span.h"

namespace nash {

enum class MetricKind {
  kCounter,  // grows, but for a restart or a return to an older checkpoint
  kGauge,    // goes up and down
};

struct Metric {
  const char* name;  // its key in metrics.jsonl; a dot stands before the key of an inner object
  const char* unit;  // "seconds", "bytes", "chips", "share" (0 to 1), or what is counted
  MetricKind kind;
  const char* help;           // a line of plain ASCII without quotes
  bool is_by_street = false;  // a value for each street, the first at [0]
};

// All figures that are numbers, in the order of a line of metrics.jsonl.
absl::Span<const Metric> RunMetrics();

// "nashville_iterations_total": a counter's name ends in _total, as Prometheus has it.
std::string PrometheusName(const Metric& metric);

struct MetricValue {
  const Metric* metric;
  int street;  // -1: of the whole run
  double value;
};

// The figures of a line of metrics.jsonl, in the order of the table. What the line lacks is left
// out.
std::vector<MetricValue> FiguresOf(const nlohmann::ordered_json& line);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_METRIC_REGISTRY_H_
