// Costs come from benchmarks (configs/cluster/costs.json names the command of each) as points, and
// are needed between and beyond them. Rows by touches follow powers between two points and beyond
// the last, up to the street's rows (table_rows): a street's rows grow like touches to an exponent
// below one. Threads' efficiency is interpolated linearly, and held beyond the last point.
//
// An entry is {"value": ..., "from": ...}, and one without its source is refused: a figure that
// nobody knows the origin of cannot be measured again on another machine. The first thing that is
// wrong is kept as the error, so that the reader of the file can be written straight down.
#include "tools/simulation/costs.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

using Json = nlohmann::json;

// Numbers of a cost file, by key; the first one that is wrong is kept as the error.
class CostReader {
 public:
  CostReader(const Json& root, absl::string_view file_name) : root_(root), file_(file_name) {}

  // "key": {"value": N, "from": "where it comes from"}.
  double Number(const std::string& key, double lowest, double highest) {
    const Json* value = Value(key);
    if (value == nullptr) return 0;
    return Checked(key, *value, lowest, highest);
  }

  // The same with a list of rows of numbers, or of numbers (rows of one).
  std::vector<std::vector<double>> Rows(const std::string& key) {
    const Json* value = Value(key);
    std::vector<std::vector<double>> rows;
    if (value == nullptr) return rows;
    if (!value->is_array() || value->empty()) {
      Fail(key, "found no list; give one with at least one entry");
      return rows;
    }
    for (const Json& entry : *value) {
      std::vector<double>& row = rows.emplace_back();
      if (!entry.is_array()) {
        row.push_back(Checked(key, entry, 0, 1e18));
        continue;
      }
      for (const Json& number : entry) row.push_back(Checked(key, number, 0, 1e18));
    }
    return rows;
  }

  void Fail(const std::string& key, const std::string& what) {
    if (status_.ok()) {
      status_ = absl::InvalidArgumentError(absl::StrCat(file_, ": ", key, ": ", what));
    }
  }
  const absl::Status& status() const { return status_; }

 private:
  const Json* Value(const std::string& key) {
    const auto found = root_.find(key);
    if (found == root_.end() || !found->is_object() || !found->contains("value")) {
      Fail(key, "missing; write {\"value\": ..., \"from\": \"the command, or estimate\"}");
      return nullptr;
    }
    if (!found->contains("from") || !(*found)["from"].is_string()) {
      Fail(key, "\"from\" is missing: name the command that measured it, or say estimate");
      return nullptr;
    }
    return &(*found)["value"];
  }

  double Checked(const std::string& key, const Json& number, double lowest, double highest) {
    if (!number.is_number()) {
      Fail(key, absl::StrCat("found ", number.dump(), "; a number is needed"));
      return 0;
    }
    const double value = number.get<double>();
    if (!(value >= lowest && value <= highest)) {
      Fail(key, absl::StrFormat("found %g; from %g to %g is allowed", value, lowest, highest));
    }
    return value;
  }

  const Json& root_;
  const std::string file_;
  absl::Status status_;
};

void ReadThreads(CostReader* reader, ClusterCosts* costs) {
  for (const std::vector<double>& row : reader->Rows("thread_efficiency")) {
    if (row.size() != 2 || row[0] < 1 || !(row[1] > 0 && row[1] <= 1)) {
      reader->Fail("thread_efficiency", "an entry is [threads, share of one thread's rate]");
      return;
    }
    if (!costs->thread_efficiency.empty() && row[0] <= costs->thread_efficiency.back().first) {
      reader->Fail("thread_efficiency", "threads must ascend");
    }
    costs->thread_efficiency.emplace_back(row[0], row[1]);
  }
}

void ReadRows(CostReader* reader, ClusterCosts* costs) {
  const std::vector<std::vector<double>> table = reader->Rows("table_rows");
  if (table.size() > kCostStreetsMax) {
    reader->Fail("table_rows", absl::StrCat("at most ", kCostStreetsMax, " streets"));
    return;
  }
  costs->num_streets = static_cast<int>(table.size());
  for (size_t street = 0; street < table.size(); ++street) {
    costs->table_rows[street] = table[street][0];
  }
  for (const std::vector<double>& row : reader->Rows("rows_touched")) {
    RowsTouched point;
    if (row.size() != table.size() + 1 || !(row[0] > 0)) {
      reader->Fail("rows_touched", "an entry is [touches, rows of the first street, ...]");
      return;
    }
    point.touches = row[0];
    std::copy(row.begin() + 1, row.end(), point.rows.begin());
    if (!costs->rows_touched.empty()) {
      const RowsTouched& before = costs->rows_touched.back();
      bool ascends = point.touches > before.touches;
      for (size_t i = 0; i < table.size(); ++i) ascends &= point.rows[i] >= before.rows[i];
      if (!ascends) reader->Fail("rows_touched", "touches must ascend, and rows may not fall");
    }
    for (size_t i = 0; i < table.size(); ++i) {
      if (!(point.rows[i] > 0)) reader->Fail("rows_touched", "each street needs a row or more");
    }
    costs->rows_touched.push_back(point);
  }
}

}  // namespace

double ClusterCosts::RowsOf(int street, double touches) const {
  if (touches <= 0) return 0;
  const RowsTouched& first = rows_touched.front();
  double rows;
  if (touches <= first.touches) {
    rows = first.rows[street] * touches / first.touches;
  } else if (rows_touched.size() == 1) {
    rows = first.rows[street];
  } else {
    size_t after = 1;
    while (after + 1 < rows_touched.size() && rows_touched[after].touches < touches) ++after;
    const RowsTouched& low = rows_touched[after - 1];
    const RowsTouched& high = rows_touched[after];
    const double power =
        std::log(high.rows[street] / low.rows[street]) / std::log(high.touches / low.touches);
    rows = high.rows[street] * std::pow(touches / high.touches, power);
  }
  return std::min(rows, table_rows[street]);
}

double ClusterCosts::Rows(double touches) const {
  double rows = 0;
  for (int street = 0; street < num_streets; ++street) rows += RowsOf(street, touches);
  return rows;
}

double ClusterCosts::SpeedUp(double threads) const {
  size_t after = 0;
  while (after < thread_efficiency.size() && thread_efficiency[after].first < threads) ++after;
  double efficiency;
  if (after == 0) {
    efficiency = thread_efficiency.front().second;
  } else if (after == thread_efficiency.size()) {
    efficiency = thread_efficiency.back().second;
  } else {
    const auto& [low, low_share] = thread_efficiency[after - 1];
    const auto& [high, high_share] = thread_efficiency[after];
    efficiency = low_share + (high_share - low_share) * (threads - low) / (high - low);
  }
  return threads * efficiency;
}

absl::StatusOr<ClusterCosts> ParseClusterCosts(absl::string_view text,
                                               absl::string_view file_name) {
  const Json root = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(file_name, ": is no JSON object"));
  }
  CostReader reader(root, file_name);
  ClusterCosts costs;
  costs.touches_per_core_s = reader.Number("touches_per_core_s", 1, 1e12);
  costs.touches_per_deal = reader.Number("touches_per_deal", 1, 1e9);
  ReadThreads(&reader, &costs);
  ReadRows(&reader, &costs);
  for (const auto& [key, value] : std::initializer_list<std::pair<const char*, double*>>{
           {"bytes_up_per_row", &costs.bytes_up_per_row},
           {"bytes_down_per_row", &costs.bytes_down_per_row},
           {"bytes_log_per_row", &costs.bytes_log_per_row},
           {"undo_bytes_per_row", &costs.undo_bytes_per_row},
           {"seal_ns_per_row", &costs.seal_ns},
           {"encode_ns_per_row", &costs.encode_ns},
           {"decode_ns_per_row", &costs.decode_ns},
           {"merge_ns_per_row", &costs.merge_ns},
           {"finish_ns_per_row", &costs.finish_ns},
           {"apply_ns_per_row", &costs.apply_ns}}) {
    *value = reader.Number(key, 0, 1e6);
  }
  costs.rows_per_part = reader.Number("rows_per_part", 1, 1e9);
  costs.latency_s = reader.Number("latency_s", 0, 10);
  costs.log_bytes_per_s = reader.Number("log_bytes_per_s", 1, 1e18);
  costs.unit_time_spread = reader.Number("unit_time_spread", 0, 0.99);
  RETURN_IF_ERROR(reader.status());
  return costs;
}

absl::StatusOr<ClusterCosts> LoadClusterCosts(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  return ParseClusterCosts(text, path);
}

}  // namespace nash
