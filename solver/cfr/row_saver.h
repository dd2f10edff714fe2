// Tells both undo logs before rows of a node change. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ROW_SAVER_H_
#define NASHVILLE_SOLVER_CFR_ROW_SAVER_H_

#include "solver/cfr/undo_log.h"

namespace nash {

// Held by one thread while it saves rows of one node, and those beside them; see UndoLog::Saver.
class RowSaver {
 public:
  RowSaver(const UndoLogs& logs, NodeIndex node, int thread)
      : unit_(logs.unit, node, thread), checkpoint_(logs.checkpoint, node, thread) {}

  // False when there is nothing to save.
  bool saves() const { return unit_.saves() || checkpoint_.saves(); }
  // Call before the row changes.
  void Save(uint32_t bucket) {
    if (unit_.saves()) unit_.Save(bucket);
    if (checkpoint_.saves()) checkpoint_.Save(bucket);
  }

 private:
  UndoLog::Saver unit_;
  UndoLog::Saver checkpoint_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_SAVER_H_
