// Tells the snapshots that keep old rows before rows of a node change. Thread-compatible.
#ifndef NASHVILLE_SOLVER_CFR_ROW_SAVER_H_
#define NASHVILLE_SOLVER_CFR_ROW_SAVER_H_

#include "solver/cfr/pass.h"
#include "solver/cfr/table_snapshot.h"

namespace nash {

// Held by one thread while it saves rows of one node; see TableSnapshot::Saver.
class RowSaver {
 public:
  RowSaver(const Pass& pass, NodeIndex node, int thread)
      : undo_(pass.undo, node, thread), checkpoint_(pass.snapshot, node, thread) {}

  // False when there is nothing to save.
  bool saves() const { return undo_.saves() || checkpoint_.saves(); }
  // Call before the row changes.
  void Save(uint32_t bucket) {
    if (undo_.saves()) undo_.Save(bucket);
    if (checkpoint_.saves()) checkpoint_.Save(bucket);
  }

 private:
  TableSnapshot::Saver undo_;
  TableSnapshot::Saver checkpoint_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_ROW_SAVER_H_
