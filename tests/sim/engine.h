// What a simulated cluster trains: the tables that coordinator and workers are wired to.
#ifndef NASHVILLE_TESTS_SIM_ENGINE_H_
#define NASHVILLE_TESTS_SIM_ENGINE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "solver/coordinator/master.h"
#include "worker/replica.h"
#include "worker/unit_outbox.h"

namespace nash {

class SimMaster : public Master {
 public:
  // Hashes regrets and sums. May be called at a round's end only.
  virtual uint64_t state_hash() const = 0;
  virtual std::string Save() const = 0;
  virtual void Restore(const std::string& saved, uint64_t rounds) = 0;
  // The regrets, as deltas from zero.
  virtual std::vector<EncodedRows> RegretParts() const = 0;
};

// Merges these parts, of all units of a round, and ends it: what changed.
std::vector<MergedPart> MergeRound(Master* master, const std::vector<EncodedRows>& parts);

class SimReplica : public Replica {
 public:
  bool HasBuckets(const BucketFileName& name) override { return buckets_.size() == name.bytes; }
  absl::Status WriteBuckets(const BucketFileName& name, uint64_t offset,
                            absl::string_view bytes) override;
  absl::Status FinishBuckets(const BucketFileName& name) override;
  absl::Status Prepare(const std::string&) override { return absl::OkStatus(); }

  // start: Worker::RunUnit's.
  virtual UnitResult Run(const UnitName& name, const SharedParts& start) = 0;
  // Memory fails: one bit of one regret.
  virtual void FlipBit(uint64_t random) = 0;
  // A result with one value changed: it decodes, and is wrong.
  virtual UnitResult Falsify(UnitResult result, uint64_t random) const = 0;
  // Parts that cannot be right, one for each way of being wrong.
  virtual std::vector<EncodedRows> HostileParts() const = 0;

 private:
  std::string buckets_, incoming_;
};

// The state after each of so many undisturbed rounds in one process.
struct ReferenceRun {
  std::vector<uint64_t> regret_hashes;  // [rounds]
  uint64_t state_hash = 0;              // at the end
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::unique_ptr<SimMaster> MakeMaster() const = 0;
  virtual std::unique_ptr<SimReplica> MakeReplica() const = 0;
  virtual const RoundShape& shape() const = 0;
  virtual uint32_t unit_parts_max() const = 0;
  virtual ReferenceRun RunUndisturbed(uint64_t rounds) const = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_ENGINE_H_
