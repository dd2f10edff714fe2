// A round in progress: its units' results and leases, and which unit an idle worker is given.
// Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_OPEN_ROUND_H_
#define NASHVILLE_SOLVER_COORDINATOR_OPEN_ROUND_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "solver/coordinator/lease_board.h"
#include "solver/coordinator/options.h"
#include "solver/coordinator/part_spool.h"
#include "solver/coordinator/round_results.h"

namespace nash {

// Whether two workers are to run each unit of this round.
bool IsAudited(const CoordinatorOptions& options, uint64_t round);

// Whether what a unit starts from is there for a worker to run it.
enum class Readiness {
  kNot,
  kReady,
  kBest,  // the worker has it already
};
using ReadinessOfUnit = std::function<Readiness(uint32_t unit)>;

// Sections that were added up before all of the round had come (section_sums.h).
struct SummedSections {
  std::vector<std::vector<PartSpool::Ticket>> tickets;  // the sums, by section from the first on
  std::vector<uint32_t> next_parts;                     // by unit: those before are in the sums
  bool gave_up = false;                                 // no more of this round
};

class OpenRound {
 public:
  OpenRound(uint64_t round, const CoordinatorOptions& options);

  uint64_t round() const { return round_; }
  uint32_t num_units() const { return static_cast<uint32_t>(noted_.size()); }
  RoundResults& results() { return results_; }
  const RoundResults& results() const { return results_; }
  const SummedSections& sums() const { return sums_; }
  SummedSections* mutable_sums() { return &sums_; }
  // What is to be merged of each section: its sums, or the parts of all units.
  std::vector<std::vector<PartSpool::Ticket>> PartsBySection(uint32_t num_sections) const;
  LeaseBoard& leases() { return leases_; }
  const LeaseBoard& leases() const { return leases_; }

  struct Choice {
    uint32_t unit = 0;
    bool is_second = false;  // enough others run it, but slowly
  };
  // The unit that `who` should run: the first that lacks somebody, the best ready ones before
  // others, else the one that has been running longest, if longer than `slow_after` and no result
  // of it is on its way. An audited round lacks second results from when all first ones are named.
  std::optional<Choice> Choose(const std::string& who, Nanos now, Nanos slow_after,
                               const ReadinessOfUnit& ready) const;
  // The first part of that.
  std::optional<uint32_t> FirstLacking(const std::string& who, const ReadinessOfUnit& ready) const;
  // Whether `who` was leased a unit and has given no sign of it yet.
  bool HasLeaseUnderWay(const std::string& who) const;
  // Whether a unit has no result, and nobody runs it.
  bool HasAbandonedUnit() const;

  // Call after something was placed or claimed in the unit.
  void Note(uint32_t unit, Nanos now);

  bool is_audited() const { return is_audited_; }
  // Two workers are to run each unit, whatever was drawn.
  void Audit();
  // Nothing but second results is missing.
  bool AwaitsAudits() const;
  // Gives up its audits, if it awaits nothing else and the last result came by `deadline`; returns
  // of how many units.
  uint64_t WaiveAudits(Nanos deadline);
  bool IsComplete(uint32_t unit) const;
  bool IsComplete() const;

  // Everything that came is forgotten. Workers that had given results keep (or get back) a lease,
  // which they are expected to use for sending them again.
  void RollBack(Nanos now);

 private:
  // How `who` could help a unit.
  struct Want {
    bool is_possible = false;
    bool lacks_somebody = false;
    Nanos granted{0};  // else: since when it has been running
  };
  // needed: results of an audited unit.
  Want WantOf(uint32_t unit, const std::string& who, uint32_t needed, Nanos now,
              Nanos slow_after) const;
  uint32_t ResultsNeededNow() const;

  const uint64_t round_;
  const CoordinatorOptions& options_;
  RoundResults results_;
  SummedSections sums_;
  LeaseBoard leases_;
  bool is_audited_ = false;
  std::vector<bool> audited_;  // [units]; not where that was given up
  std::vector<size_t> noted_;  // [units]: claims, of what is whole
  Nanos last_result_{0};       // when one of them last grew
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_OPEN_ROUND_H_
