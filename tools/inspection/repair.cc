// inspect_checkpoint repair: the newest state of a run that verifies, in a new folder.
//
// What is copied is read to its last byte first, and the copy once more after. Nothing of the run's
// folder is changed or linked to. Of a cluster's round log what is whole behind the checkpoint
// comes along, so that its rounds are not lost; what is damaged, and all behind it, stays. The new
// folder appears under its name when it is complete.
//
//   RUN/checkpoints/round-N   newest that verifies  ->  OUT.partial/checkpoints/round-N
//   RUN/snapshots ...         of rounds up to N     ->  the same names
//   RUN/rounds/...            whole rounds          ->  the same, the last segment cut
//                                                       OUT.partial  ->  OUT
//
// Rounds that were taken back (solver/coordinator/taken_back.h) and are still there, since whoever
// took them back died, are none that verify; the log's go when the new folder is gone on with.
//
// A damaged snapshot is told of and left behind, and the rest is copied all the same: training can
// go on without it, though the average strategy of later streets cannot be told any more.
// tests/tools/look_test.sh damages the newest checkpoint and the log's end, and trains on from what
// repair gives, to the bytes of a run that was never damaged.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/append_file.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/checkpoint/reader.h"
#include "solver/coordinator/taken_back.h"
#include "solver/run/run_definition.h"
#include "tools/inspection/commands.h"
#include "tools/inspection/inspected_run.h"
#include "tools/inspection/round_log_walk.h"
#include "tools/program/print_json.h"
#include "tools/stored/stored_run.h"

namespace nash {
namespace {

struct Repaired {
  std::string checkpoint;  // that was taken
  uint64_t round = 0;
  uint64_t log_rounds = 0;  // rounds that the log leads on to; the checkpoint's own without a log
  std::optional<uint64_t> back_to;  // rounds after this one were taken back
  size_t snapshots = 0;
  std::vector<std::string> left_behind;  // a line each
};

// The first `bytes` bytes of a file, all if it has no more, durable before the folder gets its
// name.
absl::Status CopyFile(const std::string& from, const std::string& to, uint64_t bytes = UINT64_MAX) {
  std::error_code error;
  std::filesystem::copy_file(from, to, error);
  // A copy of a file that nobody may write to is not to be one: the run goes on in it.
  if (!error) {
    std::filesystem::permissions(to, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add, error);
  }
  if (error) return FileError(to, absl::StrCat("cannot be copied from ", from), error.value());
  ASSIGN_OR_RETURN(AppendFile copy, AppendFile::Open(to));
  if (bytes < copy.bytes()) RETURN_IF_ERROR(copy.Truncate(bytes));
  return copy.Sync();
}

absl::Status CopyCheckpoint(const Checkpoint& checkpoint, const std::string& to) {
  RETURN_IF_ERROR(CreateDirectories(to));
  RETURN_IF_ERROR(CopyFile(ManifestPath(checkpoint.path()), ManifestPath(to)));
  for (size_t i = 0; i < checkpoint.manifest().chunks.size(); ++i) {
    RETURN_IF_ERROR(CopyFile(ChunkPath(checkpoint.path(), i), ChunkPath(to, i)));
  }
  RETURN_IF_ERROR(SyncFolder(to));
  ASSIGN_OR_RETURN(const Checkpoint copy, Checkpoint::Open(to));
  return copy.Verify();
}

// The newest that is whole to its last byte. One of another format version is no damage, and what
// is older is not taken instead.
absl::StatusOr<Checkpoint> NewestWhole(const std::string& folder, Repaired* repaired) {
  if (FileExists(ManifestPath(folder))) {
    return absl::InvalidArgumentError(absl::StrCat(
        folder, ": is one checkpoint; repair takes the run's folder (--out of train_blueprint)"));
  }
  ASSIGN_OR_RETURN(const std::vector<uint64_t> rounds, ListRounds(folder));
  for (const uint64_t round : rounds) {
    if (round > repaired->back_to.value_or(round)) {
      repaired->left_behind.push_back(
          absl::StrCat(CheckpointPath(folder, round), ": rounds after ", *repaired->back_to,
                       " were taken back, because a worker that gave of them was caught"));
      continue;
    }
    absl::StatusOr<Checkpoint> checkpoint = Checkpoint::Open(CheckpointPath(folder, round));
    absl::Status status = checkpoint.status();
    if (status.ok()) status = checkpoint->Verify();
    if (status.ok()) return checkpoint;
    if (!absl::IsDataLoss(status)) return status;
    repaired->left_behind.push_back(std::string(status.message()));
  }
  if (rounds.empty()) {
    return absl::NotFoundError(
        absl::StrCat(CheckpointsFolder(folder), ": no checkpoint is there; check the folder"));
  }
  return absl::DataLossError(absl::StrCat(
      "all checkpoints of ", folder,
      " are damaged: restore one from a copy; the newest: ", repaired->left_behind.front()));
}

// Those up to the checkpoint's round: the average strategy of later streets is made of them.
absl::Status CopySnapshots(const std::string& folder, uint64_t round, const std::string& out,
                           Repaired* repaired) {
  constexpr CheckpointKind kKind = CheckpointKind::kSnapshot;
  ASSIGN_OR_RETURN(const std::vector<uint64_t> rounds, ListRounds(folder, kKind));
  for (const uint64_t snapshot : rounds) {
    if (snapshot > round) continue;
    const absl::StatusOr<Checkpoint> found =
        Checkpoint::Open(CheckpointPath(folder, snapshot, kKind));
    absl::Status status = found.status();
    if (status.ok()) status = found->Verify();
    if (!status.ok()) {
      repaired->left_behind.push_back(absl::StrCat(
          status.message(), " (a snapshot: the average strategy of later streets is lost)"));
      continue;
    }
    RETURN_IF_ERROR(CopyCheckpoint(*found, CheckpointPath(out, snapshot, kKind)));
    ++repaired->snapshots;
  }
  return absl::OkStatus();
}

// What of the log leads on from the checkpoint.
absl::Status CopyLog(const std::string& folder, const RunDefinition& definition,
                     const std::string& out, Repaired* repaired) {
  const std::string rounds = JoinPath(folder, "rounds");
  if (!FileExists(rounds)) return absl::OkStatus();
  const auto ignore = [](const LoggedRound&) {};
  const absl::StatusOr<LogWalk> walk = WalkRoundLog(rounds, Fingerprint(definition), ignore);
  if (absl::IsNotFound(walk.status())) return absl::OkStatus();
  RETURN_IF_ERROR(walk.status());
  if (!walk->damage.empty()) repaired->left_behind.push_back(walk->damage);
  if (walk->first_round > repaired->round || walk->rounds < repaired->round) {
    repaired->left_behind.push_back(
        absl::StrCat(rounds, ": holds rounds ", walk->first_round, " to ", walk->rounds,
                     ", which do not lead on from round ", repaired->round));
    return absl::OkStatus();
  }
  const std::string to = JoinPath(out, "rounds");
  RETURN_IF_ERROR(CreateDirectories(to));
  for (const LogSegment& segment : walk->segments) {
    // A segment that has no whole round is begun anew by who goes on.
    if (segment.whole_bytes <= kSegmentHeaderBytes) break;
    RETURN_IF_ERROR(CopyFile(segment.path, JoinPath(to, SegmentName(segment.first_round)),
                             segment.whole_bytes));
  }
  repaired->log_rounds = std::min(walk->rounds, repaired->back_to.value_or(walk->rounds));
  return SyncFolder(to);
}

absl::Status CheckTarget(const std::string& out) {
  if (!FileExists(out)) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat(out, ": is there already; repair writes a new folder: name another"));
}

absl::StatusOr<Repaired> Repair(const std::string& folder, const std::string& out,
                                const std::string& part) {
  Repaired repaired;
  ASSIGN_OR_RETURN(repaired.back_to, RoundToTakeBack(folder));
  ASSIGN_OR_RETURN(const Checkpoint checkpoint, NewestWhole(folder, &repaired));
  ASSIGN_OR_RETURN(const RunDefinition definition, DefinitionOf(checkpoint));
  repaired.checkpoint = checkpoint.path();
  repaired.round = repaired.log_rounds = checkpoint.manifest().position.round;
  RETURN_IF_ERROR(CreateDirectories(part));
  RETURN_IF_ERROR(CopyCheckpoint(checkpoint, CheckpointPath(part, repaired.round)));
  RETURN_IF_ERROR(CopySnapshots(folder, repaired.round, part, &repaired));
  RETURN_IF_ERROR(CopyLog(folder, definition, part, &repaired));
  for (const char* const name : {"metrics.jsonl", "generation", "quarantined", "taken_back"}) {
    const std::string from = JoinPath(folder, name);
    if (FileExists(from)) RETURN_IF_ERROR(CopyFile(from, JoinPath(part, name)));
  }
  // The text that the checkpoint holds, whatever has become of the one beside it.
  RETURN_IF_ERROR(
      WriteNewFile(JoinPath(part, "run.yaml"), checkpoint.manifest().position.definition));
  RETURN_IF_ERROR(SyncFolder(part));
  RETURN_IF_ERROR(RenamePath(part, out));
  RETURN_IF_ERROR(SyncFolder(FolderOf(out)));
  return repaired;
}

}  // namespace

absl::Status InspectRepair(const RepairRequest& request) {
  absl::string_view out = request.out;
  while (out.size() > 1 && absl::ConsumeSuffix(&out, "/")) {
  }
  const std::string target(out);
  RETURN_IF_ERROR(CheckTarget(target));
  if (!FileExists(FolderOf(target))) {
    return absl::NotFoundError(
        absl::StrCat(target, ": the folder that it is to lie in is not there; create it first"));
  }
  const std::string part = target + ".partial";
  RETURN_IF_ERROR(CheckTarget(part));
  const absl::StatusOr<Repaired> repaired = Repair(request.folder, target, part);
  if (!repaired.ok()) {
    // What was begun goes; where that fails too, the error that comes first is the one to read.
    RemoveAll(part).IgnoreError();
    return repaired.status();
  }
  if (request.as_json) {
    PrintJson({{"folder", target},
               {"checkpoint", repaired->checkpoint},
               {"round", repaired->round},
               {"log_rounds", repaired->log_rounds},
               {"snapshots", repaired->snapshots},
               {"left_behind", repaired->left_behind}});
    return absl::OkStatus();
  }
  for (const std::string& line : repaired->left_behind) {
    std::printf("left behind: %s\n", line.c_str());
  }
  std::printf("%s: round %llu of %s, verified", target.c_str(),
              static_cast<unsigned long long>(repaired->round), repaired->checkpoint.c_str());
  if (repaired->log_rounds > repaired->round) {
    std::printf(", and the log up to round %llu",
                static_cast<unsigned long long>(repaired->log_rounds));
  }
  std::printf("; train_blueprint --resume --out=%s goes on\n", target.c_str());
  return absl::OkStatus();
}

}  // namespace nash
