// At most 169 rows, so the clustering takes no time and has no journal. Its seed is fixed, not the
// file's: all files of a game then measure strength against the same eight groups, and their
// features can be compared. A row weighs as many hands as its class has in this deck, 4 to 12 in
// the full one.
//
// The largest sum of a distribution function is the weakest group; hence kLargestFirst for cluster
// 0.
#include "solver/abstraction/opponent_clusters.h"

#include <vector>

#include "common/status_macros.h"
#include "solver/abstraction/cluster_order.h"
#include "solver/abstraction/clustering.h"
#include "solver/abstraction/equity_histograms.h"
#include "solver/cards/preflop_class.h"

namespace nash {
namespace {

// The seed is part of the kind: other files of the same game see the same opponents.
constexpr uint64_t kSeed = 1;

}  // namespace

absl::StatusOr<OpponentClusters> MakeOpponentClusters(const HandStrengths& strengths,
                                                      const BuildOptions& options) {
  const std::vector<uint8_t> all = MakePreflopHistograms(strengths);
  std::vector<int> row_of_class(kPreflopClasses, -1);
  std::vector<uint8_t> rows;
  std::vector<uint8_t> weights;
  LivePairs pairs;
  pairs.Find(strengths.deck(), 0);
  for (int i = 0; i < pairs.size(); ++i) {
    const int c = PreflopClassOf(pairs.low[i], pairs.high[i]);
    if (row_of_class[c] < 0) {
      row_of_class[c] = static_cast<int>(weights.size());
      const auto histogram = all.begin() + size_t(c) * kEquityBins;
      rows.insert(rows.end(), histogram, histogram + kEquityBins);
      weights.push_back(0);
    }
    ++weights[row_of_class[c]];
  }
  ClusterTask task;
  task.name = "ochs: opponents";
  task.rows = {rows.data(), weights.data(), weights.size(), kEquityBins};
  task.metric = RowMetric::kAbsolute64;
  task.num_clusters = kOpponentClusters;
  task.seed = kSeed;
  NoJournal journal;
  BuildOptions quiet = options;
  quiet.progress = [](const BuildProgress&) {};
  ASSIGN_OR_RETURN(const Clusters clusters, Cluster(task, quiet, &journal));
  const std::vector<uint16_t> places =
      OrderBySum(clusters.centroids, kEquityBins, SumOrder::kLargestFirst);
  OpponentClusters out{};
  for (int i = 0; i < pairs.size(); ++i) {
    const int row = row_of_class[PreflopClassOf(pairs.low[i], pairs.high[i])];
    out[PairIndex(pairs.low[i], pairs.high[i])] =
        static_cast<uint8_t>(places[clusters.assigned[row]]);
  }
  return out;
}

}  // namespace nash
