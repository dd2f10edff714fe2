// Files are found by name alone: a name holds the hash of all that the contents depend on, so that
// a file that is there is the right one (Abstraction::Open still checks it). There is no list of
// files and no lock. Two processes that build one file write the same bytes to two names, and the
// later rename wins.
//
// Before a build that may take hours the folder is tried with a small file, and the disk is asked
// for room: what would fail at the end fails at the start.
#include "solver/abstraction/bucket_cache.h"

#include <unistd.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/abstraction/build_journal.h"

namespace nash {
namespace {

// Writes and removes a small file.
absl::Status CheckFolderTakesFiles(const std::string& folder) {
  const std::string path = JoinPath(folder, absl::StrCat(".check-", getpid()));
  RETURN_IF_ERROR(WriteFileAtomically(path, "x"));
  return RemoveAll(path);
}

absl::Status CheckDiskHolds(absl::Span<const BucketParameters> files, const std::string& folder) {
  uint64_t needed = 0;
  for (const BucketParameters& parameters : files) needed += BucketFileBytes(parameters);
  ASSIGN_OR_RETURN(const uint64_t free, FreeDiskBytes(folder));
  if (needed <= free) return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrFormat(
      "%s: the bucket files take %.1f MB and the disk has %.1f MB left: make room, or choose "
      "another folder (--out)",
      folder, needed / 1e6, free / 1e6));
}

class FolderStore : public BucketStore {
 public:
  explicit FolderStore(const std::string& folder) : folder_(folder) {}

  absl::StatusOr<std::unique_ptr<ClusterJournal>> OpenJournal(
      const BucketParameters& parameters) override {
    return BuildJournal::Open(JournalPath(folder_, parameters), parameters.ContentHash());
  }
  absl::Status Put(const BucketParameters& parameters, absl::string_view bytes) override {
    RETURN_IF_ERROR(WriteFileAtomically(JoinPath(folder_, parameters.FileName()), bytes));
    return RemoveAll(JournalPath(folder_, parameters));
  }

 private:
  const std::string folder_;
};

}  // namespace

std::string JournalPath(const std::string& folder, const BucketParameters& parameters) {
  return JoinPath(folder, absl::StrCat(parameters.FileName(), ".part"));
}

std::string CacheFolder(absl::string_view xdg_cache_home, absl::string_view home) {
  return xdg_cache_home.empty() ? JoinPath(home, ".cache/nashville")
                                : JoinPath(xdg_cache_home, "nashville");
}

absl::StatusOr<std::vector<BucketParameters>> NeededBucketFiles(
    const AbstractionDefinition& definition, const GameDefinition& game) {
  std::vector<BucketParameters> needed;
  for (int s = 0; s < game.num_streets; ++s) {
    const StreetAbstraction& street = definition.streets[s];
    RETURN_IF_ERROR(CheckStreetAbstraction(street, game, s));
    if (street.kind != BucketKind::kLossless) {
      needed.push_back(MakeBucketParameters(game, s, street));
    }
  }
  return needed;
}

std::vector<BucketParameters> MissingBucketFiles(absl::Span<const BucketParameters> needed,
                                                 const std::string& folder) {
  std::vector<BucketParameters> missing;
  for (const BucketParameters& parameters : needed) {
    if (!FileExists(JoinPath(folder, parameters.FileName()))) missing.push_back(parameters);
  }
  return missing;
}

absl::Status BuildMissingBucketFiles(absl::Span<const BucketParameters> needed,
                                     const GameDefinition& game, const std::string& folder,
                                     const BuildOptions& options) {
  const std::vector<BucketParameters> missing = MissingBucketFiles(needed, folder);
  if (missing.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CreateDirectories(folder));
  RETURN_IF_ERROR(CheckFolderTakesFiles(folder));
  RETURN_IF_ERROR(CheckDiskHolds(missing, folder));
  FolderStore store(folder);
  return BuildBucketFiles(game, missing, options, &store);
}

absl::StatusOr<Abstraction> LoadOrBuild(const AbstractionDefinition& definition,
                                        const GameDefinition& game, const std::string& folder,
                                        const BuildOptions& options, BucketCheck check) {
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed, NeededBucketFiles(definition, game));
  RETURN_IF_ERROR(BuildMissingBucketFiles(needed, game, folder, options));
  return Abstraction::Open(definition, game, folder, check);
}

}  // namespace nash
