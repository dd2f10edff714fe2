// Makes bucket files: exact strengths once for all of them, then percentiles or clusters.
//
// Sources: percentile buckets of hand strength: Gilpin & Sandholm, "A competitive Texas hold'em
// poker player via automated abstraction and real-time equilibrium computation", AAAI 2006; of its
// square: Johanson, "Robust strategies and counter-strategies", MSc thesis, University of Alberta,
// 2007, section 2.5.5. Those of clustered kinds stand in the headers of their features.
#ifndef NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BUILDER_H_
#define NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BUILDER_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/abstraction/bucket_file.h"
#include "solver/abstraction/build_control.h"
#include "solver/abstraction/clustering.h"
#include "solver/game/game_definition.h"

namespace nash {

// Where finished files go, and what keeps clusterings that are under way.
class BucketStore {
 public:
  virtual ~BucketStore() = default;
  // The journal of one file's clusterings.
  virtual absl::StatusOr<std::unique_ptr<ClusterJournal>> OpenJournal(
      const BucketParameters& parameters) = 0;
  // Takes a finished file, all its bytes; its journal is of no more use.
  virtual absl::Status Put(const BucketParameters& parameters, absl::string_view bytes) = 0;
};

// Builds the files of `wanted`, none of them lossless and all of `game`, one after the other.
// Errors: ResourceExhausted (memory, before anything is done), InvalidArgument (more buckets than
// a street has different hands), Cancelled, those of `store`.
absl::Status BuildBucketFiles(const GameDefinition& game, absl::Span<const BucketParameters> wanted,
                              const BuildOptions& options, BucketStore* store);

// Memory that BuildBucketFiles() takes at most.
uint64_t BuildBytesNeeded(const GameDefinition& game, absl::Span<const BucketParameters> wanted,
                          int threads);

// Bytes of a finished file.
uint64_t BucketFileBytes(const BucketParameters& parameters);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_ABSTRACTION_BUCKET_BUILDER_H_
