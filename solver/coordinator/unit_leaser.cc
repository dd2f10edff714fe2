// Leases end by time, and times follow from what units take here: an exponential mean over eight
// results, as TCP smooths round trips. A lease is a few of those means long; a unit that runs for
// longer than second_lease_factor of them is given to another worker as well, and whichever result
// comes first is taken. Before the first result all is as long as options_ allows, since nothing is
// known.
//
// Messages are lost both ways. A worker says in each request which units it holds: that renews
// them. What it was leased and does not name is on its way to it or was lost; it counts as wanted,
// so that no worker gathers units by asking again, and is told again after lease_resend.
#include "solver/coordinator/unit_leaser.h"

#include <algorithm>

#include "solver/cfr/lines.h"

namespace nash {
namespace {

// The time of so many units, and an audit is given up.
constexpr int kAuditUnits = 8;

uint32_t Milliseconds(Nanos time) {
  return static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

Nanos Times(double factor, Nanos time) {
  return Nanos(static_cast<int64_t>(factor * static_cast<double>(time.count())));
}

}  // namespace

Nanos UnitLeaser::LeaseTime() const {
  if (mean_unit_time_ == Nanos(0)) return options_.lease_max;
  return std::clamp(Times(options_.lease_factor, mean_unit_time_), options_.lease_min,
                    options_.lease_max);
}

// A unit that runs for so long is leased to another as well.
Nanos UnitLeaser::SlowAfter() const {
  if (mean_unit_time_ == Nanos(0)) return options_.lease_max;
  return std::max(options_.second_lease_min, Times(options_.second_lease_factor, mean_unit_time_));
}

void UnitLeaser::NoteResult(OpenRound* round, uint32_t unit, const std::string& who, Nanos now) {
  const auto& holders = round->leases().holders(unit);
  const auto holder = holders.find(who);
  if (holder == holders.end()) return;
  const Nanos time = std::max(now - holder->second.granted, Nanos(1));
  mean_unit_time_ = mean_unit_time_ == Nanos(0) ? time : (7 * mean_unit_time_ + time) / 8;
}

Lease UnitLeaser::LeaseOf(const UnitName& name) const {
  return {name, Milliseconds(LeaseTime()), open_->StartOf(name.round, name.unit)->parts};
}

std::vector<Lease> UnitLeaser::Answer(const std::string& who, const Following& following,
                                      Nanos now) {
  std::vector<Lease> leases;
  Renew(who, following, now);
  uint32_t wanted = std::min(following.units_wanted, options_.leases_per_member_max);
  wanted -= GrantAgain(who, following, wanted, now, &leases);
  for (; wanted > 0; --wanted) {
    const auto choice = open_->Choose(who, following.rounds, now, SlowAfter());
    if (!choice) break;
    ++counters_->leases_granted;
    counters_->leases_second += choice->is_second;
    choice->round->leases().Grant(choice->unit, who, now);
    leases.push_back(LeaseOf(open_->NameOf(choice->round->round(), choice->unit)));
  }
  return leases;
}

void UnitLeaser::Renew(const std::string& who, const Following& following, Nanos now) {
  for (const UnitName& name : following.held) {
    OpenRound* const round = open_->Find(name);
    if (round != nullptr && name.unit < round->num_units()) {
      round->leases().Renew(name.unit, who, now);
    }
  }
}

// What `who` was leased and does not name is on its way, or was lost there: it counts as wanted,
// and is leased again after a while. Returns for how many units that is so.
uint32_t UnitLeaser::GrantAgain(const std::string& who, const Following& following, uint32_t wanted,
                                Nanos now, std::vector<Lease>* leases) {
  uint32_t under_way = 0;
  open_->ForEach([&](OpenRound& round) {
    LeaseBoard& board = round.leases();
    for (uint32_t unit = 0; unit < round.num_units() && under_way < wanted; ++unit) {
      const auto holder = board.holders(unit).find(who);
      if (holder == board.holders(unit).end() || round.results().HasClaimOf(unit, who)) continue;
      const UnitName name = open_->NameOf(round.round(), unit);
      if (std::count(following.held.begin(), following.held.end(), name) > 0) continue;
      if (BaseOf(options_.shape, name.round) != following.rounds) {
        board.Drop(unit, who);  // its table has gone past it
        continue;
      }
      ++under_way;
      if (now < holder->second.sent + options_.lease_resend) continue;
      ++counters_->leases_resent;
      board.Resent(unit, who, now);
      if (open_->Find(name) != nullptr) leases->push_back(LeaseOf(name));
    }
  });
  return under_way;
}

void UnitLeaser::OnTick(size_t num_members, Nanos now) {
  if (num_members > 1) audits_possible_ = now;
  const bool is_alone = now - audits_possible_ >= options_.audit_wait;
  const Nanos wait = std::max(options_.audit_wait, kAuditUnits * mean_unit_time_);
  open_->ForEach([&](OpenRound& round) {
    counters_->leases_expired += round.leases().Expire(now - LeaseTime());
    counters_->audits_waived += round.WaiveAudits(is_alone ? now : now - wait);
  });
}

}  // namespace nash
