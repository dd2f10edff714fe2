// A cluster in one thread: real coordinator, real workers; clock, network and disk are simulated.
//
// Everything follows from SimOptions::seed and the calls made.
#ifndef NASHVILLE_TESTS_SIM_SIM_CLUSTER_H_
#define NASHVILLE_TESTS_SIM_SIM_CLUSTER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/sim/event_queue.h"
#include "tests/sim/sim_coordinator.h"
#include "tests/sim/sim_network.h"
#include "tests/sim/sim_options.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_worker.h"

namespace nash {

class SimCluster {
 public:
  // The name of the coordinator in the network; workers are named by their identities.
  static constexpr char kCoordinator[] = "coordinator";

  explicit SimCluster(const SimOptions& options);
  SimCluster(const SimCluster&) = delete;

  SimWorker& AddWorker(WorkerTraits traits = {});
  // A new process of the same identity and traits.
  SimWorker& AddTwin(const SimWorker& worker) { return AddWorker(worker.traits()); }
  void Reconnect(SimWorker* worker);
  // In one direction or both.
  void CutFrom(const SimWorker& worker, Nanos time);
  void CutTo(const SimWorker& worker, Nanos time);
  void CutBetween(const SimWorker& from, const SimWorker& to, Nanos time);

  void RunFor(Nanos time);
  // False if it did not come true within the limit.
  bool RunUntil(const std::function<bool()>& condition, Nanos limit);
  // Runs to the end of the run. Error: it got stuck, or something happened that must not, or the
  // table is not that of the undisturbed run.
  absl::Status RunToEnd(Nanos limit);

  // Every message that workers send, as it is sent, but for those that no codec would take.
  void set_worker_observer(std::function<void(const WorkerEnvelope&)> observer) {
    worker_observer_ = std::move(observer);
  }
  // Every message that the coordinator sends.
  void set_coordinator_observer(std::function<void(const CoordinatorEnvelope&)> observer) {
    coordinator_observer_ = std::move(observer);
  }
  void SendToCoordinator(const Sender& sender, std::string frame);

  SimCoordinator& coordinator() { return *coordinator_; }
  SimNetwork& network() { return network_; }
  SimRandom& random() { return random_; }
  EventQueue& events() { return events_; }
  const std::vector<std::shared_ptr<SimWorker>>& workers() const { return workers_; }
  // Refused by the codec of whoever got them.
  uint64_t damaged_frames() const;
  std::vector<SimWorker*> LiveWorkers() const;
  // For people who look at a failure.
  std::string Describe();

 private:
  std::string NewConnection();
  void SendToSource(SimWorker* from, std::string frame);
  void SendToPeer(const SimWorker& from, const std::string& peer, std::string frame);
  void Observe(const std::string& frame);

  const SimOptions options_;
  EventQueue events_;
  SimRandom random_;
  SimNetwork network_;
  std::unique_ptr<SimCoordinator> coordinator_;
  std::vector<std::shared_ptr<SimWorker>> workers_;
  std::map<std::string, std::weak_ptr<SimWorker>> by_connection_;
  std::map<std::string, std::weak_ptr<SimWorker>> by_endpoint_;
  std::function<void(const WorkerEnvelope&)> worker_observer_;
  std::function<void(const CoordinatorEnvelope&)> coordinator_observer_;
  uint64_t connections_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_SIM_SIM_CLUSTER_H_
