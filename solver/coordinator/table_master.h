// The master table of a run, as the coordinator sees it: parts are checked, merged, replayed.
//
// Thread-compatible. Memory: a few sections of merged deltas (round_merger.h).
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
  // table outlives us.
  TableMaster(const CfrOptions& options, const RoundShape& shape, RoundTable* table);

  uint64_t rounds() const override { return table_->rounds(); }
  uint64_t regret_hash() const override { return table_->regret_hash(); }
  uint32_t num_sections() const override {
    return static_cast<uint32_t>(merger_.sections().size());
  }
  absl::StatusOr<PartPlace> Check(const EncodedRows& part) const override;
  absl::StatusOr<std::vector<std::vector<EncodedRows>>> SumUp(size_t first, size_t count,
                                                              const SectionReader& read) override {
    return merger_.SumUp(first, count, read);
  }
  size_t sections_per_step() const override { return merger_.sections_per_step(); }
  absl::StatusOr<std::vector<MergedPart>> MergeNext(const SectionReader& read) override {
    return merger_.MergeNext(read);
  }
  bool is_merged() const override { return merger_.is_merged(); }
  void EndMerge() override { merger_.EndRound(); }
  absl::Status Apply(const MergedPart& part) override;
  void EndRound() override { table_->EndRound(); }

 private:
  RoundTable* const table_;
  const DeltaBounds unit_bounds_;
  RoundMerger merger_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_TABLE_MASTER_H_
