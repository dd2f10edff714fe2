#include "solver/checkpoint/reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "solver/checkpoint/checkpoint_folder.h"
#include "tests/checkpoint/leduc_run.h"

namespace nash {
namespace {

using Reader = LeducRun;

constexpr absl::StatusCode kDataLoss = absl::StatusCode::kDataLoss;
constexpr absl::StatusCode kOther = absl::StatusCode::kFailedPrecondition;

// Not durably: a thousand fsync would take a minute.
void Overwrite(const std::string& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary) << contents;
  ASSERT_EQ(FileBytes(path).value(), contents.size());
}

// In place: ext4 flushes a file that is written anew. Twice is as before.
void FlipByte(const std::string& path, size_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 0x10));
  ASSERT_TRUE(file.good());
}

TEST_F(Reader, LoadsWhatWasWritten) {
  for (const AverageStreets average : {AverageStreets::kAll, AverageStreets::kFirst}) {
    LeducTable from(average), to(average);
    from.Fill(2);
    to.Fill(3);
    const auto written = WriteCheckpoint({.run_folder = folder_, .chunk_bytes_max = kChunkBytes},
                                         PositionAt(1), from.layout(), from.Reader());
    ASSERT_TRUE(written.ok()) << written.status();
    const absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Open(written->path);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
    EXPECT_EQ(checkpoint->manifest(), written->manifest);
    EXPECT_TRUE(checkpoint->Verify().ok());
    EXPECT_TRUE(checkpoint->LoadInto(&to.table()).ok());
    EXPECT_EQ(to.Values(), from.Values());
  }
}

TEST_F(Reader, VisitsNodesInOrderWithTheirRows) {
  const Checkpoint checkpoint = Checkpoint::Open(Write(1)).value();
  NodeIndex next = 0;
  const absl::Status status = checkpoint.ForEachNode([&](const NodeRecord& record) {
    EXPECT_EQ(record.node, next++);
    EXPECT_EQ(record.first_row.value, leduc_.layout().FirstRow(record.node).value);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(next, leduc_.layout().num_nodes());
  EXPECT_EQ(checkpoint.ForEachNode([](const NodeRecord&) { return absl::CancelledError(); }).code(),
            absl::StatusCode::kCancelled);
}

TEST_F(Reader, EveryFlippedByteOfEveryFileIsFound) {
  const std::string path = Write(1);
  for (const auto& [name, contents] : Contents(path)) {
    for (size_t i = 0; i < contents.size(); i += name == "manifest" ? 1 : 7) {
      FlipByte(JoinPath(path, name), i);
      const absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Open(path);
      const absl::Status status = checkpoint.ok() ? checkpoint->Verify() : checkpoint.status();
      ASSERT_FALSE(status.ok()) << name << " byte " << i;
      EXPECT_NE(status.message().find(name), absl::string_view::npos) << status;
      EXPECT_EQ(status.code(), name == "manifest" && i >= 8 && i < 12 ? kOther : kDataLoss);
      FlipByte(JoinPath(path, name), i);
    }
  }
  EXPECT_TRUE(Checkpoint::Open(path)->Verify().ok());
}

TEST_F(Reader, EveryFileThatIsMissingOrCutOrLongerIsFoundOnOpening) {
  const std::string path = Write(1);
  for (const auto& [name, contents] : Contents(path)) {
    const std::string file = JoinPath(path, name);
    ASSERT_TRUE(RemoveAll(file).ok());
    ExpectError(Checkpoint::Open(path).status(), kDataLoss, {name, "is missing", "restore"});
    Overwrite(file, contents.substr(0, contents.size() - 1));
    ExpectError(Checkpoint::Open(path).status(), kDataLoss, {name, "cut short", "restore"});
    Overwrite(file, contents + "x");
    ExpectError(Checkpoint::Open(path).status(), kDataLoss, {name, "bytes", "restore"});
    Overwrite(file, contents);
  }
  EXPECT_TRUE(Checkpoint::Open(path).ok());
}

// Replaces a manifest by one that is whole but tells something else.
void Forge(const std::string& path, const std::function<void(Manifest*)>& change) {
  Manifest manifest = Checkpoint::Open(path).value().manifest();
  change(&manifest);
  Overwrite(ManifestPath(path), EncodeManifest(manifest));
}

TEST_F(Reader, AManifestThatDoesNotAgreeWithTheTableIsFound) {
  const std::string path = Write(1);
  Forge(path, [](Manifest* m) { ++m->state_hash; });
  ExpectError(Checkpoint::Open(path)->Verify(), kDataLoss, {"manifest", "state hash"});
  ExpectError(Checkpoint::Open(path)->LoadInto(&leduc_.table()), kDataLoss, {"state hash"});
  Write(1);
  Forge(path, [](Manifest* m) { --m->rows_reached; });
  ExpectError(Checkpoint::Open(path)->Verify(), kDataLoss, {"manifest", "not all zero"});
  Write(1);
  Forge(path, [](Manifest* m) { ++m->num_rows; });
  ExpectError(Checkpoint::Open(path)->Verify(), kDataLoss, {"manifest", "rows"});
}

TEST_F(Reader, AChunkWhoseRecordsDoNotAddUpIsFound) {
  const std::string path = Write(1);
  const std::string contents = ReadFile(ChunkPath(path, 0)).value();
  struct Case {
    const char* why;
    size_t at;  // of a little-endian uint32: 0 is the number of buckets, 4 the values per row
    char value;
  };
  for (const Case& c : {Case{"no buckets", 0, 0}, Case{"too many buckets", 3, 1},
                        Case{"no values", 4, 0}, Case{"too many values", 5, 1},
                        Case{"fewer buckets, so that the next record is misread", 0, 1}}) {
    std::string forged = contents;
    forged[c.at] = c.value;
    Overwrite(ChunkPath(path, 0), forged);
    Forge(path, [&](Manifest* m) { m->chunks[0].checksum = ChecksumOf(forged); });
    ExpectError(Checkpoint::Open(path)->Verify(), kDataLoss, {"chunk-00000", "node"});
  }
}

TEST_F(Reader, AnotherTableIsRefusedBeforeItIsTouched) {
  const Checkpoint checkpoint = Checkpoint::Open(Write(1)).value();
  LeducTable other(AverageStreets::kFirst);
  ExpectError(checkpoint.LoadInto(&other.table()), kOther, {"values", "--out"});
  EXPECT_EQ(other.Values(), LeducTable(AverageStreets::kFirst).Values());
}

TEST_F(Reader, AnotherDefinitionIsRefusedWithTheDifference) {
  const Checkpoint checkpoint = Checkpoint::Open(Write(1)).value();
  const RunPosition own = PositionAt(1);
  EXPECT_TRUE(checkpoint.CheckDefinition(own.definition, own.fingerprint).ok());
  const std::string other(32, 'f');
  ExpectError(checkpoint.CheckDefinition("game: leduc\nseed: 2\n", other), kOther,
              {"round-0000000001", "--config", "--out", "\n  game: leduc\n- seed: 1\n+ seed: 2\n"});
  ExpectError(checkpoint.CheckDefinition(own.definition, other), kOther, {"fingerprint", other});
}

TEST_F(Reader, ARunMayBeRenamedOrMadeLonger) {
  // Neither the name nor the length is in a fingerprint (run_definition.h).
  const Checkpoint checkpoint = Checkpoint::Open(Write(1)).value();
  EXPECT_TRUE(
      checkpoint.CheckDefinition("name: longer\n", checkpoint.manifest().position.fingerprint)
          .ok());
}

TEST_F(Reader, ReadsOneNodeOfAnyChunk) {
  const Checkpoint checkpoint = Checkpoint::Open(Write(1)).value();
  const TableLayout& layout = leduc_.table().layout();
  ASSERT_GT(checkpoint.manifest().chunks.size(), 1);
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    std::vector<int32_t> expected(layout.ValuesOf(node));
    leduc_.table().CopyOut(node, absl::MakeSpan(expected));
    EXPECT_EQ(checkpoint.ReadNode(layout, node).value(), expected) << node;
  }
  LeducTable other(AverageStreets::kFirst);
  ExpectError(checkpoint.ReadNode(other.table().layout(), 0).status(), kOther, {"values", "--out"});
}

TEST_F(Reader, FindsTheNewest) {
  Write(9);
  Write(10);
  const auto found = FindNewestValid(folder_);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->checkpoint.manifest().position.round, 10);
  EXPECT_TRUE(found->notes.empty());
  EXPECT_EQ(FindCheckpoint(folder_)->checkpoint.path(), found->checkpoint.path());
  EXPECT_EQ(FindCheckpoint(CheckpointPath(folder_, 9))->checkpoint.manifest().position.round, 9);
}

TEST_F(Reader, PassesOverADamagedOneAndSaysSo) {
  Write(1);
  FlipByte(ManifestPath(Write(2)), 100);
  const auto found = FindNewestValid(folder_);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->checkpoint.manifest().position.round, 1);
  ASSERT_EQ(found->notes.size(), 1);
  EXPECT_NE(found->notes[0].find("round-0000000002/manifest"), std::string::npos);
}

TEST_F(Reader, LoadingPassesOverDamageInsideAChunk) {
  const std::vector<int32_t> values = leduc_.Values();
  const RunPosition own = PositionAt(1);
  Write(1);
  leduc_.Fill(5);
  FlipByte(ChunkPath(Write(2), 1), 50);
  ASSERT_EQ(FindNewestValid(folder_)->checkpoint.manifest().position.round, 2);
  LeducTable to;
  const auto loaded = LoadNewestValid(folder_, own.definition, own.fingerprint, &to.table());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->checkpoint.manifest().position.round, 1);
  ASSERT_EQ(loaded->notes.size(), 1);
  EXPECT_NE(loaded->notes[0].find("chunk-00001"), std::string::npos);
  EXPECT_EQ(to.Values(), values);
}

TEST_F(Reader, DoesNotFallBackBehindAnotherVersionOrDefinition) {
  const RunPosition own = PositionAt(1);
  Write(1);
  const std::string path = Write(2);
  LeducTable to;
  ExpectError(LoadNewestValid(folder_, "seed: 3\n", std::string(32, 'a'), &to.table()).status(),
              kOther, {"round-0000000002", "+ seed: 3"});
  std::string bytes = ReadFile(ManifestPath(path)).value();
  bytes[8] = 2;
  Overwrite(ManifestPath(path), bytes);
  ExpectError(FindNewestValid(folder_).status(), kOther, {"round-0000000002", "format version 2"});
  ExpectError(LoadNewestValid(folder_, own.definition, own.fingerprint, &to.table()).status(),
              kOther, {"format version 2"});
}

TEST_F(Reader, TellsNoneFromNoneWhole) {
  ExpectError(FindNewestValid(folder_).status(), absl::StatusCode::kNotFound,
              {folder_, "no checkpoint"});
  ExpectError(Checkpoint::Open(CheckpointPath(folder_, 1)).status(), absl::StatusCode::kNotFound,
              {"round-0000000001"});
  FlipByte(ManifestPath(Write(1)), 0);
  ExpectError(FindNewestValid(folder_).status(), kDataLoss, {folder_, "damaged", "manifest"});
}

TEST_F(Reader, IgnoresUnfinishedAndForeignNames) {
  Write(1);
  ASSERT_TRUE(CreateDirectories(PartialCheckpointPath(folder_, 2)).ok());
  for (const char* name : {"round-3", "round-0000000004.copy", "round-", "notes"}) {
    ASSERT_TRUE(CreateDirectories(JoinPath(CheckpointsFolder(folder_), name)).ok());
  }
  EXPECT_EQ(ListRounds(folder_).value(), std::vector<uint64_t>{1});
}

}  // namespace
}  // namespace nash
