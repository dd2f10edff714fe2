// A small table with known contents, and a folder to write its checkpoints to.
#ifndef NASHVILLE_TESTS_CHECKPOINT_LEDUC_RUN_H_
#define NASHVILLE_TESTS_CHECKPOINT_LEDUC_RUN_H_

#include <glog/logging.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/files.h"
#include "common/rng.h"
#include "solver/cfr/table.h"
#include "solver/checkpoint/reader.h"
#include "solver/checkpoint/writer.h"
#include "solver/game/public_tree.h"
#include "tests/game/shipped_games.h"

namespace nash {

// Leduc by rank: 3 buckets on the first street, 9 on the second (own card x board card).
class LeducTable {
 public:
  explicit LeducTable(AverageStreets average = AverageStreets::kAll)
      : tree_(PublicTree::Build(ShippedGame("leduc_2p"), ActionMenu()).value()),
        layout_(TableLayout::Make(tree_, {3, 9}, average).value()),
        table_(Table::Make(layout_).value()) {}
  LeducTable(const LeducTable&) = delete;

  // Every third row stays zero, as rows do that no deal has reached.
  void Fill(uint64_t seed) {
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      for (uint32_t bucket = 0; bucket < layout_.NumBuckets(node); ++bucket) {
        const uint64_t row = layout_.FirstRow(node).value + bucket;
        for (uint32_t i = 0; i < layout_.ValuesPerRow(node); ++i) {
          const RandomBlock random =
              Draw({.seed = seed}, DrawPurpose::kEvaluation, static_cast<uint32_t>(row), i);
          table_.Row(node, bucket)[i] = row % 3 == 0 ? 0 : static_cast<int32_t>(random[0]);
        }
      }
    }
  }

  // All values in canonical order.
  std::vector<int32_t> Values() const {
    std::vector<int32_t> values;
    for (NodeIndex node = 0; node < layout_.num_nodes(); ++node) {
      std::vector<int32_t> block(layout_.ValuesOf(node));
      table_.CopyOut(node, absl::MakeSpan(block));
      values.insert(values.end(), block.begin(), block.end());
    }
    return values;
  }

  NodeReader Reader() const {
    return [this](NodeIndex node, absl::Span<int32_t> values) { table_.CopyOut(node, values); };
  }

  Table& table() { return table_; }
  const TableLayout& layout() const { return layout_; }

 private:
  PublicTree tree_;
  TableLayout layout_;
  Table table_;
};

inline RunPosition PositionAt(uint64_t round) {
  return {.definition = "game: leduc\nseed: 1\n",
          .fingerprint = "0123456789abcdef0123456789abcdef",
          .round = round,
          .iterations = round * 100,
          .touches = round * 700};
}

// A fresh run folder per test.
class LeducRun : public ::testing::Test {
 protected:
  // Chunks of about 1 KiB, so that the table has several.
  static constexpr uint64_t kChunkBytes = 1024;

  LeducRun() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        JoinPath(::testing::TempDir(), std::string(info->test_suite_name()) + "_" + info->name());
    CHECK(RemoveAll(folder_).ok());
    CHECK(CreateDirectories(folder_).ok());
    leduc_.Fill(1);
  }
  ~LeducRun() override { EXPECT_TRUE(RemoveAll(folder_).ok()); }

  absl::StatusOr<WrittenCheckpoint> TryWrite(uint64_t round) {
    return WriteCheckpoint({.run_folder = folder_, .chunk_bytes_max = kChunkBytes},
                           PositionAt(round), leduc_.layout(), leduc_.Reader());
  }
  // The path of the new checkpoint.
  std::string Write(uint64_t round) {
    const auto written = TryWrite(round);
    CHECK(written.ok()) << written.status();
    return written->path;
  }

  // All files of a folder and what they hold.
  static std::vector<std::pair<std::string, std::string>> Contents(const std::string& folder) {
    std::vector<std::pair<std::string, std::string>> contents;
    const std::vector<std::string> names = ListFolder(folder).value();
    for (const std::string& name : names) {
      contents.emplace_back(name, ReadFile(JoinPath(folder, name)).value());
    }
    return contents;
  }

  std::string folder_;
  LeducTable leduc_;
};

inline void ExpectError(const absl::Status& status, absl::StatusCode code,
                        const std::vector<std::string>& parts) {
  EXPECT_EQ(status.code(), code) << status;
  for (const std::string& part : parts) {
    EXPECT_NE(status.message().find(part), absl::string_view::npos)
        << "'" << part << "' is missing in: " << status;
  }
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_CHECKPOINT_LEDUC_RUN_H_
