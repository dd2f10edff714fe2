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
  // Get what it sends. All outlive us, but for the owner of a shared pointer.
  struct Transport {
    std::function<void(const SimWorker& from, std::string frame)> to_coordinator;
    // To whom it has its rounds from, and to one that has them from it, by connection.
    std::function<void(SimWorker* from, std::string frame)> to_source;
    std::function<void(const SimWorker& from, const std::string& peer, std::string frame)> to_peer;
  };

  // endpoint: where it serves, if it is a relay.
  SimWorker(const SimOptions& options, const WorkerTraits& traits, const std::string& connection,
            const std::string& endpoint, EventQueue* events, SimRandom* random,
            Transport transport);

  void Start();
  void Deliver(const std::string& frame);
  // Of the worker that serves at this endpoint; of one that we serve.
  void DeliverOfSource(const std::string& endpoint, const std::string& frame);
  void DeliverOfPeer(const std::string& peer, const std::string& frame);
  // The connection to its source broke.
  void LoseSource();
  void Kill() { is_alive_ = false; }
  // It does nothing until then; messages wait.
  void Freeze(Nanos until) { frozen_until_ = until; }
  void RequestStop();
  void FlipBit(uint64_t random) { replica_->FlipBit(random); }
  // The transport has connected anew.
  void Reconnect(const std::string& connection);

  const Sender& sender() const { return sender_; }
  const std::string& endpoint() const { return endpoint_; }
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
  void PassOn();

  const SimOptions& options_;
  const WorkerTraits traits_;
  Sender sender_;
  const std::string endpoint_;
  EventQueue* events_;
  SimRandom* random_;
  Transport transport_;
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
