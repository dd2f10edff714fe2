#include "solver/play/strategy_buckets.h"

#include <vector>

#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/abstraction/bucket_cache.h"

namespace nash {

absl::StatusOr<std::string> BucketFolderBeside(const StrategyContent& strategy,
                                               const std::string& path,
                                               const std::string& otherwise) {
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed,
                   NeededBucketFiles(strategy.definition.abstraction, strategy.definition.game));
  const std::string beside = FolderOf(path);
  return !needed.empty() && MissingBucketFiles(needed, beside).empty() ? beside : otherwise;
}

absl::Status CheckBuckets(const StrategyContent& strategy, const Abstraction& abstraction,
                          absl::string_view file_name) {
  for (int street = 0; street < strategy.definition.game.num_streets; ++street) {
    if (abstraction.num_buckets(street) == strategy.num_buckets[street] &&
        abstraction.content_hash(street) == strategy.bucket_hashes[street]) {
      continue;
    }
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: has rows for %d buckets (%016x) on street %d, and this program makes %d (%016x) for "
        "its run definition: use the program that exported it, or export it again",
        file_name, strategy.num_buckets[street], strategy.bucket_hashes[street], street,
        abstraction.num_buckets(street), abstraction.content_hash(street)));
  }
  return absl::OkStatus();
}

}  // namespace nash
