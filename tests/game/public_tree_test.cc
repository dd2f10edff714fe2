// Exact node counts, with their derivations, and lookups by betting sequence.
#include "solver/game/public_tree.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/game/shipped_games.h"

namespace nash {
namespace {

PublicTree Built(const GameDefinition& game, const ActionMenu& menu) {
  auto tree = PublicTree::Build(game, menu);
  CHECK(tree.ok()) << tree.status();
  return *std::move(tree);
}

std::vector<uint32_t> NodesByStreet(const PublicTree& tree) {
  std::vector<uint32_t> counts(tree.num_streets());
  for (const PublicNode& node : tree.nodes()) ++counts[node.street];
  return counts;
}

std::map<EdgeKind, int> EdgesByKind(const PublicTree& tree) {
  std::map<EdgeKind, int> counts;
  for (const PublicEdge& edge : tree.edges()) ++counts[edge.kind()];
  return counts;
}

TEST(PublicTree, LimitHoldemHasTheKnownNumberOfDecisionSequences) {
  const PublicTree tree = Built(ShippedGame("limit_2p"), {});
  // First street, at most 3 raises: c^a r^b with a in {0, 1}: without a check the decisions are
  // after r^0..r^3 (4), with one after cr^0..cr^3 (4): 8. It ends in a call after each of the 8 but
  // the opening call (which leads to the next decision): 7 ways on. A later street, at most 4
  // raises, has 2 * 5 = 10 decisions and 9 ways on: 7 * 10, 7 * 9 * 10, 7 * 9 * 9 * 10.
  EXPECT_EQ(NodesByStreet(tree), std::vector<uint32_t>({8, 70, 630, 5670}));
}

}  // namespace
}  // namespace nash
