// Encoded deltas: bytes a row beside the plain encoding (8 bytes for the index, 4 a value), time a
// row, what zstd would make of them, and libstreamvbyte beside our own loops; as JSON.
//
// One core, medians of interleaved runs. Rows have 2 to 4 actions. "small pots" and "large pots"
// are regret magnitudes of about two and three bytes.
#include <gflags/gflags.h>
#include <glog/logging.h>
#include <streamvbyte.h>
#include <zstd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/sparse_delta_codec.h"
#include "common/value_stream.h"
#include "tests/common/random_deltas.h"

DEFINE_int32(runs, 51, "runs of each measurement; the median counts");

namespace nash {
namespace {

struct Case {
  std::string name;
  DeltaShape shape;
};

// Median nanoseconds a row.
double Measure(size_t rows, const std::function<void()>& run) {
  std::vector<double> taken;
  for (int i = 0; i <= FLAGS_runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
    if (i > 0) taken.push_back(time.count() / static_cast<double>(rows));
  }
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

nlohmann::json Zstd(const std::string& bytes, size_t rows, int level) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  size_t size = 0;
  const double encode_ns = Measure(rows, [&] {
    size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), level);
  });
  std::string back(bytes.size(), '\0');
  const double decode_ns = Measure(rows, [&] {
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
  const double encode_ns = Measure(rows, [&] { bytes = EncodeDelta(delta, space); });
  DeltaBounds bounds;
  bounds.lanes[1].expected = c.shape.both_lanes;
  const double decode_ns = Measure(rows, [&] { CHECK(DecodeDelta(bytes, space, bounds).ok()); });
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
  report["encode_ns_per_value"] =
      Measure(values.size(), [&] { n = EncodeStream(values, StreamCoding::k0124, ours.data()); });
  report["decode_ns_per_value"] = Measure(
      values.size(), [&] { DecodeStream(ours.data(), StreamCoding::k0124, absl::MakeSpan(back)); });
  CHECK(back == values);
  report["library_encode_ns_per_value"] = Measure(values.size(), [&] {
    m = streamvbyte_encode_0124(values.data(), static_cast<uint32_t>(values.size()), theirs.data());
  });
  report["library_decode_ns_per_value"] = Measure(values.size(), [&] {
    streamvbyte_decode_0124(theirs.data(), back.data(), static_cast<uint32_t>(back.size()));
  });
  CHECK(back == values);
  CHECK_EQ(n, m);
  CHECK(std::equal(ours.begin(), ours.begin() + n, theirs.begin()));
  return report;
}

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  gflags::ParseCommandLineFlags(&argc, &argv, true);
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
