// How near a checkpoint comes to the disk's own speed; see kHelp. The plain write goes through the
// page cache, and past it.
#include <gflags/gflags.h>
#include <glog/logging.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/checksum.h"
#include "common/files.h"
#include "common/huge_array.h"
#include "common/large_file.h"
#include "common/rng.h"
#include "solver/cfr/state_hash.h"
#include "solver/cfr/table.h"
#include "solver/checkpoint/reader.h"
#include "solver/checkpoint/writer.h"
#include "solver/game/public_tree.h"
#include "tests/bench/begin_bench.h"
#include "tests/bench/measure.h"
#include "tests/game/shipped_games.h"

DEFINE_string(folder, ".", "where to write; the disk to be measured");
DEFINE_double(gigabytes, 1, "size of the table");
DEFINE_int32(runs, 5, "of each kind; medians are told");

namespace nash {
namespace {

// Collects times of one kind of work on `bytes` bytes.
class Meter {
 public:
  explicit Meter(uint64_t bytes) : gigabytes_(bytes / 1e9) {}

  void Measure(const std::function<void()>& work) {
    const double processor = ProcessSeconds();
    gb_per_s_.push_back(gigabytes_ / SecondsOf(work));
    processor_s_per_gb_.push_back((ProcessSeconds() - processor) / gigabytes_);
  }

  double rate() const { return Median(gb_per_s_); }
  nlohmann::ordered_json Json() const {
    return {{"gb_per_s", rate()}, {"processor_s_per_gb", Median(processor_s_per_gb_)}};
  }

 private:
  const double gigabytes_;
  std::vector<double> gb_per_s_;
  std::vector<double> processor_s_per_gb_;
};

// Every row reached: the slowest case for the state hash.
void Fill(Table* table) {
  const TableLayout& layout = table->layout();
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    uint32_t state = Draw({.seed = 1}, DrawPurpose::kEvaluation, node, 0)[0];
    for (uint32_t bucket = 0; bucket < layout.NumBuckets(node); ++bucket) {
      int32_t* row = table->Row(node, bucket);
      for (uint32_t i = 0; i < layout.ValuesPerRow(node); ++i) {
        state = state * 1664525u + 1013904223u;
        row[i] = static_cast<int32_t>(state >> 8);
      }
    }
  }
}

// The same bytes in files of the same size, from memory.
void WritePlain(const std::string& folder, uint64_t bytes, bool direct) {
  const HugeArray buffer = HugeArray::Make(kChunkBytesMax).value();
  std::fill(buffer.data(), buffer.data() + kChunkBytesMax, 'x');
  CHECK(CreateDirectories(folder).ok());
  for (int i = 0; bytes > 0; ++i) {
    const uint64_t n = std::min(bytes, kChunkBytesMax);
    const std::string path = JoinPath(folder, absl::StrCat(i));
    const absl::string_view contents(buffer.data(), n);
    const absl::Status status =
        direct ? WriteLargeNewFile(path, contents) : WriteNewFile(path, contents);
    CHECK(status.ok()) << status;
    bytes -= n;
  }
}

nlohmann::ordered_json MeasureParts(const Table& table, uint64_t bytes) {
  const TableLayout& layout = table.layout();
  Meter copy(bytes), copy_and_hash(bytes), checksum(bytes);
  uint64_t sink = 0;
  std::vector<int32_t> values;
  const auto visit = [&](bool hash) {
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      values.resize(layout.ValuesOf(node));
      table.CopyOut(node, absl::MakeSpan(values));
      sink += values[0];
      if (!hash) continue;
      sink += SummariseRows(layout.FirstRow(node), layout.ValuesPerRow(node), values).hash;
    }
  };
  for (int i = 0; i < FLAGS_runs; ++i) {
    copy.Measure([&] { visit(false); });
    copy_and_hash.Measure([&] { visit(true); });
    checksum.Measure([&] { sink += ChecksumOf({table.Block(0), bytes}).low; });
  }
  LOG_IF(INFO, sink == 1) << "keeps the work from being left out";
  return {{"copy_out", copy.Json()},
          {"copy_out_and_state_hash", copy_and_hash.Json()},
          {"checksum", checksum.Json()}};
}

nlohmann::ordered_json MeasureDisk(const std::string& folder, Table* table, uint64_t bytes) {
  Meter cached(bytes), direct(bytes), write(bytes), load(bytes), verify(bytes);
  const std::string plain = JoinPath(folder, "plain");
  const RunPosition position = {.definition = "bench\n", .fingerprint = std::string(32, '0')};
  for (int i = 0; i < FLAGS_runs; ++i) {
    cached.Measure([&] { WritePlain(plain, bytes, false); });
    CHECK(RemoveAll(plain).ok());
    direct.Measure([&] { WritePlain(plain, bytes, true); });
    CHECK(RemoveAll(plain).ok());
    std::string path;
    write.Measure([&] {
      const auto written = WriteCheckpoint(
          {.run_folder = folder}, position, table->layout(),
          [&](NodeIndex node, absl::Span<int32_t> values) { table->CopyOut(node, values); });
      CHECK(written.ok()) << written.status();
      path = written->path;
    });
    const Checkpoint checkpoint = Checkpoint::Open(path).value();
    load.Measure([&] { CHECK(checkpoint.LoadInto(table).ok()); });
    verify.Measure([&] { CHECK(checkpoint.Verify().ok()); });
    CHECK(RemoveAll(path).ok());
  }
  return {{"plain_write_cached", cached.Json()},
          {"plain_write_direct", direct.Json()},
          {"write_checkpoint", write.Json()},
          {"share_of_plain_cached", write.rate() / cached.rate()},
          {"share_of_plain_direct", write.rate() / direct.rate()},
          {"load", load.Json()},
          {"verify", verify.Json()}};
}

// Flop nodes get as many buckets as make the table as large as asked.
void Run() {
  const PublicTree tree = PublicTree::Build(ShippedGame("limit_2p"), ActionMenu()).value();
  const auto layout_of = [&](uint32_t buckets) {
    return TableLayout::Make(tree, {169, buckets, buckets, buckets}, AverageStreets::kAll).value();
  };
  const double bytes_per_bucket = layout_of(1000).num_values() * 4 / 1000.0;
  const TableLayout layout =
      layout_of(static_cast<uint32_t>(FLAGS_gigabytes * 1e9 / bytes_per_bucket) + 1);
  Table table = Table::Make(layout).value();
  Fill(&table);
  const uint64_t bytes = layout.num_values() * 4;
  const std::string folder = JoinPath(FLAGS_folder, "bench_checkpoint");
  CHECK(CreateDirectories(folder).ok());
  nlohmann::ordered_json json = {{"bench", "checkpoint"},
                                 {"table_gb", bytes / 1e9},
                                 {"rows", layout.num_rows()},
                                 {"runs", FLAGS_runs}};
  json["disk"] = MeasureDisk(folder, &table, bytes);
  json["memory"] = MeasureParts(table, bytes);
  CHECK(RemoveAll(folder).ok());
  std::printf("%s\n", json.dump(2).c_str());
}

constexpr char kHelp[] =
    R"(checkpoint compares writing a checkpoint of a table in memory with a plain write of as many
bytes, in turns; then loading, verifying, and the parts of writing on memory alone.

  checkpoint --folder=DIR --gigabytes=4          on the disk that DIR is on

Prints JSON: medians in GB/s (10^9 bytes of values), and processor seconds a GB.

Exit codes: 0 printed; 2 a flag to correct; 1 anything else.
)";

}  // namespace
}  // namespace nash

int main(int argc, char** argv) {
  nash::BeginBench(argc, argv, nash::kHelp);
  nash::Run();
}
