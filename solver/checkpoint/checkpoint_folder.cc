// A checkpoint is there when its folder has its name, since a rename is all or nothing. One of the
// same round takes the old one's place by exchange (ReplaceFolder), which leaves no moment without
// either where the file system knows how.
//
// RemoveOldCheckpoints() counts back from the round just written and leaves later ones alone: those
// are of a run that was set back on purpose, and their owner decides. Names that no writer gives
// are ignored.
#include "solver/checkpoint/checkpoint_folder.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr char kRoundPrefix[] = "round-";
constexpr char kPartialPrefix[] = "partial-";

}  // namespace

std::string CheckpointName(uint64_t round) {
  return absl::StrFormat("%s%010d", kRoundPrefix, round);
}

std::string CheckpointsFolder(const std::string& run_folder, CheckpointKind kind) {
  return JoinPath(run_folder, kind == CheckpointKind::kSnapshot ? "snapshots" : "checkpoints");
}

std::string CheckpointPath(const std::string& run_folder, uint64_t round, CheckpointKind kind) {
  return JoinPath(CheckpointsFolder(run_folder, kind), CheckpointName(round));
}

std::string PartialCheckpointPath(const std::string& run_folder, uint64_t round,
                                  CheckpointKind kind) {
  return JoinPath(CheckpointsFolder(run_folder, kind), kPartialPrefix + CheckpointName(round));
}

std::string ManifestPath(const std::string& checkpoint_path) {
  return JoinPath(checkpoint_path, "manifest");
}

std::string ChunkPath(const std::string& checkpoint_path, size_t chunk) {
  return JoinPath(checkpoint_path, absl::StrFormat("chunk-%05d", chunk));
}

std::optional<uint64_t> RoundOfCheckpoint(absl::string_view name) {
  uint64_t round = 0;
  absl::string_view digits = name;
  // Only names that a writer gives: "round-7" would be another folder than that of round 7.
  if (!absl::ConsumePrefix(&digits, kRoundPrefix) || !absl::SimpleAtoi(digits, &round) ||
      name != CheckpointName(round)) {
    return std::nullopt;
  }
  return round;
}

absl::StatusOr<std::vector<uint64_t>> ListRounds(const std::string& run_folder,
                                                 CheckpointKind kind) {
  std::vector<uint64_t> rounds;
  absl::StatusOr<std::vector<std::string>> names = ListFolder(CheckpointsFolder(run_folder, kind));
  if (absl::IsNotFound(names.status())) return rounds;
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    const std::optional<uint64_t> round = RoundOfCheckpoint(name);
    if (round.has_value()) rounds.push_back(*round);
  }
  std::sort(rounds.rbegin(), rounds.rend());
  return rounds;
}

absl::Status RemovePartialCheckpoints(const std::string& run_folder, CheckpointKind kind) {
  const std::string folder = CheckpointsFolder(run_folder, kind);
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListFolder(folder));
  for (const std::string& name : names) {
    if (absl::StartsWith(name, kPartialPrefix)) RETURN_IF_ERROR(RemoveAll(JoinPath(folder, name)));
  }
  return absl::OkStatus();
}

absl::Status PublishCheckpoint(const std::string& run_folder, uint64_t round, CheckpointKind kind) {
  const std::string partial = PartialCheckpointPath(run_folder, round, kind);
  const std::string place = CheckpointPath(run_folder, round, kind);
  RETURN_IF_ERROR(ReplaceFolder(partial, place));
  return SyncFolder(CheckpointsFolder(run_folder, kind));
}

absl::Status RemoveOldCheckpoints(const std::string& run_folder, uint64_t newest_round, int keep,
                                  uint64_t confirmed_round) {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> rounds, ListRounds(run_folder));
  if (rounds.empty()) return absl::OkStatus();
  const auto confirmed = std::find_if(rounds.begin(), rounds.end(), [&](uint64_t round) {
    return round <= std::min(confirmed_round, newest_round);
  });
  const uint64_t way_back = confirmed == rounds.end() ? rounds.back() : *confirmed;
  int kept = 0;
  for (const uint64_t round : rounds) {
    if (round > newest_round || ++kept <= std::max(keep, 1) || round == way_back) continue;
    RETURN_IF_ERROR(RemoveAll(CheckpointPath(run_folder, round)));
  }
  return absl::OkStatus();
}

}  // namespace nash
