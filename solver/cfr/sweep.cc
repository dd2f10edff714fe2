#include "solver/cfr/sweep.h"

#include "solver/cfr/schedule.h"

namespace nash {

bool SweepTable(const CfrOptions& options, const RoundShape& shape, uint64_t round,
                TableSnapshot* snapshot, ThreadPool* pool, Table* table) {
  const RoundEnd end = EndOfRound(options, shape, round);
  if (!end.sweeps) return false;
  const int32_t floor = RegretFloorOf(options);
  ForEachNode(table->layout(), pool, [&](NodeIndex node, int thread) {
    TableSnapshot::Saver saver(snapshot, node, thread);
    if (saver.saves()) saver.SaveAll();
    SweepNode(end, floor, node, table);
  });
  return true;
}

}  // namespace nash
