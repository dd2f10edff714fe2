// The table of a worker process, and its bucket files on disk.
//
// Thread-compatible: what Run() does may be on another thread, but never at the same time as the
// rest.
#ifndef NASHVILLE_TOOLS_CLUSTER_PROCESS_REPLICA_H_
#define NASHVILLE_TOOLS_CLUSTER_PROCESS_REPLICA_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "solver/abstraction/bucket_deal_source.h"
#include "tools/cluster/bucket_exchange.h"
#include "tools/stored/device_flag.h"
#include "tools/stored/loaded_run.h"
#include "worker/replica.h"
#include "worker/table_replica.h"
#include "worker/worker.h"

namespace nash {

class ProcessReplica : public Replica {
 public:
  // run: already loaded, or null. is_relay: memory is planned for rounds that are passed on.
  // print: lines for people.
  ProcessReplica(int threads, const std::string& bucket_cache, const DeviceChoice& device,
                 const LoadedRun* run, bool is_relay,
                 std::function<void(const std::string&)> print);

  bool HasBuckets(const BucketFileName& name) override;
  absl::Status WriteBuckets(const BucketFileName& name, uint64_t offset,
                            absl::string_view bytes) override;
  absl::Status FinishBuckets(const BucketFileName& name) override;
  absl::Status Prepare(const std::string& definition) override;
  const RoundShape& shape() const override { return run_->definition().round; }
  uint64_t rounds() const override { return replica_->rounds(); }
  uint64_t regret_hash() const override { return replica_->regret_hash(); }
  void Clear(uint64_t rounds) override { replica_->Clear(rounds); }
  absl::Status LoadRegrets(const EncodedRows& part) override { return replica_->LoadRegrets(part); }
  absl::Status Apply(const EncodedRows& part) override { return replica_->Apply(part); }
  void EndRound() override { replica_->EndRound(); }
  absl::Status CheckStart(const std::vector<EncodedRows>& parts) const override {
    return replica_->CheckStart(parts);
  }
  void ForEach(size_t n, const std::function<void(size_t)>& work) override {
    pool_.ForEach(n, [&work](size_t i, int) { work(i); });
  }

  std::optional<UnitResult> Run(const Worker::RunUnit& run, const BetweenBatches& between_batches) {
    return replica_->Run(run.name, run.start.get(), between_batches);
  }
  // As UnitTraverser's. Not while Run() is on its way.
  double prepare_waited_seconds() const { return replica_->prepare_waited_seconds(); }
  LookupCounts lookups() const { return deals_->counts(); }

 private:
  const std::string bucket_cache_;
  const DeviceChoice device_;
  const LoadedRun* run_;
  const bool is_relay_;
  const std::function<void(const std::string&)> print_;
  BucketFolderSink buckets_;
  ThreadPool pool_;
  std::unique_ptr<LoadedRun> own_run_;
  std::optional<Table> table_;
  std::optional<BucketDealSource> deals_;
  std::unique_ptr<BoardSource> boards_;  // null unless the run samples them
  std::unique_ptr<TableReplica> replica_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_PROCESS_REPLICA_H_
