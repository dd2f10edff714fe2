// Where a row lies: block_lines_[node] * 64 + bucket * row_bytes. All rows of a node are neighbours
// and have one length, which is a function of its number of actions and of whether its street keeps
// sums. With lanes the node's lane is added, in values, and the step from bucket to bucket is the
// rows of all lanes; nothing is padded then, since eight values of one kind fill a vector.
//
// Padding is a bargain between time and memory. A row within one cache line costs one miss, and a
// row across two costs two; but memory is what limits a run, so that no row of more than one value
// grows by more than a third. Blocks begin on lines of their own, so that threads at different
// nodes never write to one line, with slack behind each, because rows are read and written in whole
// lanes (lanes.h) that may pass the row's end.
//
// Line numbers have 32 bits, hence the limit of 256 GiB.
#include "solver/cfr/table_layout.h"

#include <glog/logging.h>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "solver/ranges/street_blocks.h"

namespace nash {
namespace {

// Bytes from row to row for `values` int32. Rows of up to a cache line are padded to a power of
// two when that costs at most a third, so that they never straddle lines; 5 and 9 values (40 and
// 72 bytes with sums) stay tight, since memory is what limits a run.
uint32_t PaddedRowBytes(uint32_t values) {
  const uint32_t bytes = values * 4;
  for (uint32_t padded : {8u, 16u, 32u, 64u}) {
    if (padded >= bytes && padded * 3 <= bytes * 4) return padded;
  }
  return (bytes + 7) / 8 * 8;
}

}  // namespace

RowForm FormOf(const CfrOptions& options) {
  if (options.chance == Chance::kSampled) return {.lanes = LanesOf(options.sampler)};
  return {.has_doubles = true,
          .has_last_regrets = options.variant == Variant::kPredictive ||
                              options.variant == Variant::kPredictiveDiscounted};
}

absl::StatusOr<TableLayout> TableLayout::Make(const PublicTree& tree,
                                              absl::Span<const uint32_t> num_buckets,
                                              AverageStreets average, const RowForm& form) {
  const int lanes = form.lanes;
  if (lanes > 1 && tree.num_players() != 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("algorithm.sampler: public is for two players, this game has ",
                     tree.num_players(), ": use external"));
  }
  TableLayout layout;
  layout.tree_ = &tree;
  layout.form_ = form;
  layout.lanes_ = lanes;
  for (int player = 0; player < tree.num_players(); ++player) {
    std::copy_n(num_buckets.begin(), tree.num_streets(), layout.num_buckets_[player].begin());
  }
  RETURN_IF_ERROR(layout.Place(average));
  return layout;
}

absl::StatusOr<TableLayout> TableLayout::MakeByPlayer(
    const PublicTree& tree, absl::Span<const std::vector<uint32_t>> num_buckets,
    AverageStreets average) {
  TableLayout layout;
  layout.tree_ = &tree;
  for (int player = 0; player < tree.num_players(); ++player) {
    CHECK_EQ(num_buckets[player].size(), static_cast<size_t>(tree.num_streets()));
    std::copy_n(num_buckets[player].begin(), tree.num_streets(),
                layout.num_buckets_[player].begin());
  }
  RETURN_IF_ERROR(layout.Place(average));
  return layout;
}

absl::Status TableLayout::Place(AverageStreets average) {
  for (int street = 0; street < tree_->num_streets(); ++street) {
    has_sums_[street] = average == AverageStreets::kAll || street == 0;
  }
  for (uint32_t actions = 1; actions <= kActionsMax; ++actions) {
    for (const bool has_sums : {false, true}) {
      const uint32_t values = actions * WordsPerAction(has_sums);
      row_bytes_[actions][has_sums] =
          lanes_ == 1 ? PaddedRowBytes(values) : values * static_cast<uint32_t>(sizeof(int32_t));
    }
  }
  block_lines_.resize(num_nodes());
  first_rows_.resize(num_nodes());
  for (NodeIndex node = 0; node < num_nodes(); ++node) {
    first_rows_[node] = num_rows_;
    num_rows_ += NumBuckets(node);
    num_values_ += ValuesOf(node);
  }
  if (lanes_ == 1) {
    PlaceBlocks();
  } else {
    PlaceLanes();
  }
  if (table_bytes_ / kBlockAlignBytes >> 32) {
    return absl::ResourceExhaustedError(
        "the table would pass 256 GiB: use fewer bet sizes or buckets");
  }
  return absl::OkStatus();
}

uint64_t TableLayout::bytes() const {
  const auto of = [](const auto& values) { return values.size() * sizeof(values[0]); };
  return of(block_lines_) + of(node_lanes_) + of(nodes_as_they_lie_) + of(first_rows_) +
         strips_.size() * sizeof(Strip) + of(strip_of_node_);
}

void TableLayout::PlaceBlocks() {
  uint64_t line = 0;
  for (NodeIndex node = 0; node < num_nodes(); ++node) {
    block_lines_[node] = static_cast<uint32_t>(line);
    line += (BlockBytes(node) + kBlockSlackBytes + kBlockAlignBytes - 1) / kBlockAlignBytes;
  }
  table_bytes_ = line * kBlockAlignBytes;
}

void TableLayout::PlaceLanes() {
  node_lanes_.resize(num_nodes());
  strip_of_node_.resize(num_nodes());
  uint64_t line = 0;
  for (const StreetBlocks& street : StreetBlocks::Build(*tree_, lanes_)) {
    for (const SubtreeBlock& block : street.blocks()) {
      for (size_t n = 0; n < street.shape_of(block).nodes.size(); ++n) {
        const NodeIndex* const nodes = street.nodes(block, static_cast<int>(n));
        strips_.push_back({num_bundles_, static_cast<uint32_t>(nodes_as_they_lie_.size()),
                           static_cast<uint32_t>(block.num_lanes)});
        num_bundles_ += NumBuckets(nodes[0]);
        for (int lane = 0; lane < block.num_lanes; ++lane) {
          block_lines_[nodes[lane]] = static_cast<uint32_t>(line);
          node_lanes_[nodes[lane]] = static_cast<uint8_t>(lane);
          strip_of_node_[nodes[lane]] = static_cast<StripIndex>(strips_.size() - 1);
          nodes_as_they_lie_.push_back(nodes[lane]);
        }
        line += (BlockBytes(nodes[0]) * lanes_ + kBlockAlignBytes - 1) / kBlockAlignBytes;
      }
    }
  }
  table_bytes_ = line * kBlockAlignBytes;
}

}  // namespace nash
