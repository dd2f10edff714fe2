// Encoded deltas; see kHelp. Synthetic rows have 2 to 4 actions; "small pots" and "large pots" are
// regret magnitudes of about two and three bytes. Medians of interleaved runs on one core.
#include <gflags/gflags.h>
#include <glog/logging.h>
#include <streamvbyte.h>
#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common/sparse_delta_codec.h"
#include "common/value_stream.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/run/run_definition.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/converge/measured_rounds.h"
#include "tests/bench/measure.h"
#include "tests/common/random_deltas.h"
#include "tools/stored/loaded_run.h"

DEFINE_int32(runs, 51, "runs of each measurement; the median counts");
DEFINE_string(config, "", "Run definition that is trained for real deltas; empty: synthetic ones");
DEFINE_uint32(units, 0, "With --config: units in a round; 0: as it says");
DEFINE_uint32(batches_per_unit, 0, "With --config: batches in a unit; 0: as it says");
DEFINE_int32(rounds, 4, "With --config: rounds to train");
DEFINE_int32(threads, 1, "With --config: threads");

namespace nash {
namespace {

struct Case {
  std::string name;
  DeltaShape shape;
};

// Median nanoseconds a row.
double NanosecondsPerRow(size_t rows, const std::function<void()>& run) {
  run();  // warms caches
  std::vector<double> taken;
  for (int i = 0; i < FLAGS_runs; ++i) taken.push_back(SecondsOf(run) * 1e9 / rows);
  return Median(taken);
}

nlohmann::json Zstd(const std::string& bytes, size_t rows, int level) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  size_t size = 0;
  const double encode_ns = NanosecondsPerRow(rows, [&] {
    size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), level);
  });
  std::string back(bytes.size(), '\0');
  const double decode_ns = NanosecondsPerRow(rows, [&] {
    CHECK_EQ(ZSTD_decompress(back.data(), back.size(), packed.data(), size), back.size());
  });
  CHECK(back == bytes);
  return {{"bytes_per_row", static_cast<double>(size) / static_cast<double>(rows)},
          {"of_ours", static_cast<double>(size) / static_cast<double>(bytes.size())},
          {"compress_ns_per_row", encode_ns},
          {"decompress_ns_per_row", decode_ns}};
}

nlohmann::json Report(const Case& c, const RowSpace& space) {
  const SparseDelta delta = RandomDelta(7, space, c.shape);
  const size_t rows = delta.rows.size();
  std::string bytes;
  const double encode_ns = NanosecondsPerRow(rows, [&] { bytes = EncodeDelta(delta, space); });
  DeltaBounds bounds;
  bounds.lanes[1].expected = c.shape.both_lanes;
  const double decode_ns =
      NanosecondsPerRow(rows, [&] { CHECK(DecodeDelta(bytes, space, bounds).ok()); });
  CHECK(*DecodeDelta(bytes, space, bounds) == delta);
  const double plain = 8.0 + 4.0 * static_cast<double>(delta.num_values()) / rows;
  const double ours = static_cast<double>(bytes.size()) / rows;
  return {{"rows", rows},
          {"values", delta.num_values()},
          {"plain_bytes_per_row", plain},
          {"bytes_per_row", ours},
          {"of_plain", ours / plain},
          {"encode_ns_per_row", encode_ns},
          {"decode_ns_per_row", decode_ns},
          {"zstd_1", Zstd(bytes, rows, 1)},
          {"zstd_minus_1", Zstd(bytes, rows, -1)}};
}

// Zigzag values of mixed lengths, through the library and through our loops.
nlohmann::json Streams() {
  std::vector<uint32_t> values(kDeltaValuesMax);
  std::mt19937_64 random(3);
  for (uint32_t& value : values) value = static_cast<uint32_t>(random()) >> (random() % 33 % 32);
  std::vector<uint8_t> ours(StreamBytesMax(values.size()) + kStreamSlackBytes);
  std::vector<uint8_t> theirs(ours.size());
  std::vector<uint32_t> back(values.size());
  size_t n = 0, m = 0;
  nlohmann::json report;
  report["encode_ns_per_value"] = NanosecondsPerRow(
      values.size(), [&] { n = EncodeStream(values, StreamCoding::k0124, ours.data()); });
  report["decode_ns_per_value"] = NanosecondsPerRow(values.size(), [&] {
    DecodeStream({ours.data(), n}, StreamCoding::k0124, absl::MakeSpan(back));
  });
  CHECK(back == values);
  report["library_encode_ns_per_value"] = NanosecondsPerRow(values.size(), [&] {
    m = streamvbyte_encode_0124(values.data(), static_cast<uint32_t>(values.size()), theirs.data());
  });
  report["library_decode_ns_per_value"] = NanosecondsPerRow(values.size(), [&] {
    streamvbyte_decode_0124(theirs.data(), back.data(), static_cast<uint32_t>(back.size()));
  });
  CHECK(back == values);
  CHECK_EQ(n, m);
  CHECK(std::equal(ours.begin(), ours.begin() + n, theirs.begin()));
  return report;
}

// Trains a run and prints what the deltas of each round's units cost.
void ReportTrained() {
  RunDefinition definition = OrDie(LoadRunDefinition(FLAGS_config));
  RoundShape& shape = definition.round;
  if (FLAGS_units > 0) shape.units = FLAGS_units;
  if (FLAGS_batches_per_unit > 0) shape.batches = FLAGS_batches_per_unit;
  uint64_t& every = definition.algorithm.discount_every_iterations;  // made whole rounds
  every = (every + shape.DealsPerRound() - 1) / shape.DealsPerRound() * shape.DealsPerRound();

  const auto run = OrDie(LoadedRun::Make(definition, {}));
  Table table = OrDie(Table::Make(run->layout()));
  ThreadPool pool(FLAGS_threads);
  const BucketDealSource deals(definition.game, run->abstraction());
  const TrainingSetup setup = {definition.algorithm, shape, definition.seed, &table, &deals, &pool};
  const auto rounds = OrDie(MeasuredRounds::Make(setup, {}));
  for (int round = 1; round <= FLAGS_rounds; ++round) {
    nlohmann::ordered_json json = {{"round", round},
                                   {"units", shape.units},
                                   {"deals_per_unit", shape.batches * shape.deals},
                                   {"table_rows", run->layout().num_rows()}};
    json.update(ToJson(rounds->RunRound()));
    std::cout << json.dump() << std::endl;
  }
}

constexpr char kHelp[] =
    R"(delta measures encoded deltas: bytes a row, ns a row, what zstd would make of them,
libstreamvbyte beside our own loops.

  delta                                          synthetic deltas
  delta --config=configs/quickstart.yaml --rounds=3
                                                 those of a run, with its own buckets, by round

Prints JSON: one object, or with --config a line a round. "plain" is 8 bytes for a row's index and 4
for a value.

Exit codes: 0 printed; 2 a flag or a definition to correct; 3 a file is not there; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  if (!FLAGS_config.empty()) {
    nash::ReportTrained();
    return 0;
  }
  using nash::Case;
  // 4000 nodes of about 400 buckets, 2 to 4 actions; all keep sums on three of four nodes.
  const nash::RowSpace space = nash::RandomRowSpace(1, 40000, 800, 4);
  const std::vector<Case> cases = {
      {"delta of a unit, small pots", {.touched = 0.02, .regret_scale = 2e3}},
      {"delta of a unit, large pots", {.touched = 0.02, .regret_scale = 1e5}},
      {"delta of a unit, every second row", {.touched = 0.5, .regret_scale = 1e5}},
      {"delta of a unit, few rows of many", {.touched = 0.001, .regret_scale = 1e5}},
      {"regrets only", {.touched = 0.05, .regret_scale = 1e5, .both_lanes = false}},
  };
  nlohmann::json report;
  for (const Case& c : cases) report["deltas"][c.name] = nash::Report(c, space);
  report["streams"] = nash::Streams();
  std::cout << report.dump(2) << "\n";
  return 0;
}
