// One way to go through all deals of a game: a pass finds what each action of one player is worth,
// and how often another comes where; rows then learn from it. Implemented by enumerated_ranges.h
// and enumerated_deals.h.
//
// Thread-compatible; all of it works on the threads of a pool.
#ifndef NASHVILLE_SOLVER_CFR_ENUMERATED_PASS_H_
#define NASHVILLE_SOLVER_CFR_ENUMERATED_PASS_H_

#include "solver/cfr/row_rules.h"
#include "solver/cfr/table.h"
#include "solver/cfr/undo_log.h"

namespace nash {

class EnumeratedPass {
 public:
  virtual ~EnumeratedPass() = default;
  // Walks all deals with the strategies there are. Of infosets of `learner` it finds what each
  // action is worth, times the others' reach and chance; of those of `averaged` the reach of that
  // player.
  virtual void Run(int learner, int averaged) = 0;
  // Applies what Run() found, by the rule of the iteration.
  virtual void Update(const RowRule& rule, int learner, int averaged) = 0;

  // From the rows of a table to ours. rule: of the last iteration behind them.
  virtual void Load(const RowRule& rule, Table* table) = 0;
  // checkpoint_log: told before rows change; or null.
  virtual void Store(Table* table, UndoLog* checkpoint_log) = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ENUMERATED_PASS_H_
