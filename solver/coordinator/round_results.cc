// What is compared with what. A result has four ways to be wrong, and each names its culprits:
//
//   Look    a part came before with another checksum       the two who sent it
//   Place   a part's rows overlap a neighbour's            the two who sent these
//   Claim   two workers say different things of a unit     all who said so
//   Judge   all parts are there and are not the claim's    who sent them, and who claimed
//
// To have come first proves nothing: two workers that differ are both culprits, and the caller has
// a third decide. Overlaps are looked for at neighbours only, which suffices because parts that are
// placed do not overlap each other. A unit is whole when the parts of its claim have all come and
// give the claim's checksum. tests/coordinator/round_results_test.cc has each way.
#include "solver/coordinator/round_results.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_format.h"
#include "proto/identity.h"
#include "proto/unit_checksum.h"

namespace nash {
namespace {

Arrival Impossible(std::set<std::string> culprits, std::string text) {
  return {Arrival::Kind::kImpossible, std::move(culprits), std::move(text)};
}

}  // namespace

RoundResults::RoundResults(uint32_t units, uint32_t unit_parts_max)
    : unit_parts_max_(unit_parts_max), units_(units) {}

Arrival RoundResults::Look(const PartName& name, uint64_t checksum, const std::string& who) const {
  if (name.unit >= units_.size() || name.part >= unit_parts_max_) {
    return Impossible({who}, absl::StrFormat("part %d of unit %d: there are %d units of at most %d "
                                             "parts",
                                             name.part, name.unit, units_.size(), unit_parts_max_));
  }
  const Unit& unit = units_[name.unit];
  const auto placed = unit.parts.find(name.part);
  if (placed == unit.parts.end()) return {};
  if (placed->second.checksum == checksum) return {Arrival::Kind::kRepeated, {}, {}};
  return Impossible({who, placed->second.who},
                    absl::StrFormat("part %d of unit %d has two checksums: %016x and %016x",
                                    name.part, name.unit, placed->second.checksum, checksum));
}

Arrival RoundResults::Place(const PartName& name, uint64_t checksum, const PartPlace& place,
                            PartSpool::Ticket ticket, const std::string& who) {
  auto& parts = units_[name.unit].parts;
  const auto after = parts.upper_bound(name.part);
  if (after != parts.end() && after->second.place.first_row <= place.last_row) {
    return Impossible({who, after->second.who},
                      absl::StrFormat("parts %d and %d of unit %d overlap at row %d", name.part,
                                      after->first, name.unit, after->second.place.first_row));
  }
  if (after != parts.begin()) {
    const auto before = std::prev(after);
    if (before->second.place.last_row >= place.first_row) {
      return Impossible({who, before->second.who},
                        absl::StrFormat("parts %d and %d of unit %d overlap at row %d",
                                        before->first, name.part, name.unit, place.first_row));
    }
  }
  parts[name.part] = {checksum, place, ticket, who};
  Unit& unit = units_[name.unit];
  for (auto next = parts.find(unit.parts_in_a_row);
       next != parts.end() && next->first == unit.parts_in_a_row; ++next) {
    ++unit.parts_in_a_row;
    unit.section = next->second.place.section;
  }
  return Judge(name.unit);
}

Arrival RoundResults::Claim(uint32_t number, const ClaimedResult& claim, const std::string& who) {
  if (number >= units_.size() || claim.parts > unit_parts_max_) {
    return Impossible({who}, absl::StrFormat("unit %d of %d parts: there are %d units of at most "
                                             "%d parts",
                                             number, claim.parts, units_.size(), unit_parts_max_));
  }
  Unit& unit = units_[number];
  std::set<std::string> others;
  for (const auto& [other, theirs] : unit.claims) {
    if (theirs != claim) others.insert(other);
  }
  if (!others.empty()) {
    others.insert(who);
    return Impossible(std::move(others), absl::StrFormat("two results of unit %d differ", number));
  }
  if (!unit.claims.emplace(who, claim).second) return {Arrival::Kind::kRepeated, {}, {}};
  return Judge(number);
}

Arrival RoundResults::Judge(uint32_t number) {
  Unit& unit = units_[number];
  if (unit.claims.empty()) return {};
  const ClaimedResult& claim = unit.claims.begin()->second;
  const bool too_many = !unit.parts.empty() && unit.parts.rbegin()->first >= claim.parts;
  if (!too_many && unit.parts.size() < claim.parts) return {};
  std::vector<uint64_t> checksums;
  std::set<std::string> culprits;
  for (const auto& [part, placed] : unit.parts) {
    checksums.push_back(placed.checksum);
    if (!too_many || part >= claim.parts) culprits.insert(placed.who);
  }
  unit.whole = !too_many && UnitChecksum(checksums) == claim.checksum;
  if (unit.whole) return {};
  for (const auto& [who, _] : unit.claims) culprits.insert(who);
  return Impossible(std::move(culprits),
                    absl::StrFormat("the parts of unit %d are not the result that was named "
                                    "(%d parts, checksum %016x)",
                                    number, claim.parts, claim.checksum));
}

uint64_t RoundResults::ChecksumOf(const PartName& name) const {
  const auto placed = units_[name.unit].parts.find(name.part);
  return placed == units_[name.unit].parts.end() ? 0 : placed->second.checksum;
}

std::map<uint32_t, uint64_t> RoundResults::PartsOf(uint32_t unit, const std::string& who) const {
  std::map<uint32_t, uint64_t> parts;
  for (const auto& [part, placed] : units_[unit].parts) {
    if (placed.who == who) parts[part] = placed.checksum;
  }
  return parts;
}

bool RoundResults::HasAnythingOf(const std::string& name) const {
  for (const Unit& unit : units_) {
    for (const auto& [who, claim] : unit.claims) {
      if (Covers(name, who)) return true;
    }
    for (const auto& [part, placed] : unit.parts) {
      if (Covers(name, placed.who)) return true;
    }
  }
  return false;
}

uint64_t RoundResults::Touches() const {
  uint64_t touches = 0;
  for (const Unit& unit : units_) touches += unit.claims.begin()->second.touches;
  return touches;
}

bool RoundResults::IsOfSection(const PartName& name, uint32_t section) const {
  const auto placed = units_[name.unit].parts.find(name.part);
  return placed != units_[name.unit].parts.end() && placed->second.place.section == section;
}

uint32_t RoundResults::SectionsComplete(uint32_t num_sections) const {
  uint32_t complete = num_sections;
  for (const Unit& unit : units_) {
    if (!unit.whole) complete = std::min(complete, unit.section);
  }
  return complete;
}

std::vector<std::vector<PartSpool::Ticket>> RoundResults::BySection(
    uint32_t num_sections, const std::vector<uint32_t>& first_parts) const {
  std::vector<std::vector<PartSpool::Ticket>> tickets(num_sections);
  for (size_t unit = 0; unit < units_.size(); ++unit) {
    const auto& parts = units_[unit].parts;
    const uint32_t first = unit < first_parts.size() ? first_parts[unit] : 0;
    for (auto part = parts.lower_bound(first); part != parts.end(); ++part) {
      tickets[part->second.place.section].push_back(part->second.ticket);
    }
  }
  return tickets;
}

}  // namespace nash
