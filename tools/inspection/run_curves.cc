// A file of unknown length is thinned to at most 2 N points in one pass:
//
//   stride 1   l0 l1 l2 l3 l4 l5 ...       all are kept until there are 2 N
//   stride 2   l0    l2    l4    ...       then every other one goes, and of what comes every other
//   stride 4   l0          l4    ...
//
// So the points are evenly spaced in lines, whatever the length, and the last line, which is the
// present, is kept beside them. A line is not averaged with its neighbours, since the mean of a
// counter would be a value that it never had.
//
// What a line's numbers are called, and which are figures at all, the registry says
// (tools/stored/metric_registry.h). tests/tools/report_test.sh compares the ends of curves with the
// file's own lines and gives it long and spoiled files.
#include "tools/inspection/run_curves.h"

#include <cmath>
#include <fstream>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/files.h"
#include "tools/stored/metric_registry.h"

namespace nash {
namespace {

using Json = nlohmann::ordered_json;

// Every so many-th line is kept; when there are too many, every other of these, and so on. The last
// line stands for the present and is kept always.
class ThinnedLines {
 public:
  explicit ThinnedLines(size_t points_max) : points_max_(points_max) {}

  void Add(Json line) {
    if (count_++ % stride_ == 0) {
      kept_.push_back(std::move(line));
      last_.reset();
    } else {
      last_ = std::move(line);
    }
    if (kept_.size() < 2 * points_max_) return;
    std::vector<Json> half;
    for (size_t i = 0; i < kept_.size(); i += 2) half.push_back(std::move(kept_[i]));
    if (kept_.size() % 2 == 0 && !last_.has_value()) last_ = std::move(kept_.back());
    kept_ = std::move(half);
    stride_ *= 2;
  }

  std::vector<Json> Take() {
    if (last_.has_value()) kept_.push_back(*std::move(last_));
    return std::move(kept_);
  }

 private:
  const size_t points_max_;
  uint64_t count_ = 0, stride_ = 1;
  std::vector<Json> kept_;
  std::optional<Json> last_;
};

// Six digits are more than a curve shows, and short to write.
double Shortened(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double scale = std::pow(10, 5 - std::floor(std::log10(std::fabs(value))));
  return std::isfinite(scale) && scale > 0 ? std::round(value * scale) / scale : value;
}

}  // namespace

absl::StatusOr<RunCurves> ReadRunCurves(const std::string& run_folder, size_t points_max) {
  RunCurves out;
  const std::string path = run_folder + "/metrics.jsonl";
  std::ifstream file(path);
  if (!file.is_open()) {
    if (!FileExists(path)) return out;
    return absl::PermissionDeniedError(absl::StrCat(path, ": cannot be read"));
  }
  ThinnedLines thinned(points_max);
  for (std::string text; std::getline(file, text);) {
    ++out.lines;
    Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    const auto seconds = line.find("run_seconds");
    if (!line.is_object() || seconds == line.end() || !seconds->is_number()) {
      ++out.bad_lines;
      continue;
    }
    thinned.Add(std::move(line));
  }
  std::map<std::pair<const Metric*, int>, std::vector<std::optional<double>>> values;
  const std::vector<Json> lines = thinned.Take();
  for (size_t i = 0; i < lines.size(); ++i) {
    out.run_seconds.push_back(Shortened(lines[i]["run_seconds"].get<double>()));
    for (const MetricValue& figure : FiguresOf(lines[i])) {
      std::vector<std::optional<double>>& curve = values[{figure.metric, figure.street}];
      curve.resize(lines.size());
      curve[i] = Shortened(figure.value);
    }
  }
  // A map of pointers into one array is in the array's order.
  for (auto& [key, curve] : values) {
    const auto& [metric, street] = key;
    out.curves.push_back(
        {street < 0 ? std::string(metric->name) : absl::StrCat(metric->name, "[", street, "]"),
         metric->unit, metric->help, std::move(curve)});
  }
  return out;
}

nlohmann::ordered_json CurvesJson(const RunCurves& curves) {
  Json json;
  json["run_seconds"] = curves.run_seconds;
  json["curves"] = Json::array();
  for (const RunCurve& curve : curves.curves) {
    Json values = Json::array();
    for (const std::optional<double>& value : curve.values) {
      values.push_back(value.has_value() ? Json(*value) : Json(nullptr));
    }
    json["curves"].push_back({{"name", curve.name},
                              {"unit", curve.unit},
                              {"help", curve.help},
                              {"values", std::move(values)}});
  }
  json["lines"] = curves.lines;
  json["bad_lines"] = curves.bad_lines;
  return json;
}

}  // namespace nash
