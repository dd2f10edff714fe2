// Real tables of small games: the coordinator's TableMaster, the workers' TableReplica, and Trainer
// in one process as the reference.
#ifndef NASHVILLE_TESTS_SIM_TABLE_ENGINE_H_
#define NASHVILLE_TESTS_SIM_TABLE_ENGINE_H_

#include <memory>

#include "common/sparse_delta_codec.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/training_setup.h"
#include "tests/sim/engine.h"
#include "tools/stored/loaded_run.h"

namespace nash {

// Kuhn: 3 units a round, discounted every second round, regrets as low as they get.
RunDefinition ClusterKuhn();
// Leduc: 5 units a round, linear, regrets floored at zero.
RunDefinition ClusterLeduc();
// The same with lag 1, meeting every third round.
RunDefinition ClusterLeducWithLag();

class TableEngine : public Engine {
 public:
  explicit TableEngine(const RunDefinition& definition);
  std::unique_ptr<SimMaster> MakeMaster() const override;
  std::unique_ptr<SimReplica> MakeReplica() const override;
  const RoundShape& shape() const override { return run_->definition().round; }
  uint32_t unit_parts_max() const override;
  // By Trainer, on one table.
  ReferenceRun RunUndisturbed(uint64_t rounds) const override;

  const TableLayout& layout() const { return run_->layout(); }
  // For a table of this layout. Both outlive what is made of it.
  TrainingSetup SetupOf(Table* table, ThreadPool* pool) const;

 private:
  const std::unique_ptr<LoadedRun> run_;
  const BucketDealSource deals_;
};

// Canonical values, node after node.
std::string ValuesOf(const Table& table);

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_TABLE_ENGINE_H_
