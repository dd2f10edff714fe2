// tools/dev bench traverse: rows visited a second, against a textbook recursion on the same table
// and against the machine's ceiling for random rows, all in one process and interleaved.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "solver/cfr/pass_runner.h"
#include "solver/game/public_tree.h"
#include "tests/bench/traverse/row_ceiling.h"
#include "tests/bench/traverse/synthetic_deals.h"
#include "tests/bench/traverse/textbook.h"

DEFINE_string(game, "configs/games/nolimit_2p_100bb.game", "ACPC game definition");
DEFINE_int32(buckets, 500, "Buckets on the flop, turn and river");
DEFINE_int32(deals, 4096, "Deals in a batch");
DEFINE_int32(warmup, 50, "Batches before the measurement: strategies must not be uniform");
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

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

class Bench {
 public:
  Bench(const PublicTree& tree, Table* table, const SyntheticDeals& deals)
      : tree_(tree),
        table_(table),
        one_(1),
        two_(2),
        one_runner_(tree, FLAGS_deals, &one_),
        two_runner_(tree, FLAGS_deals, &two_),
        textbook_(table, kScale, 1) {
    int depths = 1;
    for (const PublicNode& node : tree.nodes()) depths = std::max(depths, node.depth + 1);
    for (int i = 0; i < 4; ++i) {
      batches_.emplace_back(2, tree.num_streets(), depths, FLAGS_deals);
      batches_.back().Prepare(deals, {1, 0, 0}, i * FLAGS_deals, 0, FLAGS_deals, 0);
    }
  }

  // Rows a second of the level-by-level traverser.
  double Batched(PassRunner* runner, int passes) {
    return Rate(
        [&](int i) -> uint64_t {
          if (passes > 0 && i >= passes) return 0;
          Pass pass;
          pass.table = table_;
          pass.batch = &batches_[i / 2 % batches_.size()];
          pass.num_deals = FLAGS_deals;
          pass.traverser = i % 2;
          pass.averaged = 1 - i % 2;
          pass.regret_scale = kScale;
          return runner->Run(pass, [](int) { return false; });
        },
        passes > 0);
  }
  double Textbook() {
    return Rate(
        [&](int i) -> uint64_t {
          const uint64_t before = textbook_.touches();
          for (int d = 0; d < 64; ++d) {
            const int deal = (i * 64 + d) % FLAGS_deals;
            textbook_.Traverse(batches_[i % batches_.size()], deal, i % 2);
          }
          return textbook_.touches() - before;
        },
        false);
  }
  PassRunner* one() { return &one_runner_; }
  PassRunner* two() { return &two_runner_; }

 private:
  static constexpr float kScale = 1.0f;

  template <typename Step>
  double Rate(Step step, bool until_zero) {
    const auto start = std::chrono::steady_clock::now();
    std::chrono::duration<double> elapsed{0};
    uint64_t touches = 0;
    for (int i = 0; until_zero || elapsed.count() < FLAGS_seconds; ++i) {
      const uint64_t added = step(i);
      if (until_zero && added == 0) break;
      touches += added;
      elapsed = std::chrono::steady_clock::now() - start;
    }
    return touches / elapsed.count();
  }

  const PublicTree& tree_;
  Table* table_;
  ThreadPool one_, two_;
  ExternalPassRunner one_runner_, two_runner_;
  TextbookTraverser textbook_;
  std::vector<PreparedBatch> batches_;
};

void Main() {
  const GameDefinition game = *LoadGameDefinition(FLAGS_game);
  const PublicTree tree = *PublicTree::Build(game, BenchMenu());
  const uint32_t n = FLAGS_buckets;
  const std::array<uint32_t, kStreetsMax> buckets = {169, n, n, n};
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kAll);
  std::cerr << tree.nodes().size() << " nodes, " << layout.table_bytes() / 1e9 << " GB\n";
  Table table = *Table::Make(layout);
  Bench bench(tree, &table, SyntheticDeals(buckets));
  bench.Batched(bench.two(), 2 * FLAGS_warmup);

  std::vector<double> one, two, textbook, read, write, versus_textbook, share, scaling;
  HugeArray rows = *HugeArray::Make(uint64_t{4} << 30);
  for (uint64_t i = 0; i < rows.bytes(); i += 4096) rows.data()[i] = 1;
  uint64_t sink = 0;
  for (int i = 0; i < FLAGS_repeats; ++i) {
    one.push_back(bench.Batched(bench.one(), 0));
    textbook.push_back(bench.Textbook());
    two.push_back(bench.Batched(bench.two(), 0));
    read.push_back(RandomRowsPerSecond(rows, 30'000'000, false, &sink));
    write.push_back(RandomRowsPerSecond(rows, 30'000'000, true, &sink));
    versus_textbook.push_back(one.back() / textbook.back());
    share.push_back(one.back() / read.back());
    scaling.push_back(two.back() / one.back());
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
  json["sink"] = sink;
  std::cout << json.dump(2) << "\n";
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  gflags::ParseCommandLineFlags(&argc, &argv, true);
  google::InitGoogleLogging(argv[0]);
  nash::Main();
}
