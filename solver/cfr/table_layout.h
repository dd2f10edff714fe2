// Where the row of an infoset lies: (node, bucket) -> offset, by one multiply-add.
//
// A row is one infoset. It holds `num_actions` int32 regrets, then as many int32 strategy sums
// (none on streets whose average is not kept). Runs that enumerate chance need finer values: theirs
// are doubles, each in two int32 words, so that whoever copies, hashes or stores rows need not
// care; who asks what they mean does it by a RowView (row_view.h). The order follows the sampler:
//
//   lanes 1      [node][bucket][value]          who walks deals looks at one row at a time. A
//                                               node's rows are a block, which starts on a cache
//                                               line; a small row never straddles two.
//   lanes 8      [nodes][bucket][value][node]   who walks all hands of a board needs one bucket's
//                                               rows of eight nodes at once, value by value: those
//                                               that lie side by side in a block of subtrees
//                                               (solver/ranges/street_blocks.h).
//
// Immutable and thread-safe.
#ifndef NASHVILLE_SOLVER_CFR_TABLE_LAYOUT_H_
#define NASHVILLE_SOLVER_CFR_TABLE_LAYOUT_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "solver/cfr/options.h"
#include "solver/cfr/row_shape.h"
#include "solver/game/public_tree.h"

namespace nash {

// A row's number in the canonical order: by node, then by bucket. Names rows in checkpoints and for
// dithers, whatever the layout in memory.
struct RowIndex {
  uint64_t value = 0;
};

// Nodes that lie side by side are a strip; without lanes each node is one. What lies together of a
// strip is a bundle: the rows of one bucket, value by value, `lanes` of each value. Bundles are
// numbered as they lie, by strip, then by bucket; they are what deltas name, and without lanes they
// are rows with the numbers of rows. Lanes of a strip that no node has are zero.
using StripIndex = uint32_t;
struct BundleIndex {
  uint64_t value = 0;
};

// How many nodes lie side by side for who samples so.
constexpr int LanesOf(Sampler sampler) { return sampler == Sampler::kPublic ? 8 : 1; }

// How rows are kept.
struct RowForm {
  int lanes = 1;
  bool has_doubles = false;  // else int32
  // Behind the sums, as many values more: the regrets of the last iteration. With doubles only.
  bool has_last_regrets = false;
};
RowForm FormOf(const CfrOptions& options);

class TableLayout {
 public:
  static constexpr uint64_t kBlockAlignBytes = 64;
  // Whole vectors are loaded and stored at the rows (lanes.h): up to this many bytes past the last
  // row of a block belong to the block, so that no two threads ever write the same bytes.
  static constexpr uint64_t kBlockSlackBytes = 32;

  // num_buckets: [num_streets]. The tree must outlive the layout.
  // Errors: ResourceExhausted when a table would pass 2^32 cache lines (256 GiB); InvalidArgument
  // for several lanes and other than two players.
  static absl::StatusOr<TableLayout> Make(const PublicTree& tree,
                                          absl::Span<const uint32_t> num_buckets,
                                          AverageStreets average, const RowForm& form = {});

  // The same, of one lane, for players who tell hands apart by buckets of their own. num_buckets:
  // [num_players][num_streets].
  static absl::StatusOr<TableLayout> MakeByPlayer(
      const PublicTree& tree, absl::Span<const std::vector<uint32_t>> num_buckets,
      AverageStreets average);

  const PublicTree& tree() const { return *tree_; }
  uint32_t num_nodes() const { return static_cast<uint32_t>(tree_->nodes().size()); }
  uint32_t NumBuckets(NodeIndex node) const {
    const PublicNode& n = tree_->nodes()[node];
    return num_buckets_[n.player][n.street];
  }
  // Of a layout where players have the same.
  uint32_t num_buckets_on(int street) const { return num_buckets_[0][street]; }
  bool HasSums(NodeIndex node) const { return has_sums_[tree_->nodes()[node].street]; }
  bool has_sums_on(int street) const { return has_sums_[street]; }

  // How many nodes lie side by side; also the step from value to value of a row.
  int lanes() const { return lanes_; }
  bool has_doubles() const { return form_.has_doubles; }
  bool has_last_regrets() const { return form_.has_last_regrets; }
  // Of a node's first row in the table, in bytes.
  uint64_t Offset(NodeIndex node) const {
    const uint64_t block = uint64_t{block_lines_[node]} * kBlockAlignBytes;
    return lanes_ == 1 ? block : block + node_lanes_[node] * sizeof(int32_t);
  }
  // Of a row alone, with its padding; and from row to row of a node in the table.
  uint32_t RowBytes(NodeIndex node) const {
    const PublicNode& n = tree_->nodes()[node];
    return row_bytes_[n.num_actions][has_sums_[n.street]];
  }
  uint32_t RowStep(NodeIndex node) const { return RowBytes(node) * lanes_; }
  // The lane of a node in its strip.
  uint32_t LaneOf(NodeIndex node) const { return lanes_ == 1 ? 0 : node_lanes_[node]; }

  // Strips in the order in which they lie: who reads all rows reads them so.
  uint32_t num_strips() const {
    return lanes_ == 1 ? num_nodes() : static_cast<uint32_t>(strips_.size());
  }
  StripIndex StripOf(NodeIndex node) const { return lanes_ == 1 ? node : strip_of_node_[node]; }
  // The node in lane 0: its rows are where the strip's bundles begin.
  NodeIndex FirstNodeOf(StripIndex strip) const {
    return lanes_ == 1 ? strip : nodes_as_they_lie_[strips_[strip].first_place];
  }
  // As many as the lanes or fewer, on one street and with as many actions.
  uint32_t NumNodesOf(StripIndex strip) const { return lanes_ == 1 ? 1 : strips_[strip].num_nodes; }
  // By lane. Needs several lanes.
  absl::Span<const NodeIndex> NodesOf(StripIndex strip) const {
    return absl::MakeConstSpan(nodes_as_they_lie_)
        .subspan(strips_[strip].first_place, strips_[strip].num_nodes);
  }
  uint64_t BundlesOf(StripIndex strip) const { return NumBuckets(FirstNodeOf(strip)); }
  BundleIndex FirstBundle(StripIndex strip) const {
    return {lanes_ == 1 ? first_rows_[strip] : strips_[strip].first_bundle};
  }
  uint64_t num_bundles() const { return lanes_ == 1 ? num_rows_ : num_bundles_; }
  // Of the strip's bundles, as values lie there.
  BundleShape ShapeOf(StripIndex strip) const {
    const NodeIndex node = FirstNodeOf(strip);
    return {tree_->nodes()[node].num_actions * static_cast<uint32_t>(lanes_), HasSums(node),
            lanes_ > 1};
  }
  // Asks for the memory that tells where rows of `node` lie.
  void Prefetch(NodeIndex node) const {
    __builtin_prefetch(tree_->nodes().data() + node);
    __builtin_prefetch(block_lines_.data() + node);
  }
  // Of all rows of a node.
  uint64_t BlockBytes(NodeIndex node) const { return uint64_t{RowBytes(node)} * NumBuckets(node); }

  // Rows before `node` in canonical order.
  RowIndex FirstRow(NodeIndex node) const { return {first_rows_[node]}; }
  // The node of a row below num_rows(), by binary search.
  NodeIndex NodeOf(RowIndex row) const {
    const auto after = std::upper_bound(first_rows_.begin(), first_rows_.end(), row.value);
    return static_cast<NodeIndex>(after - first_rows_.begin() - 1);
  }
  // Values (int32 words) of one row, and of a node's block, in canonical form: per bucket, regrets
  // then sums.
  uint32_t ValuesPerRow(NodeIndex node) const {
    return tree_->nodes()[node].num_actions * WordsPerAction(HasSums(node));
  }
  uint64_t ValuesOf(NodeIndex node) const {
    return uint64_t{ValuesPerRow(node)} * NumBuckets(node);
  }

  uint64_t num_rows() const { return num_rows_; }
  uint64_t num_values() const { return num_values_; }
  uint64_t table_bytes() const { return table_bytes_; }
  // Of the layout itself: what it keeps for each node.
  uint64_t bytes() const;

 private:
  // num_buckets_ and lanes_ are known; all else follows.
  absl::Status Place(AverageStreets average);
  void PlaceBlocks();
  void PlaceLanes();
  uint32_t WordsPerAction(bool has_sums) const {
    const uint32_t values = 1 + has_sums + form_.has_last_regrets;
    return form_.has_doubles ? 2 * values : values;
  }

  const PublicTree* tree_ = nullptr;
  RowForm form_;
  int lanes_ = 1;
  std::array<std::array<uint32_t, kStreetsMax>, kPlayersMax> num_buckets_{};
  std::array<bool, kStreetsMax> has_sums_{};
  std::array<std::array<uint32_t, 2>, kActionsMax + 1> row_bytes_{};
  std::vector<uint32_t> block_lines_;  // by node
  std::vector<uint8_t> node_lanes_;    // by node; empty of one lane, as the next
  std::vector<NodeIndex> nodes_as_they_lie_;
  struct Strip {
    uint64_t first_bundle;
    uint32_t first_place;  // in nodes_as_they_lie_
    uint32_t num_nodes;
  };
  std::vector<Strip> strips_;
  std::vector<StripIndex> strip_of_node_;
  uint64_t num_bundles_ = 0;
  std::vector<uint64_t> first_rows_;  // by node
  uint64_t num_rows_ = 0;
  uint64_t num_values_ = 0;
  uint64_t table_bytes_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_CFR_TABLE_LAYOUT_H_
