// Results of units that contradict each other, until another result decides who was right.
//
// A unit's result is a pure function, so of two that differ one at least is wrong, but which is not
// known. Whoever gave them waits outside; the unit is run by somebody else, whose result decides
// where it agrees with one of them. If it agrees with none, its giver waits as well.
// Thread-compatible. Memory: what the suspects gave of the unit, by checksum.
#ifndef NASHVILLE_SOLVER_COORDINATOR_DISPUTES_H_
#define NASHVILLE_SOLVER_COORDINATOR_DISPUTES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "proto/messages.h"
#include "solver/coordinator/round_results.h"

namespace nash {

class Disputes {
 public:
  // What somebody gave of a unit.
  struct Evidence {
    std::optional<ClaimedResult> claim;
    std::map<uint32_t, uint64_t> parts;  // their checksums
  };

  // What `who` has given of the unit.
  static Evidence EvidenceOf(const RoundResults& results, uint32_t unit, const std::string& who);

  // These contradict each other.
  void Open(const UnitName& name, const std::map<std::string, Evidence>& suspects);

  struct Verdict {
    std::set<std::string> right;
    std::set<std::string> wrong;  // where nobody is right: not decided, and still open
  };
  // The unit of that name is whole. None where nobody disputes it. One that starts from something
  // else than it did then decides nothing: everybody counts as right.
  std::optional<Verdict> Decide(const UnitName& name, const RoundResults& results);

  bool empty() const { return disputes_.empty(); }

 private:
  struct Dispute {
    uint64_t start_checksum = 0;
    std::map<std::string, Evidence> suspects;
  };
  std::map<std::pair<uint64_t, uint32_t>, Dispute> disputes_;  // by round and unit
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_DISPUTES_H_
