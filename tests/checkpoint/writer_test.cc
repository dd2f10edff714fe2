#include "solver/checkpoint/writer.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "solver/cfr/state_hash.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "tests/checkpoint/leduc_run.h"

namespace nash {
namespace {

using Writer = LeducRun;

std::vector<std::string> CheckpointNames(const std::string& run_folder) {
  return ListFolder(CheckpointsFolder(run_folder)).value();
}

TEST_F(Writer, TheSameTableGivesTheSameFiles) {
  const auto first = Contents(Write(1));
  EXPECT_GT(first.size(), 3);  // several chunks and the manifest
  const std::string other_folder = JoinPath(folder_, "other");
  ASSERT_TRUE(CreateDirectories(other_folder).ok());
  const auto written = WriteCheckpoint({.run_folder = other_folder, .chunk_bytes_max = kChunkBytes},
                                       PositionAt(1), leduc_.layout(), leduc_.Reader());
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(Contents(written->path), first);
}

TEST_F(Writer, ReadsEveryNodeOnceAndInOrder) {
  std::vector<NodeIndex> asked;
  const auto written =
      WriteCheckpoint({.run_folder = folder_, .chunk_bytes_max = kChunkBytes}, PositionAt(1),
                      leduc_.layout(), [&](NodeIndex node, absl::Span<int32_t> values) {
                        asked.push_back(node);
                        EXPECT_EQ(values.size(), leduc_.layout().ValuesOf(node));
                        leduc_.table().CopyOut(node, values);
                      });
  ASSERT_TRUE(written.ok()) << written.status();
  ASSERT_EQ(asked.size(), leduc_.layout().num_nodes());
  for (NodeIndex node = 0; node < asked.size(); ++node) EXPECT_EQ(asked[node], node);
}

// Which chunk is filled when is nobody's business but the one's who waits for it.
TEST_F(Writer, HeatChangesTheOrderAndNotTheFiles) {
  const std::string path = Write(1);
  const auto in_order = Contents(path);
  const size_t num_chunks = Checkpoint::Open(path)->manifest().chunks.size();
  ASSERT_GT(num_chunks, 2);
  ThreadPool alone(1);
  std::vector<NodeIndex> asked;
  CheckpointWriter writer(
      {.run_folder = folder_, .chunk_bytes_max = kChunkBytes}, PositionAt(1), leduc_.layout(),
      [&](NodeIndex node, absl::Span<int32_t> values) {
        asked.push_back(node);
        leduc_.table().CopyOut(node, values);
      },
      // The chunk with the last node first.
      [&](NodeIndex node) { return node + 1 == leduc_.layout().num_nodes() ? 1u : 0u; });
  const auto written = writer.Finish(&alone);
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(Contents(path), in_order);
  EXPECT_EQ(asked.front(), written->manifest.chunks.back().first_node);
  std::sort(asked.begin(), asked.end());
  ASSERT_EQ(asked.size(), leduc_.layout().num_nodes());
  for (NodeIndex node = 0; node < asked.size(); ++node) EXPECT_EQ(asked[node], node);
}

TEST_F(Writer, ManifestTellsOfTheTable) {
  const Manifest manifest = TryWrite(4).value().manifest;
  const StateSummary state = SummariseTable(leduc_.table());
  EXPECT_EQ(manifest.position, PositionAt(4));
  EXPECT_EQ(manifest.state_hash, state.hash);
  EXPECT_EQ(manifest.rows_reached, state.rows_reached);
  EXPECT_EQ(manifest.num_rows, leduc_.layout().num_rows());
  EXPECT_EQ(manifest.num_values, leduc_.layout().num_values());
  for (const ChunkEntry& chunk : manifest.chunks) {
    EXPECT_TRUE(chunk.bytes <= kChunkBytes || chunk.num_nodes == 1);
  }
}

TEST_F(Writer, ANodeLargerThanAChunkIsAChunkOfItsOwn) {
  const auto written = WriteCheckpoint({.run_folder = folder_, .chunk_bytes_max = 1}, PositionAt(1),
                                       leduc_.layout(), leduc_.Reader());
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->manifest.chunks.size(), leduc_.layout().num_nodes());
  EXPECT_TRUE(Checkpoint::Open(written->path)->Verify().ok());
}

TEST_F(Writer, KeepsTheNewestTwoAndRemovesLeftovers) {
  ASSERT_TRUE(CreateDirectories(PartialCheckpointPath(folder_, 9)).ok());
  ASSERT_TRUE(WriteNewFile(ChunkPath(PartialCheckpointPath(folder_, 9), 0), "left over").ok());
  for (const uint64_t round : {1, 2, 30}) Write(round);
  EXPECT_EQ(CheckpointNames(folder_),
            (std::vector<std::string>{"round-0000000002", "round-0000000030"}));
}

TEST_F(Writer, KeepsAsManyAsAskedAndAtLeastTheNewOne) {
  Write(1);
  Write(2);
  ASSERT_TRUE(WriteCheckpoint({.run_folder = folder_, .keep_newest = 0}, PositionAt(3),
                              leduc_.layout(), leduc_.Reader())
                  .ok());
  EXPECT_EQ(CheckpointNames(folder_), std::vector<std::string>{"round-0000000003"});
}

// What came after round 2 may turn out to be wrong.
TEST_F(Writer, TheOneToGoBackToStays) {
  const auto write = [this](uint64_t round, uint64_t confirmed) {
    ASSERT_TRUE(WriteCheckpoint({.run_folder = folder_, .confirmed_round = confirmed},
                                PositionAt(round), leduc_.layout(), leduc_.Reader())
                    .ok());
  };
  for (uint64_t round = 1; round <= 6; ++round) write(round, 2);
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{6, 5, 2}));
  write(7, 4);  // nothing between is left: the one before it stays
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{7, 6, 2}));
  write(8, 6);
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{8, 7, 6}));
  write(9, 0);  // none is old enough: the oldest stays
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{9, 8, 6}));
  write(10, 10);
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{10, 9}));
}

// A run that went back behind a damaged checkpoint must not lose the good ones to it.
TEST_F(Writer, LaterCheckpointsDoNotPushOutTheNewOnes) {
  for (const uint64_t round : {5, 9}) Write(round);
  for (const uint64_t round : {6, 7}) Write(round);
  EXPECT_EQ(CheckpointNames(folder_),
            (std::vector<std::string>{"round-0000000006", "round-0000000007", "round-0000000009"}));
}

TEST_F(Writer, ReplacesACheckpointOfTheSameRound) {
  const std::string path = Write(1);
  const auto whole = Contents(path);
  ASSERT_TRUE(WriteFileAtomically(ChunkPath(path, 0), "damaged").ok());
  ASSERT_TRUE(WriteNewFile(JoinPath(path, "stray"), "file").ok());
  EXPECT_EQ(Write(1), path);
  EXPECT_EQ(Contents(path), whole);
  EXPECT_EQ(CheckpointNames(folder_), std::vector<std::string>{"round-0000000001"});
}

TEST_F(Writer, KeepsEverySnapshotAndLeavesRecentCheckpointsAlone) {
  const auto recent = Contents(Write(1));
  Write(2);
  const std::string partial = PartialCheckpointPath(folder_, 9, CheckpointKind::kSnapshot);
  ASSERT_TRUE(CreateDirectories(partial).ok());
  for (const uint64_t round : {4, 1, 2, 3, 2}) {
    const auto written = WriteCheckpoint({.run_folder = folder_,
                                          .kind = CheckpointKind::kSnapshot,
                                          .keep_newest = 1,
                                          .chunk_bytes_max = kChunkBytes},
                                         PositionAt(round), leduc_.layout(), leduc_.Reader());
    ASSERT_TRUE(written.ok()) << written.status();
    EXPECT_EQ(written->path, CheckpointPath(folder_, round, CheckpointKind::kSnapshot));
  }
  EXPECT_FALSE(FileExists(partial));
  EXPECT_EQ(ListRounds(folder_, CheckpointKind::kSnapshot).value(),
            (std::vector<uint64_t>{4, 3, 2, 1}));
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{2, 1}));
  EXPECT_EQ(Contents(CheckpointPath(folder_, 1, CheckpointKind::kSnapshot)), recent);
}

TEST_F(Writer, RefusesAPositionThatNoReaderAccepts) {
  RunPosition position = PositionAt(1);
  position.fingerprint = "short";
  ExpectError(
      WriteCheckpoint({.run_folder = folder_}, position, leduc_.layout(), leduc_.Reader()).status(),
      absl::StatusCode::kInvalidArgument, {"fingerprint"});
  EXPECT_FALSE(FileExists(CheckpointsFolder(folder_)));
}

TEST_F(Writer, AFileThatCannotGrowLeavesTheOldCheckpointAlone) {
  const auto before = Contents(Write(1));
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit_before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit_before), 0);
  const rlimit tight = {kChunkBytes / 2, limit_before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const absl::Status status = TryWrite(2).status();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit_before), 0);
  ExpectError(status, absl::StatusCode::kResourceExhausted, {"chunk-00000", "--out"});
  EXPECT_EQ(CheckpointNames(folder_), std::vector<std::string>{"round-0000000001"});
  EXPECT_EQ(Contents(CheckpointPath(folder_, 1)), before);
}

// A real full disk: a file system in memory, of 64 KiB. Needs the right to mount.
class FullDisk : public LeducRun {
 protected:
  static constexpr int kDiskBytes = 64 << 10;

  void SetUp() override {
    disk_ = JoinPath(folder_, "disk");
    ASSERT_TRUE(CreateDirectories(disk_).ok());
    if (mount("none", disk_.c_str(), "tmpfs", 0, absl::StrCat("size=", kDiskBytes).c_str()) != 0) {
      GTEST_SKIP() << "mounting is not allowed here (needs root)";
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (!mounted_) return;
    EXPECT_EQ(umount(disk_.c_str()), 0);
  }
  // Takes all that is left of the disk.
  void FillDisk() {
    std::string some(4096, 'x');
    for (int i = 0; WriteNewFile(JoinPath(disk_, absl::StrCat("other", i)), some).ok(); ++i) {
    }
  }
  absl::Status WriteTo(uint64_t round, const NodeReader& reader) {
    return WriteCheckpoint({.run_folder = disk_, .chunk_bytes_max = kChunkBytes}, PositionAt(round),
                           leduc_.layout(), reader)
        .status();
  }

  std::string disk_;
  bool mounted_ = false;
};

TEST_F(FullDisk, IsToldBeforeItIsFull) {
  ASSERT_TRUE(WriteTo(1, leduc_.Reader()).ok());
  FillDisk();
  ExpectError(WriteTo(2, leduc_.Reader()), absl::StatusCode::kResourceExhausted,
              {disk_, "needs", "free space", "--out"});
  EXPECT_EQ(CheckpointNames(disk_), std::vector<std::string>{"round-0000000001"});
  EXPECT_TRUE(Checkpoint::Open(CheckpointPath(disk_, 1))->Verify().ok());
}

TEST_F(FullDisk, InTheMiddleLeavesTheOldCheckpointAlone) {
  ASSERT_TRUE(WriteTo(1, leduc_.Reader()).ok());
  const absl::Status status = WriteTo(2, [&](NodeIndex node, absl::Span<int32_t> values) {
    if (node == leduc_.layout().num_nodes() / 2) FillDisk();
    leduc_.table().CopyOut(node, values);
  });
  ExpectError(status, absl::StatusCode::kResourceExhausted,
              {"chunk-", "No space left", "free space", "--out"});
  EXPECT_EQ(CheckpointNames(disk_), std::vector<std::string>{"round-0000000001"});
  EXPECT_TRUE(Checkpoint::Open(CheckpointPath(disk_, 1))->Verify().ok());
}

}  // namespace
}  // namespace nash
