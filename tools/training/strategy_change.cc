// Total variation between two looks, half of the sum of |new - old| over the actions, in the mean
// over the rows of a street that were reached. Zero would be a strategy that stands still. The
// figure says whether more training still moves anything, which mean regrets do not: they shrink by
// being divided by iterations.
//
// Rows are taken at a stride over the street, the same at each look, so that the difference is of
// training and not of the sample. Current strategies are read because averages move ever less by
// their construction.
#include "tools/training/strategy_change.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "solver/cfr/row_view.h"

namespace nash {
namespace {

// Hart & Mas-Colell 2000, as regret_matching.h has it. Returns whether any value is not zero.
bool AddStrategy(const RowView& row, std::vector<float>* strategies) {
  double total = 0;
  bool is_reached = false;
  for (int a = 0; a < row.num_actions(); ++a) {
    total += std::max(0.0, row.Regret(a));
    is_reached = is_reached || row.Regret(a) != 0;
  }
  for (int a = 0; a < row.num_actions(); ++a) {
    strategies->push_back(static_cast<float>(total > 0 ? std::max(0.0, row.Regret(a)) / total
                                                       : 1.0 / row.num_actions()));
  }
  return is_reached;
}

}  // namespace

StrategyChange::StrategyChange(const Table& table, uint64_t rows_per_street) : table_(table) {
  const TableLayout& layout = table.layout();
  const absl::Span<const PublicNode> nodes = layout.tree().nodes();
  std::vector<uint64_t> rows(layout.tree().num_streets(), 0);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    rows[nodes[node].street] += layout.NumBuckets(node);
  }
  // The first of every `stride` rows of a street is looked at.
  std::vector<uint64_t> next(rows.size(), 0), seen(rows.size(), 0);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint8_t street = nodes[node].street;
    const uint64_t stride = std::max<uint64_t>(1, rows[street] / rows_per_street);
    const uint64_t end = seen[street] + layout.NumBuckets(node);
    for (; next[street] < end; next[street] += stride) {
      places_.push_back({node, static_cast<uint32_t>(next[street] - seen[street]), street});
    }
    seen[street] = end;
  }
}

std::vector<double> StrategyChange::Look() {
  const TableLayout& layout = table_.layout();
  std::vector<double> change(layout.tree().num_streets(), 0);
  std::vector<uint64_t> reached(change.size(), 0);
  std::vector<float> strategies;
  strategies.reserve(strategies_.size());
  for (const Place& place : places_) {
    RowRoom room;
    const size_t first = strategies.size();
    const RowView row(layout, place.node, table_.ReadRow(place.node, place.bucket, &room));
    if (!AddStrategy(row, &strategies) || strategies_.empty()) continue;
    ++reached[place.street];
    for (size_t i = first; i < strategies.size(); ++i) {
      change[place.street] += std::abs(strategies[i] - strategies_[i]) / 2;
    }
  }
  strategies_ = std::move(strategies);
  for (size_t street = 0; street < change.size(); ++street) {
    if (reached[street] > 0) change[street] /= static_cast<double>(reached[street]);
  }
  return change;
}

}  // namespace nash
