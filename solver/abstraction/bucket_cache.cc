#include "solver/abstraction/bucket_cache.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "common/status_macros.h"

namespace nash {
namespace {

// Writes and removes a small file.
absl::Status CheckFolderTakesFiles(const std::string& folder) {
  const std::string path = JoinPath(folder, absl::StrCat(".check-", getpid()));
  RETURN_IF_ERROR(WriteFileAtomically(path, "x"));
  return RemoveAll(path);
}

}  // namespace

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
    if (street.kind == BucketKind::kEhs) needed.push_back(MakeBucketParameters(game, s, street));
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
  return BuildBucketFiles(
      game, missing, options, [&](const BucketParameters& parameters, absl::string_view bytes) {
        return WriteFileAtomically(JoinPath(folder, parameters.FileName()), bytes);
      });
}

absl::StatusOr<Abstraction> LoadOrBuild(const AbstractionDefinition& definition,
                                        const GameDefinition& game, const std::string& folder,
                                        const BuildOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed, NeededBucketFiles(definition, game));
  RETURN_IF_ERROR(BuildMissingBucketFiles(needed, game, folder, options));
  return Abstraction::Open(definition, game, folder);
}

}  // namespace nash
