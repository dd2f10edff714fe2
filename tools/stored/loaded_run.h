// A run definition and all that follows from it: the public tree, the buckets, the table's layout.
//
// Immutable once made, thread-safe.
#ifndef NASHVILLE_TOOLS_STORED_LOADED_RUN_H_
#define NASHVILLE_TOOLS_STORED_LOADED_RUN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/abstraction/abstraction.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/cfr/table_layout.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/board_source.h"
#include "solver/run/run_definition.h"
#include "tools/stored/bucket_folder.h"

namespace nash {

struct LoadOptions {
  std::string bucket_cache;  // folder; empty: the user's cache folder
  // [streets]: in which file each bucket file lies; empty: in the folder. None is built then.
  std::vector<BucketPlace> bucket_places;
  BuildOptions build;  // for bucket files that are not there yet
  BucketCheck check = BucketCheck::kAtOnce;
  // For who is to hold the table: a tree whose table must be larger is refused while it is built,
  // before it takes the memory itself. 0: no limit.
  uint64_t table_bytes_max = 0;
  // Rows in the canonical order, whatever the sampler: for who walks no boards. A layout in lanes
  // takes as long to make as the tree.
  bool has_lanes = true;
};

class LoadedRun {
 public:
  // Builds what is missing. Errors: ResourceExhausted beyond table_bytes_max, and those of the
  // game, the menu, the buckets and the layout.
  static absl::StatusOr<std::unique_ptr<LoadedRun>> Make(const RunDefinition& definition,
                                                         const LoadOptions& options);

  const RunDefinition& definition() const { return definition_; }
  const PublicTree& tree() const { return tree_; }
  const Abstraction& abstraction() const { return abstraction_; }
  const TableLayout& layout() const { return layout_; }
  // All hands of a board looked up in the buckets.
  const CardModel& cards() const { return cards_; }
  // Boards for a run that samples them, else null. Looks at us.
  std::unique_ptr<BoardSource> MakeBoardSource() const;
  // Where the bucket files lie.
  const std::string& bucket_folder() const { return bucket_folder_; }

 private:
  LoadedRun(const RunDefinition& definition, PublicTree tree, Abstraction abstraction)
      : definition_(definition),
        tree_(std::move(tree)),
        abstraction_(std::move(abstraction)),
        cards_(abstraction_) {}

  RunDefinition definition_;
  PublicTree tree_;
  Abstraction abstraction_;
  const AbstractionHands cards_;
  TableLayout layout_;
  std::string bucket_folder_;
};

// Which street's rows take the most memory, for messages: "most of it is for the third street:
// 55190538 buckets at each of 698 nodes, 800.1 GB". num_buckets: by street.
std::string LargestStreet(const PublicTree& tree, absl::Span<const uint32_t> num_buckets,
                          const CfrOptions& algorithm);

// Whether the average strategy of some street is that of snapshots: the table has no sums for it.
inline bool NeedsSnapshots(const LoadedRun& run) {
  return !run.layout().has_sums_on(run.tree().num_streets() - 1);
}

}  // namespace nash

#endif  // NASHVILLE_TOOLS_STORED_LOADED_RUN_H_
