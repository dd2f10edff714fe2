//   Add() --> claim and parts under way --> confirmed one by one --> UnitReceived
//                                                                    kept till the round is durable
//
// A unit with a window is being delivered; without, it is kept for a coordinator that may crash or
// take the round back (SendAgainFrom), and with lag 1 for the next unit of its line. One window of
// parts is shared by all units that are under way, the oldest first, so that several results do not
// send more at once than one would. Where there is no room the oldest confirmed result goes: it can
// be computed again, at the price of a unit. tests/worker/unit_outbox_test.cc has windows, room and
// starting over.
#include "worker/unit_outbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "proto/unit_checksum.h"

namespace nash {

void UnitOutbox::Add(UnitResult result) {
  if (Has(result.name)) return;
  std::vector<uint64_t> checksums;
  for (const EncodedRows& part : result.parts) {
    checksums.push_back(part.checksum);
    bytes_ += part.bytes.size();
  }
  const uint32_t parts = static_cast<uint32_t>(result.parts.size());
  Kept& kept = units_[result.name];
  kept.claim = {result.name, {parts, result.touches, UnitChecksum(checksums)}};
  kept.parts = std::make_shared<const std::vector<EncodedRows>>(std::move(result.parts));
  kept.window.emplace(parts, window_parts_, &timer_);
  MakeRoom();
}

UnitOutbox::Units::iterator UnitOutbox::Erase(Units::iterator unit) {
  for (const EncodedRows& part : *unit->second.parts) bytes_ -= part.bytes.size();
  return units_.erase(unit);
}

// The oldest go first: with lag 1 the newest are still to be started from.
void UnitOutbox::MakeRoom() {
  for (auto unit = units_.begin(); unit != units_.end() && !has_room();) {
    unit = unit->second.window ? std::next(unit) : Erase(unit);
  }
}

SharedParts UnitOutbox::Find(uint64_t round, uint32_t unit, uint64_t checksum) const {
  for (auto kept = units_.lower_bound({round, unit});
       kept != units_.end() && kept->first.round == round && kept->first.unit == unit; ++kept) {
    if (kept->second.claim.result.checksum == checksum) return kept->second.parts;
  }
  return nullptr;
}

std::vector<WorkerMessage> UnitOutbox::Due(const Rounds& rounds, Nanos now) {
  std::vector<WorkerMessage> due;
  const auto begin = units_.lower_bound({rounds.first, 0});
  const auto end = units_.lower_bound({rounds.last + 1, 0});
  uint32_t under_way = 0;
  for (auto unit = begin; unit != end; ++unit) {
    if (unit->second.window) under_way += unit->second.window->under_way();
  }
  for (auto unit = begin; unit != end; ++unit) {
    Kept& kept = unit->second;
    if (!kept.window) continue;
    if (!kept.claim_sent || now - *kept.claim_sent >= timer_.value()) {
      kept.claim_sent = now;
      due.push_back(kept.claim);
    }
    const uint32_t before = kept.window->under_way();
    const uint32_t room = window_parts_ - std::min(window_parts_, under_way);
    for (const uint32_t part : kept.window->Due(now, room)) {
      due.push_back(DeltaPart{unit->first, part, (*kept.parts)[part]});
    }
    under_way += kept.window->under_way() - before;
  }
  return due;
}

void UnitOutbox::OnPartReceived(const PartReceived& received, Nanos now) {
  const auto unit = units_.find(received.name);
  if (unit == units_.end() || !unit->second.window) return;
  if (unit->second.window->IsOpen(received.part)) unit->second.window->Confirm(received.part, now);
}

void UnitOutbox::OnUnitReceived(const UnitName& name) {
  const auto unit = units_.find(name);
  if (unit == units_.end()) return;
  unit->second.window.reset();
  MakeRoom();
}

void UnitOutbox::SendAgain(const UnitName& name) {
  Kept& kept = units_.at(name);
  kept.window.emplace(kept.claim.result.parts, window_parts_, &timer_);
  kept.claim_sent.reset();
}

void UnitOutbox::SendAgainFrom(uint64_t round) {
  for (auto unit = units_.lower_bound({round, 0}); unit != units_.end(); ++unit) {
    SendAgain(unit->first);
  }
}

void UnitOutbox::ForgetBelow(uint64_t round) {
  while (!units_.empty() && units_.begin()->first.round < round) Erase(units_.begin());
}

std::vector<UnitName> UnitOutbox::Unconfirmed(const Rounds& rounds) const {
  std::vector<UnitName> names;
  for (auto unit = units_.lower_bound({rounds.first, 0});
       unit != units_.end() && unit->first.round <= rounds.last; ++unit) {
    if (unit->second.window) names.push_back(unit->first);
  }
  return names;
}

}  // namespace nash
