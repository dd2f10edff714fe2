// A round that was no audit, or whose audit was waived, has units of one giver each: from there on
// that giver is unconfirmed. In an audited round who gave a unit's parts gave them before it could
// know of the audit, so their being confirmed is a clean audit; who only ran a unit again may have
// known, and that says nothing of it.
//
// A coordinator that goes on with a run does not know what each worker has given before. Until a
// worker has passed an audit it counts as unconfirmed since ever.
// tests/coordinator/unconfirmed_test
#include "solver/coordinator/unconfirmed.h"

#include <algorithm>
#include <set>

#include "proto/identity.h"

namespace nash {

void Unconfirmed::Note(const OpenRound& round) {
  const RoundResults& results = round.results();
  std::set<std::string> alone, confirmed;
  for (uint32_t unit = 0; unit < round.num_units(); ++unit) {
    const auto& claims = results.claims(unit);
    if (claims.size() == 1) alone.insert(claims.begin()->first);
    if (claims.size() == 1 || !round.is_audited()) continue;
    for (const auto& [who, claim] : claims) {
      if (!results.PartsOf(unit, who).empty()) confirmed.insert(who);
    }
  }
  for (const std::string& who : confirmed) workers_[who].reset();
  for (const std::string& who : alone) {
    const bool is_new = workers_.count(who) == 0;
    std::optional<uint64_t>& since = workers_[who];
    if (!since.has_value()) since = is_new && first_ > 0 ? 0 : round.round();
  }
}

std::optional<uint64_t> Unconfirmed::Since(const std::string& name) const {
  const auto found = workers_.find(name);
  if (found != workers_.end()) return found->second;
  std::optional<uint64_t> first;
  bool is_known = false;
  for (const auto& [who, since] : workers_) {
    if (!Covers(name, who)) continue;
    is_known = true;
    if (since.has_value()) first = std::min(*since, first.value_or(*since));
  }
  if (!is_known && first_ > 0) return 0;
  return first;
}

}  // namespace nash
