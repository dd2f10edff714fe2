// What has come of a round's units: which parts, from whom, and what each worker says its result
// is.
//
// Results are pure functions of (table, round, unit), so the first arrival of a part counts,
// whoever sent it, and every later one must be equal. Parts themselves are in a PartSpool, here is
// what names, places and compares them: 48 bytes and a name for each. Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_ROUND_RESULTS_H_
#define NASHVILLE_SOLVER_COORDINATOR_ROUND_RESULTS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "proto/messages.h"
#include "solver/cfr/delta_sections.h"
#include "solver/coordinator/part_spool.h"

namespace nash {

struct PartName {
  uint32_t unit = 0;
  uint32_t part = 0;
};

struct Arrival {
  enum class Kind {
    kNew,
    kRepeated,   // equal to what we have
    kImpossible  // cannot be right together with what `culprits` sent
  };
  Kind kind = Kind::kNew;
  std::set<std::string> culprits;
  std::string text;  // what is wrong
};

class RoundResults {
 public:
  // unit_parts_max: a part's number is below.
  RoundResults(uint32_t units, uint32_t unit_parts_max);

  // Compares a part with what has come before; kNew: it is to be checked, kept and placed.
  Arrival Look(const PartName& name, uint64_t checksum, const std::string& who) const;
  // Places a new part.
  Arrival Place(const PartName& name, uint64_t checksum, const PartPlace& place,
                PartSpool::Ticket ticket, const std::string& who);
  // What a worker says its whole result is.
  Arrival Claim(uint32_t unit, const ClaimedResult& claim, const std::string& who);

  // Whether a claim and all its parts have come.
  bool IsWhole(uint32_t unit) const { return units_[unit].whole; }
  bool HasClaimOf(uint32_t unit, const std::string& who) const {
    return units_[unit].claims.count(who) > 0;
  }
  // Workers whose claims have come; they are all equal.
  const std::map<std::string, ClaimedResult>& claims(uint32_t unit) const {
    return units_[unit].claims;
  }
  // The checksum of a part; 0 where it has not come.
  uint64_t ChecksumOf(const PartName& name) const;
  // The checksums of the unit's parts that came from this worker.
  std::map<uint32_t, uint64_t> PartsOf(uint32_t unit, const std::string& who) const;
  // Whether anything here came from this worker.
  bool HasAnythingOf(const std::string& name) const;
  // Of all units; each must be whole.
  uint64_t Touches() const;
  // Where a part is; it must have come.
  PartSpool::Ticket TicketOf(const PartName& name) const {
    return units_[name.unit].parts.at(name.part).ticket;
  }
  // Whether a part has come and is of this section.
  bool IsOfSection(const PartName& name, uint32_t section) const;
  // Of how many sections, from the first on, nothing is missing. Parts go by sections, so that a
  // unit's later part shows it, if all parts before have come.
  uint32_t SectionsComplete(uint32_t num_sections) const;
  // The parts of all units, by section; of each unit from first_parts[unit] on.
  std::vector<std::vector<PartSpool::Ticket>> BySection(
      uint32_t num_sections, const std::vector<uint32_t>& first_parts) const;

 private:
  struct PlacedPart {
    uint64_t checksum = 0;
    PartPlace place;
    PartSpool::Ticket ticket = 0;
    std::string who;
  };
  struct Unit {
    std::map<uint32_t, PlacedPart> parts;
    std::map<std::string, ClaimedResult> claims;
    bool whole = false;
    uint32_t parts_in_a_row = 0;  // from the first on
    uint32_t section = 0;         // of the last of these
  };
  // Compares claims with the parts, once there is something to compare.
  Arrival Judge(uint32_t unit);

  uint32_t unit_parts_max_;
  std::vector<Unit> units_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_ROUND_RESULTS_H_
