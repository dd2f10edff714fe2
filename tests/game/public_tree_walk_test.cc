// Whole trees against the slow hand: every path, label, link and payoff.
#include <gtest/gtest.h>

#include <map>

#include "solver/game/public_tree.h"
#include "tests/game/shipped_games.h"
#include "tests/game/slow_hand.h"

namespace nash {
namespace {

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
    // What the richest of those who could call has: nobody can call more.
    int64_t most = 0;
    for (int seat = 0; seat < static_cast<int>(hand.seats().size()); ++seat) {
      const SlowHand::Seat& other = hand.seats()[seat];
      if (seat == hand.Turn() || other.folded || other.spent == other.stack) continue;
      most = std::max(most, other.stack);
    }
    std::map<int64_t, bool> totals;
    const auto add = [&](int64_t total) {
      totals[std::max(legal->first, std::min({legal->second, most, total}))] = true;
    };
    const int64_t owed = hand.HighestSpent() - hand.seats()[hand.Turn()].spent;
    // Half up: (2 * x + 1) / 2 rounded down, for x in hundredths.
    for (int percent : percents) {
      add(hand.HighestSpent() + (2 * percent * (hand.Pot() + owed) + 100) / 200);
    }
    for (int c : chips) add(hand.round_start() + c);
    if (has_min) add(legal->first);
    if (has_all_in) add(legal->second);  // or as good as
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
    EXPECT_EQ(num_terminals_, tree_.terminals().size());
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
          value =
              tree_.OwnChips(p) + (edge.payload() == p ? -edge.amount_chips : edge.amount_chips);
        } else if (edge.kind() == EdgeKind::kShowdown) {
          value = tree_.OwnChips(p) + step * (p == 1 ? 1 : -1) * edge.amount_chips;
        } else {
          ASSERT_EQ(edge.kind(), EdgeKind::kMultiway);
          ASSERT_LE(edge.payload(), num_terminals_);  // in the order in which they are met
          value = MultiwayValue(tree_.game(), tree_.terminals()[edge.payload()], p, strengths);
        }
        ASSERT_NEAR(value, static_cast<double>(exact[p]) / SlowHand::kSharesPerChip, 1e-6)
            << hand.history() << " player " << p;
      }
    }
    if (num_players > 2 && edge.payload() == num_terminals_) ++num_terminals_;
  }

  const PublicTree& tree_;
  const SlowMenu& menu_;
  NodeIndex next_node_ = 0;
  uint32_t next_edge_ = 0;
  uint32_t num_terminals_ = 0;
};

// Whether two hands that differ in an uncalled excess go on alike and pay alike.
void ExpectAlike(const SlowHand& a, const SlowHand& b, int* ends) {
  ASSERT_EQ(a.over(), b.over()) << a.history() << " " << b.history();
  if (a.over()) {
    ++*ends;
    for (const int step : {-1, 0, 1}) {
      std::vector<int> strengths;
      for (size_t p = 0; p < a.seats().size(); ++p) strengths.push_back(100 + step * int(p));
      EXPECT_EQ(a.Payoffs(strengths), b.Payoffs(strengths)) << a.history() << " " << b.history();
    }
    return;
  }
  ASSERT_EQ(a.Turn(), b.Turn());
  ASSERT_EQ(a.FoldLegal(), b.FoldLegal());
  ASSERT_FALSE(a.RaiseLegal().has_value()) << a.history();  // nobody has chips for it
  ASSERT_FALSE(b.RaiseLegal().has_value()) << b.history();
  for (const char action : {'f', 'c'}) {
    if (action == 'f' && !a.FoldLegal()) continue;
    SlowHand after_a = a, after_b = b;
    after_a.Play(action);
    after_b.Play(action);
    ExpectAlike(after_a, after_b, ends);
  }
}

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
  cases.push_back({"two unequal stacks",
                   SmallNoLimit("numPlayers 2\nnumRounds 2\nstack 9 14\nblind 2 1\n"
                                "firstPlayer 2 1\nnumBoardCards 0 3"),
                   {.percents = {100}, .has_min = true, .has_all_in = true}});
  cases.push_back({"a big blind that is all-in",
                   SmallNoLimit("numPlayers 2\nnumRounds 2\nstack 3 9\nblind 3 1\n"
                                "firstPlayer 2 1\nnumBoardCards 0 3"),
                   {.has_min = true}});
  cases.push_back({"one check is the whole game",
                   SmallNoLimit("numPlayers 2\nnumRounds 2\nstack 9 1\nblind 2 1\n"
                                "firstPlayer 2 1\nnumBoardCards 0 3"),
                   {.has_min = true}});
  cases.push_back({"half over at the start",
                   SmallNoLimit("numPlayers 4\nnumRounds 3\nstack 1 9 2 11\nblind 1 2 2 1\n"
                                "firstPlayer 2 1 1\nmaxRaises 2 0 3\nnumBoardCards 0 3 1"),
                   {.percents = {75}, .has_min = true}});
  const auto with_antes = [&](const std::string& name, GameDefinition game,
                              std::vector<int32_t> antes, const SlowMenu& menu) {
    std::copy(antes.begin(), antes.end(), game.dead_chips.begin());
    cases.push_back({name, game, menu});
  };
  with_antes("heads-up, antes", ShippedGame("nolimit_2p"), {25, 25},
             {.percents = {33, 100}, .has_all_in = true, .raises_max = 2});
  with_antes("heads-up, the big blind antes for both",
             SmallNoLimit("numPlayers 2\nnumRounds 2\nstack 30 25\nblind 2 1\n"
                          "firstPlayer 2 1\nnumBoardCards 0 3"),
             {4, 0}, {.percents = {50, 100}, .has_min = true, .has_all_in = true});
  with_antes("six players, the button's ante",
             SmallNoLimit("numPlayers 6\nnumRounds 2\nstack 20 20 20 20 20 20\n"
                          "blind 0 0 0 0 0 2\nfirstPlayer 1 1\nnumBoardCards 0 3"),
             {1, 1, 1, 1, 1, 1}, {.percents = {100}, .raises_max = 1});
  with_antes("one is all-in by the ante",
             SmallNoLimit("numPlayers 3\nnumRounds 2\nstack 3 15 9\nblind 0 1 2\n"
                          "firstPlayer 1 1\nnumBoardCards 0 3"),
             {3, 3, 3}, {.percents = {50}, .chips = {5}, .has_min = true, .has_all_in = true});
  with_antes("limit, antes", ShippedGame("leduc_3p"), {1, 1, 1}, {});
  return cases;
}

TEST(PublicTreeWalk, EveryPathIsAsTheSlowHandPlaysIt) {
  for (const TreeCase& c : TreeCases()) {
    SCOPED_TRACE(c.name);
    const PublicTree tree = Built(c.game, c.menu.ToMenu());
    EXPECT_LT(tree.nodes().size(), 3'000'000u);
    Comparison(tree, c.menu).Run();
    if (HasFatalFailure()) return;
  }
}

// The server would take r300 and r1000 as well: they are played out by the slow hand.
TEST(PublicTreeWalk, RaisesBeyondWhatAnyoneCanCallAreOneAction) {
  const GameDefinition game = SmallNoLimit(
      "numPlayers 3\nnumRounds 2\nstack 1000 200 150\nblind 10 20 0\n"
      "firstPlayer 1 1\nnumBoardCards 0 3");
  const PublicTree tree = Built(game, MenuOf({"300chips", "500chips", "allin", "100chips"}, 255));
  const std::vector<int32_t> labels(tree.LabelsOf(0).begin(), tree.LabelsOf(0).end());
  EXPECT_EQ(labels, std::vector<int32_t>({kFoldLabel, kCallLabel, 100, 200}));
  for (const int64_t total : {201, 300, 1000}) {
    SlowHand merged(game), other(game);
    merged.Play('r', 200);
    other.Play('r', total);
    int ends = 0;
    ExpectAlike(merged, other, &ends);
    EXPECT_EQ(ends, 4);  // each of two players folds or calls
  }
}

TEST(PublicTreeWalk, FindNodeUndoesBetting) {
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

}  // namespace
}  // namespace nash
