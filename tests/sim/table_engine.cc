#include "tests/sim/table_engine.h"

#include <glog/logging.h>

#include <cstring>
#include <optional>
#include <utility>

#include "solver/cfr/lines.h"
#include "solver/cfr/round_table.h"
#include "solver/cfr/state_hash.h"
#include "solver/cfr/trainer.h"
#include "solver/coordinator/table_master.h"
#include "tests/cfr/regret_parts.h"
#include "tests/cfr/slow_regret_hash.h"
#include "tests/sim/hostile_rows.h"
#include "worker/table_replica.h"

namespace nash {
namespace {

RunDefinition Load(const std::string& path) {
  auto definition = LoadRunDefinition(path);
  CHECK(definition.ok()) << definition.status();
  return *std::move(definition);
}

std::unique_ptr<LoadedRun> Loaded(const RunDefinition& definition) {
  auto run = LoadedRun::Make(definition, {});
  CHECK(run.ok()) << run.status();
  return *std::move(run);
}

Table NewTable(const TableLayout& layout) {
  auto table = Table::Make(layout);
  CHECK(table.ok()) << table.status();
  return *std::move(table);
}

class TableSimMaster : public SimMaster {
 public:
  explicit TableSimMaster(const TableEngine& engine)
      : table_(NewTable(engine.layout())), setup_(engine.SetupOf(&table_, &pool_)) {
    Begin(0);
  }

  uint64_t rounds() const override { return master_->rounds(); }
  uint64_t regret_hash() const override { return master_->regret_hash(); }
  uint64_t state_hash() const override { return SummariseTable(table_).hash; }

  uint32_t num_sections() const override { return master_->num_sections(); }
  absl::StatusOr<PartPlace> Check(const EncodedRows& part) const override {
    return master_->Check(part);
  }
  absl::StatusOr<std::vector<std::vector<EncodedRows>>> SumUp(size_t first, size_t count,
                                                              const SectionReader& read) override {
    return master_->SumUp(first, count, read);
  }
  size_t sections_per_step() const override { return master_->sections_per_step(); }
  absl::StatusOr<std::vector<MergedPart>> MergeNext(const SectionReader& read) override {
    return master_->MergeNext(read);
  }
  bool is_merged() const override { return master_->is_merged(); }
  void EndMerge() override { master_->EndMerge(); }
  absl::Status Apply(const MergedPart& part) override { return master_->Apply(part); }
  void EndRound() override { master_->EndRound(); }

  std::string Save() const override { return ValuesOf(table_); }
  void Restore(const std::string& saved, uint64_t rounds) override {
    const char* from = saved.data();
    std::vector<int32_t> values;
    for (NodeIndex node = 0; node < table_.layout().num_nodes(); ++node) {
      values.resize(table_.layout().ValuesOf(node));
      std::memcpy(values.data(), from, values.size() * sizeof(int32_t));
      from += values.size() * sizeof(int32_t);
      table_.CopyIn(node, values);
    }
    Begin(rounds);
  }
  std::vector<EncodedRows> RegretParts() const override {
    std::vector<EncodedRows> parts;
    ForEachRegretPart(table_, [&](const SparseDelta& part) {
      parts.push_back(EncodeRows(part, StoredRowSpaceOf(table_.layout())));
    });
    return parts;
  }

 private:
  void Begin(uint64_t rounds) {
    rounds_.emplace(setup_, rounds);
    master_.emplace(setup_.options, setup_.shape, &*rounds_);
  }

  ThreadPool pool_{1};
  Table table_;
  const TrainingSetup setup_;
  std::optional<RoundTable> rounds_;
  std::optional<TableMaster> master_;
};

class TableSimReplica : public SimReplica {
 public:
  explicit TableSimReplica(const TableEngine& engine)
      : table_(NewTable(engine.layout())),
        setup_(engine.SetupOf(&table_, &pool_)),
        replica_(TableReplica::Make(setup_).value()) {}

  uint64_t rounds() const override { return replica_->rounds(); }
  uint64_t regret_hash() const override { return replica_->regret_hash(); }
  void Clear(uint64_t rounds) override { replica_->Clear(rounds); }
  absl::Status LoadRegrets(const EncodedRows& part) override { return replica_->LoadRegrets(part); }
  absl::Status Apply(const EncodedRows& part) override { return replica_->Apply(part); }
  void EndRound() override { replica_->EndRound(); }
  absl::Status CheckStart(const std::vector<EncodedRows>& parts) const override {
    return replica_->CheckStart(parts);
  }

  const RoundShape& shape() const override { return setup_.shape; }
  UnitResult Run(const UnitName& name, const SharedParts& start) override {
    CHECK_EQ(BaseOf(shape(), name.round), rounds()) << "a unit is run on another table";
    return *replica_->Run(name, start.get(), [] { return true; });
  }
  void FlipBit(uint64_t random) override {
    const uint64_t row = random % table_.layout().num_rows();
    const NodeIndex node = table_.layout().NodeOf({row});
    const uint64_t bucket = row - table_.layout().FirstRow(node).value;
    table_.Row(node, static_cast<uint32_t>(bucket))[0] ^= 1 << (random >> 32) % 20;
  }
  UnitResult Falsify(UnitResult result, uint64_t random) const override {
    EncodedRows& part = result.parts[random % result.parts.size()];
    auto rows = DecodeDelta(part.bytes, replica_->rows(), Bounds());
    CHECK(rows.ok()) << rows.status();
    int32_t& value = rows->lanes[kRegretLane][random / 64 % rows->lanes[kRegretLane].size()];
    value += value > 0 ? -1 : 1;
    part = EncodeRows(*rows, replica_->rows());
    return result;
  }
  std::vector<EncodedRows> HostileParts() const override {
    std::vector<EncodedRows> parts;
    for (HostileRows& hostile : MakeHostileRows(replica_->rows(), Bounds())) {
      parts.push_back(std::move(hostile.rows));
    }
    return parts;
  }

 private:
  DeltaBounds Bounds() const { return BoundsOfUnit(setup_.options, setup_.shape); }

  ThreadPool pool_{1};
  Table table_;
  const TrainingSetup setup_;
  const std::unique_ptr<TableReplica> replica_;
};

}  // namespace

RunDefinition ClusterKuhn() {
  RunDefinition run = Load("configs/kuhn.yaml");
  run.round = {.units = 3, .batches = 2, .deals = 8};
  run.algorithm.variant = Variant::kDiscounted;
  run.algorithm.discount_every_iterations = 2 * run.round.DealsPerRound();
  return run;
}

RunDefinition ClusterLeduc() {
  RunDefinition run = Load("configs/leduc.yaml");
  run.round = {.units = 5, .batches = 2, .deals = 8};
  run.algorithm.variant = Variant::kLinear;
  run.algorithm.discount_every_iterations = 3 * run.round.DealsPerRound();
  run.algorithm.floor_regrets_at_zero = true;
  return run;
}

RunDefinition ClusterLeducWithLag() {
  RunDefinition run = ClusterLeduc();
  run.round.meet_every = 3;
  return run;
}

TableEngine::TableEngine(const RunDefinition& definition)
    : run_(Loaded(definition)), deals_(run_->definition().game, run_->abstraction()) {}

std::unique_ptr<SimMaster> TableEngine::MakeMaster() const {
  return std::make_unique<TableSimMaster>(*this);
}
std::unique_ptr<SimReplica> TableEngine::MakeReplica() const {
  return std::make_unique<TableSimReplica>(*this);
}
uint32_t TableEngine::unit_parts_max() const { return UnitPartsMax(layout()); }

TrainingSetup TableEngine::SetupOf(Table* table, ThreadPool* pool) const {
  const RunDefinition& run = run_->definition();
  return {run.algorithm, run.round, run.seed, table, &deals_, pool};
}

ReferenceRun TableEngine::RunUndisturbed(uint64_t rounds) const {
  Table table = NewTable(layout());
  ThreadPool pool(1);
  auto trainer = Trainer::Make(SetupOf(&table, &pool), {});
  CHECK(trainer.ok()) << trainer.status();
  ReferenceRun run;
  for (uint64_t round = 0; round < rounds; ++round) {
    (*trainer)->RunRound(nullptr);
    run.regret_hashes.push_back(SlowRegretHash(table));
  }
  run.state_hash = SummariseTable(table).hash;
  return run;
}

std::string ValuesOf(const Table& table) {
  std::string bytes;
  std::vector<int32_t> values;
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    values.resize(table.layout().ValuesOf(node));
    table.CopyOut(node, absl::MakeSpan(values));
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(int32_t));
  }
  return bytes;
}

}  // namespace nash
