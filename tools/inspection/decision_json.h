// A decision and its run as JSON: docs/browser.md has the fields. Thread-safe: functions only.
#ifndef NASHVILLE_TOOLS_INSPECTION_DECISION_JSON_H_
#define NASHVILLE_TOOLS_INSPECTION_DECISION_JSON_H_

#include <nlohmann/json_fwd.hpp>

#include "tools/inspection/decision.h"

namespace nash {

nlohmann::ordered_json RunJson(const DecisionViewer& viewer);
nlohmann::ordered_json DecisionJson(const DecisionViewer& viewer, const Decision& decision);
// {"seats": [p, q], "equity": [[of p's hands in the decision's order, or null], [of q's]]}, or
// {"seats": [], "equity": []} where they are not computed.
nlohmann::ordered_json EquityJson(const DecisionViewer& viewer, const Decision& decision);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_INSPECTION_DECISION_JSON_H_
