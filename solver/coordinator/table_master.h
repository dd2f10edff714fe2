// The master table of a run, as the coordinator sees it: rows are decoded, checked, merged,
// encoded.
//
// Thread-compatible. Memory: rows that a round changes, as they were (the undo's), and one round's
// merged delta, encoded.
#ifndef NASHVILLE_SOLVER_COORDINATOR_TABLE_MASTER_H_
#define NASHVILLE_SOLVER_COORDINATOR_TABLE_MASTER_H_

#include <vector>

#include "common/sparse_delta_codec.h"
#include "solver/cfr/round_merger.h"
#include "solver/cfr/round_table.h"
#include "solver/coordinator/master.h"

namespace nash {

// What parts of one unit's delta may hold.
DeltaBounds BoundsOfUnit(const CfrOptions& options, const RoundShape& shape);

// No unit's delta has more parts: one that changes every row.
uint32_t UnitPartsMax(const TableLayout& layout);

class TableMaster : public Master {
 public:
  // table and undo (of its table, for our use alone) outlive us.
  TableMaster(const CfrOptions& options, const RoundShape& shape, RoundTable* table,
              TableSnapshot* undo);

  uint64_t rounds() const override { return table_->rounds(); }
  uint64_t regret_hash() const override { return table_->regret_hash(); }
  absl::StatusOr<SparseDelta> Decode(const EncodedRows& part) const override;
  void Add(const SparseDelta& part) override { merger_.Add(part); }
  void RollBack() override { merger_.RollBack(); }
  std::vector<MergedPart> Finish() override;
  absl::Status Apply(const MergedPart& part) override;
  void EndRound() override { table_->EndRound(); }

 private:
  RoundTable* const table_;
  const RowSpace rows_;
  const DeltaBounds unit_bounds_;
  RoundMerger merger_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_TABLE_MASTER_H_
