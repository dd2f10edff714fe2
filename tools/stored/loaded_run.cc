// In this order: the tree, which needs the game only; the buckets, whose files may have to be
// built, for hours; the layout, which needs both. What can be refused is refused before the wait: a
// tree is given up while it grows, as soon as the smallest rows that its nodes may have would not
// fit into memory.
//
// That bound is a guess from below (BytesPerNode). A tree that passes it may still be too large
// with its real buckets, which TableLayout and the memory plan find.
#include "tools/stored/loaded_run.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cards/preflop_class.h"
#include "solver/ranges/dealt_boards.h"

namespace nash {
namespace {

// At least so many bytes of table and tree come with every node of the tree: a row has two actions
// or more, nearly always, and lossless hold'em has 169 classes or more.
uint64_t BytesPerNode(const RunDefinition& run) {
  constexpr uint64_t kTreeBytes = 16 + 2 * 12;
  const uint64_t row_bytes = run.algorithm.average == AverageStreets::kAll ? 16 : 8;
  uint64_t buckets = UINT64_MAX;
  for (int street = 0; street < run.game.num_streets; ++street) {
    const StreetAbstraction& abstraction = run.abstraction.streets[street];
    const uint64_t lossless = run.game.IsHoldem() ? kPreflopClasses : 1;
    buckets = std::min(buckets, abstraction.kind == BucketKind::kLossless
                                    ? lossless
                                    : uint64_t{abstraction.num_buckets});
  }
  return kTreeBytes + buckets * row_bytes;
}

absl::StatusOr<PublicTree> BuildTree(const RunDefinition& run, uint64_t table_bytes_max) {
  if (table_bytes_max == 0) return PublicTree::Build(run.game, run.menu);
  const uint64_t nodes_max = std::min<uint64_t>(kNodesMax, table_bytes_max / BytesPerNode(run));
  absl::StatusOr<PublicTree> tree =
      PublicTree::Build(run.game, run.menu, static_cast<uint32_t>(nodes_max));
  if (!absl::IsResourceExhausted(tree.status()) || nodes_max == kNodesMax) return tree;
  return absl::ResourceExhaustedError(absl::StrFormat(
      "the action menu gives a tree of more than %d nodes, whose table does not fit into the %.1f "
      "GB of memory that are available: offer fewer sizes, lower raises_max, or use fewer buckets",
      nodes_max, table_bytes_max / 1e9));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LoadedRun>> LoadedRun::Make(const RunDefinition& definition,
                                                           const LoadOptions& options) {
  ASSIGN_OR_RETURN(PublicTree tree, BuildTree(definition, options.table_bytes_max));
  const std::string folder = BucketFolder(options.bucket_cache);
  const bool are_packed = !options.bucket_places.empty();
  if (folder.empty() && !are_packed) {
    ASSIGN_OR_RETURN(const std::vector<BucketParameters> needed,
                     NeededBucketFiles(definition.abstraction, definition.game));
    if (!needed.empty()) return NoBucketFolderError();
  }
  absl::StatusOr<Abstraction> abstraction =
      are_packed ? Abstraction::Open(definition.abstraction, definition.game, folder, options.check,
                                     options.bucket_places)
                 : LoadOrBuild(definition.abstraction, definition.game, folder, options.build,
                               options.check);
  if (!abstraction.ok() && are_packed) return abstraction.status();
  if (!abstraction.ok()) return BucketFolderError(abstraction.status());
  std::unique_ptr<LoadedRun> run(
      new LoadedRun(definition, std::move(tree), *std::move(abstraction)));
  run->bucket_folder_ = folder;
  std::vector<uint32_t> num_buckets;
  for (int street = 0; street < definition.game.num_streets; ++street) {
    num_buckets.push_back(run->abstraction_.num_buckets(street));
  }
  RowForm form = FormOf(definition.algorithm);
  if (!options.has_lanes) form.lanes = 1;
  absl::StatusOr<TableLayout> layout =
      TableLayout::Make(run->tree_, num_buckets, definition.algorithm.average, form);
  if (!layout.ok()) {
    return absl::Status(layout.status().code(),
                        absl::StrCat(layout.status().message(), "; ",
                                     LargestStreet(run->tree_, num_buckets, definition.algorithm)));
  }
  run->layout_ = *std::move(layout);
  return run;
}

std::string LargestStreet(const PublicTree& tree, absl::Span<const uint32_t> num_buckets,
                          const CfrOptions& algorithm) {
  const RowForm form = FormOf(algorithm);
  const double value_bytes = form.has_doubles ? sizeof(double) : sizeof(int32_t);
  constexpr std::array<absl::string_view, kStreetsMax> kNames = {"first", "second", "third",
                                                                 "fourth"};
  std::array<double, kStreetsMax> bytes{};
  std::array<uint32_t, kStreetsMax> nodes{};
  for (const PublicNode& node : tree.nodes()) {
    const bool has_sums = algorithm.average == AverageStreets::kAll || node.street == 0;
    ++nodes[node.street];
    bytes[node.street] += value_bytes * (1 + has_sums + form.has_last_regrets) * node.num_actions *
                          num_buckets[node.street];
  }
  const size_t largest = std::max_element(bytes.begin(), bytes.end()) - bytes.begin();
  return absl::StrFormat("most of it is for the %s street: %d buckets at each of %d nodes, %.1f GB",
                         kNames[largest], num_buckets[largest], nodes[largest],
                         bytes[largest] / 1e9);
}

std::unique_ptr<BoardSource> LoadedRun::MakeBoardSource() const {
  const CfrOptions& algorithm = definition_.algorithm;
  if (algorithm.chance == Chance::kEnumerated || algorithm.sampler != Sampler::kPublic) {
    return nullptr;
  }
  std::unique_ptr<const BoardCycle> cycle;
  if (algorithm.boards == BoardOrder::kCycled) {
    const RoundShape& round = definition_.round;
    cycle =
        std::make_unique<BoardCycle>(definition_.game, round.units, round.batches * round.deals);
  }
  return std::make_unique<DealtBoards>(definition_.game, cards_, std::move(cycle));
}

}  // namespace nash
