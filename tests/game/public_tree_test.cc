// Exact node counts with their derivations, lookups by betting sequence, limits.
#include "solver/game/public_tree.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/game/shipped_games.h"

namespace nash {
namespace {

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
  // First street, at most 3 raises: decisions after r^0 to r^3 and, once the opener has called,
  // after cr^0 to cr^3: 8. A call at each but the opener's leads on: 7 ways. A later street, at
  // most 4 raises: 2 * 5 = 10 decisions and 9 ways on. 7 * 10 = 70, 7 * 9 * 10 = 630, 7 * 9^2 * 10
  // = 5670.
  EXPECT_EQ(NodesByStreet(tree), std::vector<uint32_t>({8, 70, 630, 5670}));
}

TEST(PublicTree, KuhnHasFourDecisions) {
  const PublicTree tree = Built(ShippedGame("kuhn_2p"), {});
  EXPECT_EQ(NodesByStreet(tree), std::vector<uint32_t>({4}));  // after "", c, cr, r
  // Two actions each: 8 edges, of which 3 lead to decisions. Folds: rf, crf. Showdowns: cc, rc,
  // crc.
  const std::map<EdgeKind, int> expected = {
      {EdgeKind::kDecision, 3}, {EdgeKind::kFold, 2}, {EdgeKind::kShowdown, 3}};
  EXPECT_EQ(EdgesByKind(tree), expected);
  // Preorder: "", c, cr, r. Whoever folds has put in the ante of 1; a called bet makes it 2.
  ASSERT_EQ(tree.Betting(2), "cr");
  EXPECT_EQ(tree.EdgesOf(2)[0].payload(), 0u);
  EXPECT_EQ(tree.EdgesOf(2)[0].amount_chips, 1);
  EXPECT_EQ(tree.EdgesOf(2)[1].amount_chips, 2);
  EXPECT_EQ(tree.EdgesOf(1)[0].amount_chips, 1);  // cc
}

TEST(PublicTree, ThreePlayerKuhnHasTwelveDecisions) {
  const PublicTree tree = Built(ShippedGame("kuhn_3p"), {});
  // Nobody has bet: after "", c, cc: 3. After one of these 3 bets, the next player decides (1),
  // and then the last one, who has seen a fold or a call (2): 3 * 3 = 9.
  EXPECT_EQ(NodesByStreet(tree), std::vector<uint32_t>({12}));
  // Ends: ccc, and after each of the 3 bets 2 * 2 answers: 13 edges. Alike are those in which the
  // same players put in 2: ccc, and the 7 sets of at least one bettor.
  EXPECT_EQ(EdgesByKind(tree)[EdgeKind::kMultiway], 13);
  EXPECT_EQ(tree.terminals().size(), 8u);
}

TEST(PublicTree, LeducHasSixAndThirtyDecisions) {
  const PublicTree tree = Built(ShippedGame("leduc_2p"), {});
  // As in limit hold'em with 2 raises: 2 * 3 = 6 decisions, 5 ways on, 5 * 6 = 30. With 3 ranks in
  // the hand and on the board: 6 * 3 + 30 * 9 = 288 infosets, as the literature has it.
  EXPECT_EQ(NodesByStreet(tree), std::vector<uint32_t>({6, 30}));
}

TEST(PublicTree, ASmallNoLimitTreeCountedByHand) {
  const GameDefinition game =
      SmallNoLimit("numPlayers 2\nnumRounds 1\nstack 4 4\nblind 1 1\nnumBoardCards 0");
  const PublicTree tree = Built(game, MenuOf({"min", "allin"}, 255));
  // After r2: decisions after r2, r2r3, r2r3r4, r2r4: 4. After r4: 1. So below a player who may
  // check or bet: 5. "" and c are two such players: 2 + 2 * 5 = 12 decisions.
  EXPECT_EQ(NodesByStreet(tree), std::vector<uint32_t>({12}));
  // Each of the 10 decisions that face a bet can end in a fold or a call; and there is cc.
  const std::map<EdgeKind, int> expected = {
      {EdgeKind::kDecision, 11}, {EdgeKind::kFold, 10}, {EdgeKind::kShowdown, 11}};
  EXPECT_EQ(EdgesByKind(tree), expected);
  EXPECT_TRUE(tree.FindNode("cr2r3r4").ok());
  EXPECT_FALSE(tree.FindNode("cr3").ok());
}

TEST(PublicTree, BettingIsWrittenAsTheServerWritesIt) {
  const PublicTree tree = Built(ShippedGame("nolimit_2p"), MenuOf({"300chips", "min"}, 3));
  const auto node = tree.FindNode("cr300c/r400");
  ASSERT_TRUE(node.ok()) << node.status();
  EXPECT_EQ(tree.Betting(*node), "cr300c/r400");
  EXPECT_EQ(tree.nodes()[*node].player, 1);
  // A street that has begun shows its slash; on the way in it may be left out.
  const auto flop = tree.FindNode("cr300c");
  ASSERT_TRUE(flop.ok());
  EXPECT_EQ(tree.Betting(*flop), "cr300c/");
}

TEST(PublicTree, FindNodeNamesTheFirstActionThatIsNotThere) {
  const PublicTree tree = Built(ShippedGame("nolimit_2p"), MenuOf({"300chips"}, 1));
  const struct {
    const char* why;
    const char* betting;
    const char* message;
  } cases[] = {
      {"a size that the menu has not got", "cr301",
       "found \"r301\" after \"c\", expected one of c, r300"},
      {"a street that has not ended", "c/", "found \"/\" after \"c\""},
      {"a missing slash", "ccc", "found \"c\" after \"cc\", expected /"},
      {"the hand is over", "f", "found \"f\" after \"\", which ends the hand"},
      {"no action at all", "x", "expected one of f, c, r300"},
      {"a number without a raise", "c300", "found \"c300\""},
      {"bytes that no terminal should see", "\x1b[2J", "found \"\\033\""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto found = tree.FindNode(c.betting);
    EXPECT_EQ(found.status().code(), absl::StatusCode::kNotFound);
    EXPECT_NE(found.status().message().find(c.message), absl::string_view::npos) << found.status();
  }
}

TEST(PublicTree, LimitsAreKept) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  const ActionMenu menu = MenuOf({"min", "pot"}, 255);
  EXPECT_EQ(PublicTree::Build(game, menu, 1000).status().code(),
            absl::StatusCode::kResourceExhausted);
  const uint32_t exact = Built(ShippedGame("leduc_2p"), {}).nodes().size();
  EXPECT_TRUE(PublicTree::Build(ShippedGame("leduc_2p"), {}, exact).ok());
  EXPECT_FALSE(PublicTree::Build(ShippedGame("leduc_2p"), {}, exact - 1).ok());

  // 1 chip at a time: 2 players, cap 255 on each of two streets, passes 255 decisions.
  const GameDefinition deep =
      SmallNoLimit("numPlayers 2\nnumRounds 2\nblind 1 1\nnumBoardCards 0 1");
  EXPECT_EQ(PublicTree::Build(deep, MenuOf({"min"}, 255)).status().code(),
            absl::StatusCode::kInvalidArgument);

  ActionMenu bad = menu;
  bad.streets[2].sizes[0][1].value = -1;
  EXPECT_EQ(PublicTree::Build(game, bad).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(PublicTree, FourteenSizesMakeAFullNode) {
  std::vector<std::string> sizes;
  for (int i = 1; i <= kBetSizesMax; ++i) sizes.push_back(std::to_string(i * 300) + "chips");
  const PublicTree tree = Built(ShippedGame("nolimit_2p"), MenuOf(sizes, 1));
  EXPECT_EQ(tree.nodes()[0].num_actions, kActionsMax);
}

}  // namespace
}  // namespace nash
