// Who runs which unit of a round, and until when.
//
// A lease lives from one sign of its holder to the next; deadlines are on the caller's monotonic
// clock. A unit may have several holders. Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_LEASE_BOARD_H_
#define NASHVILLE_SOLVER_COORDINATOR_LEASE_BOARD_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "proto/identity.h"
#include "solver/coordinator/options.h"

namespace nash {

class LeaseBoard {
 public:
  struct Term {
    Nanos granted{0};
    Nanos sent{0};          // last told to its holder
    Nanos renewed{0};       // last sign of its holder
    bool is_named = false;  // by its holder, since it was granted: it has it
  };
  using Holders = std::map<std::string, Term>;

  explicit LeaseBoard(uint32_t units) : units_(units) {}

  const Holders& holders(uint32_t unit) const { return units_[unit]; }
  // Whether a lease may still be on its way to `who`.
  bool IsUnderWay(uint32_t unit, const std::string& who) const {
    const auto holder = units_[unit].find(who);
    return holder != units_[unit].end() && !holder->second.is_named;
  }
  bool Holds(uint32_t unit, const std::string& who) const { return units_[unit].count(who) > 0; }

  void Grant(uint32_t unit, const std::string& who, Nanos now) {
    units_[unit][who] = {now, now, now, false};
  }
  // Its holder has given a sign; a lease that we do not know of (we were restarted, or it has run
  // out) is taken over.
  void Renew(uint32_t unit, const std::string& who, Nanos now) {
    const auto [holder, is_new] = units_[unit].try_emplace(who, Term{now, now, now, true});
    if (is_new) return;
    holder->second.renewed = now;
    holder->second.is_named = true;
  }
  // It was told again.
  void Resent(uint32_t unit, const std::string& who, Nanos now) { units_[unit][who].sent = now; }

  void Drop(uint32_t unit, const std::string& who) { units_[unit].erase(who); }
  // name: a worker, or a shared key for all that have it (proto/identity.h).
  void DropAllOf(const std::string& name) {
    for (Holders& holders : units_) {
      std::erase_if(holders, [&](const auto& holder) { return Covers(name, holder.first); });
    }
  }
  // Drops leases without a sign since `deadline`; returns how many.
  uint64_t Expire(Nanos deadline) {
    uint64_t expired = 0;
    for (Holders& holders : units_) {
      expired += std::erase_if(
          holders, [deadline](const auto& holder) { return holder.second.renewed < deadline; });
    }
    return expired;
  }

 private:
  std::vector<Holders> units_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_LEASE_BOARD_H_
