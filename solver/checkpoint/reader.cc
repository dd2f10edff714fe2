// What is checked, in this order, each at a cost that fits where it stands:
//
//   Open()          the manifest's checksum; that each chunk is there with its size
//   VisitChunk()    a chunk's checksum, before a visitor sees any of it
//   RecordReader    that records fill the chunk exactly, with shapes that are possible
//   CheckRecord()   where a layout is given: that the record is this table's node
//   CheckState()    at the end: the hash of all rows, and how many are not zero
//
// Checksums find accidents. The checks after them are for files that a faulty or malicious writer
// made with right checksums: they may give wrong values, but never a read past a buffer.
//
// FindNewest() goes back to an older checkpoint only over damage (DataLoss). Another format version
// or another run definition is an error at once: an older file would hide it, and a run would
// silently lose rounds. LoadInto() may have filled half the table when damage is found; that is
// harmless, since the next checkpoint covers every node, and where none is left the caller gives
// up.
//
// Nothing is mapped: a chunk is read past the page cache into one of two buffers while the one
// before it is visited. tests/checkpoint/reader_test.cc flips every byte of every file and cuts and
// lengthens files; tests/fuzz/checkpoint searches on in manifests.
#include "solver/checkpoint/reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <future>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/checksum.h"
#include "common/files.h"
#include "common/huge_array.h"
#include "common/large_file.h"
#include "common/status_macros.h"
#include "solver/cfr/state_hash.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/checkpoint/definition_diff.h"

namespace nash {
namespace {

// A file that is missing or has another size is damage to the checkpoint as a whole; other failures
// (permissions, a failing device) keep their own words.
absl::Status CheckChunkFile(const std::string& path, const ChunkEntry& chunk) {
  const absl::StatusOr<uint64_t> bytes = FileBytes(path);
  if (absl::IsNotFound(bytes.status())) return CorruptCheckpointError(path, "is missing");
  if (!bytes.ok()) return bytes.status();
  if (*bytes == chunk.bytes) return absl::OkStatus();
  return CorruptCheckpointError(path, absl::StrCat("has ", *bytes, " bytes, expected ", chunk.bytes,
                                                   ": it was cut short or changed"));
}

// What a checkpoint holds is what its manifest says. One under another's name would be taken for
// the newest, or hide the one whose name it has.
absl::Status CheckName(absl::string_view path, uint64_t round) {
  while (absl::ConsumeSuffix(&path, "/")) {
  }
  const absl::string_view name = path.substr(path.rfind('/') + 1);
  const std::optional<uint64_t> named = RoundOfCheckpoint(name);
  if (!named.has_value() || *named == round) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(path, ": holds round ", round, ", not the one of its name: it was renamed or ",
                   "copied; rename it to ", CheckpointName(round), ", or remove it"));
}

// Splits a chunk into records. Bytes whose checksum is right were written by a writer, but maybe by
// one with a fault: sizes are checked all the same.
class RecordReader {
 public:
  RecordReader(const std::string& path, absl::string_view bytes) : path_(path), bytes_(bytes) {}

  absl::Status Read(NodeRecord* record) {
    NodeRecordHeader header;
    if (bytes_.size() < sizeof(header)) return Broken(record->node, "ends before its record");
    std::memcpy(&header, bytes_.data(), sizeof(header));
    bytes_.remove_prefix(sizeof(header));
    if (header.values_per_row == 0 || header.values_per_row > 2 * kActionsMax ||
        header.num_buckets == 0) {
      return Broken(record->node, absl::StrCat("has ", header.num_buckets, " rows of ",
                                               header.values_per_row, " values"));
    }
    const uint64_t num_values = uint64_t{header.num_buckets} * header.values_per_row;
    if (num_values > bytes_.size() / sizeof(int32_t)) {
      return Broken(record->node, "ends in the middle of its values");
    }
    record->num_buckets = header.num_buckets;
    record->values_per_row = header.values_per_row;
    // Aligned: the buffer starts on a page, the header has 8 bytes, values have 4.
    record->values =
        absl::MakeConstSpan(reinterpret_cast<const int32_t*>(bytes_.data()), num_values);
    bytes_.remove_prefix(num_values * sizeof(int32_t));
    return absl::OkStatus();
  }

  absl::Status ExpectEnd(NodeIndex last_node) const {
    if (bytes_.empty()) return absl::OkStatus();
    return Broken(last_node, absl::StrCat("is followed by ", bytes_.size(), " more bytes"));
  }

 private:
  absl::Status Broken(NodeIndex node, absl::string_view what) const {
    return CorruptCheckpointError(path_, absl::StrCat("node ", node, " ", what));
  }
  const std::string& path_;
  absl::string_view bytes_;
};

absl::Status CheckState(const std::string& manifest_path, const Manifest& manifest,
                        const StateSummary& found) {
  if (found.hash != manifest.state_hash) {
    return CorruptCheckpointError(
        manifest_path, absl::StrCat("its state hash is ", FormatStateHash(manifest.state_hash),
                                    ", the table's is ", FormatStateHash(found.hash)));
  }
  if (found.rows_reached != manifest.rows_reached) {
    return CorruptCheckpointError(
        manifest_path,
        absl::StrCat("it tells of ", manifest.rows_reached,
                     " rows that are not all zero, the table has ", found.rows_reached));
  }
  return absl::OkStatus();
}

absl::Status OtherTable(const std::string& path, absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": ", what,
                   "; the same run definition gave another table to the program that wrote it: use "
                   "that release, or start anew in another folder (--out)"));
}

absl::Status CheckShape(const std::string& path, const Manifest& manifest,
                        const TableLayout& layout) {
  if (manifest.num_nodes == layout.num_nodes() && manifest.num_rows == layout.num_rows() &&
      manifest.num_values == layout.num_values()) {
    return absl::OkStatus();
  }
  return OtherTable(path, absl::StrCat("has a table of ", manifest.num_nodes, " nodes, ",
                                       manifest.num_rows, " rows and ", manifest.num_values,
                                       " values, this run's has ", layout.num_nodes(), ", ",
                                       layout.num_rows(), " and ", layout.num_values()));
}

absl::Status CheckRecord(const std::string& path, const NodeRecord& record,
                         const TableLayout& layout) {
  if (record.num_buckets == layout.NumBuckets(record.node) &&
      record.values_per_row == layout.ValuesPerRow(record.node)) {
    return absl::OkStatus();
  }
  return OtherTable(
      path, absl::StrCat("node ", record.node, " has ", record.num_buckets, " rows of ",
                         record.values_per_row, " values, this run's has ",
                         layout.NumBuckets(record.node), " of ", layout.ValuesPerRow(record.node)));
}

absl::Status NoneLeft(const std::string& run_folder, const std::vector<std::string>& notes) {
  if (notes.empty()) {
    return absl::NotFoundError(absl::StrCat(
        CheckpointsFolder(run_folder),
        ": no checkpoint is there; check the folder, or let train_blueprint write one first"));
  }
  return absl::DataLossError(
      absl::StrCat("all checkpoints of ", run_folder, " are damaged; the newest: ", notes.front()));
}

// Tries a run's checkpoints from the newest on until `accept` is OK; only damage is passed over.
absl::StatusOr<FoundCheckpoint> FindNewest(
    const std::string& run_folder, const std::function<absl::Status(const Checkpoint&)>& accept) {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> rounds, ListRounds(run_folder));
  std::vector<std::string> notes;
  for (const uint64_t round : rounds) {
    absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Open(CheckpointPath(run_folder, round));
    absl::Status status = checkpoint.status();
    if (status.ok()) status = accept(*checkpoint);
    if (status.ok()) return FoundCheckpoint{*std::move(checkpoint), std::move(notes)};
    if (!absl::IsDataLoss(status)) return status;
    notes.push_back(std::string(status.message()));
  }
  return NoneLeft(run_folder, notes);
}

}  // namespace

absl::StatusOr<Checkpoint> Checkpoint::Open(const std::string& path) {
  if (!FileExists(path)) {
    return absl::NotFoundError(absl::StrCat(path, ": there is no such checkpoint; check the path"));
  }
  const std::string manifest_path = ManifestPath(path);
  const absl::StatusOr<std::string> bytes = ReadFile(manifest_path, kManifestBytesMax);
  if (absl::IsNotFound(bytes.status())) return CorruptCheckpointError(manifest_path, "is missing");
  if (absl::IsResourceExhausted(bytes.status())) {
    return CorruptCheckpointError(manifest_path, "is larger than a manifest can be");
  }
  if (!bytes.ok()) return bytes.status();
  ASSIGN_OR_RETURN(Manifest manifest, DecodeManifest(*bytes, manifest_path));
  RETURN_IF_ERROR(CheckName(path, manifest.position.round));
  for (size_t i = 0; i < manifest.chunks.size(); ++i) {
    RETURN_IF_ERROR(CheckChunkFile(ChunkPath(path, i), manifest.chunks[i]));
  }
  return Checkpoint(path, std::move(manifest));
}

absl::Status Checkpoint::CheckDefinition(absl::string_view definition,
                                         absl::string_view fingerprint) const {
  const RunPosition& own = manifest_.position;
  if (own.fingerprint == fingerprint) return absl::OkStatus();
  if (own.definition == definition) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, ": has the same run definition but the fingerprint ", own.fingerprint,
                     ", expected ", fingerprint, "; use the release of the program that wrote it"));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      path_,
      ": belongs to another run definition; use that one (leave --config out), or start anew in "
      "another folder (--out); - is the checkpoint's, + is the given one:\n",
      DiffDefinitions(own.definition, definition)));
}

absl::Status Checkpoint::VisitChunk(size_t chunk_index, absl::string_view bytes,
                                    const Visitor& visit, NodeRecord* record) const {
  const ChunkEntry& chunk = manifest_.chunks[chunk_index];
  const std::string chunk_path = ChunkPath(path_, chunk_index);
  const Checksum found = ChecksumOf(bytes);
  if (found != chunk.checksum) {
    return CorruptCheckpointError(chunk_path,
                                  absl::StrCat("its checksum is ", found.Hex(), ", expected ",
                                               chunk.checksum.Hex(), ": its bytes have changed"));
  }
  RecordReader reader(chunk_path, bytes);
  for (uint32_t n = 0; n < chunk.num_nodes; ++n) {
    record->node = chunk.first_node + n;
    RETURN_IF_ERROR(reader.Read(record));
    RETURN_IF_ERROR(visit(*record));
    record->first_row.value += record->num_buckets;
  }
  return reader.ExpectEnd(record->node);
}

absl::Status Checkpoint::ForEachNode(const Visitor& visit) const {
  uint64_t largest = 0;
  for (const ChunkEntry& chunk : manifest_.chunks) largest = std::max(largest, chunk.bytes);
  // Open() saw files of these sizes, so that the size is not a forged one.
  std::array<HugeArray, 2> buffers;
  for (HugeArray& buffer : buffers) {
    ASSIGN_OR_RETURN(buffer, HugeArray::Make(largest));
  }
  const auto read = [&](size_t i) {
    return std::async(std::launch::async, [this, i, buffer = buffers[i % 2].data()] {
      const std::string chunk_path = ChunkPath(path_, i);
      const absl::Status status = CheckChunkFile(chunk_path, manifest_.chunks[i]);
      if (!status.ok()) return status;
      return ReadLargeFile(chunk_path, manifest_.chunks[i].bytes, buffer);
    });
  };
  // One chunk is read while the one before it is visited. After the buffers: its end is awaited
  // before they go.
  std::future<absl::Status> reading = read(0);
  NodeRecord record;
  for (size_t i = 0; i < manifest_.chunks.size(); ++i) {
    RETURN_IF_ERROR(reading.get());
    if (i + 1 < manifest_.chunks.size()) reading = read(i + 1);
    const absl::string_view bytes(buffers[i % 2].data(), manifest_.chunks[i].bytes);
    RETURN_IF_ERROR(VisitChunk(i, bytes, visit, &record));
  }
  // The manifest's sizes add up, so the values are as many as it says; the rows need not be.
  if (record.first_row.value == manifest_.num_rows) return absl::OkStatus();
  return CorruptCheckpointError(ManifestPath(path_),
                                absl::StrCat("it tells of ", manifest_.num_rows,
                                             " rows, the chunks have ", record.first_row.value));
}

absl::Status Checkpoint::ForEachNodeOf(const TableLayout& layout, const Visitor& visit) const {
  RETURN_IF_ERROR(CheckShape(path_, manifest_, layout));
  return ForEachNode([&](const NodeRecord& record) {
    RETURN_IF_ERROR(CheckRecord(path_, record, layout));
    return visit(record);
  });
}

absl::Status Checkpoint::ForEachNodeOfChunk(const TableLayout& layout, size_t chunk,
                                            const Visitor& visit) const {
  RETURN_IF_ERROR(CheckShape(path_, manifest_, layout));
  const uint64_t bytes = manifest_.chunks[chunk].bytes;
  ASSIGN_OR_RETURN(HugeArray buffer, HugeArray::Make(bytes));
  RETURN_IF_ERROR(CheckChunkFile(ChunkPath(path_, chunk), manifest_.chunks[chunk]));
  RETURN_IF_ERROR(ReadLargeFile(ChunkPath(path_, chunk), bytes, buffer.data()));
  return ForEachNodeIn(layout, chunk, absl::string_view(buffer.data(), bytes), visit);
}

absl::Status Checkpoint::ForEachNodeIn(const TableLayout& layout, size_t chunk,
                                       absl::string_view bytes, const Visitor& visit) const {
  RETURN_IF_ERROR(CheckShape(path_, manifest_, layout));
  NodeRecord record;
  record.first_row = layout.FirstRow(manifest_.chunks[chunk].first_node);
  return VisitChunk(
      chunk, bytes,
      [&](const NodeRecord& found) {
        RETURN_IF_ERROR(CheckRecord(path_, found, layout));
        return visit(found);
      },
      &record);
}

absl::StatusOr<std::vector<int32_t>> Checkpoint::ReadNode(const TableLayout& layout,
                                                          NodeIndex node) const {
  RETURN_IF_ERROR(CheckShape(path_, manifest_, layout));
  size_t chunk = 0;
  while (manifest_.chunks[chunk].first_node + manifest_.chunks[chunk].num_nodes <= node) ++chunk;
  std::vector<int32_t> values;
  RETURN_IF_ERROR(ForEachNodeOfChunk(layout, chunk, [&](const NodeRecord& found) {
    if (found.node == node) values.assign(found.values.begin(), found.values.end());
    return absl::OkStatus();
  }));
  return values;
}

absl::Status Checkpoint::LoadInto(Table* table) const {
  StateSummary state;
  RETURN_IF_ERROR(ForEachNodeOf(table->layout(), [&](const NodeRecord& record) {
    table->CopyIn(record.node, record.values);
    state += SummariseRows(record.first_row, record.values_per_row, record.values);
    return absl::OkStatus();
  }));
  return CheckState(ManifestPath(path_), manifest_, state);
}

absl::Status Checkpoint::Verify() const {
  StateSummary state;
  RETURN_IF_ERROR(ForEachNode([&](const NodeRecord& record) {
    state += SummariseRows(record.first_row, record.values_per_row, record.values);
    return absl::OkStatus();
  }));
  return CheckState(ManifestPath(path_), manifest_, state);
}

absl::StatusOr<FoundCheckpoint> FindNewestValid(const std::string& run_folder) {
  return FindNewest(run_folder, [](const Checkpoint&) { return absl::OkStatus(); });
}

absl::StatusOr<FoundCheckpoint> FindCheckpoint(const std::string& path) {
  // One that has lost its manifest is damaged; it is no run without checkpoints.
  if (!FileExists(ManifestPath(path)) && !FileExists(ChunkPath(path, 0))) {
    return FindNewestValid(path);
  }
  ASSIGN_OR_RETURN(Checkpoint checkpoint, Checkpoint::Open(path));
  return FoundCheckpoint{std::move(checkpoint), {}};
}

absl::StatusOr<FoundCheckpoint> LoadNewestValid(const std::string& run_folder,
                                                absl::string_view definition,
                                                absl::string_view fingerprint, Table* table) {
  return FindNewest(run_folder, [&](const Checkpoint& checkpoint) {
    const absl::Status status = checkpoint.CheckDefinition(definition, fingerprint);
    return status.ok() ? checkpoint.LoadInto(table) : status;
  });
}

}  // namespace nash
