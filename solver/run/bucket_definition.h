// What a bucket build computes: a game and its abstraction, as in a run definition.
//
// The YAML form has the keys name, game and abstraction of docs/run_definition.md and no others.
// Thread-safe: values only.
#ifndef NASHVILLE_SOLVER_RUN_BUCKET_DEFINITION_H_
#define NASHVILLE_SOLVER_RUN_BUCKET_DEFINITION_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "solver/run/run_definition.h"

namespace nash {

struct BucketDefinition {
  std::string name;
  GameDefinition game;
  AbstractionDefinition abstraction;
};

// As ParseRunDefinition() and LoadRunDefinition().
absl::StatusOr<BucketDefinition> ParseBucketDefinition(absl::string_view text,
                                                       absl::string_view file_name,
                                                       const GameLoader& load_game);
absl::StatusOr<BucketDefinition> LoadBucketDefinition(const std::string& path);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RUN_BUCKET_DEFINITION_H_
