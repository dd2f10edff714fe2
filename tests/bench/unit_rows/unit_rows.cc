// What units of a cluster's round cost; see kHelp.
//
// Times of rows are processor time of the whole process, so that what else the machine does counts
// little, and memory is kept as the programs keep it. With a config whose sampler is public, a unit
// is that many batches of boards, and nearly every row changes.
#include <gflags/gflags.h>
#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

#include "common/sparse_delta_codec.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/round_merger.h"
#include "solver/cfr/trainer.h"
#include "solver/cfr/unit_runner.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tools/program/keep_memory.h"
#include "tools/stored/loaded_run.h"

DEFINE_string(config, "tests/bench/configs/nolimit_2p_medium.yaml", "Run definition");
DEFINE_string(bucket_cache, "", "Folder of bucket files; empty: the user's");
DEFINE_int32(threads, 2, "Threads that traverse");
DEFINE_double(warmup, 60, "Seconds of training before the first measurement");
DEFINE_uint32(deals, 8192, "Deals of a batch, or boards where the config's sampler is public");
DEFINE_uint32(units, 2, "Units of a round, for their amplification");
DEFINE_uint32(batches_max, 1024,
              "Batches of the longest unit; the others have a quarter, and so on");
DEFINE_uint32(batches_min, 1, "No unit has fewer batches");

namespace nash {
namespace {

double NanosPerRow(double seconds, size_t rows) { return 1e9 * seconds / rows; }

SparseDelta Lane(SparseDelta part, int lane) {
  part.lanes[1 - lane].clear();
  return part;
}

// Rows that a part changes, by street: where a table lies in lanes, what the part calls a row is a
// bundle of several.
void CountRows(const TableLayout& layout, const RowSpace& space, const SparseDelta& part,
               std::array<uint64_t, kStreetsMax>* rows_of_street) {
  const uint32_t lanes = layout.lanes();
  ForEachRun(space, part, [&](const PartRun& run) {
    const NodeIndex node = layout.FirstNodeOf(static_cast<StripIndex>(run.block));
    uint64_t& rows = (*rows_of_street)[layout.tree().nodes()[node].street];
    if (lanes == 1) {
      rows += run.rows.size();
      return;
    }
    for (size_t i = 0; i < run.rows.size(); ++i) {
      for (uint32_t lane = 0; lane < lanes; ++lane) {
        int32_t any = 0;
        for (uint32_t v = lane; v < run.num_regrets; v += lanes) {
          any |= run.regrets[i * run.num_regrets + v];
          if (run.sums != nullptr) any |= run.sums[i * run.num_regrets + v];
        }
        rows += any != 0;
      }
    }
  });
}

nlohmann::ordered_json Measure(const LoadedRun& run, const TrainingSetup& setup, UndoLog* undo,
                               uint64_t rounds) {
  UnitRunner runner(setup, undo);
  const RowSpace& space = runner.rows();
  double start = ProcessSeconds();
  double traversed = start;
  const double unit_start = start;
  uint32_t batches = 0;
  const auto unit = runner.Run({rounds, 0}, nullptr, std::nullopt, nullptr, [&] {
    if (++batches == setup.shape.batches) traversed = ProcessSeconds();
    return true;
  });
  CHECK(unit.has_value() && batches == setup.shape.batches);
  const double seal_s = ProcessSeconds() - traversed;
  const double traverse_s = traversed - unit_start;
  const uint64_t undo_bytes = undo->saved_bytes();

  size_t rows = 0, bytes = 0, values = 0;
  std::array<uint64_t, kStreetsMax> rows_of_street{};
  double encode_s = 0, check_s = 0, decode_s = 0;
  std::vector<SparseDelta> regrets;
  for (const EncodedRows& encoded : unit->parts) {
    start = ProcessSeconds();
    CHECK(CheckDelta(encoded.bytes, space, {}).ok());
    check_s += ProcessSeconds() - start;
    start = ProcessSeconds();
    const auto part = DecodeDelta(encoded.bytes, space, {});
    decode_s += ProcessSeconds() - start;
    CHECK(part.ok()) << part.status();
    start = ProcessSeconds();
    CHECK(EncodeRows(*part, space) == encoded);
    encode_s += ProcessSeconds() - start;
    CountRows(run.layout(), space, *part, &rows_of_street);
    values += part->num_values();
    bytes += encoded.bytes.size();
    regrets.push_back(Lane(*part, kRegretLane));
  }
  rows = std::accumulate(rows_of_street.begin(), rows_of_street.end(), size_t{0});

  // The same delta from one unit, and from two: what a unit's row costs, and a merged row.
  RoundTable follower(setup, rounds);
  RoundMerger merger(&follower);
  std::array<double, 2> merge_s{};
  size_t merged_rows = 0, down_bytes = 0;
  for (const size_t copies : {1, 2}) {
    const SectionReader read = [&](size_t section) {
      std::vector<EncodedRows> parts;
      for (size_t copy = 0; copy < copies; ++copy) {
        const auto begin = unit->parts.begin();
        parts.insert(parts.end(), begin + (section == 0 ? 0 : unit->part_ends[section - 1]),
                     begin + unit->part_ends[section]);
      }
      return parts;
    };
    start = ProcessSeconds();
    while (!merger.is_merged()) {
      const auto merged = merger.MergeNext(read);
      CHECK(merged.ok()) << merged.status();
      for (const MergedPart& part : *merged) down_bytes += part.regrets.bytes.size();
    }
    merge_s[copies - 1] = ProcessSeconds() - start;
    merger.EndRound();
  }
  merged_rows = 2 * rows;
  // Once more, as a worker would: what this does to the table does not matter here.
  start = ProcessSeconds();
  for (const SparseDelta& part : regrets) follower.Apply(part);
  const double apply_s = ProcessSeconds() - start;

  nlohmann::ordered_json json;
  json["batches"] = setup.shape.batches;
  json["deals"] = setup.shape.DealsPerRound() / setup.shape.units;
  json["touches"] = unit->touches;
  json["rows"] = rows;
  for (int street = 0; street < run.tree().num_streets(); ++street) {
    json["rows_of_street"].push_back(rows_of_street[street]);
  }
  json["touches_per_row"] = static_cast<double>(unit->touches) / rows;
  json["rows_per_part"] = static_cast<double>(rows) / unit->parts.size();
  json["values_per_row"] = static_cast<double>(values) / rows;
  json["bytes_up_per_row"] = static_cast<double>(bytes) / rows;
  json["of_plain"] = bytes / (8.0 * rows + 4.0 * values);
  json["bytes_down_per_row"] = static_cast<double>(down_bytes) / merged_rows;
  json["undo_bytes"] = undo_bytes;
  json["traverse_ns_per_touch"] = NanosPerRow(traverse_s, unit->touches);
  json["seal_ns_per_row"] = NanosPerRow(seal_s - encode_s, rows);
  json["encode_ns_per_row"] = NanosPerRow(encode_s, rows);
  json["check_ns_per_row"] = NanosPerRow(check_s, rows);
  json["decode_ns_per_row"] = NanosPerRow(decode_s, rows);
  json["merge_ns_per_row"] = NanosPerRow(merge_s[1] - merge_s[0], rows);
  json["finish_ns_per_row"] = NanosPerRow(2 * merge_s[0] - merge_s[1], rows);
  json["apply_ns_per_row"] = NanosPerRow(apply_s, rows);
  return json;
}

void Main() {
  RunDefinition definition = OrDie(LoadRunDefinition(FLAGS_config));
  const auto run = OrDie(LoadedRun::Make(definition, {.bucket_cache = FLAGS_bucket_cache}));
  const BucketDealSource deals(run->definition().game, run->abstraction());
  Table table = OrDie(Table::Make(run->layout()));
  ThreadPool pool(FLAGS_threads);
  const auto undo = OrDie(UndoLog::Make(table, FLAGS_threads));
  pool.ForEach(64, [&](size_t part, int) {
    table.TakePages(part, 64);
    undo->TakePages(part, 64);
  });
  definition.algorithm.variant = Variant::kVanilla;  // rounds of other lengths than its discounts
  definition.algorithm.discount_every_iterations = 0;
  const auto boards = run->MakeBoardSource();
  TrainingSetup setup = {definition.algorithm, {1, 1, FLAGS_deals}, 1, &table, &deals, &pool,
                         boards.get()};

  nlohmann::ordered_json json;
  json["config"] = FLAGS_config;
  json["table_bytes"] = run->layout().table_bytes();
  std::array<uint64_t, kStreetsMax> table_rows{};
  for (NodeIndex node = 0; node < run->layout().num_nodes(); ++node) {
    table_rows[run->tree().nodes()[node].street] += run->layout().NumBuckets(node);
  }
  for (int street = 0; street < run->tree().num_streets(); ++street) {
    json["table_rows_of_street"].push_back(table_rows[street]);
  }
  uint64_t rounds = 0;
  {
    const auto trainer = *Trainer::Make(setup, {});
    const double start = WallSeconds();
    while (WallSeconds() < start + FLAGS_warmup) trainer->RunRound(nullptr);
    const Progress warm = trainer->progress();
    const double warm_end = WallSeconds();
    while (WallSeconds() < warm_end + FLAGS_warmup / 4) trainer->RunRound(nullptr);
    const Progress& now = trainer->progress();
    json["warmup_deals"] = now.iterations;
    json["threads"] = FLAGS_threads;
    json["touches_per_s"] = (now.touches - warm.touches) / (WallSeconds() - warm_end);
    json["touches_per_deal"] =
        static_cast<double>(now.touches - warm.touches) / (now.iterations - warm.iterations);
    rounds = now.rounds;
  }
  std::vector<uint32_t> lengths;
  for (uint32_t batches = FLAGS_batches_max; batches >= std::max(1u, FLAGS_batches_min);
       batches /= 4)
    lengths.push_back(batches);
  std::reverse(lengths.begin(), lengths.end());
  for (const uint32_t batches : lengths) {
    setup.shape = {FLAGS_units, batches, FLAGS_deals};
    const absl::Status fits = CheckTrainingSetup(setup);
    CHECK(fits.ok()) << fits;
    json["units"].push_back(Measure(*run, setup, undo.get(), rounds++));
  }
  std::cout << json.dump(2) << "\n";
}

constexpr char kHelp[] =
    R"(unit_rows measures what units of a cluster's round cost, by their length: rows touched on
each street, bytes, and the processor time that a row takes to seal, encode, check, decode, merge,
finish and apply. They are the figures of configs/cluster/costs.json (docs/scaling.md).

  unit_rows --threads=1 --batches_min=64 --batches_max=64 --warmup=8
  unit_rows --config=configs/quickstart.yaml --deals=1 --batches_max=64

Prints JSON. The table is trained first: strategies that have sharpened visit fewer rows.

Exit codes: 0 printed; 2 a flag or a definition to correct; 3 a file is not there; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::KeepFreedMemory();
  nash::BeginBench(argc, argv, nash::kHelp);
  nash::Main();
  return 0;
}
