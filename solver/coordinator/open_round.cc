// Which unit a worker that asks is given. Units that lack somebody come first: all that have no
// holder, or, where a unit is audited, fewer than two. Among them the caller's readiness decides
// (OpenRound::Choose), so that with lag a worker goes on with its own line.
//
// When none lacks anybody, the unit that has been run for the longest is given a second time, if it
// has taken longer than the caller thinks normal (slow_after): a slow worker does not hold a round
// up, and the two results are equal anyway. A holder that has named its result gets more patience
// (kPatienceWithNamed): its parts are on their way, which takes less than another run.
//
// Audits are drawn by a checksum of (round, unit), so that a coordinator that restarts, or goes
// back to the start of a round, audits the same units. tests/coordinator/open_round_test.cc
#include "solver/coordinator/open_round.h"

#include <algorithm>
#include <cmath>

#include "proto/unit_checksum.h"

namespace nash {
namespace {

constexpr int kPatienceWithNamed = 3;

}  // namespace

bool IsAudited(uint64_t round, uint32_t unit, double fraction) {
  const uint64_t name[] = {round, unit};
  return std::ldexp(static_cast<double>(UnitChecksum(name) >> 11), -53) < fraction;
}

OpenRound::OpenRound(uint64_t round, const CoordinatorOptions& options)
    : round_(round),
      options_(options),
      results_(options.shape.units, options.unit_parts_max),
      leases_(options.shape.units),
      audited_(options.shape.units),
      whole_since_(options.shape.units) {
  ChooseAudits();
}

void OpenRound::ChooseAudits() {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    audited_[unit] = IsAudited(round_, unit, options_.audit_fraction);
  }
}

OpenRound::Want OpenRound::WantOf(uint32_t unit, const std::string& who, Nanos now,
                                  Nanos slow_after) const {
  Want want;
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
  want.lacks_somebody = given + running < ResultsNeeded(unit);
  want.is_possible = given + running <= ResultsNeeded(unit);
  return want;
}

std::optional<uint32_t> OpenRound::FirstLacking(const std::string& who,
                                                const ReadinessOfUnit& ready) const {
  std::optional<uint32_t> first;
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!WantOf(unit, who, Nanos(0), Nanos(0)).lacks_somebody) continue;
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
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    const Want want = WantOf(unit, who, now, slow_after);
    if (!want.is_possible || want.granted >= slowest_granted || ready(unit) == Readiness::kNot) {
      continue;
    }
    slowest = Choice{unit, true};
    slowest_granted = want.granted;
  }
  return slowest;
}

bool OpenRound::HasAbandonedUnit() const {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!results_.IsWhole(unit) && leases_.holders(unit).empty()) return true;
  }
  return false;
}

void OpenRound::Note(uint32_t unit, Nanos now) {
  if (results_.IsWhole(unit) && !whole_since_[unit]) whole_since_[unit] = now;
}

uint64_t OpenRound::WaiveAudits(Nanos deadline) {
  uint64_t waived = 0;
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!whole_since_[unit] || *whole_since_[unit] > deadline || IsComplete(unit)) continue;
    audited_[unit] = false;
    ++waived;
  }
  return waived;
}

bool OpenRound::IsComplete(uint32_t unit) const {
  return results_.IsWhole(unit) && results_.claims(unit).size() >= ResultsNeeded(unit);
}

bool OpenRound::IsComplete() const {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    if (!IsComplete(unit)) return false;
  }
  return true;
}

void OpenRound::RollBack(Nanos now) {
  for (uint32_t unit = 0; unit < num_units(); ++unit) {
    for (const auto& [who, claim] : results_.claims(unit)) leases_.Renew(unit, who, now);
    whole_since_[unit].reset();
  }
  results_ = RoundResults(options_.shape.units, options_.unit_parts_max);
  ChooseAudits();
}

}  // namespace nash
