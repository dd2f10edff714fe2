// A worker process of a simulated cluster: the real state machine, a replica, and a thread that
// runs units by waiting.
#ifndef NASHVILLE_TESTS_SIM_SIM_WORKER_H_
#define NASHVILLE_TESTS_SIM_SIM_WORKER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "solver/coordinator/membership.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/sim_options.h"
#include "tests/sim/sim_random.h"
#include "worker/worker.h"

namespace nash {

class SimWorker : public std::enable_shared_from_this<SimWorker> {
 public:
  // Gets what it sends. All outlive us, but for the owner of a shared pointer.
  using Transmit = std::function<void(const SimWorker& from, std::string frame)>;

  SimWorker(const SimOptions& options, const WorkerTraits& traits, const std::string& connection,
            EventQueue* events, SimRandom* random, Transmit transmit);

  void Start();
  void Deliver(const std::string& frame);
  void Kill() { is_alive_ = false; }
  // It does nothing until then; messages wait.
  void Freeze(Nanos until) { frozen_until_ = until; }
  void RequestStop();
  void FlipBit(uint64_t random) { replica_->FlipBit(random); }
  // The transport has connected anew.
  void Reconnect(const std::string& connection);

  const Sender& sender() const { return sender_; }
  bool is_alive() const { return is_alive_; }
  bool is_running() const { return unit_.has_value(); }
  // How it ended, if by itself.
  const std::optional<absl::Status>& exit() const { return worker_->stopped(); }
  const Worker& worker() const { return *worker_; }
  const WorkerTraits& traits() const { return traits_; }
  // That could not be decoded, and were dropped.
  uint64_t damaged_frames() const { return damaged_frames_; }

 private:
  // Runs the action, later if we are frozen, never if we are dead.
  void Act(std::function<void()> action);
  void After(Nanos delay, std::function<void()> action);
  void Tick();
  void Flush();
  void RunUnit(const Worker::RunUnit& run);
  void FinishUnit(uint64_t run);
  void EndUnit(uint64_t run);
  void SendHostility(const UnitName& name);

  const SimOptions& options_;
  const WorkerTraits traits_;
  Sender sender_;
  EventQueue* events_;
  SimRandom* random_;
  Transmit transmit_;
  std::unique_ptr<SimReplica> replica_;
  std::unique_ptr<Worker> worker_;
  bool is_alive_ = true;
  Nanos frozen_until_{0};
  std::optional<UnitResult> unit_;  // running
  uint64_t runs_ = 0;
  uint64_t damaged_frames_ = 0;
  uint64_t generation_ = 0;  // as last heard; for hostile messages
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_WORKER_H_
