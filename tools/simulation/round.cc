// Discrete events. Every machine is a few queues that serve in the order of arrival (Queue): a
// worker's processor and its two directions, a coordinator's two directions, threads and log.
//
//   worker        kStart -> traverse, seal -> kPartSealed -> own link -> kPartSent
//   coordinator   kPartArrived -> check, merge -> kPartMerged -> own link;  log -> kFinished
//   worker        kPartDelivered -> own link -> kPartFollowed -> apply -> kApplied -> kStart
//                                                             `-> own link out -> kPartDelivered
//
// Rates are measured between the ends of two rounds, after some that fill the pipelines (first_),
// and over whole periods of streets that are merged in turn (period_). Events at one time happen in
// the order in which they were made, so that the same plan gives the same figures. What it leaves
// out is what a run has least of: failures, audits, checkpoints.
// tests/tools/simulation_round_test.cc compares with pencil and paper.
#include "tools/simulation/round.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>
#include <random>
#include <vector>

#include "tools/simulation/timeline.h"

namespace nash {
namespace {

// First come, first served: `Serve` returns when the work is done.
struct Queue {
  double free = 0;
  double Serve(double now, double seconds) {
    free = std::max(now, free) + seconds;
    return free;
  }
};

enum class Step {
  kStart,          // a worker looks for a unit
  kPartSealed,     // a part can go into the worker's link
  kPartSent,       // it comes to the coordinator's link
  kPartArrived,    // it comes to a merging thread
  kPartMerged,     // a part of a coordinator's share can be given out, where lag is 0
  kFinished,       // a coordinator has merged its share
  kPartDelivered,  // a part of it comes to a worker's link
  kPartFollowed,   // it comes to the worker
  kApplied,        // the last part of a round was applied
};

struct Event {
  double time = 0;
  uint64_t number = 0;  // events at one time: in the order in which they were made
  Step step = Step::kStart;
  int worker = 0;
  int coordinator = 0;
  int round = 0;
  double rows = 0;
  int part = 0;  // of a unit's share; its section
  bool operator>(const Event& other) const {
    return time != other.time ? time > other.time : number > other.number;
  }
};

// Whether a is a later part than b of its unit, of a later round.
struct IsAhead {
  bool operator()(const Event& a, const Event& b) const {
    if (a.round != b.round) return a.round > b.round;
    return a.part != b.part ? a.part > b.part : a.number > b.number;
  }
};

class Simulation {
 public:
  Simulation(const ClusterPlan& plan, const ClusterCosts& costs)
      : plan_(plan),
        costs_(costs),
        worker_speed_up_(costs.SpeedUp(plan.threads)),
        merge_speed_up_(costs.SpeedUp(plan.merge_threads)),
        period_(std::accumulate(plan.periods.begin(), plan.periods.end(), 1, std::lcm<int, int>)),
        // Enough rounds that the length of one part at their ends does not matter.
        first_(period_ * ((2 + period_ - 1) / period_)),
        rounds_(first_ + period_ * ((4 + period_ - 1) / period_)),
        workers_(plan.workers),
        coordinators_(plan.coordinators),
        rounds_state_(rounds_ + plan.lag) {
    for (int round = 0; round < num_rounds(); ++round) {
      rounds_state_[round].shares.resize(plan.coordinators,
                                         {.parts_left = plan.units * Parts(SentRows(round))});
    }
  }

  SimulatedRate Run() {
    for (int worker = 0; worker < plan_.workers; ++worker) {
      Push({.time = 0, .step = Step::kStart, .worker = worker});
    }
    while (!events_.empty()) {
      const Event event = events_.top();
      events_.pop();
      Handle(event);
    }
    const double from = rounds_state_[first_ - 1].merged_at;
    const double to = rounds_state_[rounds_ - 1].merged_at;
    SimulatedRate rate;
    rate.round_s = (to - from) / (rounds_ - first_);
    rate.touches_per_s = plan_.units * plan_.unit_touches / rate.round_s;
    timeline_.Share(from, to, plan_.workers, plan_.lag == 0, &rate);
    for (int round = first_; round < rounds_; ++round) {
      rate.bytes_in_per_s += plan_.units * RowsHandedOver(plan_, costs_, 1, round) *
                             costs_.bytes_up_per_row / (to - from);
      rate.bytes_out_per_s += CopiesOut(plan_) * RowsHandedOver(plan_, costs_, plan_.units, round) *
                              costs_.bytes_down_per_row / (to - from);
    }
    return rate;
  }

 private:
  struct Worker {
    Queue processor, up, down;
    int applied = 0;     // rounds
    int parts_left = 0;  // of the round that it follows
    bool is_idle = true;
  };
  struct Coordinator {
    Queue in, out, log;
    // Parts on their way in: who is behind is served first, as connections that share a link do.
    std::priority_queue<Event, std::vector<Event>, IsAhead> coming;
    bool is_taking = false;
    Queue threads;  // they check and merge together
  };
  // What one coordinator has of a round.
  struct Share {
    int parts_left = 0;  // that have not come
    double checked_at = 0;
    std::vector<int> units_of_part{};  // that have come
    int parts_whole = 0;               // of all units
    int parts_summed = 0;              // of these
  };
  struct Round {
    int units_taken = 0;
    std::vector<Share> shares;  // by coordinator
    int coordinators_finished = 0;
    double merged_at = 0;
    std::vector<double> unit_seconds;  // made when the first is taken
  };

  // With lag, some that run while the last one that counts is merged.
  int num_rounds() const { return static_cast<int>(rounds_state_.size()); }

  // Rows of one coordinator's share.
  double SentRows(int round) const {
    return RowsHandedOver(plan_, costs_, 1, round) / plan_.coordinators;
  }
  double MergedRows(int round) const {
    return RowsHandedOver(plan_, costs_, plan_.units, round) / plan_.coordinators;
  }
  int Parts(double rows) const {
    return static_cast<int>(
        std::clamp(std::ceil(rows / costs_.rows_per_part), 1.0,
                   HasRelays(plan_) ? 4.0 * kSimulatedPartsMax : 1.0 * kSimulatedPartsMax));
  }

  void Push(Event event) {
    event.number = ++last_number_;
    events_.push(event);
  }

  // Serves and notes it.
  double Do(Activity activity, Queue* queue, double now, double seconds) {
    const double done = queue->Serve(now, seconds);
    timeline_.Add(activity, done - seconds, done);
    return done;
  }

  void Handle(const Event& event) {
    switch (event.step) {
      case Step::kStart:
        workers_[event.worker].is_idle = true;
        StartUnit(event.worker, event.time);
        return;
      case Step::kPartSealed:
        Next(event, Step::kPartSent,
             Do(Activity::kWireUp, &workers_[event.worker].up, event.time, UpSeconds(event.rows)) +
                 costs_.latency_s);
        return;
      case Step::kPartSent:
        coordinators_[event.coordinator].coming.push(event);
        TakeIn(&coordinators_[event.coordinator], event.time);
        return;
      case Step::kPartArrived:
        coordinators_[event.coordinator].is_taking = false;
        TakeIn(&coordinators_[event.coordinator], event.time);
        Merge(event);
        return;
      case Step::kPartMerged:
        GiveOut(event);
        return;
      case Step::kFinished:
        Finish(event);
        return;
      case Step::kPartDelivered:
        Next(event, Step::kPartFollowed,
             Do(Activity::kWireDown, &workers_[event.worker].down, event.time,
                DownSeconds(event.rows)));
        return;
      case Step::kPartFollowed:
        PassOn(event);
        Follow(event);
        return;
      case Step::kApplied:
        ++workers_[event.worker].applied;
        StartUnit(event.worker, event.time);
        return;
    }
  }

  void TakeIn(Coordinator* self, double now) {
    if (self->is_taking || self->coming.empty()) return;
    self->is_taking = true;
    const Event part = self->coming.top();
    self->coming.pop();
    Next(part, Step::kPartArrived, Do(Activity::kWireUp, &self->in, now, UpSeconds(part.rows)));
  }

  void Next(Event event, Step step, double time) {
    event.step = step;
    event.time = time;
    Push(event);
  }

  double UpSeconds(double rows) const {
    return rows * costs_.bytes_up_per_row / plan_.bytes_per_s();
  }
  double DownSeconds(double rows) const {
    return rows * costs_.bytes_down_per_row / plan_.bytes_per_s();
  }

  // Takes a unit of the oldest round that has one, if the worker is idle and may.
  void StartUnit(int worker, double now) {
    Worker& self = workers_[worker];
    if (!self.is_idle) return;
    int round = self.applied;
    while (round < num_rounds() && rounds_state_[round].units_taken == plan_.units) ++round;
    if (round == num_rounds() || self.applied < round - plan_.lag) return;
    self.is_idle = false;
    const double compute = UnitSeconds(round, rounds_state_[round].units_taken++);
    const double computed = Do(Activity::kComputing, &self.processor, now, compute);
    const int parts = Parts(SentRows(round));
    const double rows = SentRows(round) / parts;
    double sealed = computed;
    for (int part = 0; part < parts; ++part) {
      for (int to = 0; to < plan_.coordinators; ++to) {
        sealed = Do(Activity::kRows, &self.processor, sealed,
                    rows * (costs_.seal_ns + costs_.encode_ns) * 1e-9 / worker_speed_up_);
        Push({.time = sealed,
              .step = Step::kPartSealed,
              .worker = worker,
              .coordinator = to,
              .round = round,
              .rows = rows,
              .part = part});
      }
    }
    Push({.time = sealed, .step = Step::kStart, .worker = worker});
  }

  double UnitSeconds(int round, int unit) {
    std::vector<double>& seconds = rounds_state_[round].unit_seconds;
    if (seconds.empty()) {
      std::mt19937_64 random(round);
      for (int i = 0; i < plan_.units; ++i) {
        const double place = static_cast<double>(random()) * 0x1p-63 - 1;  // -1 to 1
        seconds.push_back(plan_.unit_touches / costs_.WorkerRate(plan_.threads) *
                          (1 + costs_.unit_time_spread * place));
      }
    }
    return seconds[unit];
  }

  // Checks a part. After a round's last one the same threads merge the round and give it out,
  // before anything that comes later; the log must have taken the round before.
  void Merge(const Event& event) {
    Coordinator& self = coordinators_[event.coordinator];
    Share& share = rounds_state_[event.round].shares[event.coordinator];
    share.checked_at =
        std::max(share.checked_at, Do(Activity::kMerging, &self.threads, event.time,
                                      event.rows * costs_.decode_ns * 1e-9 / merge_speed_up_));
    const double rows = MergedRows(event.round);
    if (IsSummed(plan_, SentRows(event.round), rows)) AddUp(event, &share);
    if (--share.parts_left > 0) return;
    const double summed = static_cast<double>(share.parts_summed) / Parts(SentRows(event.round));
    const double rows_to_add = summed * rows + (1 - summed) * plan_.units * SentRows(event.round);
    const double seconds =
        (rows_to_add * (costs_.decode_ns + costs_.merge_ns) + rows * costs_.finish_ns) * 1e-9 /
        merge_speed_up_;
    const int parts = Parts(rows);
    double done = std::max(share.checked_at, self.log.free);
    for (int part = 0; part < parts; ++part) {
      done = Do(Activity::kMerging, &self.threads, done, seconds / parts);
      if (plan_.lag == 0) Next(PartOf(event), Step::kPartMerged, done);
    }
    self.log.Serve(done, rows * costs_.bytes_log_per_row / costs_.log_bytes_per_s);
    Next(event, Step::kFinished, done);
  }

  // The same threads add up what has come of all units, when nothing else waits for them.
  void AddUp(const Event& event, Share* share) {
    const int parts = Parts(SentRows(event.round));
    share->units_of_part.resize(parts);
    share->parts_whole += ++share->units_of_part[event.part] == plan_.units;
    Queue* const threads = &coordinators_[event.coordinator].threads;
    const double check = event.rows * costs_.decode_ns * 1e-9 / merge_speed_up_;
    const bool is_idle = threads->free <= event.time + check * (1 + 1e-9);
    if (!is_idle || share->parts_summed == share->parts_whole) return;
    ++share->parts_summed;
    const double seconds = (plan_.units * event.rows * (costs_.decode_ns + costs_.merge_ns) +
                            MergedRows(event.round) / parts * costs_.encode_ns) *
                           1e-9 / merge_speed_up_;
    share->checked_at = Do(Activity::kMerging, threads, share->checked_at, seconds);
  }

  Event PartOf(Event event) const {
    const double rows = MergedRows(event.round);
    event.rows = rows / Parts(rows);
    return event;
  }

  // Parts go out as they are merged; with lag, when the round is.
  void Finish(const Event& event) {
    Round& round = rounds_state_[event.round];
    if (++round.coordinators_finished == plan_.coordinators) round.merged_at = event.time;
    if (plan_.lag == 0) return;
    const Event part = PartOf(event);
    for (int i = Parts(MergedRows(event.round)); i > 0; --i) GiveOut(part);
  }

  void GiveOut(const Event& part) {
    Queue* const out = &coordinators_[part.coordinator].out;
    for (int to = 0; to < CopiesOut(plan_); ++to) SendDown(part, to, out);
  }

  void SendDown(Event event, int to, Queue* out) {
    const double sent = Do(Activity::kWireDown, out, event.time, DownSeconds(event.rows));
    event.worker = to;
    Next(event, Step::kPartDelivered, sent + costs_.latency_s);
  }

  // To those below it in the tree, of the worker that has just got it.
  void PassOn(const Event& event) {
    if (!HasRelays(plan_)) return;
    const int first = (event.worker + 1) * plan_.relay_fanout;
    const int end = std::min(first + plan_.relay_fanout, plan_.workers);
    for (int to = first; to < end; ++to) SendDown(event, to, &workers_[event.worker].up);
  }

  void Follow(const Event& event) {
    Worker& self = workers_[event.worker];
    const double done =
        Do(Activity::kRows, &self.processor, event.time,
           event.rows * (costs_.decode_ns + costs_.apply_ns) * 1e-9 / worker_speed_up_);
    if (self.parts_left == 0) {
      self.parts_left = plan_.coordinators * Parts(MergedRows(event.round));
    }
    if (--self.parts_left == 0) Next(event, Step::kApplied, done);
  }

  const ClusterPlan& plan_;
  const ClusterCosts& costs_;
  const double worker_speed_up_;
  const double merge_speed_up_;
  const int period_;  // of all streets together
  const int first_;   // rounds before are not measured
  const int rounds_;  // that are measured, and those before
  std::vector<Worker> workers_;
  std::vector<Coordinator> coordinators_;
  std::vector<Round> rounds_state_;
  std::priority_queue<Event, std::vector<Event>, std::greater<Event>> events_;
  uint64_t last_number_ = 0;
  Timeline timeline_;
};

}  // namespace

SimulatedRate Simulate(const ClusterPlan& plan, const ClusterCosts& costs) {
  return Simulation(plan, costs).Run();
}

}  // namespace nash
