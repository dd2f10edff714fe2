#include "solver/play/strategy_buckets.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "common/status_macros.h"
#include "solver/abstraction/bucket_cache.h"

namespace nash {

absl::StatusOr<BucketsFound> FindBucketsOf(const StrategyContent& strategy, const std::string& path,
                                           const std::string& otherwise) {
  const RunDefinition& definition = strategy.definition;
  ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed,
                   NeededBucketFiles(definition.abstraction, definition.game));
  std::vector<BucketPlace> places;
  size_t num_packed = 0;
  bool are_needed = true;
  for (int street = 0; street < definition.game.num_streets; ++street) {
    const PackedBuckets& packed = strategy.packed_buckets[street];
    places.push_back({path, packed.offset, packed.bytes});
    num_packed += packed.bytes > 0;
    are_needed &= packed.bytes == 0 || NeedsBucketFile(definition.abstraction.streets[street].kind);
  }
  if (num_packed > 0 && (num_packed != needed.size() || !are_needed)) {
    return absl::DataLossError(absl::StrFormat(
        "%s: has bucket files of other streets than its run definition needs: export it again "
        "(inspect_checkpoint export)",
        path));
  }
  if (num_packed > 0) return BucketsFound{otherwise, std::move(places)};
  const std::string beside = FolderOf(path);
  const bool are_beside = !needed.empty() && MissingBucketFiles(needed, beside).empty();
  return BucketsFound{are_beside ? beside : otherwise, {}};
}

absl::Status BucketsError(const absl::Status& status, const BucketsFound& found) {
  if (found.places.empty()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(status.message(),
                                   "; it is packed into the strategy file: copy that again, or "
                                   "export it again (inspect_checkpoint export)"));
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
