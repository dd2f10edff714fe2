// Building buckets, part by part; see kHelp. "plain" is what an iteration would take without
// bounds.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "common/huge_array.h"
#include "solver/abstraction/bucket_builder.h"
#include "solver/abstraction/clustering.h"
#include "solver/abstraction/equity_histograms.h"
#include "solver/abstraction/hand_rows.h"
#include "solver/abstraction/lloyd.h"
#include "tests/abstraction/small_games.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"

DEFINE_int32(threads, 2, "threads");
DEFINE_int32(buckets, 200, "buckets of a street");
DEFINE_bool(turn, true, "cluster the turn as well as the flop");
DEFINE_bool(ehs, true, "percentiles of flop, turn and river as well");

namespace nash {
namespace {

nlohmann::ordered_json MeasureStreet(int street, const HandStrengths& strengths) {
  const GameDefinition game = RiverGame();
  const BuildOptions options{.threads = FLAGS_threads};
  const BoardSet boards({}, game.BoardCardsOn(street));
  std::unique_ptr<HandRows> rows;
  HugeArray features;
  const double histogram_seconds = SecondsOf([&] {
    rows = HandRows::Make(game, street, &boards, options).value();
    features = MakeEquityHistograms(game, street, *rows, strengths, options).value();
  });
  ClusterTask task;
  task.name = "bench";
  task.rows = {reinterpret_cast<const uint8_t*>(features.data()), rows->weights(), rows->size(),
               kEquityBins};
  task.metric = RowMetric::kAbsolute64;
  task.num_clusters = FLAGS_buckets;
  task.seed = 1;
  NoJournal journal;
  Clusters clusters;
  double seed_seconds = 0;
  const double start = WallSeconds();
  BuildOptions timed = options;
  timed.progress = [&](const BuildProgress& progress) {
    if (std::string(progress.unit) != "restarts" || progress.done != progress.total) return;
    seed_seconds = WallSeconds() - start;
  };
  const double cluster_seconds =
      SecondsOf([&] { clusters = Cluster(task, timed, &journal).value(); });
  const auto plain =
      Lloyd<AbsoluteDistance<2>>::Make(task.rows, clusters.centroids, FLAGS_threads).value();
  const double plain_seconds = SecondsOf([&] { plain->Assign(); });
  const double iteration_seconds = (cluster_seconds - seed_seconds) / clusters.iterations;
  return {{"hands", rows->size()},
          {"histogram_seconds", histogram_seconds},
          {"seed_seconds", seed_seconds},
          {"cluster_seconds", cluster_seconds},
          {"total_seconds", histogram_seconds + cluster_seconds},
          {"iterations", clusters.iterations},
          {"mean_distance_bins", static_cast<double>(clusters.total_distance) / 255 /
                                     (street == 1 ? 25989600.0 : 305377800.0)},
          {"seconds_per_iteration", iteration_seconds},
          {"plain_seconds_per_iteration", plain_seconds},
          {"ratio", plain_seconds / iteration_seconds}};
}

// Takes files and forgets them.
class NoStore : public BucketStore {
 public:
  absl::StatusOr<std::unique_ptr<ClusterJournal>> OpenJournal(const BucketParameters&) override {
    return std::make_unique<NoJournal>();
  }
  absl::Status Put(const BucketParameters&, absl::string_view) override { return absl::OkStatus(); }
};

int Main() {
  nlohmann::ordered_json report = {{"threads", FLAGS_threads}, {"buckets", FLAGS_buckets}};
  {
    std::optional<HandStrengths> strengths;
    report["river_table_seconds"] = SecondsOf([&] {
      strengths =
          HandStrengths::Build(RiverGame(), 3, StrengthMoment::kMean, {.threads = FLAGS_threads})
              .value();
    });
    report["emd_flop"] = MeasureStreet(1, *strengths);
    if (FLAGS_turn) report["emd_turn"] = MeasureStreet(2, *strengths);
  }
  if (FLAGS_ehs) {
    std::vector<BucketParameters> wanted;
    for (int street = 1; street < 4; ++street) {
      wanted.push_back(MakeBucketParameters(
          RiverGame(), street, {BucketKind::kEhs, static_cast<uint32_t>(FLAGS_buckets)}));
    }
    NoStore store;
    report["ehs_all_streets_seconds"] = SecondsOf([&] {
      CHECK(BuildBucketFiles(RiverGame(), wanted, {.threads = FLAGS_threads}, &store).ok());
    });
  }
  report["goals"] = {{"emd_flop_total_seconds", 600},
                     {"emd_turn_total_seconds", 3600},
                     {"ehs_all_streets_seconds", 600}};
  std::cout << report.dump(2) << "\n";
  return 0;
}

constexpr char kHelp[] =
    R"(cluster measures how long buckets of hold'em take, part by part: histograms of all flop and
turn hands, their clustering, percentiles.

  cluster --buckets=1000 --turn=false --ehs=false
                                                 the flop alone

Prints JSON: wall-clock seconds of one run. "plain" is one assignment of all rows to the nearest
centroid without bounds.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  return nash::Main();
}
