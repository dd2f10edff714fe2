#include "solver/cfr/street_shares.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "tests/cfr/walk_comparison.h"

namespace nash {
namespace {

constexpr int kLanes = 8;

PublicTree TreeOf(const std::string& game) {
  ActionMenu menu;
  for (StreetMenu& street : menu.streets) {
    street.sizes = {{{BetSizeKind::kPotFraction, 0.5}, {BetSizeKind::kPotFraction, 1}}};
    street.raises_max = 2;
  }
  return *PublicTree::Build(ComparedGame(game), menu);
}

// Actions of a shape, counted without following edges.
uint32_t ActionsOf(const SubtreeShape& shape) {
  uint32_t actions = 0;
  for (const ShapeNode& node : shape.nodes) actions += node.num_actions;
  return actions;
}

class StreetSharesTest : public testing::TestWithParam<std::string> {};

// Whole or by branches, all actions of a block belong to one share but those of a split block's
// first decision.
TEST_P(StreetSharesTest, SharesAreAllOfTheStreetOnce) {
  const PublicTree tree = TreeOf(GetParam());
  int split = 0;
  for (const StreetBlocks& street : StreetBlocks::Build(tree, kLanes)) {
    const StreetShares shares(street, 2);
    std::map<uint32_t, uint32_t> edges;
    std::map<uint32_t, std::vector<int>> branches;
    std::set<uint32_t> vectors;
    for (const StreetShares::Share& share : shares.shares()) {
      edges[share.block] += share.edges;
      branches[share.block].push_back(share.branch);
      if (share.branch == StreetShares::kWholeBlock) continue;
      ++split;
      EXPECT_TRUE(vectors.insert(shares.vector_of(share.block, share.branch)).second);
      EXPECT_LT(shares.vector_of(share.block, share.branch), shares.num_vectors());
    }
    ASSERT_EQ(edges.size(), street.blocks().size());
    for (uint32_t block = 0; block < street.blocks().size(); ++block) {
      const SubtreeShape& shape = street.shape_of(street.blocks()[block]);
      const uint32_t all = ActionsOf(shape);
      if (shares.num_branches(block) == 0) {
        EXPECT_EQ(branches[block], std::vector<int>{StreetShares::kWholeBlock});
        EXPECT_EQ(edges[block], all);
        continue;
      }
      EXPECT_EQ(edges[block], all - shape.nodes[0].num_actions);
      std::vector<int> leading_on;
      for (int a = 0; a < shape.nodes[0].num_actions; ++a) {
        if (LeadsOn(shape.edges[shape.nodes[0].first_edge + a])) leading_on.push_back(a);
      }
      std::sort(branches[block].begin(), branches[block].end());
      EXPECT_EQ(branches[block], leading_on);
      EXPECT_EQ(shares.num_branches(block), leading_on.size());
    }
  }
  EXPECT_GT(split, 0);
}

TEST_P(StreetSharesTest, LargeSharesComeFirst) {
  for (const StreetBlocks& street : StreetBlocks::Build(TreeOf(GetParam()), kLanes)) {
    const StreetShares shares(street, 2);
    for (size_t i = 1; i < shares.shares().size(); ++i) {
      EXPECT_GE(shares.shares()[i - 1].edges, shares.shares()[i].edges);
    }
  }
}

TEST_P(StreetSharesTest, OneThreadTakesWholeBlocks) {
  for (const StreetBlocks& street : StreetBlocks::Build(TreeOf(GetParam()), kLanes)) {
    const StreetShares shares(street, 1);
    EXPECT_EQ(shares.num_vectors(), 0);
    EXPECT_EQ(shares.shares().size(), street.blocks().size());
  }
}

INSTANTIATE_TEST_SUITE_P(Games, StreetSharesTest, testing::Values("kuhn_2p", "leduc_2p", "rows"));

}  // namespace
}  // namespace nash
