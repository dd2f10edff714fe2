// Exact node counts with their derivations, and the whole tree against the slow hand.
#include "solver/game/public_tree.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/game/shipped_games.h"
#include "tests/game/slow_hand.h"

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

GameDefinition SmallNoLimit(const std::string& lines) {
  const auto game = ParseGameDefinition("GAMEDEF\nnolimit\n" + lines +
                                            "\nnumSuits 4\nnumRanks 13\nnumHoleCards 1\n"
                                            "END GAMEDEF\n",
                                        "small");
  CHECK(game.ok()) << game.status();
  return *game;
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
  // Ends: ccc, and after each of the 3 bets 2 * 2 answers.
  EXPECT_EQ(tree.terminals().size(), 13u);
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

// A menu as the slow hand reads it. percent: of the pot.
struct SlowMenu {
  std::vector<int> percents;
  std::vector<int> chips;
  bool has_min = false;
  bool has_all_in = false;
  int raises_max = 255;

  ActionMenu ToMenu() const {
    std::vector<std::string> sizes;  // all-in first: the order must not matter
    if (has_all_in) sizes.push_back("allin");
    for (int percent : percents) sizes.push_back(std::to_string(percent / 100.0) + "pot");
    for (int c : chips) sizes.push_back(std::to_string(c) + "chips");
    if (has_min) sizes.push_back("min");
    return MenuOf(sizes, raises_max);
  }

  std::vector<int64_t> Totals(const SlowHand& hand, BettingKind betting) const {
    const auto legal = hand.RaiseLegal();
    if (!legal || hand.RaisesThisRound() >= raises_max) return {};
    if (betting == BettingKind::kLimit) return {legal->first};
    std::map<int64_t, bool> totals;
    const auto add = [&](int64_t total) {
      totals[std::max(legal->first, std::min(legal->second, total))] = true;
    };
    const int64_t owed = hand.HighestSpent() - hand.seats()[hand.Turn()].spent;
    // Half up: (2 * x + 1) / 2 rounded down, for x in hundredths.
    for (int percent : percents) {
      add(hand.HighestSpent() + (2 * percent * (hand.Pot() + owed) + 100) / 200);
    }
    for (int c : chips) add(hand.round_start() + c);
    if (has_min) add(legal->first);
    if (has_all_in) add(legal->second);
    std::vector<int64_t> out;
    for (const auto& [total, unused] : totals) out.push_back(total);
    return out;
  }
};

// Plays the slow hand along every path of the tree, in the tree's order.
class Comparison {
 public:
  Comparison(const PublicTree& tree, const SlowMenu& menu) : tree_(tree), menu_(menu) {}

  void Run() {
    Visit(SlowHand(tree_.game()), 0);
    EXPECT_EQ(next_node_, tree_.nodes().size());
    EXPECT_EQ(next_edge_, tree_.edges().size());
    EXPECT_EQ(next_terminal_, tree_.terminals().size());
  }

 private:
  void Visit(const SlowHand& hand, int depth) {
    const NodeIndex node = next_node_++;
    ASSERT_LT(node, tree_.nodes().size());
    const PublicNode& n = tree_.nodes()[node];
    ASSERT_EQ(n.player, hand.Turn());
    ASSERT_EQ(n.street, hand.round());
    ASSERT_EQ(n.depth, depth);
    ASSERT_EQ(n.first_edge, next_edge_);
    std::vector<std::pair<char, int64_t>> actions;
    if (hand.FoldLegal()) actions.push_back({'f', kFoldLabel});
    actions.push_back({'c', kCallLabel});
    for (int64_t total : menu_.Totals(hand, tree_.game().betting)) actions.push_back({'r', total});
    ASSERT_EQ(n.num_actions, actions.size()) << hand.history();
    next_edge_ += actions.size();
    for (size_t a = 0; a < actions.size(); ++a) {
      ASSERT_EQ(tree_.LabelsOf(node)[a], actions[a].second) << hand.history();
      SlowHand after = hand;
      after.Play(actions[a].first, actions[a].second);
      const PublicEdge& edge = tree_.EdgesOf(node)[a];
      if (after.over()) {
        CompareEnd(after, edge);
      } else {
        ASSERT_EQ(edge.kind(), EdgeKind::kDecision) << after.history();
        ASSERT_EQ(edge.payload(), next_node_);
        Visit(after, depth + 1);
      }
      if (testing::Test::HasFatalFailure()) return;
    }
    ASSERT_EQ(tree_.SubtreeSize(node), next_node_ - node);
  }

  // Compares what the end pays for three orders of strength.
  void CompareEnd(const SlowHand& hand, const PublicEdge& edge) {
    const int num_players = hand.seats().size();
    for (const int step : {-1, 0, 1}) {
      std::vector<int> strengths;
      for (int p = 0; p < num_players; ++p) strengths.push_back(100 + step * p);
      const std::vector<int64_t> exact = hand.Payoffs(strengths);
      for (int p = 0; p < num_players; ++p) {
        double value = 0;
        if (edge.kind() == EdgeKind::kFold) {
          value = edge.payload() == p ? -edge.amount_chips : edge.amount_chips;
        } else if (edge.kind() == EdgeKind::kShowdown) {
          value = step * (p == 1 ? 1 : -1) * edge.amount_chips;
        } else {
          ASSERT_EQ(edge.kind(), EdgeKind::kMultiway);
          ASSERT_EQ(edge.payload(), next_terminal_);
          value = MultiwayValue(tree_.terminals()[edge.payload()], p, strengths);
        }
        ASSERT_NEAR(value, static_cast<double>(exact[p]) / SlowHand::kSharesPerChip, 1e-6)
            << hand.history() << " player " << p;
      }
    }
    if (num_players > 2) ++next_terminal_;
  }

  const PublicTree& tree_;
  const SlowMenu& menu_;
  NodeIndex next_node_ = 0;
  uint32_t next_edge_ = 0;
  uint32_t next_terminal_ = 0;
};

struct TreeCase {
  std::string name;
  GameDefinition game;
  SlowMenu menu;
};

std::vector<TreeCase> TreeCases() {
  std::vector<TreeCase> cases;
  for (const std::string& name : kShippedGames) {
    // All of limit_3p would be 9.7 million nodes; one raise a street stands in for it below.
    if (ShippedGame(name).betting == BettingKind::kLimit && name != "limit_3p") {
      cases.push_back({name, ShippedGame(name), {}});
    }
  }
  cases.push_back({"limit hold'em, at most one raise", ShippedGame("limit_3p"), {.raises_max = 1}});
  cases.push_back({"heads-up",
                   ShippedGame("nolimit_2p"),
                   {.percents = {33, 100}, .has_all_in = true, .raises_max = 2}});
  cases.push_back({"heads-up, no sizes", ShippedGame("nolimit_2p_100bb"), {}});
  cases.push_back({"six players", ShippedGame("nolimit_6p"), {.percents = {100}, .raises_max = 1}});
  cases.push_back({"unequal stacks",
                   SmallNoLimit("numPlayers 3\nnumRounds 2\nstack 20 7 13\nblind 1 2 0\n"
                                "firstPlayer 3 1\nnumBoardCards 0 3"),
                   {.percents = {50}, .chips = {5}, .has_min = true, .has_all_in = true}});
  cases.push_back({"half over at the start",
                   SmallNoLimit("numPlayers 4\nnumRounds 3\nstack 1 9 2 11\nblind 1 2 2 1\n"
                                "firstPlayer 2 1 1\nmaxRaises 2 0 3\nnumBoardCards 0 3 1"),
                   {.percents = {75}, .has_min = true}});
  return cases;
}

TEST(PublicTree, EveryPathIsAsTheSlowHandPlaysIt) {
  for (const TreeCase& c : TreeCases()) {
    SCOPED_TRACE(c.name);
    const PublicTree tree = Built(c.game, c.menu.ToMenu());
    EXPECT_GT(tree.nodes().size(), 3u);
    EXPECT_LT(tree.nodes().size(), 3'000'000u);
    Comparison(tree, c.menu).Run();
    if (HasFatalFailure()) return;
  }
}

TEST(PublicTree, FindNodeUndoesBetting) {
  for (const TreeCase& c : TreeCases()) {
    SCOPED_TRACE(c.name);
    const PublicTree tree = Built(c.game, c.menu.ToMenu());
    for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
      const std::string betting = tree.Betting(node);
      const auto found = tree.FindNode(betting);
      ASSERT_TRUE(found.ok()) << found.status();
      ASSERT_EQ(*found, node) << betting;
    }
  }
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
