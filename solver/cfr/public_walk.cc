// How a decision of a block is visited, on the way up:
//
//     range of the opponent              its rows in the table
//     reach [hand][lane]                 one for each bucket on the board and lane
//          |                                  |  MatchRows: regret matching, once a bucket
//          v                                  v
//     for each action a:                 strategies [bucket][action][lane]
//       opponent's node: reach * strategy -> below -> values are added up
//       own node:        reach            -> below -> values * strategy are added up,
//                                                     sums[bucket][a] += values of its hands
//          |                                  |
//          v                                  v
//     values [hand][lane]                AddRegrets / AddSums: rounded once for each row and board
//
// Everything by hand is a loop over aligned vectors of eight lanes; only matching and adding look
// at single rows, since the table lies by infoset. Sums over hands are in the order of positions
// and lanes never meet, so a result depends on the board and the table alone.
//
// Rounding: a regret becomes floor(regret / quantum + dither), with a dither that is a function of
// the board's key and the row: right on average, and the same on every machine. Tested against sums
// over all pairs of hands in tests/cfr/public_walk_test.cc.
#include "solver/cfr/public_walk.h"

#include <glog/logging.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include "solver/cfr/lanes.h"
#include "solver/cfr/regret_matching.h"
#include "solver/cfr/row_saver.h"

namespace nash {
namespace {

constexpr int kLanes = WalkPack::kLanes;

// Stafford's variant 13 of MurmurHash3's finaliser: 64 well mixed bits of a number.
uint64_t Mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

// In (0, 1), with mean 1/2 to 2^-25. Of a row, for a board's key.
float DitherOf(uint64_t key, RowIndex row) {
  const uint64_t bits = Mix(key + (row.value + 1) * 0x9e3779b97f4a7c15);
  return (static_cast<float>(bits >> 41) + 0.5f) * 0x1p-23f;
}

bool IsEnd(const ShapeEdge& edge) {
  return edge.kind == ShapeEdgeKind::kFold || edge.kind == ShapeEdgeKind::kShowdown;
}

int DepthOf(absl::Span<const StreetBlocks> streets) {
  int depth = 0;
  for (const StreetBlocks& street : streets) {
    for (const SubtreeShape& shape : street.shapes()) depth = std::max(depth, shape.depth);
  }
  return depth;
}

void GrowTo(size_t size, std::vector<WalkPack>* packs) {
  if (packs->size() < size) packs->resize(size);
}

}  // namespace

PublicWalk::PublicWalk(absl::Span<const StreetBlocks> streets) : levels_(DepthOf(streets) + 1) {}

uint64_t PublicWalk::TakeVisits() { return std::exchange(visits_, 0); }

PublicWalk::Level& PublicWalk::LevelAt(const At& at, int depth, int num_actions) {
  Level& level = levels_[depth];
  const size_t rows = at.buckets->buckets.size() * num_actions;
  GrowTo(at.hands->size(), &level.reach);
  GrowTo(at.hands->size(), &level.values);
  GrowTo(rows, &level.strategies);
  GrowTo(rows, &level.sums);
  return level;
}

template <int W>
void PublicWalk::MatchLane(const At& at, const Decision& decision, int lane, bool reads_only,
                           Level* level) {
  using I = typename Lanes<W>::I;
  const Pass& pass = *at.pass;
  const NodeIndex node = at.blocks->nodes(*at.block, decision.node)[lane];
  const int n = decision.num_actions;
  const I allowed = MaskOf<W>(n);
  const Weights<W> uniform = UniformWeights<W>(allowed);
  const I floor = BroadcastInt<W>(pass.regret_floor);
  const I ceiling = BroadcastInt<W>(kRegretCeiling);
  const bool changes = !reads_only && pass.Changes(pass.table->layout().tree().nodes()[node]);
  RowSaver saver(pass, node, at.thread);
  WalkPack* out = level->strategies.data();
  for (const uint32_t bucket : at.buckets->buckets) {
    int32_t* const row = pass.table->Row(node, bucket);
    if (changes && saver.saves()) saver.Save(bucket);
    I regrets = LoadInts<W>(row);
    if (decision.is_own) {
      const I stored = regrets;
      regrets = stored < floor ? floor : stored;
      regrets = regrets > ceiling ? ceiling : regrets;
      regrets = (regrets & allowed) | (stored & ~allowed);
      if (changes && MaskBits<W>(regrets != stored)) StoreInts<W>(row, regrets);
    }
    const auto probabilities = MatchRegrets<W>(regrets, allowed, uniform).Probabilities();
    for (int a = 0; a < n; ++a) out[a].Set(lane, probabilities[a]);
    out += n;
  }
}

void PublicWalk::MatchRows(const At& at, const Decision& decision, bool reads_only, Level* level) {
  const size_t rows = at.buckets->buckets.size() * decision.num_actions;
  const int num_lanes = at.block->num_lanes;
  if (num_lanes < kLanes) std::fill_n(level->strategies.begin(), rows, WalkPack::Zero());
  for (int lane = 0; lane < num_lanes; ++lane) {
    switch (WidthFor(decision.num_actions)) {
      case 4:
        MatchLane<4>(at, decision, lane, reads_only, level);
        break;
      case 8:
        MatchLane<8>(at, decision, lane, reads_only, level);
        break;
      default:
        MatchLane<16>(at, decision, lane, reads_only, level);
    }
  }
}

void PublicWalk::Down(const At& at, const WalkPack* reach, TakeReach next) {
  DownEdge(at, 0, reach, 0, next);
}

void PublicWalk::DownEdge(const At& at, uint32_t edge, const WalkPack* reach, int depth,
                          TakeReach next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeEdge& to = shape.edges[edge];
  if (to.kind == ShapeEdgeKind::kNextStreet) return next(edge, reach);
  if (to.kind != ShapeEdgeKind::kChild) return;
  const ShapeNode& node = shape.nodes[to.child];
  const Decision decision = {to.child, node.num_actions, node.player == at.pass->traverser};
  Level& level = LevelAt(at, depth, decision.num_actions);
  if (!decision.is_own) MatchRows(at, decision, /*reads_only=*/true, &level);
  const int n = at.hands->size();
  for (int a = 0; a < decision.num_actions; ++a) {
    const uint32_t child = node.first_edge + a;
    if (IsEnd(shape.edges[child])) continue;
    if (decision.is_own) {
      DownEdge(at, child, reach, depth + 1, next);
      continue;
    }
    const ActionShare<WalkPack> plays = {level.strategies.data(), at.buckets->rank.data(),
                                         decision.num_actions, a};
    for (int i = 0; i < n; ++i) level.reach[i] = plays.Of(reach, i);
    DownEdge(at, child, level.reach.data(), depth + 1, next);
  }
}

void PublicWalk::Up(const At& at, const WalkPack* reach, WalkPack* values, GiveValues next) {
  GrowTo(at.hands->size(), &scratch_);
  UpEdge(at, 0, reach, values, 0, next);
}

void PublicWalk::UpEdge(const At& at, uint32_t edge, const WalkPack* reach, WalkPack* values,
                        int depth, GiveValues next) {
  const SubtreeShape& shape = at.blocks->shape_of(*at.block);
  const ShapeEdge& to = shape.edges[edge];
  if (to.kind == ShapeEdgeKind::kNextStreet) return next(edge, values);
  if (IsEnd(to)) return EndValues(at, edge, reach, values);
  const ShapeNode& node = shape.nodes[to.child];
  const Decision decision = {to.child, node.num_actions, node.player == at.pass->traverser};
  visits_ += uint64_t(at.hands->size()) * at.block->num_lanes;
  MatchRows(at, decision, /*reads_only=*/false, &LevelAt(at, depth, decision.num_actions));
  if (decision.is_own) {
    UpOwn(at, decision, reach, values, depth, next);
  } else {
    UpOpponent(at, decision, reach, values, depth, next);
  }
}

void PublicWalk::EndValues(const At& at, uint32_t edge, const WalkPack* reach, WalkPack* values) {
  const ShapeEdge& end = at.blocks->shape_of(*at.block).edges[edge];
  const WalkPack chips = WalkPack::From(at.blocks->chips(*at.block, edge));
  HandEnds<WalkPack> ends;
  if (end.kind == ShapeEdgeKind::kShowdown) {
    ends.has_showdown = true;
    ends.showdown_chips = chips;
  } else {
    ends.has_fold = true;
    ends.fold_chips = end.folder == at.pass->traverser ? WalkPack::Zero() - chips : chips;
  }
  HandValues<WalkPack>(*at.hands).OwnEnds(ends, reach, scratch_.data(),
                                          [&](int i, const WalkPack& v) { values[i] = v; });
}

void PublicWalk::UpOwn(const At& at, const Decision& decision, const WalkPack* reach,
                       WalkPack* values, int depth, GiveValues next) {
  const ShapeNode& node = at.blocks->shape_of(*at.block).nodes[decision.node];
  const int num_actions = decision.num_actions;
  const int n = at.hands->size();
  Level& level = levels_[depth];
  std::fill_n(level.sums.begin(), at.buckets->buckets.size() * num_actions, WalkPack::Zero());
  const uint32_t* const rank = at.buckets->rank.data();
  for (int a = 0; a < num_actions; ++a) {
    WalkPack* const below = level.values.data();
    UpEdge(at, node.first_edge + a, reach, below, depth + 1, next);
    const WalkPack* const strategies = level.strategies.data() + a;
    WalkPack* const sums = level.sums.data() + a;
    for (int i = 0; i < n; ++i) {
      const size_t row = size_t{rank[i]} * num_actions;
      sums[row] += below[i];
      const WalkPack played = strategies[row] * below[i];
      values[i] = a == 0 ? played : values[i] + played;
    }
  }
  AddRegrets(at, decision, level);
}

void PublicWalk::UpOpponent(const At& at, const Decision& decision, const WalkPack* reach,
                            WalkPack* values, int depth, GiveValues next) {
  const ShapeNode& node = at.blocks->shape_of(*at.block).nodes[decision.node];
  const int num_actions = decision.num_actions;
  const int n = at.hands->size();
  Level& level = levels_[depth];
  const uint32_t* const rank = at.buckets->rank.data();
  for (int a = 0; a < num_actions; ++a) {
    const ActionShare<WalkPack> plays = {level.strategies.data(), rank, num_actions, a};
    for (int i = 0; i < n; ++i) level.reach[i] = plays.Of(reach, i);
    WalkPack* const below = a == 0 ? values : level.values.data();
    UpEdge(at, node.first_edge + a, level.reach.data(), below, depth + 1, next);
    if (a == 0) continue;
    for (int i = 0; i < n; ++i) values[i] += below[i];
  }
  if (node.player != at.pass->averaged) return;
  std::fill_n(level.sums.begin(), at.buckets->buckets.size(), WalkPack::Zero());
  for (int i = 0; i < n; ++i) level.sums[rank[i]] += reach[i];
  AddSums(at, decision, level);
}

void PublicWalk::AddRegrets(const At& at, const Decision& decision, const Level& level) {
  const Pass& pass = *at.pass;
  const TableLayout& layout = pass.table->layout();
  const int n = decision.num_actions;
  const WalkPack scale = WalkPack::Broadcast(at.per_pair * pass.regret_scale);
  const NodeIndex* const nodes = at.blocks->nodes(*at.block, decision.node);
  for (size_t d = 0; d < at.buckets->buckets.size(); ++d) {
    const uint32_t bucket = at.buckets->buckets[d];
    const WalkPack* const sums = level.sums.data() + d * n;
    const WalkPack* const strategies = level.strategies.data() + d * n;
    WalkPack value = WalkPack::Zero();
    for (int a = 0; a < n; ++a) value += strategies[a] * sums[a];
    std::array<WalkPack, kActionsMax> regrets;
    for (int a = 0; a < n; ++a) regrets[a] = (sums[a] - value) * scale;
    for (int lane = 0; lane < at.block->num_lanes; ++lane) {
      int32_t* const row = pass.table->Row(nodes[lane], bucket);
      const float dither = DitherOf(at.dither_key, {layout.FirstRow(nodes[lane]).value + bucket});
      for (int a = 0; a < n; ++a) {
        const float units = std::floor(regrets[a][lane] + dither);
        const int32_t added = static_cast<int32_t>(units) * pass.amplification;
        DCHECK_LE(std::abs(int64_t{row[a]} + added), std::numeric_limits<int32_t>::max());
        row[a] += added;
      }
    }
  }
}

void PublicWalk::AddSums(const At& at, const Decision& decision, const Level& level) {
  const Pass& pass = *at.pass;
  const TableLayout& layout = pass.table->layout();
  const int n = decision.num_actions;
  const NodeIndex* const nodes = at.blocks->nodes(*at.block, decision.node);
  const WalkPack unit = WalkPack::Broadcast(at.per_hand * pass.sum_unit);
  if (!layout.HasSums(nodes[0])) return;  // all are on one street
  for (size_t d = 0; d < at.buckets->buckets.size(); ++d) {
    const uint32_t bucket = at.buckets->buckets[d];
    const WalkPack reach = level.sums[d] * unit;
    const WalkPack* const strategies = level.strategies.data() + d * n;
    for (int lane = 0; lane < at.block->num_lanes; ++lane) {
      int32_t* const sums = pass.table->Row(nodes[lane], bucket) + n;
      const float dither = DitherOf(at.dither_key, {layout.FirstRow(nodes[lane]).value + bucket});
      for (int a = 0; a < n; ++a) {
        // No more than an iteration may add (schedule.h), whatever the shares of the hands of a
        // bucket that holds all of them add up to in floats.
        const float units = std::min(strategies[a][lane] * reach[lane], pass.sum_unit);
        sums[a] += static_cast<int32_t>(units + dither);
      }
    }
  }
}

}  // namespace nash
