// The checkpoint that docs/formats/checkpoint.md walks through, byte by byte. When this test fails,
// files written before can no longer be read: a new format version is due.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "common/files.h"
#include "solver/cfr/state_hash.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/checkpoint/manifest.h"
#include "solver/checkpoint/reader.h"
#include "solver/checkpoint/writer.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// Kuhn: 4 betting nodes of 2 actions, 3 cards as buckets. Only the king's rows have been reached:
// at node n its regrets are n + 1 and -(n + 1), its strategy sums 10 and 20.
void ReadNode(NodeIndex node, absl::Span<int32_t> values) {
  ASSERT_EQ(values.size(), 3 * 4);
  std::fill(values.begin(), values.end(), 0);
  const int32_t regret = static_cast<int32_t>(node) + 1;
  values[8] = regret;
  values[9] = -regret;
  values[10] = 10;
  values[11] = 20;
}

TEST(CheckpointFormat, IsThatOfTheWorkedExample) {
  const PublicTree tree = PublicTree::Build(ShippedGame("kuhn_2p"), ActionMenu()).value();
  const TableLayout layout = TableLayout::Make(tree, {3}, AverageStreets::kAll).value();
  const std::string folder = JoinPath(::testing::TempDir(), "worked_example");
  ASSERT_TRUE(RemoveAll(folder).ok());
  ASSERT_TRUE(CreateDirectories(folder).ok());
  const RunPosition position = {.definition = "game: kuhn\nseed: 1\n",
                                .fingerprint = "000102030405060708090a0b0c0d0e0f",
                                .round = 3,
                                .iterations = 300,
                                .touches = 900};
  const auto written = WriteCheckpoint({.run_folder = folder}, position, layout, ReadNode);
  ASSERT_TRUE(written.ok()) << written.status();

  // A node's record: 3 buckets, 4 values per row; two rows of zeros; the king's row.
  const std::string zeros(2 * 4 * 8, '0');
  EXPECT_EQ(absl::BytesToHexString(ReadFile(ChunkPath(written->path, 0)).value()),
            "0300000004000000" + zeros + "01000000ffffffff0a00000014000000" +  //
                "0300000004000000" + zeros + "02000000feffffff0a00000014000000" +
                "0300000004000000" + zeros + "03000000fdffffff0a00000014000000" +
                "0300000004000000" + zeros + "04000000fcffffff0a00000014000000");
  const std::string manifest = ReadFile(ManifestPath(written->path)).value();
  EXPECT_EQ(absl::BytesToHexString(manifest),
            absl::BytesToHexString(ReadFile("tests/fuzz/checkpoint/kuhn_manifest.seed").value()));
  EXPECT_EQ(absl::BytesToHexString(manifest.substr(48)),
            absl::BytesToHexString(ReadFile("tests/fuzz/checkpoint/kuhn_message.seed").value()));
  EXPECT_EQ(FormatStateHash(written->manifest.state_hash), "2ac77e8f6b9cf6ce");
}

}  // namespace
}  // namespace nash
