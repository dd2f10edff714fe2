// taken_back written --> newer checkpoints removed --> log cut --> next generation: done
//
// A crash at any arrow leaves a generation that is still that of taken_back, so all of it is done
// again, and nothing of it does harm twice. Checkpoints go first, the newest of them first: as long
// as one is there that holds such rounds, nothing else must be taken for the run's state.
// tests/coordinator/run_store_test.cc stops between.
#include "solver/coordinator/taken_back.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "solver/coordinator/run_store.h"

namespace nash {
namespace {

std::string PathIn(const std::string& run_folder) { return JoinPath(run_folder, "taken_back"); }

}  // namespace

absl::StatusOr<TakenBack> ReadTakenBack(const std::string& run_folder) {
  TakenBack taken_back;
  const std::string path = PathIn(run_folder);
  if (!FileExists(path)) return taken_back;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const std::vector<absl::string_view> words =
      absl::StrSplit(absl::StripSuffix(text, "\n"), absl::ByChar(' '));
  if (words.size() != 3 || !absl::SimpleAtoi(words[0], &taken_back.generation) ||
      !absl::SimpleAtoi(words[1], &taken_back.round) ||
      !absl::SimpleAtoi(words[2], &taken_back.history)) {
    return absl::DataLossError(
        absl::StrCat(path,
                     ": holds no three numbers (generation, round, how many times); restore it, or "
                     "remove it if no worker was ever shut out of this run"));
  }
  return taken_back;
}

absl::Status WriteTakenBack(const std::string& run_folder, const TakenBack& taken_back) {
  return WriteFileAtomically(
      PathIn(run_folder),
      absl::StrCat(taken_back.generation, " ", taken_back.round, " ", taken_back.history, "\n"));
}

absl::StatusOr<std::optional<uint64_t>> RoundToTakeBack(const std::string& run_folder) {
  ASSIGN_OR_RETURN(const TakenBack taken_back, ReadTakenBack(run_folder));
  if (taken_back.history == 0) return std::nullopt;
  ASSIGN_OR_RETURN(const uint64_t generation, LastGeneration(run_folder));
  if (generation != taken_back.generation) return std::nullopt;
  return taken_back.round;
}

absl::Status RemoveTakenBack(const std::string& run_folder) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> back_to, RoundToTakeBack(run_folder));
  if (!back_to.has_value()) return absl::OkStatus();
  for (const CheckpointKind kind : {CheckpointKind::kRecent, CheckpointKind::kSnapshot}) {
    ASSIGN_OR_RETURN(const std::vector<uint64_t> rounds, ListRounds(run_folder, kind));
    for (const uint64_t round : rounds) {
      if (round > *back_to) RETURN_IF_ERROR(RemoveAll(CheckpointPath(run_folder, round, kind)));
    }
  }
  return absl::OkStatus();
}

absl::Status FinishTakingBack(const std::string& run_folder) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> back_to, RoundToTakeBack(run_folder));
  if (!back_to.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(RemoveTakenBack(run_folder));
  RETURN_IF_ERROR(RemoveAll(JoinPath(run_folder, "rounds")));
  return NextGeneration(run_folder).status();
}

}  // namespace nash
