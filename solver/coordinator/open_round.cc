// Which unit a worker that asks is given. Units that lack somebody come first: all that have no
// holder, or, where a unit is audited, fewer than two. Among them the caller's readiness decides
// (OpenRound::Choose), so that with lag a worker goes on with its own line.
//
// When none lacks anybody, the unit that has been run for the longest is given a second time, if it
// has taken longer than the caller thinks normal (slow_after): a slow worker does not hold a round
// up, and the two results are equal anyway. A holder that has named its result gets more patience
// (kPatienceWithNamed): its parts are on their way, which takes less than another run.
//
// Audits are of whole rounds, since what they cost is waited for: where each worker runs one unit
// of a round, one audited unit makes the round as much longer as all of them do.
//
//   all units leased --> all results named --> second leases, none to who named it --> complete
//
// A second lease is given only when every first result is named (its checksum is here), so nobody
// can look whether a round is audited before saying what its result is. Which rounds they are is
// drawn from a secret by a keyed cipher; where all are, there is nothing to hide, and second leases
// are given at once. With lag they are of meetings: whoever runs a unit of one again has its table
// still, while those of other rounds were left behind by all. tests/coordinator/open_round_test.cc
#include "solver/coordinator/open_round.h"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>

#include "solver/cfr/lines.h"

namespace nash {
namespace {

constexpr int kPatienceWithNamed = 3;

}  // namespace

bool IsAudited(const CoordinatorOptions& options, uint64_t round) {
  if (options.audit_fraction <= 0) return false;
  if (options.audit_fraction >= 1) return true;
  const RoundShape& shape = options.shape;
  if (!IsMeeting(shape, round)) return false;
  if (options.rounds_total > 0 && round == MeetingBefore(shape, options.rounds_total - 1)) {
    return true;
  }
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<uint32_t>(round), static_cast<uint32_t>(round >> 32), 0, 0}};
  const r123::Philox4x32::key_type key = {{static_cast<uint32_t>(options.audit_secret),
                                           static_cast<uint32_t>(options.audit_secret >> 32)}};
  return std::ldexp(static_cast<double>(r123::Philox4x32()(counter, key)[0]), -32) <
         options.audit_fraction * static_cast<double>(shape.meet_every);
}

OpenRound::OpenRound(uint64_t round, const CoordinatorOptions& options)
    : round_(round),
      options_(options),
      results_(options.shape.units, options.unit_parts_max),
      leases_(options.shape.units),
      is_audited_(IsAudited(options, round)),
      audited_(options.shape.units, is_audited_),
      noted_(options.shape.units) {}

void OpenRound::Audit() {
  is_audited_ = true;
  audited_.assign(num_units(), true);
}

// Of a unit that is audited.
uint32_t OpenRound::ResultsNeededNow() const {
  if (!is_audited_) return 1;
  if (options_.audit_fraction >= 1) return 2;
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (results_.claims(unit).empty()) return 1;
  }
  return 2;
}

OpenRound::Want OpenRound::WantOf(uint32_t unit, const std::string& who, uint32_t needed, Nanos now,
                                  Nanos slow_after) const {
  Want want;
  if (!audited_[unit]) needed = 1;
  if (IsComplete(unit) || leases_.Holds(unit, who)) return want;
  const bool whole = results_.IsWhole(unit);
  if (whole && results_.HasClaimOf(unit, who)) return want;
  const size_t given = whole ? results_.claims(unit).size() : 0;
  // Those who will add a result, and since when they try.
  size_t running = 0;
  want.granted = now;
  bool is_named = false;
  for (const auto& [holder, term] : leases_.holders(unit)) {
    if (whole && results_.HasClaimOf(unit, holder)) continue;
    ++running;
    want.granted = std::min(want.granted, term.granted);
    is_named = is_named || results_.HasClaimOf(unit, holder);
  }
  // A result that its holder has named is on its way, and will take less time than another run.
  if (is_named) want.granted += kPatienceWithNamed * slow_after;
  want.lacks_somebody = given + running < needed;
  want.is_possible = given + running <= needed;
  return want;
}

std::optional<uint32_t> OpenRound::FirstLacking(const std::string& who,
                                                const ReadinessOfUnit& ready) const {
  std::optional<uint32_t> first;
  const uint32_t needed = ResultsNeededNow();
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!WantOf(unit, who, needed, Nanos(0), Nanos(0)).lacks_somebody) continue;
    const Readiness readiness = ready(unit);
    if (readiness == Readiness::kBest) return unit;
    if (readiness == Readiness::kReady && !first) first = unit;
  }
  return first;
}

std::optional<OpenRound::Choice> OpenRound::Choose(const std::string& who, Nanos now,
                                                   Nanos slow_after,
                                                   const ReadinessOfUnit& ready) const {
  const std::optional<uint32_t> lacking = FirstLacking(who, ready);
  if (lacking) return Choice{*lacking, false};
  std::optional<Choice> slowest;
  Nanos slowest_granted = now - slow_after;
  const uint32_t needed = ResultsNeededNow();
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    const Want want = WantOf(unit, who, needed, now, slow_after);
    if (!want.is_possible || want.granted >= slowest_granted || ready(unit) == Readiness::kNot) {
      continue;
    }
    slowest = Choice{unit, true};
    slowest_granted = want.granted;
  }
  return slowest;
}

bool OpenRound::HasLeaseUnderWay(const std::string& who) const {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (leases_.IsUnderWay(unit, who) && !results_.HasClaimOf(unit, who)) return true;
  }
  return false;
}

bool OpenRound::HasAbandonedUnit() const {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!results_.IsWhole(unit) && leases_.holders(unit).empty()) return true;
  }
  return false;
}

void OpenRound::Note(uint32_t unit, Nanos now) {
  const size_t claims = results_.IsWhole(unit) ? results_.claims(unit).size() : 0;
  if (claims <= noted_[unit]) return;
  noted_[unit] = claims;
  last_result_ = now;
}

bool OpenRound::AwaitsAudits() const {
  if (!is_audited_ || IsComplete()) return false;
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!results_.IsWhole(unit)) return false;
  }
  return true;
}

uint64_t OpenRound::WaiveAudits(Nanos deadline) {
  if (last_result_ > deadline || !AwaitsAudits()) return 0;
  uint64_t waived = 0;
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (IsComplete(unit)) continue;
    audited_[unit] = false;
    ++waived;
  }
  return waived;
}

bool OpenRound::IsComplete(uint32_t unit) const {
  return results_.IsWhole(unit) && results_.claims(unit).size() >= (audited_[unit] ? 2 : 1);
}

bool OpenRound::IsComplete() const {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!IsComplete(unit)) return false;
  }
  return true;
}

std::vector<std::vector<PartSpool::Ticket>> OpenRound::PartsBySection(uint32_t num_sections) const {
  auto parts = results_.BySection(num_sections, sums_.next_parts);
  std::copy(sums_.tickets.begin(), sums_.tickets.end(), parts.begin());
  return parts;
}

void OpenRound::RollBack(Nanos now) {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    for (const auto& [who, claim] : results_.claims(unit)) leases_.Renew(unit, who, now);
  }
  results_ = RoundResults(options_.shape.units, options_.unit_parts_max);
  sums_ = SummedSections();
  audited_.assign(num_units(), is_audited_);
  noted_.assign(num_units(), 0);
}

}  // namespace nash
