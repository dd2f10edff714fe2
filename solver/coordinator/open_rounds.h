// The rounds that are being collected, and the one before, whose results their units start from.
//
// With lag 0 that is one round at a time. With lag 1 (solver/cfr/lines.h) the round after it is
// open too, unit by unit: as soon as the same unit of the round before has come, or is there with
// the worker that asks. Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_OPEN_ROUNDS_H_
#define NASHVILLE_SOLVER_COORDINATOR_OPEN_ROUNDS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "proto/messages.h"
#include "solver/coordinator/open_round.h"
#include "solver/coordinator/options.h"
#include "solver/coordinator/part_spool.h"

namespace nash {

class OpenRounds {
 public:
  // first: the round that is collected first. Both outlive us.
  OpenRounds(const CoordinatorOptions& options, PartSpool* spool, uint64_t first)
      : options_(options), spool_(spool), first_(first) {}

  // Opens every round below `end` that can be collected when so many rounds are merged.
  void Open(uint64_t merged, uint64_t end);
  // Gives up the rounds from `round` on.
  void Drop(uint64_t round);
  // first() is complete: its results are kept for those that start from them.
  void Advance();
  // All rounds below first() are merged: results that nobody starts from are forgotten.
  void ForgetMerged();

  // The round that is to be complete next.
  uint64_t first() const { return first_; }
  bool is_collecting() const { return rounds_.lower_bound(first_) != rounds_.end(); }
  // One that is being collected, or null.
  OpenRound* Find(uint64_t round);
  // The same; null also while what the unit starts from is not known, or is not what its name says.
  OpenRound* Find(const UnitName& name);
  // Whether a unit of this name starts from a result that was taken back: nobody will want it.
  bool IsStale(const UnitName& name);
  // Calls visit(OpenRound&) for each that is being collected, in order.
  template <typename Visit>
  void ForEach(const Visit& visit) {
    for (auto it = rounds_.lower_bound(first_); it != rounds_.end(); ++it) visit(it->second);
  }
  // Any of the above, and the last that is complete.
  const OpenRound* FindResults(uint64_t round) const;

  // What a unit starts from besides a table: the same unit's result of the round before, or no
  // parts where the lines meet. Nothing while it is not known.
  std::optional<ClaimedResult> StartOf(uint64_t round, uint32_t unit) const;
  UnitName NameOf(uint64_t round, uint32_t unit) const {
    return {round, unit, StartOf(round, unit).value_or(ClaimedResult()).checksum};
  }

  struct Choice {
    OpenRound* round = nullptr;
    uint32_t unit = 0;
    bool is_second = false;
  };
  // The unit that `who`, whose table has so many rounds, should run; see OpenRound::Choose.
  std::optional<Choice> Choose(const std::string& who, uint64_t table_rounds, Nanos now,
                               Nanos slow_after);
  // Whether a unit waits for somebody whose table has so many rounds, as `who`'s has, or is on its
  // way to `who`, who must not go on before it has come.
  bool HasWorkFor(const std::string& who, uint64_t table_rounds) const;
  // Whether a unit of first() waits, without any result of it, for somebody with a table older than
  // this.
  bool LacksOlderThan(uint64_t table_rounds) const;

  // Whether first() waits for second results only.
  bool AwaitsAudits() const {
    const OpenRound* const round = FindResults(first_);
    return round != nullptr && round->AwaitsAudits();
  }
  // Workers that hold a lease and have not said that they are done.
  size_t MembersAtWork() const;
  // Units with a lease and without a whole result.
  size_t UnitsInFlight() const;
  void DropLeasesOf(const std::string& name);
  // The first that holds anything of this worker.
  std::optional<uint64_t> FirstWith(const std::string& name) const;
  // Forgets all that came of `round` and of later ones, which may start from it.
  void RollBack(uint64_t round, Nanos now);

 private:
  Readiness ReadinessOf(uint64_t round, uint32_t unit, const std::string& who) const;
  void Forget(uint64_t round);

  const CoordinatorOptions& options_;
  PartSpool* const spool_;
  uint64_t first_;
  std::map<uint64_t, OpenRound> rounds_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_OPEN_ROUNDS_H_
