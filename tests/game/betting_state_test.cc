#include "solver/game/betting_state.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "solver/game/public_tree.h"
#include "tests/game/shipped_games.h"
#include "tests/game/slow_hand.h"

namespace nash {
namespace {

constexpr int kHands = 1'000'000;
constexpr int kOddHands = 300'000;

// Every difference between the two, in words; empty where they agree.
std::string Differences(const BettingState& fast, const SlowHand& slow) {
  std::string out;
  const auto compare = [&](const char* what, int64_t a, int64_t b) {
    if (a == b) return;
    out += std::string(what) + ": " + std::to_string(a) + ", slow " + std::to_string(b) + "; ";
  };
  compare("over", fast.is_over(), slow.over());
  compare("pot", fast.pot_chips(), slow.Pot());
  compare("highest", fast.max_spent_chips(), slow.HighestSpent());
  for (size_t p = 0; p < slow.seats().size(); ++p) {
    compare("spent", fast.spent_chips(p), slow.seats()[p].spent);
    compare("in hand", fast.in_hand() >> p & 1, !slow.seats()[p].folded);
  }
  if (fast.is_over() || slow.over()) return out;
  compare("player", fast.player(), slow.Turn());
  compare("street", fast.street(), slow.round());
  compare("street start", fast.street_start_chips(), slow.round_start());
  compare("raises", fast.raises_made(), slow.RaisesThisRound());
  compare("can fold", fast.CanFold(), slow.FoldLegal());
  const auto raise = slow.RaiseLegal();
  compare("can raise", fast.CanRaise(), raise.has_value());
  if (!fast.CanRaise() || !raise.has_value()) return out;
  compare("least raise", fast.MinRaiseTo(), raise->first);
  compare("greatest raise", fast.MaxRaiseTo(), raise->second);
  return out;
}

// A total that is often at or next to the limits, where the rules bite.
int64_t RandomTotal(std::pair<int64_t, int64_t> range, std::mt19937_64& random) {
  const auto [low, high] = range;
  switch (random() % 6) {
    case 0:
      return low;
    case 1:
      return high;
    case 2:
      return std::max(low, high - 1);
    case 3:
    case 4:
      return low + random() % (std::min(high, low * 3 / 2) - low + 1);
    default:
      return low + random() % (high - low + 1);
  }
}

void PlayOne(const GameDefinition& game, std::mt19937_64& random) {
  BettingState fast(&game);
  SlowHand slow(game);
  // Some hands are timid and some wild, so that long and multiway hands occur.
  const int folds_of_16 = random() % 5;
  const int raises_of_16 = random() % 10;
  while (true) {
    const std::string differences = Differences(fast, slow);
    ASSERT_EQ(differences, "") << "after \"" << slow.history() << "\"";
    if (slow.over()) break;
    const int choice = random() % 16;
    const auto raise = slow.RaiseLegal();
    if (slow.FoldLegal() && choice < folds_of_16) {
      slow.Play('f');
      fast.Fold();
    } else if (raise && choice >= 16 - raises_of_16) {
      const int64_t total = RandomTotal(*raise, random);
      slow.Play('r', total);
      fast.RaiseTo(total);
    } else {
      slow.Play('c');
      fast.Call();
    }
  }
  MultiwayTerminal terminal;
  std::vector<int32_t> strengths;
  for (int p = 0; p < game.num_players; ++p) {
    terminal.spent_chips[p] = fast.spent_chips(p);
    strengths.push_back(random() % 4);  // ties are common
  }
  terminal.in_hand = fast.in_hand();
  const std::vector<int64_t> exact = slow.Payoffs({strengths.begin(), strengths.end()});
  for (int p = 0; p < game.num_players; ++p) {
    const double value = MultiwayValue(game, terminal, p, strengths);
    const double expected = static_cast<double>(exact[p]) / SlowHand::kSharesPerChip;
    ASSERT_LT(std::abs(value - expected), 1e-6) << "payoff of " << p << " after " << slow.history()
                                                << ": " << value << ", slow " << expected;
  }
}

void PlayMany(const GameDefinition& game, int num_hands, uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int hand = 0; hand < num_hands; ++hand) {
    PlayOne(game, random);
    if (testing::Test::HasFatalFailure()) return;
  }
}

class ShippedGames : public testing::TestWithParam<std::string> {};

TEST_P(ShippedGames, PlayAsTheSlowHandDoes) { PlayMany(ShippedGame(GetParam()), kHands, 1); }

INSTANTIATE_TEST_SUITE_P(All, ShippedGames, testing::ValuesIn(kShippedGames),
                         [](const auto& info) { return info.param; });

struct OddGame {
  std::string name;
  std::string why;
  std::string lines;
  std::vector<int32_t> antes = {};
};

const std::vector<OddGame> kOddGames = {
    {"unequal_stacks", "side pots and players who cannot reach a minimum raise",
     "nolimit\nnumPlayers 6\nnumRounds 4\nstack 150 2000 733 20000 101 5000\n"
     "blind 50 100 0 0 0 0\nfirstPlayer 3 1 1 1\n"},
    {"ten_players", "the most seats, antes, and first players that differ",
     "nolimit\nnumPlayers 10\nnumRounds 4\nstack 900 800 700 600 500 400 300 200 100 50\n"
     "blind 1 1 1 1 1 1 1 5 10 1\nfirstPlayer 10 8 9 3\n"},
    {"tiny_stacks", "blinds put players all-in, so that hands start half over",
     "nolimit\nnumPlayers 3\nnumRounds 3\nstack 1 7 13\nblind 1 2 0\nfirstPlayer 3 1 2\n"},
    {"big_blind_all_in", "the small blind calls or folds against an all-in",
     "nolimit\nnumPlayers 2\nnumRounds 2\nstack 3 9\nblind 3 1\nfirstPlayer 2 1\n"},
    {"short_small_blind", "one player can act and has nothing to do: one check",
     "nolimit\nnumPlayers 2\nnumRounds 2\nstack 9 1\nblind 2 1\nfirstPlayer 2 1\n"},
    {"no_blinds", "the least bet is one chip",
     "nolimit\nnumPlayers 3\nnumRounds 2\nstack 9 5 7\n"
     "blind 0 0 0\n"},
    {"capped_no_limit", "caps of 0, 1 and 2 raises",
     "nolimit\nnumPlayers 3\nnumRounds 3\nstack 50 60 55\nblind 1 2 0\nmaxRaises 2 0 1\n"},
    {"short_limit", "a limit raise is cut to the stack",
     "limit\nnumPlayers 3\nnumRounds 4\nstack 37 52 9\nblind 5 10 0\nraiseSize 10 10 20 20\n"
     "maxRaises 3 4 4 4\nfirstPlayer 3 1 1 1\n"},
    {"antes_heads_up",
     "chips that are not bets: the least raise and the stacks",
     "nolimit\nnumPlayers 2\nnumRounds 4\nstack 200 200\nblind 2 1\nfirstPlayer 2 1 1 1\n",
     {1, 1}},
    {"button_ante",
     "the short deck's game: antes, and one blind, which the button posts",
     "nolimit\nnumPlayers 6\nnumRounds 4\nstack 100 70 100 40 100 100\nblind 0 0 0 0 0 2\n"
     "firstPlayer 1 1 1 1\n",
     {1, 1, 1, 1, 1, 1}},
    {"antes_alone",
     "no blinds: a check is free from the start",
     "nolimit\nnumPlayers 3\nnumRounds 2\nstack 9 5 7\nblind 0 0 0\n",
     {1, 1, 2}},
    {"all_in_by_the_ante",
     "they play for the antes and nothing else",
     "nolimit\nnumPlayers 4\nnumRounds 2\nstack 3 20 5 30\nblind 0 1 2 0\nfirstPlayer 4 1\n",
     {3, 3, 3, 3}},
    {"one_ante_for_all",
     "the big blind posts it, as many tournaments have it",
     "nolimit\nnumPlayers 5\nnumRounds 3\nstack 50 60 70 80 90\nblind 1 2 0 0 0\n"
     "firstPlayer 3 1 1\n",
     {0, 5, 0, 0, 0}},
    {"antes_in_limit",
     "a limit raise is cut to what the ante leaves",
     "limit\nnumPlayers 3\nnumRounds 4\nstack 37 52 9\nblind 5 3 0\nraiseSize 10 10 20 20\n"
     "maxRaises 3 4 4 4\nfirstPlayer 3 1 1 1\n",
     {2, 2, 2}},
};

class OddGames : public testing::TestWithParam<OddGame> {};

TEST_P(OddGames, PlayAsTheSlowHandDoes) {
  const OddGame& odd = GetParam();
  std::string board = "numBoardCards";
  const size_t rounds_at = odd.lines.find("numRounds ") + 10;
  for (int r = 0; r < odd.lines[rounds_at] - '0'; ++r) board += " 1";
  auto game = ParseGameDefinition("GAMEDEF\n" + odd.lines + board +
                                      "\nnumSuits 4\nnumRanks 13\nnumHoleCards 1\n"
                                      "END GAMEDEF\n",
                                  odd.name);
  ASSERT_TRUE(game.ok()) << game.status();
  std::copy(odd.antes.begin(), odd.antes.end(), game->dead_chips.begin());
  ASSERT_TRUE(CheckDeadChips(*game).ok()) << CheckDeadChips(*game);
  SCOPED_TRACE(odd.why);
  PlayMany(*game, kOddHands, 2);
}

INSTANTIATE_TEST_SUITE_P(All, OddGames, testing::ValuesIn(kOddGames),
                         [](const auto& info) { return info.param.name; });

// By hand. Two players, ante 1, blinds 2 and 1, stacks 100: the pot is 5 before anyone acts.
TEST(BettingState, AntesAreInThePotAndAreNoBets) {
  auto game = ParseGameDefinition(
      "GAMEDEF\nnolimit\nnumPlayers 2\nnumRounds 2\nstack 100 100\nblind 2 1\nfirstPlayer 2 1\n"
      "numSuits 4\nnumRanks 13\nnumHoleCards 2\nnumBoardCards 0 3\nEND GAMEDEF\n",
      "antes");
  ASSERT_TRUE(game.ok()) << game.status();
  game->dead_chips = {1, 1};
  BettingState state(&*game);
  EXPECT_EQ(state.pot_chips(), 5);
  EXPECT_EQ(state.owed_chips(), 1);   // the small blind owes the big blind, not the ante
  EXPECT_EQ(state.MinRaiseTo(), 4);   // twice the big blind
  EXPECT_EQ(state.MaxRaiseTo(), 99);  // all but the ante
  state.RaiseTo(6);
  EXPECT_EQ(state.pot_chips(), 10);   // 2 antes, 2 and 6
  EXPECT_EQ(state.MinRaiseTo(), 10);  // 6 + (6 - 2)
  state.Call();
  EXPECT_EQ(state.pot_chips(), 14);
  EXPECT_EQ(state.MinRaiseTo(), 8);  // a bet of one big blind on the flop
}

// By hand: the short deck's game of six, antes 1, and the button posts 2. Its least raise is 4.
TEST(BettingState, TheButtonsAnteIsABlind) {
  auto game = ParseGameDefinition(
      "GAMEDEF\nnolimit\nnumPlayers 6\nnumRounds 2\nstack 100 100 100 100 100 100\n"
      "blind 0 0 0 0 0 2\nfirstPlayer 1 1\nnumSuits 4\nnumRanks 9\nnumHoleCards 2\n"
      "numBoardCards 0 3\nEND GAMEDEF\n",
      "button");
  ASSERT_TRUE(game.ok()) << game.status();
  game->dead_chips.fill(0);
  std::fill_n(game->dead_chips.begin(), 6, 1);
  BettingState state(&*game);
  EXPECT_EQ(state.pot_chips(), 8);
  EXPECT_EQ(state.player(), 0);
  EXPECT_EQ(state.owed_chips(), 2);
  EXPECT_EQ(state.MinRaiseTo(), 4);
  EXPECT_EQ(state.MaxRaiseTo(), 99);
  for (int p = 0; p < 5; ++p) state.Call();
  EXPECT_EQ(state.street(), 0);  // the button may still raise
  EXPECT_EQ(state.player(), 5);
  state.Call();
  EXPECT_EQ(state.street(), 1);
  EXPECT_EQ(state.pot_chips(), 18);
}

struct RuleCase {
  const char* why;
  const char* betting;  // raises to totals; streets run on
  int player;
  int32_t min_raise_to;  // 0: no raise
  int32_t max_raise_to;
};

// Three players with 1000, 250 and 1000 chips, blinds 50 100 0; position 2 acts first.
TEST(BettingState, RulesByName) {
  const auto game = ParseGameDefinition(
      "GAMEDEF\nnolimit\nnumPlayers 3\nnumRounds 2\nstack 1000 250 1000\nblind 50 100 0\n"
      "firstPlayer 3 1\nmaxRaises 3 3\nnumSuits 4\nnumRanks 13\nnumHoleCards 2\n"
      "numBoardCards 0 3\nEND GAMEDEF\n",
      "rules");
  ASSERT_TRUE(game.ok()) << game.status();
  const RuleCase cases[] = {
      {"the least raise starts at twice the largest blind", "", 2, 200, 1000},
      {"after a raise to X over M it is X + (X - M)", "r220", 0, 340, 1000},
      {"too short for it: all-in is the one raise", "r220c", 1, 250, 250},
      {"an undersized all-in does not lower it, and reopens the betting", "r220cr250", 2, 340,
       1000},
      {"a raise beyond a stack leaves that player call or fold", "r300c", 1, 0, 0},
      {"nobody left who could call a raise", "r300fc", -1, 0, 0},
      {"nobody left who could call: the last one may only call", "r220r1000f", 2, 0, 0},
      {"no raise beyond the street's cap", "r220r340fr460", 0, 0, 0},
      {"a new street starts at the largest blind", "ccc", 0, 200, 1000},
      {"an all-in player is passed over on the next street", "r250ccc", 2, 350, 1000},
      {"everyone else folded: over", "ff", -1, 0, 0},
      {"everyone all-in before the last street: over", "r1000cc", -1, 0, 0},
  };
  for (const RuleCase& c : cases) {
    SCOPED_TRACE(c.why);
    BettingState state(&*game);
    for (const char* at = c.betting; *at != '\0';) {
      ASSERT_FALSE(state.is_over());
      const char action = *at++;
      if (action == 'f') state.Fold();
      if (action == 'c') state.Call();
      if (action != 'r') continue;
      char* end = nullptr;
      const int32_t total = static_cast<int32_t>(std::strtol(at, &end, 10));
      at = end;
      ASSERT_TRUE(state.CanRaise());
      ASSERT_GE(total, state.MinRaiseTo());
      ASSERT_LE(total, state.MaxRaiseTo());
      state.RaiseTo(total);
    }
    EXPECT_EQ(state.is_over(), c.player == -1);
    if (state.is_over()) continue;
    EXPECT_EQ(state.player(), c.player);
    EXPECT_EQ(state.CanRaise(), c.min_raise_to != 0);
    if (!state.CanRaise()) continue;
    EXPECT_EQ(state.MinRaiseTo(), c.min_raise_to);
    EXPECT_EQ(state.MaxRaiseTo(), c.max_raise_to);
  }
}

}  // namespace
}  // namespace nash
