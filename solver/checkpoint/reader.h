// Finds, opens, checks and loads checkpoints.
//
// Errors of all of it: NotFound when there is none; DataLoss when bytes are missing or have
// changed; FailedPrecondition when it is of another format version, run definition or table; each
// names the file, what was found, what was expected and what to do.
#ifndef NASHVILLE_SOLVER_CHECKPOINT_READER_H_
#define NASHVILLE_SOLVER_CHECKPOINT_READER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/cfr/table.h"
#include "solver/checkpoint/manifest.h"

namespace nash {

// One node as a chunk holds it.
struct NodeRecord {
  NodeIndex node = 0;
  RowIndex first_row;
  uint32_t num_buckets = 0;
  uint32_t values_per_row = 0;
  // [num_buckets x values_per_row]: per bucket regrets, then sums where they are kept.
  absl::Span<const int32_t> values;
};

// A checkpoint whose manifest is whole and whose chunk files are there with the right sizes. What
// the chunks hold is checked when they are read. Immutable and thread-safe; the files must stay.
class Checkpoint {
 public:
  // path: the checkpoint's own folder.
  static absl::StatusOr<Checkpoint> Open(const std::string& path);

  const std::string& path() const { return path_; }
  const Manifest& manifest() const { return manifest_; }

  // Runs are told apart by their fingerprints: a run may be renamed or made longer.
  // Error: FailedPrecondition, with a line diff, when the checkpoint belongs to another run.
  absl::Status CheckDefinition(absl::string_view definition, absl::string_view fingerprint) const;

  // Visits every node once, in order, after its chunk's checksum was found right; stops at the
  // visitor's first error. `visit` is called from this thread; another one reads ahead. Memory:
  // twice the largest chunk.
  using Visitor = std::function<absl::Status(const NodeRecord&)>;
  absl::Status ForEachNode(const Visitor& visit) const;
  // The same where the caller has a layout: another table is refused.
  absl::Status ForEachNodeOf(const TableLayout& layout, const Visitor& visit) const;

  // The nodes of one chunk, as above.
  absl::Status ForEachNodeOfChunk(const TableLayout& layout, size_t chunk,
                                  const Visitor& visit) const;
  // The same of bytes that the caller has: what the chunk's file holds. They start where int32 may.
  absl::Status ForEachNodeIn(const TableLayout& layout, size_t chunk, absl::string_view bytes,
                             const Visitor& visit) const;
  // The values of one node, in canonical form. Reads and checks its chunk only.
  absl::StatusOr<std::vector<int32_t>> ReadNode(const TableLayout& layout, NodeIndex node) const;

  // Fills the whole table, and checks all that Verify() does. After an error the table holds a
  // mixture: load another checkpoint or clear it.
  absl::Status LoadInto(Table* table) const;

  // Reads all and compares all: checksums, sizes, rows, state hash.
  absl::Status Verify() const;

 private:
  Checkpoint(std::string path, Manifest manifest)
      : path_(std::move(path)), manifest_(std::move(manifest)) {}
  // `record` carries the first row of the next chunk on.
  absl::Status VisitChunk(size_t chunk_index, absl::string_view bytes, const Visitor& visit,
                          NodeRecord* record) const;
  std::string path_;
  Manifest manifest_;
};

// A checkpoint, and what was passed over to get to it.
struct FoundCheckpoint {
  Checkpoint checkpoint;
  // One line for each newer checkpoint that is damaged, the newest first: to be told to the user.
  std::vector<std::string> notes;
};

// The newest checkpoint of a run that Open() accepts. Damaged ones are passed over; one of another
// format version is not (the run would fall back silently).
// Errors: NotFound when the run has none at all; DataLoss when all of them are damaged.
absl::StatusOr<FoundCheckpoint> FindNewestValid(const std::string& run_folder);

// `path` is a checkpoint's folder, or a run's: then as FindNewestValid().
absl::StatusOr<FoundCheckpoint> FindCheckpoint(const std::string& path);

// Loads the newest checkpoint of a run that is whole down to its last byte.
// Errors: as FindNewestValid(), CheckDefinition() and LoadInto().
absl::StatusOr<FoundCheckpoint> LoadNewestValid(const std::string& run_folder,
                                                absl::string_view definition,
                                                absl::string_view fingerprint, Table* table);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CHECKPOINT_READER_H_
