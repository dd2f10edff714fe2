// What a worker needs of a run is made in Prepare(), from the definition that the coordinator sent:
// buckets (received before, or in the cache), layout, table, deals, device. Memory is planned and
// refused as in every program, before it is taken. A local worker shares the coordinator's
// LoadedRun and has a table of its own: bucket files are mapped once.
#include "tools/cluster/process_replica.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "common/status_macros.h"
#include "tools/stored/memory_plan.h"

namespace nash {

ProcessReplica::ProcessReplica(int threads, const std::string& bucket_cache,
                               const DeviceChoice& device, const LoadedRun* run, bool is_relay,
                               std::function<void(const std::string&)> print)
    : bucket_cache_(BucketFolder(bucket_cache)),
      device_(device),
      run_(run),
      is_relay_(is_relay),
      print_(std::move(print)),
      buckets_(bucket_cache_),
      pool_(threads) {}

bool ProcessReplica::HasBuckets(const BucketFileName& name) {
  return run_ != nullptr || buckets_.Has(name);
}

absl::Status ProcessReplica::WriteBuckets(const BucketFileName& name, uint64_t offset,
                                          absl::string_view bytes) {
  if (bucket_cache_.empty()) return NoBucketFolderError();
  return BucketFolderError(buckets_.Write(name, offset, bytes));
}

absl::Status ProcessReplica::FinishBuckets(const BucketFileName& name) {
  return BucketFolderError(buckets_.Finish(name));
}

absl::Status ProcessReplica::Prepare(const std::string& definition) {
  if (run_ == nullptr) {
    ASSIGN_OR_RETURN(const RunDefinition parsed,
                     ParseStoredDefinition(definition, "the coordinator's run definition"));
    LoadOptions load;
    load.bucket_cache = bucket_cache_;
    load.table_bytes_max = AvailableMemoryBytes();
    load.build.threads = pool_.num_threads();
    ASSIGN_OR_RETURN(own_run_, LoadedRun::Make(parsed, load));
    run_ = own_run_.get();
    const MemoryPlan plan = PlanMemory(
        *run_, {.threads = pool_.num_threads(), .is_worker = true, .is_relay = is_relay_});
    for (const std::string& line : Describe(plan)) print_(line);
    RETURN_IF_ERROR(CheckFits(plan));
  }
  ASSIGN_OR_RETURN(Table table, Table::Make(run_->layout()));
  table_.emplace(std::move(table));
  const RunDefinition& run = run_->definition();
  deals_.emplace(run.game, run_->abstraction());
  OpenDevice(device_, *run_, &*deals_, print_);
  boards_ = run_->MakeBoardSource();
  ASSIGN_OR_RETURN(replica_, TableReplica::Make({run.algorithm, run.round, run.seed, &*table_,
                                                 &*deals_, &pool_, boards_.get()}));
  const size_t num_parts = run_->layout().table_bytes() / (64 << 20) + 1;
  pool_.ForEach(num_parts, [&](size_t part, int) {
    table_->TakePages(part, num_parts);
    replica_->TakePages(part, num_parts);
  });
  return absl::OkStatus();
}

}  // namespace nash
