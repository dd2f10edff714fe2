// A run with faults: a handful of workers join, then one fault after the other is drawn and done,
// with pauses between, and then everything is healed and honest workers come. From there the run
// must end with the bytes of the undisturbed one, and every worker must learn that it is over
// (EndAll).
//
// Rates are drawn for each run, not fixed: a run with a perfect network and a dying disk finds
// other faults than one where a bit of everything goes wrong. With liars every unit is audited,
// because with fewer audits a wrong result may be merged, and is meant to be.
//
// random_faults_test.cc adds up what happened over many seeds (FaultTally), and fails if any kind
// of fault never did: a plan that no longer hurts would pass unseen otherwise.
#include "tests/sim/fault_plan.h"

#include <functional>
#include <iostream>
#include <vector>

#include "tests/sim/sim_cluster.h"

namespace nash {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

NetworkFaults DrawNetwork(SimRandom* random) {
  const double losses[] = {0, 0, 0.01, 0.1, 0.3};
  const Nanos delays[] = {milliseconds(1), milliseconds(1), milliseconds(40), milliseconds(600)};
  NetworkFaults faults;
  faults.loss = losses[random->Below(5)];
  faults.duplication = random->Happens(0.5) ? 0.1 : 0;
  faults.delay_max = delays[random->Below(4)];
  faults.straggling = random->Happens(0.3) ? 0.02 : 0;
  faults.damage = random->Happens(0.3) ? 0.02 : 0;
  faults.bytes_per_second = random->Happens(0.15) ? 40'000 : 0;
  return faults;
}

SimOptions DrawOptions(const FaultPlan& plan, uint64_t seed, SimRandom* random, bool has_liars) {
  SimOptions options;
  options.seed = seed;
  options.engine = plan.engine;
  options.reference = plan.reference;
  options.rounds = plan.rounds;
  options.network = DrawNetwork(random);
  options.unit_time = milliseconds(50 + random->Below(400));
  options.sync_time = milliseconds(random->Happens(0.3) ? 700 : 3);
  options.checkpoint_every_rounds = 1 + random->Below(6);
  options.checkpoint_time = milliseconds(random->Happens(0.3) ? 3000 : 100);
  options.bucket_bytes = random->Happens(0.1) ? 3 * kBucketPartBytes / 2 : 0;
  // Only with two results of every unit can a wrong one never be merged.
  options.coordinator.audit_fraction = has_liars ? 1 : random->Happens(0.5) ? 0.2 : 0;
  options.coordinator.audit_wait = has_liars ? minutes(600) : seconds(5);
  options.coordinator.members_max = 12;
  options.worker.window_parts = static_cast<uint32_t>(1 + random->Below(4));
  options.worker.kept_bytes_max = random->Happens(0.2) ? 1000 : 1 << 20;
  options.worker.relay_bytes_max = random->Happens(0.2) ? 1000 : 1 << 20;
  options.coordinator.relay_fanout = static_cast<uint32_t>(1 + random->Below(3));
  return options;
}

// One run: what can go wrong, one method for each.
class FaultyRun {
 public:
  FaultyRun(const FaultPlan& plan, uint64_t seed)
      : plan_(plan),
        random_(seed * 2 + 1),
        has_liars_(random_.Happens(0.25)),
        has_relays_(random_.Happens(0.5)),
        cluster_(DrawOptions(plan, seed, &random_, has_liars_)) {}

  absl::Status Run() {
    const uint64_t workers = 1 + random_.Below(5);
    for (uint64_t i = 0; i < workers; ++i) Join();
    const Nanos pause_max = milliseconds(random_.Happens(0.5) ? 800 : 5000);
    for (uint64_t faults = random_.Below(25); faults > 0; --faults) {
      cluster_.RunFor(random_.Between(milliseconds(1), pause_max));
      if (cluster_.coordinator().done()) break;
      Something();
      if (cluster_.LiveWorkers().empty() && random_.Happens(0.7)) Join();
    }
    return Recover();
  }

  void AddTo(FaultTally* tally) {
    tally->coordinator += cluster_.coordinator().Total();
    tally->restarts += cluster_.coordinator().restarts();
    tally->damaged_frames += cluster_.damaged_frames();
    tally->torn_logs += cluster_.coordinator().torn_logs();
    tally->recovery_max = std::max(tally->recovery_max, recovery_);
    for (const auto& worker : cluster_.workers()) {
      tally->tables_loaded += worker->worker().counters().tables_loaded;
      tally->units_abandoned += worker->worker().counters().units_abandoned;
      const Worker::Counters& counters = worker->worker().counters();
      tally->divergences += counters.divergences;
      tally->relay_served_bytes += counters.relay_served_bytes;
      tally->relay_fetched_bytes += counters.relay_fetched_bytes;
      tally->relay_fallbacks += counters.relay_fallbacks;
      tally->parts_refused += counters.parts_refused;
    }
  }

 private:
  void Say(const std::string& what) {
    if (!plan_.prints) return;
    std::cerr << (cluster_.events().now() - EventQueue::kStart) / milliseconds(1) << " ms: " << what
              << "\n";
  }

  SimWorker* Any() {
    const std::vector<SimWorker*> live = cluster_.LiveWorkers();
    return live.empty() ? nullptr : live[random_.Below(live.size())];
  }

  void Something() {
    SimWorker* worker = Any();
    const uint64_t choice = random_.Below(has_relays_ ? 21 : 19);
    if (choice < 8) return HurtCoordinator(choice);
    if (worker == nullptr || choice == 8) return Join();
    HurtWorker(choice, worker);
  }

  void HurtCoordinator(uint64_t choice) {
    SimCoordinator& coordinator = cluster_.coordinator();
    if (choice < 4) {
      const KillPoint point =
          static_cast<KillPoint>(1 + random_.Below(static_cast<int>(kLastKillPoint)));
      Say("coordinator dies at kill point " + std::to_string(static_cast<int>(point)));
      coordinator.KillAt(point);
      if (point == KillPoint::kDuringReplay && coordinator.is_alive()) coordinator.Kill();
    } else if (choice < 6) {
      Say("coordinator dies");
      if (coordinator.is_alive()) coordinator.Kill();
      if (random_.Happens(0.2)) coordinator.disk().CorruptNewestCheckpoint();
    } else {
      Say("the disk is full");
      coordinator.disk().Fill(random_.Below(1000));
      cluster_.events().After(random_.Between(milliseconds(100), seconds(10)),
                              [&coordinator] { coordinator.disk().Free(); });
    }
  }

  void HurtWorker(uint64_t choice, SimWorker* worker) {
    const Nanos time = random_.Between(milliseconds(100), seconds(30));
    const std::string name = worker->sender().identity;
    switch (choice) {
      case 9:
      case 10:
        Say("kill " + name);
        worker->Kill();
        return;
      case 11:
        Say("kill and restart " + name);
        worker->Kill();
        cluster_.AddTwin(*worker);
        return;
      case 12:
        Say("stop " + name);
        worker->RequestStop();
        return;
      case 13:
        Say("freeze " + name);
        worker->Freeze(cluster_.events().now() + time);
        return;
      case 14:
        Say("cut off " + name);
        cluster_.CutFrom(*worker, time);
        cluster_.CutTo(*worker, time);
        return;
      case 15:
        Say("cut from " + name);
        cluster_.CutFrom(*worker, time);
        return;
      case 16:
        Say("cut to " + name);
        cluster_.CutTo(*worker, time);
        return;
      case 17:
        Say("twin or reconnection of " + name);
        if (random_.Happens(0.5)) {
          cluster_.AddTwin(*worker);
        } else {
          cluster_.Reconnect(worker);
        }
        return;
      case 19:
      case 20:
        Say("cut between " + name + " and another");
        cluster_.CutBetween(*worker, *Any(), time);
        return;
      default:
        if (!has_liars_) return;
        Say("bit flips in " + name);
        worker->FlipBit(random_.Bits());
    }
  }

  void Join() {
    WorkerTraits traits;
    if (random_.Happens(0.2)) traits.slowness = 10;
    if (has_liars_ && random_.Happens(0.2)) traits.lying = 0.3;
    if (random_.Happens(0.05)) {
      traits.is_hostile = true;  // sooner or later: what it gave before is taken back
      traits.wrong_from = random_.Below(plan_.rounds);
    }
    traits.is_relay = has_relays_ && random_.Happens(0.7);
    if (traits.is_relay && random_.Happens(0.2)) traits.relay_lying = 0.3;
    const SimWorker& worker = cluster_.AddWorker(traits);
    Say("join " + worker.sender().identity + (traits.lying > 0 ? ", a liar" : "") +
        (traits.is_hostile ? ", hostile" : "") +
        (traits.relay_lying > 0 ? ", passes lies on"
         : traits.is_relay      ? ", a relay"
                                : ""));
  }

  // No more faults, and a few honest workers: now it must come to its end.
  absl::Status Recover() {
    Say("faults end");
    const Nanos faults_end = cluster_.events().now();
    cluster_.network().set_faults({});
    cluster_.network().HealAll();
    cluster_.coordinator().KillAt(KillPoint::kNone);
    cluster_.coordinator().disk().Free();
    for (int i = 0; i < 20 && !cluster_.coordinator().done(); ++i) {
      // Honest workers may be shut out with liars, so more come.
      cluster_.AddWorker();
      cluster_.AddWorker();
      const absl::Status status = cluster_.RunToEnd(i < 19 ? seconds(20) : seconds(300));
      recovery_ = cluster_.events().now() - faults_end;
      if (status.ok()) return EndAll();
      if (!absl::IsDeadlineExceeded(status)) return status;
    }
    return cluster_.RunToEnd(seconds(0));
  }

  // Whoever is alive learns that the run is over, however badly it fared.
  absl::Status EndAll() {
    cluster_.RunFor(minutes(3));
    for (SimWorker* worker : cluster_.LiveWorkers()) {
      return absl::InternalError(worker->sender().identity + " does not know that all is over");
    }
    return absl::OkStatus();
  }

  const FaultPlan& plan_;
  SimRandom random_;
  const bool has_liars_;
  const bool has_relays_;
  SimCluster cluster_;
  Nanos recovery_{0};
};

}  // namespace

absl::Status RunWithFaults(const FaultPlan& plan, uint64_t seed, FaultTally* tally) {
  FaultyRun run(plan, seed);
  const absl::Status status = run.Run();
  run.AddTo(tally);
  return status;
}

}  // namespace nash
