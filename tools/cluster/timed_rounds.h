// A coordinator's table and round log, with a clock: each call goes on to the real one, and what it
// took is added up. The state machine (solver/coordinator) has no clock, so that it stands here,
// between the two.
//
// Thread-compatible, as what is behind them; Check() and the readers of MergeNext() are called on
// many threads.
#ifndef NASHVILLE_TOOLS_CLUSTER_TIMED_ROUNDS_H_
#define NASHVILLE_TOOLS_CLUSTER_TIMED_ROUNDS_H_

#include <chrono>
#include <cstdint>
#include <vector>

#include "solver/coordinator/master.h"
#include "solver/coordinator/round_store.h"
#include "tools/training/training_report.h"

namespace nash {

// Adds the time until its end to *seconds.
class SecondsAdded {
 public:
  explicit SecondsAdded(double* seconds) : seconds_(seconds) {}
  ~SecondsAdded() { *seconds_ += std::chrono::duration<double>(Clock::now() - start_).count(); }
  SecondsAdded(const SecondsAdded&) = delete;
  SecondsAdded& operator=(const SecondsAdded&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  double* const seconds_;
  const Clock::time_point start_ = Clock::now();
};

// Counts sum_seconds, merge_seconds, and the rows that come in and out.
class TimedMaster : public Master {
 public:
  // Both outlive us.
  TimedMaster(Master* master, RoundTimes* times) : master_(master), times_(times) {}

  uint64_t rounds() const override { return master_->rounds(); }
  uint64_t regret_hash() const override { return master_->regret_hash(); }
  uint32_t num_sections() const override { return master_->num_sections(); }
  absl::StatusOr<PartPlace> Check(const EncodedRows& part) const override {
    return master_->Check(part);
  }
  absl::StatusOr<std::vector<std::vector<EncodedRows>>> SumUp(size_t first, size_t count,
                                                              const SectionReader& read) override;
  size_t sections_per_step() const override { return master_->sections_per_step(); }
  absl::StatusOr<std::vector<MergedPart>> MergeNext(const SectionReader& read) override;
  bool is_merged() const override { return master_->is_merged(); }
  void EndMerge() override {
    const SecondsAdded timer(&times_->merge_seconds);
    master_->EndMerge();
    summed_rows_.clear();
  }
  absl::Status Apply(const MergedPart& part) override { return master_->Apply(part); }
  void EndRound() override { master_->EndRound(); }

 private:
  Master* const master_;
  RoundTimes* const times_;
  std::vector<uint64_t> summed_rows_;  // by section, of the units' parts; 0: not added up
};

// Counts log_seconds.
class TimedStore : public RoundStore {
 public:
  // Both outlive us.
  TimedStore(RoundStore* store, RoundTimes* times) : store_(store), times_(times) {}

  absl::Status RoomForRound() override { return store_->RoomForRound(); }
  absl::Status AppendPart(const MergedPart& part) override {
    const SecondsAdded timer(&times_->log_seconds);
    return store_->AppendPart(part);
  }
  absl::Status EndRound(const RoundRecord& record) override {
    const SecondsAdded timer(&times_->log_seconds);
    return store_->EndRound(record);
  }
  absl::Status CutTo(uint64_t round) override { return store_->CutTo(round); }
  uint64_t first_round() const override { return store_->first_round(); }
  uint64_t end_round() const override { return store_->end_round(); }
  uint64_t durable_rounds() const override { return store_->durable_rounds(); }
  RoundRecord Record(uint64_t round) const override { return store_->Record(round); }
  absl::StatusOr<EncodedRows> ReadRegrets(uint64_t round, uint32_t part) override {
    return store_->ReadRegrets(round, part);
  }
  absl::StatusOr<MergedPart> ReadPart(uint64_t round, uint32_t part) override {
    return store_->ReadPart(round, part);
  }
  StoredRegrets newest_regrets() const override { return store_->newest_regrets(); }
  absl::StatusOr<EncodedRows> ReadStoredRegrets(uint64_t round, uint32_t part) override {
    return store_->ReadStoredRegrets(round, part);
  }

 private:
  RoundStore* const store_;
  RoundTimes* const times_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_CLUSTER_TIMED_ROUNDS_H_
