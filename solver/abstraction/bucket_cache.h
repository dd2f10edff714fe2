// Bucket files in a folder, by content hash: found there, or built once and kept.
//
// Processes may share a folder: files appear whole (atomic renaming), and two processes that build
// the same file write the same bytes.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_CACHE_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_CACHE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/abstraction/abstraction.h"
#include "solver/abstraction/abstraction_definition.h"
#include "solver/abstraction/bucket_builder.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/game/game_definition.h"

namespace nash {

// $XDG_CACHE_HOME/nashville, or ~/.cache/nashville where `xdg_cache_home` is empty.
std::string CacheFolder(absl::string_view xdg_cache_home, absl::string_view home);

// The files that `definition` needs, by street.
// Error: InvalidArgument where the definition does not fit the game.
absl::StatusOr<std::vector<BucketParameters>> NeededBucketFiles(
    const AbstractionDefinition& definition, const GameDefinition& game);

// Those of `needed` that `folder` does not hold.
std::vector<BucketParameters> MissingBucketFiles(absl::Span<const BucketParameters> needed,
                                                 const std::string& folder);

// Where a stopped build of a file keeps its place: "<file name>.part" in the folder.
std::string JournalPath(const std::string& folder, const BucketParameters& parameters);

// Builds and stores those of `needed` that `folder` does not hold, all streets from one pass over
// the boards; goes on where a build was stopped. Errors: those of BuildBucketFiles(), and of
// writing to `folder`, which is tried before the work: ResourceExhausted where its disk is too
// small.
absl::Status BuildMissingBucketFiles(absl::Span<const BucketParameters> needed,
                                     const GameDefinition& game, const std::string& folder,
                                     const BuildOptions& options);

// Builds and stores what is missing, then opens all. A file that is there but damaged is an error,
// not a reason to build it again. Errors: those of BuildMissingBucketFiles() and
// Abstraction::Open().
absl::StatusOr<Abstraction> LoadOrBuild(const AbstractionDefinition& definition,
                                        const GameDefinition& game, const std::string& folder,
                                        const BuildOptions& options,
                                        BucketCheck check = BucketCheck::kAtOnce);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_CACHE_H_
