// External sampling beside a textbook recursion and the machine's ceiling; see kHelp.
#include <gflags/gflags.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "solver/cfr/batch_preparer.h"
#include "solver/cfr/pass_runner.h"
#include "solver/game/public_tree.h"
#include "solver/run/run_definition.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/traverse/row_ceiling.h"
#include "tests/bench/traverse/synthetic_deals.h"
#include "tests/bench/traverse/textbook.h"

DEFINE_string(game, "configs/games/nolimit_2p_100bb.game", "ACPC game definition");
DEFINE_string(config, "", "Run definition whose game and menu are measured instead");
DEFINE_int32(buckets, 500, "Buckets on the flop, turn and river");
DEFINE_int32(deals, 4096, "Deals in a batch");
DEFINE_int32(warmup, 200, "Batches before the measurement: strategies must not be uniform");
DEFINE_int32(repeats, 7, "Interleaved measurements; medians are printed");
DEFINE_double(seconds, 1.0, "Length of one measurement");

namespace nash {
namespace {

ActionMenu BenchMenu() {
  const BetSize half = {BetSizeKind::kPotFraction, 0.5}, pot = {BetSizeKind::kPotFraction, 1},
                all_in = {BetSizeKind::kAllIn, 0};
  ActionMenu menu;
  for (StreetMenu& street : menu.streets) street.sizes = {{half, pot}, {pot, all_in}, {all_in}};
  menu.streets[0].sizes = {{half, pot, all_in}, {pot, all_in}, {all_in}};
  return menu;
}

// The rate of both threads of `pool` together, each with its own chains.
double RandomRowsPerSecond(ThreadPool* pool, const HugeArray& rows, bool write, uint64_t* sink) {
  std::vector<double> rates(pool->num_threads());
  std::atomic<uint64_t> sum{0};
  pool->OnAll([&](int thread) {
    uint64_t own_sink = *sink + thread;
    rates[thread] = RandomRowsPerSecond(rows, 30'000'000, write, &own_sink);
    sum += own_sink;
  });
  *sink += sum;
  double rate = 0;
  for (double r : rates) rate += r;
  return rate;
}

// How long threads are in each phase of their passes.
class PhaseClock : public PassObserver {
 public:
  explicit PhaseClock(int threads) : times_(threads) {}

  void Begins(int thread, PassPhase) override {
    times_[thread].began = std::chrono::steady_clock::now();
  }
  void Ends(int thread, PassPhase phase) override {
    Times& times = times_[thread];
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - times.began;
    times.seconds[static_cast<size_t>(phase)] += took.count();
  }
  // Summed over threads and over all passes so far.
  std::array<double, kPassPhases> seconds() const {
    std::array<double, kPassPhases> sum{};
    for (const Times& times : times_) {
      for (size_t phase = 0; phase < kPassPhases; ++phase) sum[phase] += times.seconds[phase];
    }
    return sum;
  }

 private:
  struct alignas(64) Times {
    std::chrono::steady_clock::time_point began;
    std::array<double, kPassPhases> seconds{};
  };
  std::vector<Times> times_;  // by thread
};

// Passes by a number of threads, with batches that are there or with batches prepared on the way.
class Traversal {
 public:
  Traversal(Table* table, const DealSource& deals, int threads)
      : table_(table),
        pool_(threads),
        clock_(threads),
        runner_(table->layout().tree(), FLAGS_deals, &pool_, &clock_),
        preparer_(deals, 0),
        current_(MakeBatch(table->layout().tree())),
        next_(MakeBatch(table->layout().tree())) {
    PrepareNext();
  }

  ThreadPool* pool() { return &pool_; }
  // Rows visited.
  uint64_t Run(const PreparedBatch& batch, const SideWork& side) {
    uint64_t touches = 0;
    for (int traverser = 0; traverser < 2; ++traverser) {
      Pass pass;
      pass.table = table_;
      pass.batch = &batch;
      pass.num_deals = FLAGS_deals;
      pass.traverser = traverser;
      pass.averaged = 1 - traverser;
      touches += runner_.Run(pass, side);
    }
    return touches;
  }
  // The same for the next batch of a stream, while the one after it is prepared, as in training.
  uint64_t Train() {
    finish_seconds_ += SecondsOf([this] { preparer_.Finish(&pool_); });
    std::swap(current_, next_);
    PrepareNext();
    return Run(*current_, [this](int) { return preparer_.Step(); });
  }

  // Seconds of all threads together since the start; that of phases first, then that of preparing
  // what the phases have left.
  std::array<double, kPassPhases + 1> seconds() const {
    std::array<double, kPassPhases + 1> all;
    const std::array<double, kPassPhases> phases = clock_.seconds();
    std::copy(phases.begin(), phases.end(), all.begin());
    all[kPassPhases] = finish_seconds_ * pool_.num_threads();
    return all;
  }

  static std::unique_ptr<PreparedBatch> MakeBatch(const PublicTree& tree) {
    int depths = 1;
    for (const PublicNode& node : tree.nodes()) depths = std::max(depths, node.depth + 1);
    return std::make_unique<PreparedBatch>(2, tree.num_streets(), depths, FLAGS_deals);
  }

 private:
  void PrepareNext() { preparer_.Start({2, num_batches_++, 0}, 0, FLAGS_deals, next_.get()); }

  Table* table_;
  ThreadPool pool_;
  PhaseClock clock_;
  ExternalPassRunner runner_;
  BatchPreparer preparer_;
  std::unique_ptr<PreparedBatch> current_, next_;
  uint64_t num_batches_ = 0;
  double finish_seconds_ = 0;
};

// Touches a second of step(0), step(1), ...
template <typename Step>
double Rate(const Step& step) {
  const double start = WallSeconds();
  uint64_t touches = 0;
  double elapsed = 0;
  for (int i = 0; elapsed < FLAGS_seconds; ++i) {
    touches += step(i);
    elapsed = WallSeconds() - start;
  }
  return touches / elapsed;
}

class Bench {
 public:
  Bench(Table* table, const SyntheticDeals& deals)
      : one_(table, deals, 1), two_(table, deals, 2), textbook_(table, 1.0f, 1) {
    for (int i = 0; i < kBatches; ++i) {
      batches_.push_back(Traversal::MakeBatch(table->layout().tree()));
      batches_.back()->Prepare(deals, {1, 0, 0}, i * FLAGS_deals, 0, FLAGS_deals, 0);
    }
  }

  Traversal* one() { return &one_; }
  Traversal* two() { return &two_; }
  void WarmUp() {
    for (int i = 0; i < FLAGS_warmup; ++i) two_.Train();
  }
  // Touches a second, by one way or another.
  double Traverse(Traversal* traversal) {
    return Rate([&](int) { return traversal->Run(NextBatch(), [](int) { return false; }); });
  }
  double Train(Traversal* traversal) {
    return Rate([&](int) { return traversal->Train(); });
  }
  double Textbook() {
    return Rate([&](int i) {
      const uint64_t before = textbook_.touches();
      for (int d = 0; d < 64; ++d) {
        const int deal = (i * 64 + d) % FLAGS_deals;
        textbook_.Traverse(*batches_[i % kBatches], deal, i % 2);
      }
      return textbook_.touches() - before;
    });
  }

 private:
  // Enough that a batch's rows have left the caches when it comes again.
  static constexpr int kBatches = 32;

  const PreparedBatch& NextBatch() { return *batches_[next_batch_++ % kBatches]; }

  Traversal one_, two_;
  TextbookTraverser textbook_;
  std::vector<std::unique_ptr<PreparedBatch>> batches_;
  size_t next_batch_ = 0;
};

nlohmann::ordered_json PhaseShares(const std::array<double, kPassPhases + 1>& seconds,
                                   double total_seconds) {
  constexpr const char* kNames[kPassPhases + 1] = {
      "trunk_forward",  "group_lists", "subtrees",        "prepare_in_waits",
      "trunk_backward", "additions",   "prepare_the_rest"};
  nlohmann::ordered_json json;
  double waits = 1;
  for (size_t phase = 0; phase <= kPassPhases; ++phase) {
    json[kNames[phase]] = seconds[phase] / total_seconds;
    waits -= seconds[phase] / total_seconds;
  }
  json["waits"] = waits;
  return json;
}

PublicTree LoadTree() {
  if (FLAGS_config.empty()) return *PublicTree::Build(*LoadGameDefinition(FLAGS_game), BenchMenu());
  const RunDefinition run = OrDie(LoadRunDefinition(FLAGS_config));
  return *PublicTree::Build(run.game, run.menu);
}

void Main() {
  const PublicTree tree = LoadTree();
  const uint32_t n = FLAGS_buckets;
  const std::array<uint32_t, kStreetsMax> buckets = {169, n, n, n};
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kAll);
  std::cerr << tree.nodes().size() << " nodes, " << layout.table_bytes() / 1e9 << " GB\n";
  Table table = OrDie(Table::Make(layout));
  const SyntheticDeals deals(buckets);
  Bench bench(&table, deals);
  bench.WarmUp();

  std::vector<double> one, two, textbook, read, write, versus_textbook, share, scaling;
  std::vector<double> train_one, train_two, train_scaling, read_scaling, write_scaling;
  std::array<double, kPassPhases + 1> phases{};
  double phases_total = 0;
  HugeArray rows = OrDie(HugeArray::Make(uint64_t{4} << 30));
  for (uint64_t i = 0; i < rows.bytes(); i += 4096) rows.data()[i] = 1;
  uint64_t sink = 0;
  for (int i = 0; i < FLAGS_repeats; ++i) {
    one.push_back(bench.Traverse(bench.one()));
    two.push_back(bench.Traverse(bench.two()));
    textbook.push_back(bench.Textbook());
    train_one.push_back(bench.Train(bench.one()));
    const auto before = bench.two()->seconds();
    phases_total += 2 * SecondsOf([&] { train_two.push_back(bench.Train(bench.two())); });
    const auto after = bench.two()->seconds();
    for (size_t phase = 0; phase <= kPassPhases; ++phase) {
      phases[phase] += after[phase] - before[phase];
    }
    const auto ceiling = [&](Traversal* traversal, bool write) {
      return RandomRowsPerSecond(traversal->pool(), rows, write, &sink);
    };
    read.push_back(ceiling(bench.one(), false));
    read_scaling.push_back(ceiling(bench.two(), false) / read.back());
    write.push_back(ceiling(bench.one(), true));
    write_scaling.push_back(ceiling(bench.two(), true) / write.back());
    versus_textbook.push_back(one.back() / textbook.back());
    share.push_back(one.back() / read.back());
    scaling.push_back(two.back() / one.back());
    train_scaling.push_back(train_two.back() / train_one.back());
  }
  nlohmann::ordered_json json;
  json["table_bytes"] = layout.table_bytes();
  json["nodes"] = tree.nodes().size();
  json["deals_per_batch"] = FLAGS_deals;
  json["touches_per_s_1_thread"] = Median(one);
  json["touches_per_s_2_threads"] = Median(two);
  json["textbook_touches_per_s"] = Median(textbook);
  json["random_rows_read_per_s"] = Median(read);
  json["random_rows_written_per_s"] = Median(write);
  json["ratio_to_textbook"] = Median(versus_textbook);
  json["share_of_random_row_ceiling"] = Median(share);
  json["scaling_1_to_2_threads"] = Median(scaling);
  json["scaling_of_random_rows_read"] = Median(read_scaling);
  json["scaling_of_random_rows_written"] = Median(write_scaling);
  json["training_touches_per_s_1_thread"] = Median(train_one);
  json["training_touches_per_s_2_threads"] = Median(train_two);
  json["training_scaling_1_to_2_threads"] = Median(train_scaling);
  json["training_shares_of_2_threads"] = PhaseShares(phases, phases_total);
  json["sink"] = sink;
  std::cout << json.dump(2) << "\n";
}

constexpr char kHelp[] =
    R"(traverse measures external sampling: rows visited a second, beside a textbook recursion on
the same table and the machine's ceiling for random rows, in turns.

  traverse --buckets=25000 --seconds=0.8         a table of 3.5 GB
  traverse --config=configs/nolimit_6p_medium.yaml

Prints JSON, medians.

Exit codes: 0 printed; 2 a flag or a definition to correct; 3 a file is not there; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  nash::Main();
}
