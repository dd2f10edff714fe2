// Public chance sampling on a run's own buckets and table; see kHelp. Visits are what the runner
// counts.
#include <gflags/gflags.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/street_shares.h"
#include "solver/cfr/unit_traverser.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tools/stored/loaded_run.h"

DEFINE_string(config, "configs/quickstart.yaml", "Run definition of a heads-up game");
DEFINE_int32(boards, 64, "Boards in a batch");
DEFINE_double(warm_seconds, 3, "Training before the measurement: strategies must not be uniform");
DEFINE_double(seconds, 3, "Length of one measurement");
DEFINE_int32(repeats, 5, "Measurements in turns; medians are printed");
DEFINE_bool(two_threads, true, "Whether two threads are measured as well");

namespace nash {
namespace {

// Training of one table by a number of threads.
class Training {
 public:
  Training(const LoadedRun& run, const DealSource& deals, const BoardSource& boards, int threads)
      : table_(OrDie(Table::Make(run.layout()))), pool_(threads) {
    TrainingSetup setup;
    setup.options = run.definition().algorithm;
    setup.shape = {1, 1, static_cast<uint32_t>(FLAGS_boards), 1};
    setup.seed = 1;
    setup.table = &table_;
    setup.source = &deals;
    setup.pool = &pool_;
    setup.boards = &boards;
    traverser_ = std::make_unique<UnitTraverser>(setup);
  }

  struct Rate {
    double visits = 0;
    double boards = 0;
    double waited = 0;  // share of the threads' time, for others to end a street
  };
  // A second, of all threads together.
  Rate Run(double seconds, double (*clock)() = WallSeconds) {
    const double start = clock(), waited = pool_.waited_seconds();
    uint64_t visits = 0, boards = 0;
    while (clock() - start < seconds) {
      visits += *traverser_->Run({batches_++, 0}, std::nullopt, {}, [] { return true; });
      boards += FLAGS_boards;
    }
    const double took = clock() - start;
    return {visits / took, boards / took,
            (pool_.waited_seconds() - waited) / took / pool_.num_threads()};
  }

 private:
  Table table_;
  ThreadPool pool_;
  std::unique_ptr<UnitTraverser> traverser_;
  uint64_t batches_ = 0;
};

// Seconds of processor time to look up the hands of one board on all streets.
double LookupSeconds(const BoardSource& boards) {
  const std::unique_ptr<BoardDeal> deal = boards.MakeDeal();
  constexpr int kBoards = 64;
  return SecondsOf(
             [&] {
               for (int i = 0; i < kBoards; ++i) boards.Fill({1, 1u << 30, 0}, i, deal.get());
             },
             ThreadSeconds) /
         kBoards;
}

// How many times as fast `threads` would walk as one, by counts of actions, if nothing else held
// them up: each takes the next share when it is free, streets one after another.
double SpeedUpByShares(const std::vector<StreetBlocks>& streets, int threads, bool splits) {
  double all = 0, longest = 0;
  for (const StreetBlocks& street : streets) {
    const StreetShares shares(street, splits ? threads : 1);
    std::vector<double> busy(threads, 0);
    for (const StreetShares::Share& share : shares.shares()) {
      *std::min_element(busy.begin(), busy.end()) += share.edges;
      all += share.edges;
    }
    longest += *std::max_element(busy.begin(), busy.end());
  }
  return all / longest;
}

// Of the lanes of all decisions that are walked, the share that holds a node of the tree.
double LanesInUse(const PublicTree& tree, int lanes) {
  double nodes = 0, places = 0;
  for (const StreetBlocks& street : StreetBlocks::Build(tree, lanes)) {
    nodes += static_cast<double>(street.num_nodes());
    places += static_cast<double>(street.num_block_nodes()) * lanes;
  }
  return nodes / places;
}

void Main() {
  RunDefinition definition = OrDie(LoadRunDefinition(FLAGS_config));
  definition.algorithm.sampler = Sampler::kPublic;
  definition.algorithm.pruning.enabled = false;
  const std::unique_ptr<LoadedRun> run = OrDie(LoadedRun::Make(definition, {}));
  const BucketDealSource deals(definition.game, run->abstraction());
  const std::unique_ptr<BoardSource> boards = run->MakeBoardSource();

  const auto train = [&](int threads) {
    auto training = std::make_unique<Training>(*run, deals, *boards, threads);
    training->Run(FLAGS_warm_seconds);
    return training;
  };
  const std::unique_ptr<Training> alone = train(1);
  std::unique_ptr<Training> beside, shared;
  if (FLAGS_two_threads) {
    beside = train(1);
    shared = train(2);
  }
  std::vector<double> visits, rate, lookup, visits_shared, scaling, ceiling, waited;
  for (int i = 0; i < FLAGS_repeats; ++i) {
    const Training::Rate of_one = alone->Run(FLAGS_seconds, ThreadSeconds);
    visits.push_back(of_one.visits);
    rate.push_back(of_one.boards);
    lookup.push_back(LookupSeconds(*boards) * of_one.boards);
    if (!FLAGS_two_threads) continue;
    const Training::Rate of_two = shared->Run(FLAGS_seconds);
    visits_shared.push_back(of_two.visits);
    waited.push_back(of_two.waited);
    scaling.push_back(of_two.visits / of_one.visits);
    Training::Rate other;
    std::thread thread([&] { other = beside->Run(FLAGS_seconds); });
    const Training::Rate one = alone->Run(FLAGS_seconds);
    thread.join();
    ceiling.push_back((one.visits + other.visits) / of_one.visits);
  }
  nlohmann::ordered_json json;
  json["config"] = FLAGS_config;
  json["nodes"] = run->tree().nodes().size();
  json["table_bytes"] = run->layout().table_bytes();
  json["boards_per_batch"] = FLAGS_boards;
  json["hand_visits_per_core_s"] = Median(visits);
  json["boards_per_core_s"] = Median(rate);
  json["share_of_lookup"] = Median(lookup);
  if (!scaling.empty()) {
    json["hand_visits_per_s_2_threads"] = Median(visits_shared);
    json["scaling_1_to_2_threads"] = Median(scaling);
    json["share_waited_2_threads"] = Median(waited);
    json["scaling_to_2_trainings_at_once"] = Median(ceiling);
  }
  for (const int lanes : {8, 16}) {
    json["lanes_in_use"][std::to_string(lanes)] = LanesInUse(run->tree(), lanes);
  }
  const std::vector<StreetBlocks> streets =
      StreetBlocks::Build(run->tree(), LanesOf(Sampler::kPublic));
  for (const int threads : {2, 4, 8, 16, 32}) {
    json["speed_up_by_shares"][std::to_string(threads)] = {
        {"by_blocks", SpeedUpByShares(streets, threads, false)},
        {"by_branches", SpeedUpByShares(streets, threads, true)}};
  }
  std::cout << json.dump(2) << "\n";
}

constexpr char kHelp[] =
    R"(boards measures public chance sampling in training, with the run's own buckets and table:
hands visited a core-second by one thread, by two that share each board, and by two trainings that
share nothing but the machine; in turns.

  boards                                         the quick start
  boards --config=configs/nolimit_2p_medium.yaml --boards=4

Prints JSON, medians. A visit is one hand at one decision in the walk of one traverser.

Exit codes: 0 printed; 2 a flag or a definition to correct; 3 a file is not there; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  nash::Main();
}
