// The tree is a heap in an array: of members in order, the first `fanout` hang on the coordinator,
// and member i on member i / fanout - 1. Those that serve stand in front, so that every parent does
// as long as there are any; tests/coordinator/relay_tree_test.cc draws trees and looks for cycles.
#include "solver/coordinator/relay_tree.h"

#include <vector>

namespace nash {

std::map<std::string, RelayPlace> RelayPlaces(const std::map<std::string, Member>& members,
                                              const RelayRules& rules) {
  std::vector<const std::pair<const std::string, Member>*> order, others;
  for (const auto& member : members) {
    const bool is_near = member.second.rounds != Hello::kNoTable &&
                         member.second.rounds + kRelayRoundsBehindMax >= rules.rounds &&
                         member.second.heard >= rules.heard_since;
    const bool serves = !member.second.relay_endpoint.empty() && is_near;
    (serves ? order : others).push_back(&member);
  }
  std::map<std::string, RelayPlace> places;
  const size_t num_serving = order.size();
  if (num_serving == 0 || rules.fanout == 0) return places;
  order.insert(order.end(), others.begin(), others.end());
  for (size_t i = 0; i < order.size(); ++i) {
    RelayPlace& place = places[order[i]->first];
    if (i < rules.fanout || i / rules.fanout > num_serving) continue;
    const auto& [identity, parent] = *order[i / rules.fanout - 1];
    place.source_endpoint = parent.relay_endpoint;
    place.source_key = parent.public_key;
    const std::string& key = order[i]->second.public_key;
    if (!key.empty()) places[identity].child_keys.push_back(key);
  }
  return places;
}

}  // namespace nash
