// Three sources meet here. The definition says how many rows there are and how a round is cut;
// calibration how fast this machine visits them, and how many it finds; the file of costs what a
// row takes to be sealed, encoded, merged and sent (docs/scaling.md). The model of `simulate` puts
// them together for a number of workers.
//
// One process is no case of the model: it has no messages, and with one unit a round no deltas. Its
// round is the calibrated one, with the merging of units where there are several. Workers are tried
// by powers of two up to --hosts, each with at least a unit a round: with fewer, some would idle.
//
// What it leaves out is said in docs/planning.md: above all that what a deal visits changes as a
// run goes on.
#include "tools/planning/forecast.h"

#include <algorithm>

#include "tools/simulation/round.h"

namespace nash {
namespace {

// The costs of a row are those of the file; what a run visits, and how fast, are the run's own.
ClusterCosts CostsOf(const ClusterCosts& costs, const RunPlan& plan,
                     const Calibration& calibration) {
  ClusterCosts own = costs;
  own.touches_per_core_s =
      calibration.batch_touches / calibration.batch_seconds / costs.SpeedUp(calibration.threads);
  own.touches_per_deal = calibration.batch_touches / calibration.batch_deals;
  own.num_streets = static_cast<int>(std::min<size_t>(plan.streets.size(), kCostStreetsMax));
  for (int s = 0; s < own.num_streets; ++s) {
    own.table_rows[s] = static_cast<double>(plan.streets[s].infosets);
  }
  own.rows_touched = calibration.rows_touched;
  return own;
}

// Rounds of several units are made into deltas and merged in one process as well.
double MergeSeconds(const ClusterCosts& costs, const ClusterPlan& shape, int threads) {
  if (shape.units == 1) return 0;
  const double unit = RowsHandedOver(shape, costs, 1, 0);
  const double all = RowsHandedOver(shape, costs, shape.units, 0);
  const double ns =
      shape.units * unit * (costs.seal_ns + costs.encode_ns + costs.decode_ns + costs.merge_ns) +
      all * costs.finish_ns;
  return ns / 1e9 / costs.SpeedUp(threads);
}

}  // namespace

Forecast ForecastOf(const RoundShape& shape, int workers, const RunPlan& plan,
                    const Calibration& calibration, const ClusterCosts& costs,
                    const ForecastOptions& options) {
  const ClusterCosts own = CostsOf(costs, plan, calibration);
  ClusterPlan cluster;
  cluster.workers = workers;
  cluster.units = std::max(static_cast<int>(shape.units), workers);
  cluster.threads = calibration.threads;
  cluster.unit_touches = shape.batches * calibration.batch_touches;
  cluster.gbit_per_s = options.gbit_per_s;
  cluster.lag = shape.meet_every > 1 ? 1 : 0;
  cluster.merge_threads = calibration.threads;
  const double unit_deals = shape.batches * calibration.batch_deals;
  Forecast forecast;
  forecast.workers = workers;
  forecast.units = cluster.units;
  if (workers == 0) {
    forecast.round_s = calibration.SecondsOf(double(shape.batches) * shape.units) +
                       MergeSeconds(own, cluster, calibration.threads);
    forecast.iterations_per_s = shape.units * unit_deals / forecast.round_s;
    forecast.touches_per_s = shape.units * cluster.unit_touches / forecast.round_s;
  } else {
    const SimulatedRate rate = Simulate(cluster, own);
    forecast.touches_per_s = rate.touches_per_s;
    forecast.iterations_per_s = rate.touches_per_s / own.touches_per_deal;
    forecast.round_s = rate.round_s;
    const double round_deals = cluster.units * unit_deals;
    forecast.bytes_up_per_iteration =
        RowsHandedOver(cluster, own, 1, 0) * own.bytes_up_per_row / unit_deals;
    const double merged = RowsHandedOver(cluster, own, cluster.units, 0);
    forecast.bytes_down_per_iteration = merged * own.bytes_down_per_row / round_deals;
    forecast.log_bytes_per_hour = 3600 / rate.round_s * merged * own.bytes_log_per_row;
  }
  forecast.seconds = options.iterations / forecast.iterations_per_s;
  forecast.seconds_visits = options.visits * plan.infosets() / forecast.touches_per_s;
  return forecast;
}

std::vector<Forecast> ForecastsOf(const RoundShape& shape, const RunPlan& plan,
                                  const Calibration& calibration, const ClusterCosts& costs,
                                  const ForecastOptions& options) {
  std::vector<int> counts = {0};
  for (int workers = 1; workers < options.hosts; workers *= 2) counts.push_back(workers);
  counts.push_back(options.hosts);
  std::vector<Forecast> forecasts;
  for (const int workers : counts) {
    forecasts.push_back(ForecastOf(shape, workers, plan, calibration, costs, options));
  }
  return forecasts;
}

}  // namespace nash
