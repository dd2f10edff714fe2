//   first_ - 1   results are kept while units of first_ start from them (lag 1)
//   first_       is being collected; complete: RoundFinisher takes it, Advance()
//   first_ + 1   with lag 1 is open unit by unit, as its line's result before has come
//
// Which rounds may be open follows from BaseOf() alone: the table that a round starts from must
// have been merged. A unit has a name with the checksum of what it starts from, so that a result
// that was computed from a start which has been taken back since is another unit's and never merged
// (IsStale). tests/coordinator/open_rounds_test.cc has the order in which units become ready.
#include "solver/coordinator/open_rounds.h"

#include <set>

#include "solver/cfr/lines.h"

namespace nash {

void OpenRounds::Open(uint64_t merged, uint64_t end) {
  for (uint64_t round = first_; round <= first_ + 1 && round < end; ++round) {
    if (BaseOf(options_.shape, round) <= merged) rounds_.try_emplace(round, round, options_);
  }
}

void OpenRounds::Forget(uint64_t round) {
  rounds_.erase(round);
  spool_->Forget(round);
}

void OpenRounds::Drop(uint64_t round) {
  while (!rounds_.empty() && rounds_.rbegin()->first >= round) Forget(rounds_.rbegin()->first);
}

void OpenRounds::Advance() {
  if (first_ > 0) Forget(first_ - 1);
  ++first_;
}

void OpenRounds::ForgetMerged() {
  const bool are_wanted = !IsMeeting(options_.shape, first_) && is_collecting();
  if (!are_wanted && first_ > 0) Forget(first_ - 1);
}

OpenRound* OpenRounds::Find(uint64_t round) {
  const auto found = rounds_.find(round);
  return round < first_ || found == rounds_.end() ? nullptr : &found->second;
}

OpenRound* OpenRounds::Find(const UnitName& name) {
  OpenRound* const round = Find(name.round);
  if (round == nullptr || name.unit >= round->num_units()) return round;
  const std::optional<ClaimedResult> start = StartOf(name.round, name.unit);
  return start.has_value() && start->checksum == name.start_checksum ? round : nullptr;
}

bool OpenRounds::IsStale(const UnitName& name) {
  const OpenRound* const round = Find(name.round);
  if (round == nullptr || name.unit >= round->num_units()) return false;
  const std::optional<ClaimedResult> start = StartOf(name.round, name.unit);
  return start.has_value() && start->checksum != name.start_checksum;
}

const OpenRound* OpenRounds::FindResults(uint64_t round) const {
  const auto found = rounds_.find(round);
  return found == rounds_.end() ? nullptr : &found->second;
}

std::optional<ClaimedResult> OpenRounds::StartOf(uint64_t round, uint32_t unit) const {
  if (IsMeeting(options_.shape, round)) return ClaimedResult();
  const OpenRound* const before = FindResults(round - 1);
  if (before == nullptr || before->results().claims(unit).empty()) return std::nullopt;
  return before->results().claims(unit).begin()->second;
}

Readiness OpenRounds::ReadinessOf(uint64_t round, uint32_t unit, const std::string& who) const {
  if (IsMeeting(options_.shape, round)) return Readiness::kReady;
  const OpenRound* const before = FindResults(round - 1);
  if (before == nullptr) return Readiness::kNot;
  if (before->results().HasClaimOf(unit, who)) return Readiness::kBest;
  return before->results().IsWhole(unit) ? Readiness::kReady : Readiness::kNot;
}

std::optional<OpenRounds::Choice> OpenRounds::Choose(const std::string& who, uint64_t table_rounds,
                                                     Nanos now, Nanos slow_after) {
  for (auto it = rounds_.lower_bound(first_); it != rounds_.end(); ++it) {
    if (BaseOf(options_.shape, it->first) != table_rounds) continue;
    const auto choice = it->second.Choose(
        who, now, slow_after, [&](uint32_t unit) { return ReadinessOf(it->first, unit, who); });
    if (choice) return Choice{&it->second, choice->unit, choice->is_second};
  }
  return std::nullopt;
}

bool OpenRounds::HasWorkFor(const std::string& who, uint64_t table_rounds) const {
  for (auto it = rounds_.lower_bound(first_); it != rounds_.end(); ++it) {
    if (BaseOf(options_.shape, it->first) != table_rounds) continue;
    const auto ready = [&](uint32_t unit) { return ReadinessOf(it->first, unit, who); };
    if (it->second.FirstLacking(who, ready).has_value()) return true;
    if (it->second.HasLeaseUnderWay(who)) return true;
  }
  return false;
}

bool OpenRounds::LacksOlderThan(uint64_t table_rounds) const {
  const OpenRound* const round = FindResults(first_);
  return round != nullptr && BaseOf(options_.shape, first_) < table_rounds &&
         round->HasAbandonedUnit();
}

size_t OpenRounds::UnitsInFlight() const {
  size_t units = 0;
  for (auto it = rounds_.lower_bound(first_); it != rounds_.end(); ++it) {
    const OpenRound& round = it->second;
    for (uint32_t unit = 0; unit < round.num_units(); ++unit) {
      units += !round.leases().holders(unit).empty() && !round.results().IsWhole(unit);
    }
  }
  return units;
}

size_t OpenRounds::MembersAtWork() const {
  std::set<std::string> at_work;
  for (auto it = rounds_.lower_bound(first_); it != rounds_.end(); ++it) {
    const OpenRound& round = it->second;
    for (uint32_t unit = 0; unit < round.num_units(); ++unit) {
      for (const auto& [who, term] : round.leases().holders(unit)) {
        if (!round.results().HasClaimOf(unit, who)) at_work.insert(who);
      }
    }
  }
  return at_work.size();
}

void OpenRounds::DropLeasesOf(const std::string& name) {
  ForEach([&name](OpenRound& round) { round.leases().DropAllOf(name); });
}

std::optional<uint64_t> OpenRounds::FirstWith(const std::string& name) const {
  for (auto it = rounds_.lower_bound(first_); it != rounds_.end(); ++it) {
    if (it->second.results().HasAnythingOf(name)) return it->first;
  }
  return std::nullopt;
}

void OpenRounds::RollBack(uint64_t round, Nanos now) {
  for (auto it = rounds_.lower_bound(round); it != rounds_.end(); ++it) {
    it->second.RollBack(now);
    spool_->Forget(it->first);
  }
}

}  // namespace nash
