// The coordinator process of a simulated cluster: the real state machine on a disk that survives
// it, with checkpoints in the background as tools/ takes them.
#ifndef NASHVILLE_TESTS_SIM_SIM_COORDINATOR_H_
#define NASHVILLE_TESTS_SIM_SIM_COORDINATOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "solver/coordinator/coordinator.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_options.h"
#include "tests/sim/sim_random.h"

namespace nash {

class SimCoordinator {
 public:
  using Transmit = std::function<void(Coordinator::Outgoing outgoing)>;

  // Starts at once. All outlive us.
  SimCoordinator(const SimOptions& options, EventQueue* events, SimRandom* random,
                 Transmit transmit);

  void Deliver(const Sender& sender, const std::string& frame);
  // kill -9, or power failure, which is the same to this disk. Starts again after restart_time.
  void Kill();
  // Dies when it next gets there.
  void KillAt(KillPoint point) { armed_ = point; }
  void Stop(bool at_once);
  // It stands still until then, as after SIGSTOP: what comes meanwhile waits.
  void Freeze(Nanos until) { frozen_until_ = until; }
  // After a Stop() that has come to its end.
  void Restart() { Start(); }

  bool is_alive() const { return coordinator_ != nullptr; }
  // Ended by itself.
  bool done() const { return coordinator_ != nullptr && coordinator_->done(); }
  Coordinator& coordinator() { return *coordinator_; }
  SimMaster& master() { return *master_; }
  SimDisk& disk() { return disk_; }
  // In the log; 0 while it is dead.
  uint64_t rounds() const { return coordinator_ ? store_->end_round() : 0; }
  uint64_t restarts() const { return disk_.generation - 1; }
  // What all lives of this coordinator counted together.
  Counters Total() const {
    Counters total = total_;
    if (coordinator_) total += coordinator_->counters();
    return total;
  }
  // Damaged on their way, and dropped.
  uint64_t damaged_frames() const { return damaged_frames_; }
  // That were merged and not those of the undisturbed run, where that may be.
  uint64_t wrong_rounds() const { return wrong_rounds_; }
  uint64_t torn_logs() const { return torn_logs_; }  // whose end was cut at a start
  // What must never happen, and did.
  const std::vector<std::string>& violations() const { return violations_; }
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  void Start();
  void GoBack();
  void Tick(uint64_t generation);
  void TickSoon();
  void Act(const std::function<void()>& action);
  bool Postpones(std::function<void()> action);
  bool Reaches(KillPoint point);
  void CheckStatus(const char* what, const absl::Status& status);
  void CheckRounds();
  void StartSync();
  void StartCheckpoint();
  void WriteCheckpointAfter(Nanos time, SimDisk::Checkpoint checkpoint);
  void Violate(std::string text) { violations_.push_back(std::move(text)); }

  const SimOptions& options_;
  EventQueue* events_;
  SimRandom* random_;
  Transmit transmit_;
  SimDisk disk_;
  std::unique_ptr<SimMaster> master_;
  std::unique_ptr<PartSpool> spool_;
  std::unique_ptr<SimStore> store_;
  std::unique_ptr<BucketSource> buckets_;
  std::unique_ptr<Coordinator> coordinator_;
  KillPoint armed_ = KillPoint::kNone;
  Nanos frozen_until_{0};
  bool is_tick_due_ = false;           // besides those of every 50 ms
  bool is_killed_ = false;             // at a point inside the action that runs
  uint64_t rounds_seen_ = 0;           // appended, and checked against the reference
  uint64_t told_durable_ = 0;          // what workers were told to be safe
  std::optional<uint64_t> back_to_;    // rounds from here on are still to be cut
  std::set<std::string> quarantined_;  // outlives coordinators, as with keys
  uint64_t wrong_rounds_ = 0;
  bool is_checkpointing_ = false;
  bool checkpoint_is_due_ = false;
  bool is_syncing_ = false;
  uint64_t damaged_frames_ = 0;
  uint64_t torn_logs_ = 0;
  Counters total_;  // of former lives
  std::vector<std::string> violations_;
  std::vector<std::string> notices_;
};

// The content of the run's one bucket file.
std::string SimBucketBytes(uint64_t bytes);

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_COORDINATOR_H_
