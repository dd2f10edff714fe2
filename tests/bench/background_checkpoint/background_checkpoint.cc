// What a checkpoint costs training that goes on meanwhile; see kHelp. The definition is
// tests/bench/configs/nolimit_2p_medium.yaml.
#include "tools/training/background_checkpoint.h"

#include <gflags/gflags.h>
#include <glog/logging.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "common/files.h"
#include "solver/cfr/schedule.h"
#include "solver/cfr/trainer.h"
#include "solver/run/run_definition.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/bench/traverse/synthetic_deals.h"

DEFINE_string(folder, "", "Where checkpoints are written: a new folder on the disk to be measured");
DEFINE_double(scale, 1.25, "Buckets, as a multiple of those of the definition");
DEFINE_int32(threads, 2, "Training threads");
DEFINE_int32(repeats, 5, "Checkpoints");
DEFINE_double(without, 15, "Seconds without one, before the first and after each");
DEFINE_double(share, 0, "Of the time of training that writing may take; 0: as in training");
DEFINE_double(warmup, 20, "Seconds of training before the first measurement");

namespace nash {
namespace {

struct Window {
  double touches_per_s = 0;
  double touches_per_processor_s = 0;
  double median_batch_s = 0;
  double longest_batch_s = 0;
};

// Trains, a batch at a time, until done(seconds so far).
template <typename Done>
Window TrainUntil(Trainer* trainer, BackgroundCheckpoint* checkpoint, const Done& done) {
  const double start = WallSeconds();
  const double processor_start = ProcessSeconds();
  const uint64_t touches = trainer->progress().touches;
  std::vector<double> batches;
  double last = start;
  while (!done(last - start)) {
    trainer->RunRound(checkpoint->log(), [&] { checkpoint->Step(); });
    const double now = WallSeconds();
    batches.push_back(now - last);
    last = now;
  }
  const uint64_t done_touches = trainer->progress().touches - touches;
  return {done_touches / (last - start), done_touches / (ProcessSeconds() - processor_start),
          Median(batches), *std::max_element(batches.begin(), batches.end())};
}

void Main() {
  CHECK(!FLAGS_folder.empty()) << "--folder is missing";
  CHECK(CreateDirectories(FLAGS_folder).ok()) << FLAGS_folder;
  const RunDefinition run = *LoadRunDefinition("tests/bench/configs/nolimit_2p_medium.yaml");
  const PublicTree tree = *PublicTree::Build(run.game, run.menu);
  std::array<uint32_t, kStreetsMax> buckets = {169};
  for (int street = 1; street < kStreetsMax; ++street) {
    buckets[street] = run.abstraction.streets[street].num_buckets * FLAGS_scale;
  }
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kAll);
  Table table = OrDie(Table::Make(layout));
  const SyntheticDeals deals(buckets);
  ThreadPool pool(FLAGS_threads);
  CfrOptions options;
  options.quantum_chips = 1;
  // Far from a halving of the sums (schedule.h), which changes all rows at once.
  const RoundShape shape = {1, 1, 4096};
  const uint64_t first_round = (uint64_t{1} << 24) / shape.DealsPerRound() * 4 + 1;
  auto trainer = *Trainer::Make({options, shape, 1, &table, &deals, &pool},
                                {first_round, IterationsAfter(shape, first_round), 0});
  auto log = OrDie(UndoLog::Make(table, FLAGS_threads));
  for (size_t part = 0; part < 64; ++part) log->TakePages(part, 64);
  BackgroundCheckpoint checkpoint(table, FLAGS_folder, log.get(), &pool);
  TrainUntil(trainer.get(), &checkpoint, [](double s) { return s >= FLAGS_warmup; });

  if (FLAGS_share > 0) checkpoint.set_share_of_time(FLAGS_share);
  const auto train_without = [&] {
    return TrainUntil(trainer.get(), &checkpoint, [](double s) { return s >= FLAGS_without; });
  };
  std::vector<double> ratios, processor_ratios, seconds, writes, pauses, normal_pauses, saved,
      normal_rates;
  Window before_it = train_without();
  for (int i = 0; i < FLAGS_repeats; ++i) {
    const Progress& progress = trainer->progress();
    const double before = WallSeconds();
    checkpoint.Start(
        {"bench", std::string(32, '0'), progress.rounds, progress.iterations, progress.touches},
        CheckpointKind::kRecent);
    const double start_seconds = WallSeconds() - before;
    std::optional<FinishedCheckpoint> finished;
    const Window with = TrainUntil(trainer.get(), &checkpoint, [&](double) {
      finished = checkpoint.TakeFinished();
      return finished.has_value();
    });
    CHECK(finished->result.ok()) << finished->result.status();
    const Window without = train_without();
    const double normal_rate = (before_it.touches_per_s + without.touches_per_s) / 2;
    processor_ratios.push_back(
        2 * with.touches_per_processor_s /
        (before_it.touches_per_processor_s + without.touches_per_processor_s));
    before_it = without;
    ratios.push_back(with.touches_per_s / normal_rate);
    normal_rates.push_back(normal_rate);
    seconds.push_back(finished->seconds);
    pauses.push_back(start_seconds + with.longest_batch_s - without.median_batch_s);
    normal_pauses.push_back(without.longest_batch_s - without.median_batch_s);
    writes.push_back(finished->result->manifest.table_bytes() / finished->seconds);
    saved.push_back(static_cast<double>(finished->saved_bytes) / layout.table_bytes());
    std::cerr << "checkpoint " << i << ": " << ratios.back() << " (by processor time "
              << processor_ratios.back() << ") of " << normal_rate / 1e6 << " M touches/s, "
              << finished->seconds << " s, pause " << 1e3 * pauses.back() << " ms\n";
  }
  nlohmann::ordered_json json;
  json["table_bytes"] = layout.table_bytes();
  json["threads"] = FLAGS_threads;
  json["touches_per_s_without"] = Median(normal_rates);
  json["rate_while_writing"] = Median(ratios);
  json["rate_while_writing_by_processor_time"] = Median(processor_ratios);
  json["seconds"] = Median(seconds);
  json["longest_pause_ms"] = 1e3 * Median(pauses);
  json["longest_pause_ms_worst"] = 1e3 * *std::max_element(pauses.begin(), pauses.end());
  json["longest_pause_ms_without"] = 1e3 * Median(normal_pauses);
  json["write_bytes_per_s"] = Median(writes);
  json["share_of_table_saved"] = Median(saved);
  std::cout << json.dump(2) << "\n";
}

constexpr char kHelp[] =
    R"(background_checkpoint trains while checkpoints are written, and compares its rate then with
the mean of those without one, before and after.

  background_checkpoint --folder=DIR             five checkpoints of a table of 3 GB
  background_checkpoint --folder=DIR --repeats=1 --scale=0.1

Prints JSON: rates with and without, the longest pause of training, and the rate of writing.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  nash::Main();
}
