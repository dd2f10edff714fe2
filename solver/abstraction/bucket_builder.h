// Makes bucket files of "ehs" streets: exact strengths once for all of them, then percentiles.
//
// Sources: percentile buckets of hand strength: Gilpin & Sandholm, "A competitive Texas hold'em
// poker player via automated abstraction and real-time equilibrium computation", AAAI 2006.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BUILDER_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BUILDER_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/abstraction/hand_strengths.h"
#include "solver/game/game_definition.h"

namespace nash {

struct BuildOptions {
  int threads = 1;  // changes no byte
  ProgressCallback progress = [](const BuildProgress&) {};
};

// Takes a finished file: its parameters, and all its bytes.
using BucketFileSink = std::function<absl::Status(const BucketParameters&, absl::string_view)>;

// Builds the files of `wanted`, all of kind kEhs and of `game`, one after the other.
// Errors: ResourceExhausted (memory, before anything is done), InvalidArgument (more buckets than
// a street has different strengths), those of `sink`.
absl::Status BuildBucketFiles(const GameDefinition& game, absl::Span<const BucketParameters> wanted,
                              const BuildOptions& options, const BucketFileSink& sink);

// Memory that BuildBucketFiles() takes at most.
uint64_t BuildBytesNeeded(const GameDefinition& game, absl::Span<const BucketParameters> wanted);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BUILDER_H_
