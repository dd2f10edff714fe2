#include "tools/loaded_run.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "common/status_macros.h"

namespace nash {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LoadedRun>> LoadedRun::Make(const RunDefinition& definition,
                                                           const LoadOptions& options) {
  ASSIGN_OR_RETURN(PublicTree tree, PublicTree::Build(definition.game, definition.menu));
  const std::string folder = options.bucket_cache.empty()
                                 ? CacheFolder(Environment("XDG_CACHE_HOME"), Environment("HOME"))
                                 : options.bucket_cache;
  ASSIGN_OR_RETURN(Abstraction abstraction,
                   LoadOrBuild(definition.abstraction, definition.game, folder, options.build));
  std::unique_ptr<LoadedRun> run(
      new LoadedRun(definition, std::move(tree), std::move(abstraction)));
  std::vector<uint32_t> num_buckets;
  for (int street = 0; street < definition.game.num_streets; ++street) {
    num_buckets.push_back(run->abstraction_.num_buckets(street));
  }
  ASSIGN_OR_RETURN(run->layout_,
                   TableLayout::Make(run->tree_, num_buckets, definition.algorithm.average));
  return run;
}

}  // namespace nash
