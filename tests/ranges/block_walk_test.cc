#include "solver/ranges/block_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "common/thread_pool.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

using P = Pack<double, 8>;

constexpr uint32_t kBuckets = 5;

PublicTree NoLimitTree() {
  return Built(ShippedGame("nolimit_2p_100bb"), MenuOf({"0.5pot", "pot", "allin"}, 2));
}

void Probabilities(NodeIndex node, uint32_t bucket, absl::Span<double> probabilities) {
  std::mt19937_64 random(node * 1000003 + bucket);
  double sum = 0;
  for (double& p : probabilities) sum += p = random() % 3 == 0 ? 0.0 : 1 + random() % 100;
  if (sum == 0) sum = probabilities[0] = 1;
  for (double& p : probabilities) p /= sum;
}

TEST(StreetBlocks, EveryDecisionIsInOneLaneOfItsStreet) {
  const PublicTree tree = NoLimitTree();
  for (int lanes : {1, 4, 8}) {
    const std::vector<StreetBlocks> streets = StreetBlocks::Build(tree, lanes);
    std::set<NodeIndex> seen;
    uint64_t edges = 0;
    for (int s = 0; s < tree.num_streets(); ++s) {
      for (const SubtreeBlock& block : streets[s].blocks()) {
        const SubtreeShape& shape = streets[s].shape_of(block);
        for (uint32_t n = 0; n < shape.nodes.size(); ++n) {
          for (int lane = 0; lane < lanes; ++lane) {
            const NodeIndex node = streets[s].nodes(block, n)[lane];
            ASSERT_EQ(node == kNoNode, lane >= block.num_lanes);
            if (node == kNoNode) continue;
            ASSERT_TRUE(seen.insert(node).second);
            ASSERT_EQ(tree.nodes()[node].street, s);
            ASSERT_EQ(tree.nodes()[node].player, shape.nodes[n].player);
            ASSERT_EQ(tree.nodes()[node].num_actions, shape.nodes[n].num_actions);
          }
        }
      }
      edges += streets[s].num_edges();
    }
    EXPECT_EQ(seen.size(), tree.nodes().size());
    EXPECT_EQ(edges, tree.edges().size());
  }
}

// Follows the edges of blocks from street to street, beside the tree's own.
TEST(StreetBlocks, StepsLeadToTheSubtreesOfTheTree) {
  const PublicTree tree = NoLimitTree();
  const std::vector<StreetBlocks> streets = StreetBlocks::Build(tree, 8);
  std::vector<std::set<uint32_t>> places(tree.num_streets());
  for (int s = 0; s + 1 < tree.num_streets(); ++s) {
    const StreetBlocks& next = streets[s + 1];
    for (const SubtreeBlock& block : streets[s].blocks()) {
      const SubtreeShape& shape = streets[s].shape_of(block);
      for (uint32_t n = 0; n < shape.nodes.size(); ++n) {
        for (int a = 0; a < shape.nodes[n].num_actions; ++a) {
          const uint32_t edge = shape.nodes[n].first_edge + a;
          if (shape.edges[edge].kind != ShapeEdgeKind::kNextStreet) continue;
          for (int lane = 0; lane < block.num_lanes; ++lane) {
            const PublicEdge& public_edge = tree.EdgesOf(streets[s].nodes(block, n)[lane])[a];
            const uint32_t place = streets[s].next_places(block, edge)[lane];
            ASSERT_TRUE(places[s + 1].insert(place).second);
            const SubtreeBlock& to = next.blocks()[place / 8];
            if (public_edge.kind() == EdgeKind::kShowdown) {
              EXPECT_TRUE(next.shape_of(to).nodes.empty());
            } else {
              EXPECT_EQ(next.nodes(to, 0)[place % 8], public_edge.payload());
            }
          }
        }
      }
    }
  }
  // The subtrees of a street are the steps to it, and the all-ins of streets before.
  size_t roots = 0;
  for (const SubtreeBlock& block : streets[3].blocks()) roots += block.num_lanes;
  EXPECT_GE(roots, places[3].size());
  EXPECT_LE(streets[3].shapes().size(), 10) << "few shapes, or lanes would not fill";
}

// The same walk, one subtree and one pair of hands at a time.
class SlowWalk {
 public:
  SlowWalk(const PublicTree& tree, const BoardHands& hands, const std::vector<uint32_t>& buckets,
           const std::vector<int32_t>& strengths, int responder, bool responds)
      : tree_(tree),
        hands_(hands),
        buckets_(buckets),
        strengths_(strengths),
        responder_(responder),
        responds_(responds) {}

  std::vector<double> Node(NodeIndex node, const std::vector<double>& reach) const {
    const auto edges = tree_.EdgesOf(node);
    const bool is_own = tree_.nodes()[node].player == responder_;
    std::vector<double> values(reach.size());
    for (size_t a = 0; a < edges.size(); ++a) {
      std::vector<double> below = reach;
      for (size_t i = 0; i < reach.size() && !is_own; ++i) below[i] *= Plays(node, i, a);
      const std::vector<double> child = Edge(edges[a], below);
      for (size_t i = 0; i < reach.size(); ++i) {
        if (is_own && responds_) {
          values[i] = a == 0 ? child[i] : std::max(values[i], child[i]);
        } else {
          values[i] += child[i] * (is_own ? Plays(node, i, a) : 1);
        }
      }
    }
    return values;
  }

 private:
  double Plays(NodeIndex node, size_t hand, size_t action) const {
    std::vector<double> row(tree_.nodes()[node].num_actions);
    Probabilities(node, buckets_[hand], absl::MakeSpan(row));
    return row[action];
  }
  std::vector<double> Edge(const PublicEdge& edge, const std::vector<double>& reach) const {
    if (edge.kind() == EdgeKind::kDecision) return Node(edge.payload(), reach);
    const bool is_fold = edge.kind() == EdgeKind::kFold;
    const bool loses = is_fold && edge.payload() == static_cast<uint32_t>(responder_);
    std::vector<double> values(reach.size());
    for (size_t i = 0; i < reach.size(); ++i) {
      for (size_t j = 0; j < reach.size(); ++j) {
        if (hands_.low()[i] == hands_.low()[j] || hands_.low()[i] == hands_.high()[j] ||
            hands_.high()[i] == hands_.low()[j] || hands_.high()[i] == hands_.high()[j]) {
          continue;
        }
        const int sign = is_fold
                             ? (loses ? -1 : 1)
                             : (strengths_[i] > strengths_[j]) - (strengths_[i] < strengths_[j]);
        values[i] += reach[j] * sign * edge.amount_chips;
      }
    }
    return values;
  }

  const PublicTree& tree_;
  const BoardHands& hands_;
  const std::vector<uint32_t>& buckets_;
  const std::vector<int32_t>& strengths_;
  const int responder_;
  const bool responds_;
};

// A river of a deck so short that a slow walk is quick.
struct RiverHands {
  BoardHands hands = BoardHands(MakeDeck(4, 4), 2);
  std::vector<uint32_t> buckets;
  std::vector<int32_t> strengths;

  RiverHands() {
    const std::vector<Card> deck = MakeDeck(4, 4);
    hands.Set(SetOf(deck[0]) | SetOf(deck[5]) | SetOf(deck[9]) | SetOf(deck[10]) | SetOf(deck[15]));
    std::mt19937 random(5);
    for (int i = 0; i < hands.size(); ++i) strengths.push_back(random() % 12);
    hands.SortByStrength(strengths);
    std::sort(strengths.begin(), strengths.end());
    for (int i = 0; i < hands.size(); ++i) buckets.push_back(random() % kBuckets);
  }
};

TEST(BlockWalk, ValuesAreThoseOfOneSubtreeAndOnePairOfHandsAtATime) {
  const PublicTree tree = NoLimitTree();
  const std::vector<StreetBlocks> streets = StreetBlocks::Build(tree, P::kLanes);
  auto strategies = StrategyBlocks<P>::Make(streets, std::vector<uint32_t>(4, kBuckets));
  ASSERT_TRUE(strategies.ok());
  ThreadPool pool(1);
  strategies->Fill(streets, Probabilities, &pool);
  const RiverHands river;
  const int n = river.hands.size();
  BlockWalk<P> walk(streets);
  std::vector<P> reach(n);
  std::mt19937 random(9);
  for (P& r : reach) {
    for (int k = 0; k < P::kLanes; ++k) r.Set(k, random() % 4 == 0 ? 0 : random() % 1000 / 1000.0);
  }
  std::map<uint32_t, int> walked;  // by shape
  for (const SubtreeBlock& block : streets[3].blocks()) {
    if (walked[block.shape]++ >= 1 || streets[3].shape_of(block).nodes.empty()) continue;
    for (int responder : {0, 1}) {
      for (bool responds : {false, true}) {
        const BlockOnBoard<P> at = {&streets[3],          &block,    &*strategies, 3, &river.hands,
                                    river.buckets.data(), responder, responds};
        std::vector<P> values(n);
        walk.Up(at, reach.data(), values.data(), [](uint32_t, P*) { FAIL(); });
        const SlowWalk slow(tree, river.hands, river.buckets, river.strengths, responder, responds);
        for (int lane = 0; lane < block.num_lanes; lane += 5) {
          std::vector<double> own(n);
          for (int i = 0; i < n; ++i) own[i] = reach[i][lane];
          const std::vector<double> expected = slow.Node(streets[3].nodes(block, 0)[lane], own);
          for (int i = 0; i < n; ++i) {
            ASSERT_NEAR(values[i][lane], expected[i], 1e-9 * (1 + std::abs(expected[i])));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace nash
