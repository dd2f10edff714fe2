//   A and B contradict each other    both are shut out for a while, with what each had given
//   C's result of the unit is whole  who agrees with it is right: comes back; who does not: banned
//   nobody agrees                    C waits as well, and the next one decides
//
// A unit that starts from something else is another unit by the time it is decided: then nobody can
// be shown to be wrong, and all are let in again (is_another). Agreeing means in all that was
// given, part by part, so that one who was right but had sent only a half is not taken for wrong.
// tests/coordinator/disputes_test.cc has each of these.
#include "solver/coordinator/disputes.h"

namespace nash {
namespace {

bool Agrees(const Disputes::Evidence& evidence, const RoundResults& results, uint32_t unit) {
  if (evidence.claim.has_value() && *evidence.claim != results.claims(unit).begin()->second) {
    return false;
  }
  for (const auto& [part, checksum] : evidence.parts) {
    if (results.ChecksumOf({unit, part}) != checksum) return false;
  }
  return true;
}

}  // namespace

Disputes::Evidence Disputes::EvidenceOf(const RoundResults& results, uint32_t unit,
                                        const std::string& who) {
  Evidence evidence;
  const auto claim = results.claims(unit).find(who);
  if (claim != results.claims(unit).end()) evidence.claim = claim->second;
  evidence.parts = results.PartsOf(unit, who);
  return evidence;
}

void Disputes::Open(const UnitName& name, const std::map<std::string, Evidence>& suspects) {
  Dispute& dispute = disputes_[{name.round, name.unit}];
  if (dispute.start_checksum != name.start_checksum) dispute.suspects.clear();
  dispute.start_checksum = name.start_checksum;
  for (const auto& [who, evidence] : suspects) {
    Evidence& known = dispute.suspects[who];
    if (evidence.claim.has_value()) known.claim = evidence.claim;
    known.parts.insert(evidence.parts.begin(), evidence.parts.end());
  }
}

std::optional<Disputes::Verdict> Disputes::Decide(const UnitName& name,
                                                  const RoundResults& results) {
  const auto found = disputes_.find({name.round, name.unit});
  if (found == disputes_.end()) return std::nullopt;
  const Dispute& dispute = found->second;
  const bool is_another = dispute.start_checksum != name.start_checksum;
  Verdict verdict;
  for (const auto& [who, evidence] : dispute.suspects) {
    const bool is_right = is_another || Agrees(evidence, results, name.unit);
    (is_right ? verdict.right : verdict.wrong).insert(who);
  }
  if (!verdict.right.empty()) disputes_.erase(found);
  return verdict;
}

}  // namespace nash
