// The short way beside the simulation of messages (timeline.h, round.h): a round is the sum of its
// stages in sequence, and rounds follow each other as fast as the busiest resource allows.
//
//   whole   compute + max(seal, in, check) + max(merge, out, follow) + two latencies
//   pace    the largest of: a worker, the coordinator's threads, its link in, its link out, its log
//
// With lag parts go out when all are merged: merge + max(out, follow). The next round begins before
// this one has ended, so that of `whole` only half counts; the pace cannot be passed by any
// overlap. Stages that stream (a part is checked while the next one comes) count by the longest of
// them. tests/tools/simulation_round_test.cc compares the two ways.
#include "tools/simulation/model.h"

#include <algorithm>
#include <numeric>

namespace nash {

StageSeconds Stages(const ClusterPlan& plan, const ClusterCosts& costs, int round) {
  const double sent = RowsHandedOver(plan, costs, 1, round);
  const double merged = RowsHandedOver(plan, costs, plan.units, round);
  const double units_per_worker = std::ceil(static_cast<double>(plan.units) / plan.workers);
  const double running = std::min(plan.units, plan.workers);
  // The largest of n uniform draws from (-1, 1) is (n - 1) / (n + 1) on average.
  const double slowest =
      units_per_worker == 1 ? costs.unit_time_spread * (running - 1) / (running + 1) : 0;
  const double merging = plan.coordinators * costs.SpeedUp(plan.merge_threads);
  const double working = costs.SpeedUp(plan.threads);
  const double links = plan.coordinators * plan.bytes_per_s();

  StageSeconds stages;
  stages.compute =
      units_per_worker * plan.unit_touches / costs.WorkerRate(plan.threads) * (1 + slowest);
  stages.seal = units_per_worker * sent * (costs.seal_ns + costs.encode_ns) * 1e-9 / working;
  stages.in = plan.units * sent * costs.bytes_up_per_row / links;
  stages.check = plan.units * sent * costs.decode_ns * 1e-9 / merging;
  // What is added up while parts come takes no longer than there is time for it beside checking.
  const double add_up = plan.units * sent * (costs.decode_ns + costs.merge_ns) * 1e-9 / merging;
  const double sum = add_up + merged * costs.encode_ns * 1e-9 / merging;
  const double early =
      IsSummed(plan, sent, merged) ? std::clamp((stages.in - stages.check) / sum, 0.0, 1.0) : 0;
  stages.check += early * sum;
  stages.merge =
      (1 - early) * add_up +
      merged * (early * (costs.decode_ns + costs.merge_ns) + costs.finish_ns) * 1e-9 / merging;
  stages.log = merged * costs.bytes_log_per_row / costs.log_bytes_per_s / plan.coordinators;
  const double down = merged * costs.bytes_down_per_row;
  stages.out = std::max(CopiesOut(plan) * down / links, down / plan.bytes_per_s());
  // A worker passes on what all coordinators give it, all levels of the tree at once.
  if (HasRelays(plan)) {
    const int children = std::min(plan.relay_fanout, plan.workers - plan.relay_fanout);
    stages.out = std::max(stages.out, children * down / plan.bytes_per_s());
  }
  stages.follow = merged * (costs.decode_ns + costs.apply_ns) * 1e-9 / working;
  return stages;
}

double RoundSeconds(const ClusterPlan& plan, const ClusterCosts& costs) {
  const int period =
      std::accumulate(plan.periods.begin(), plan.periods.end(), 1, std::lcm<int, int>);
  double whole = 0;  // from a round's start to where the next may start from its end
  double worker = 0, threads = 0, in = 0, out = 0, log = 0;
  for (int round = 0; round < period; ++round) {
    const StageSeconds s = Stages(plan, costs, round);
    const double given = std::max(s.out, s.follow);
    whole += s.compute + std::max({s.seal, s.in, s.check}) +
             (plan.lag == 0 ? std::max(s.merge, given) : s.merge + given) + 2 * costs.latency_s;
    worker += s.compute + s.seal + s.follow;
    threads += s.check + s.merge;
    in += s.in;
    out += s.out;
    log += s.log;
  }
  const double pace = std::max({worker, threads, in, out, log});
  return std::max(pace, whole / (1 + plan.lag)) / period;
}

}  // namespace nash
