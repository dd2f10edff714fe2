#include "solver/cfr/round_merger.h"

#include <array>
#include <atomic>

#include "solver/cfr/delta_rows.h"
#include "solver/cfr/delta_sections.h"

namespace nash {

RoundMerger::RoundMerger(RoundTable* master, TableSnapshot* undo) : master_(master), undo_(undo) {
  undo_->Begin();
}

void RoundMerger::Add(const SparseDelta& part) {
  NodeSaver saver(undo_, master_->snapshot_);
  ForEachRow(master_->table_->layout(), part, [&](const PartRow& row) {
    saver.Save(row.node, row.bucket);
    AddRow(row, master_->table_->Row(row.node, row.bucket));
  });
}

void RoundMerger::RollBack() {
  TakeBack(*undo_, master_->table_);
  undo_->Begin();
}

void RoundMerger::Finish(const PartSink& sink) {
  const TableLayout& layout = master_->table_->layout();
  std::atomic<uint64_t> hash{0};
  PackSections(layout, master_->pool_, sink,
               [&](NodeIndex begin, NodeIndex end, const PartSink& keep) {
                 hash.fetch_add(FinishSection(begin, end, keep), std::memory_order_relaxed);
               });
  master_->regret_hash_ += hash.load();
  undo_->Begin();
  master_->EndRound();
}

uint64_t RoundMerger::FinishSection(NodeIndex begin, NodeIndex end, const PartSink& sink) {
  const TableLayout& layout = master_->table_->layout();
  DeltaPacker packer(sink);
  uint64_t hash = 0;
  ForEachChangedRow(
      *undo_, begin, end, master_->table_,
      [&](NodeIndex node, uint32_t bucket, const int32_t* row, const int32_t* before) {
        const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
        const uint32_t num_values = layout.ValuesPerRow(node);
        std::array<int32_t, 2 * kActionsMax> change;
        for (uint32_t i = 0; i < num_values; ++i) {
          change[i] = static_cast<int32_t>(static_cast<uint32_t>(row[i]) -
                                           static_cast<uint32_t>(before[i]));
        }
        packer.Add({layout.FirstRow(node).value + bucket}, change.data(), num_actions,
                   num_values > num_actions);
        hash += master_->TakeRow(node, bucket, before);
      });
  packer.Finish();
  return hash;
}

}  // namespace nash
