// Whole nodes are looked at, spread evenly over each street by a stride: rows of one node are alike
// in how often they are visited, nodes of one street are not. Streets are counted apart, since a
// first street of few rows has the largest regrets and would not be seen in an average over the
// river's millions.
#include "solver/cfr/table_survey.h"

#include <algorithm>

#include "solver/cfr/row_view.h"

namespace nash {
namespace {

void LookAt(const Table& table, NodeIndex node, StreetSurvey* street) {
  const TableLayout& layout = table.layout();
  const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
  const uint32_t num_values = layout.ValuesPerRow(node);
  for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket) {
    RowRoom room;
    const int32_t* const row = table.ReadRow(node, bucket, &room);
    ++street->seen_rows;
    if (std::all_of(row, row + num_values, [](int32_t value) { return value == 0; })) continue;
    ++street->reached_rows;
    street->regrets += num_actions;
    const RowView view(layout, node, row);
    for (uint32_t a = 0; a < num_actions; ++a) {
      street->positive_regret += std::max(0.0, view.Regret(static_cast<int>(a)));
    }
    if (layout.has_doubles()) continue;  // no limits that regrets could come to
    for (uint32_t a = 0; a < num_actions; ++a) {
      street->at_ceiling += row[a] >= kRegretCeiling;
      street->at_floor += row[a] <= kRegretFloorMin;
      street->largest_regret = std::max(street->largest_regret, row[a]);
    }
  }
}

}  // namespace

double TableSurvey::reached_share() const {
  double rows = 0, reached = 0;
  for (const StreetSurvey& street : streets) {
    if (street.seen_rows == 0) continue;
    rows += street.rows;
    reached += double(street.rows) * street.reached_rows / street.seen_rows;
  }
  return rows == 0 ? 0 : reached / rows;
}

double TableSurvey::worst_ceiling_share() const {
  double worst = 0;
  for (const StreetSurvey& street : streets) worst = std::max(worst, street.ceiling_share());
  return worst;
}

TableSurvey SurveyTable(const Table& table, uint64_t rows_per_street) {
  const TableLayout& layout = table.layout();
  TableSurvey survey;
  survey.streets.resize(layout.tree().num_streets());
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    survey.streets[layout.tree().nodes()[node].street].rows += layout.NumBuckets(node);
  }
  // The first of every `stride` nodes of a street is looked at.
  std::vector<uint64_t> stride, left(survey.streets.size(), 0);
  for (const StreetSurvey& street : survey.streets) {
    stride.push_back(std::max<uint64_t>(1, street.rows / std::max<uint64_t>(1, rows_per_street)));
  }
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint8_t street = layout.tree().nodes()[node].street;
    if (left[street]-- > 0) continue;
    left[street] = stride[street] - 1;
    LookAt(table, node, &survey.streets[street]);
  }
  return survey;
}

}  // namespace nash
