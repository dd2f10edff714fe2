// How a run goes: everything that happens is an event in one queue, and time jumps from one to the
// next. So hours of a cluster take milliseconds, and nothing depends on the machine: the seed and
// the calls made decide every order, delay and fault. A failure is found again by its seed.
//
//   SimCoordinator --Outgoing--> SimNetwork --frame, late, twice, damaged or never--> SimWorker
//         ^                                                                              |
//         +------------------------------- SimNetwork <---------------------------------+
//
// What is real: both state machines, the codec, the round log. What is simulated: clock, network,
// disk, and checkpoints; units are run by an engine, a fake one or real tables. What is not here:
// threads, sockets, encryption (tests/proto) and processes (tests/tools).
//
// RunToEnd() asks three things: that the run ends, that nothing forbidden was seen on the way, and
// that the last table is the one that an undisturbed run has, to the bit.
#include "tests/sim/sim_cluster.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/codec.h"

namespace nash {

SimCluster::SimCluster(const SimOptions& options)
    : options_(options), random_(options.seed), network_(&events_, &random_) {
  network_.set_faults(options.network);
  coordinator_ = std::make_unique<SimCoordinator>(
      options_, &events_, &random_, [this](Coordinator::Outgoing outgoing) {
        const auto to = by_connection_.find(outgoing.connection);
        if (to == by_connection_.end()) return;
        const std::shared_ptr<SimWorker> worker = to->second.lock();
        if (coordinator_observer_) coordinator_observer_(outgoing.envelope);
        network_.Send(kCoordinator, worker->sender().identity, Encode(outgoing.envelope),
                      [this, connection = outgoing.connection](const std::string& frame) {
                        const auto it = by_connection_.find(connection);
                        if (it != by_connection_.end()) it->second.lock()->Deliver(frame);
                      });
      });
}

std::string SimCluster::NewConnection() { return absl::StrCat("connection", ++connections_); }

SimWorker& SimCluster::AddWorker(WorkerTraits traits) {
  if (traits.identity.empty()) traits.identity = absl::StrCat("worker", workers_.size());
  const std::string endpoint = absl::StrCat("tcp://10.0.0.1:", workers_.size() + 1);
  SimWorker::Transport transport = {
      [this](const SimWorker& from, std::string frame) {
        Observe(frame);
        SendToCoordinator(from.sender(), std::move(frame));
      },
      [this](SimWorker* from, std::string frame) { SendToSource(from, std::move(frame)); },
      [this](const SimWorker& from, const std::string& peer, std::string frame) {
        SendToPeer(from, peer, std::move(frame));
      }};
  const auto worker = std::make_shared<SimWorker>(options_, traits, NewConnection(), endpoint,
                                                  &events_, &random_, std::move(transport));
  workers_.push_back(worker);
  by_endpoint_[endpoint] = worker;
  by_connection_[worker->sender().connection] = worker;
  worker->Start();
  return *worker;
}

// A process that has died is noticed by its broken connection, or not at all, if its machine died.
void SimCluster::SendToSource(SimWorker* from, std::string frame) {
  const auto found = by_endpoint_.find(from->worker().relay_place().source_endpoint);
  if (found == by_endpoint_.end()) return;
  const std::shared_ptr<SimWorker> to = found->second.lock();
  if (!to->is_alive()) {
    if (random_.Happens(0.5)) {
      events_.After(std::chrono::milliseconds(1),
                    [from = from->shared_from_this()] { from->LoseSource(); });
    }
    return;
  }
  network_.Send(from->sender().identity, to->sender().identity, std::move(frame),
                [to, peer = from->sender().connection](const std::string& arrived) {
                  to->DeliverOfPeer(peer, arrived);
                });
}

void SimCluster::SendToPeer(const SimWorker& from, const std::string& peer, std::string frame) {
  const auto to = by_connection_.find(peer);
  if (to == by_connection_.end()) return;
  const std::shared_ptr<SimWorker> worker = to->second.lock();
  network_.Send(from.sender().identity, worker->sender().identity, std::move(frame),
                [worker, endpoint = from.endpoint()](const std::string& arrived) {
                  worker->DeliverOfSource(endpoint, arrived);
                });
}

void SimCluster::Observe(const std::string& frame) {
  if (!worker_observer_) return;
  const absl::StatusOr<WorkerEnvelope> envelope = Decode<WorkerMessage>(frame);
  if (envelope.ok()) worker_observer_(*envelope);
}

void SimCluster::SendToCoordinator(const Sender& sender, std::string frame) {
  network_.Send(
      sender.identity, kCoordinator, std::move(frame),
      [this, sender](const std::string& arrived) { coordinator_->Deliver(sender, arrived); });
}

uint64_t SimCluster::damaged_frames() const {
  uint64_t frames = coordinator_->damaged_frames();
  for (const auto& worker : workers_) frames += worker->damaged_frames();
  return frames;
}

void SimCluster::Reconnect(SimWorker* worker) {
  const std::string old = worker->sender().connection;
  const std::string connection = NewConnection();
  by_connection_[connection] = by_connection_.at(old);
  by_connection_.erase(old);
  worker->Reconnect(connection);
}

void SimCluster::CutFrom(const SimWorker& worker, Nanos time) {
  network_.Cut(worker.sender().identity, kCoordinator, events_.now() + time);
}

void SimCluster::CutTo(const SimWorker& worker, Nanos time) {
  network_.Cut(kCoordinator, worker.sender().identity, events_.now() + time);
}

void SimCluster::CutBetween(const SimWorker& from, const SimWorker& to, Nanos time) {
  network_.Cut(from.sender().identity, to.sender().identity, events_.now() + time);
}

void SimCluster::RunFor(Nanos time) {
  const Nanos end = events_.now() + time;
  while (events_.Step(end)) {
  }
}

bool SimCluster::RunUntil(const std::function<bool()>& condition, Nanos limit) {
  const Nanos end = events_.now() + limit;
  while (!condition()) {
    if (!events_.Step(end)) return condition();
  }
  return true;
}

absl::Status SimCluster::RunToEnd(Nanos limit) {
  const auto is_over = [this] {
    return coordinator_->done() || !coordinator_->violations().empty();
  };
  const bool is_in_time = RunUntil(is_over, limit);
  for (const std::string& violation : coordinator_->violations()) {
    return absl::InternalError(violation);
  }
  if (!is_in_time) return absl::DeadlineExceededError(absl::StrCat("stuck: ", Describe()));
  if (coordinator_->master().rounds() != options_.rounds) {
    return absl::InternalError("the coordinator ended before the run");
  }
  if (coordinator_->master().state_hash() != options_.reference->state_hash) {
    return absl::InternalError("the last table is not that of the undisturbed run");
  }
  return absl::OkStatus();
}

std::vector<SimWorker*> SimCluster::LiveWorkers() const {
  std::vector<SimWorker*> live;
  for (const auto& worker : workers_) {
    if (worker->is_alive()) live.push_back(worker.get());
  }
  return live;
}

std::string SimCluster::Describe() {
  std::string text = absl::StrCat("round ", coordinator_->rounds(), ", generation ",
                                  coordinator_->disk().generation, ", ", LiveWorkers().size(),
                                  " live workers of ", workers_.size());
  if (coordinator_->is_alive()) {
    for (const auto& [identity, member] : coordinator_->coordinator().membership().members()) {
      absl::StrAppend(&text, "; ", identity, " at ", member.rounds);
    }
  }
  for (const std::string& notice : coordinator_->notices()) absl::StrAppend(&text, "\n  ", notice);
  return text;
}

}  // namespace nash
