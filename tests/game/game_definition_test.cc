#include "solver/game/game_definition.h"

#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// A definition with one key a line, to be changed line by line.
constexpr char kBase[] =
    "GAMEDEF\n"              // line 1
    "nolimit\n"              // 2
    "numPlayers = 3\n"       // 3
    "numRounds = 2\n"        // 4
    "stack = 500 600 700\n"  // 5
    "blind = 5 10 0\n"       // 6
    "firstPlayer = 3 1\n"    // 7
    "maxRaises = 3 4\n"      // 8
    "numSuits = 4\n"         // 9
    "numRanks = 13\n"        // 10
    "numHoleCards = 2\n"     // 11
    "numBoardCards = 0 3\n"  // 12
    "END GAMEDEF\n";         // 13

std::string With(absl::string_view from, absl::string_view to) {
  const std::string out = absl::StrReplaceAll(kBase, {{from, to}});
  CHECK(from == to || out != kBase) << from;
  return out;
}

TEST(GameDefinition, ReadsEveryKey) {
  const auto game = ParseGameDefinition(kBase, "base.game");
  ASSERT_TRUE(game.ok()) << game.status();
  GameDefinition expected;
  expected.betting = BettingKind::kNoLimit;
  expected.num_players = 3;
  expected.num_streets = 2;
  expected.num_suits = 4;
  expected.num_ranks = 13;
  expected.num_hole_cards = 2;
  expected.blind_chips = {5, 10, 0};
  expected.stack_chips = {500, 600, 700};
  expected.first_player = {2, 0};
  expected.max_raises = {3, 4};
  expected.num_board_cards = {0, 3};
  EXPECT_EQ(*game, expected);
  EXPECT_EQ(game->CardsPerDeal(), 9);  // 3 * 2 + 3
}

TEST(GameDefinition, SpellingsThatMeanTheSame) {
  const struct {
    const char* why;
    std::string text;
  } cases[] = {
      {"case is ignored", With("blind", "BLIND")},
      {"of the frame too", With("END GAMEDEF", "End  gameDef")},
      {"the = is optional", With("blind = 5 10 0", "blind 5 10 0")},
      {"spaces are free", With("blind = 5 10 0", "  blind=5\t 10   0  ")},
      {"lines may end as on Windows", With("\n", "\r\n")},
      {"comments and empty lines are skipped", With("nolimit\n", "# blind = 1\n\n   \nnolimit\n")},
      {"before and after too", absl::StrCat("# \n\n", kBase, "\n# \n")},
      {"the last line may have no end", With("END GAMEDEF\n", "END GAMEDEF")},
      {"keys come in any order",
       With("numRanks = 13\nnumHoleCards = 2\n", "numHoleCards = 2\nnumRanks = 13\n")},
      {"the counts may come last",
       absl::StrReplaceAll(kBase, {{"numPlayers = 3\nnumRounds = 2\n", ""},
                                   {"END", "numRounds 2\nnumPlayers 3\nEND"}})},
      {"no-limit games have no raise size; the server reads past one",
       With("nolimit\n", "nolimit\nraiseSize = 10 20\n")},
  };
  const auto base = ParseGameDefinition(kBase, "base.game");
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto game = ParseGameDefinition(c.text, "case.game");
    ASSERT_TRUE(game.ok()) << game.status();
    EXPECT_EQ(*game, *base);
    EXPECT_EQ(FormatGameDefinition(*game), FormatGameDefinition(*base));
  }
}

TEST(GameDefinition, WhatIsLeftOutHasTheServersDefault) {
  const auto game = ParseGameDefinition(
      "gamedef\nnumplayers 2\nnumrounds 1\nblind 1 2\nraisesize 2\nnumsuits 1\nnumranks 3\n"
      "numholecards 1\nnumboardcards 0\nend gamedef\n",
      "short.game");
  ASSERT_TRUE(game.ok()) << game.status();
  EXPECT_EQ(game->betting, BettingKind::kLimit);
  EXPECT_EQ(game->stack_chips[0], kStackChipsMax);
  EXPECT_EQ(game->stack_chips[1], kStackChipsMax);
  EXPECT_EQ(game->first_player[0], 0);
  EXPECT_EQ(game->max_raises[0], 255);
}

TEST(GameDefinition, ErrorsNameFileLineAndRemedy) {
  const struct {
    const char* why;
    std::string text;
    const char* message;  // what it starts with, after "bad.game:"
  } cases[] = {
      {"an unknown key", With("blind", "blinds"), "6: found \"blinds\", expected one of limit"},
      {"an unknown key without values", With("nolimit", "potlimit"), "2: found \"potlimit\""},
      {"a key that only begins like one", With("stack", "stackSize"), "5: found \"stackSize\""},
      {"values after limit", With("nolimit", "nolimit 1"), "2: found \"nolimit\""},
      {"a number that is none", With("5 10 0", "5 ten 0"),
       "6: blind: found \"ten\", expected a whole number from 0 to 16777216"},
      {"a fraction", With("5 10 0", "5 10.5 0"), "6: blind: found \"10.5\""},
      {"a negative number", With("5 10 0", "5 -10 0"), "6: blind: found \"-10\""},
      {"a number beyond 64 bits", With("5 10 0", "99999999999999999999 10 0"),
       "6: blind: found \"99999999999999999999\""},
      {"a stack beyond what a table value holds", With("500 600", "500 16777217"),
       "5: stack: found \"16777217\", expected a whole number from 1 to 16777216; leave"},
      {"a second =", With("blind =", "blind = ="), "6: blind: found \"=\""},
      {"too few values", With("5 10 0", "5 10"), "6: blind: found 2 values, expected 3"},
      {"too many values", With("5 10 0", "5 10 0 0"), "6: blind: found 4 values, expected 3"},
      {"no values", With("5 10 0", ""), "6: blind: found 0 values, expected 3"},
      {"too few values per round", With("3 4\n", "3\n"),
       "8: maxRaises: found 1 values, expected 2"},
      {"two values of a scalar", With("numSuits = 4", "numSuits = 4 4"),
       "9: numSuits: found 2 values, expected 1"},
      {"a blind above the stack", With("5 10 0", "5 601 0"),
       "6: found a blind of 601 for player 2, expected at most the stack, 600"},
      {"stacks that the blinds take",
       absl::StrReplaceAll(kBase, {{"500 600 700", "5 10 1"}, {"5 10 0", "5 10 1"}}),
       "5: found blinds that take every stack"},
      {"more cards than the deck has", With("numRanks = 13", "numRanks = 2"),
       "11: a hand takes 9 cards, expected at most the deck's 8"},
      {"too long a board", With("= 0 3\n", "= 3 5\n"),
       "12: found 8 board cards, expected at most 7"},
      {"one player", With("numPlayers = 3", "numPlayers = 1"), "3: numPlayers: found \"1\""},
      {"eleven players", With("numPlayers = 3", "numPlayers = 11"), "3: numPlayers: found \"11\""},
      {"five rounds", With("numRounds = 2", "numRounds = 5"), "4: numRounds: found \"5\""},
      {"four hole cards", With("Cards = 2", "Cards = 4"), "11: numHoleCards: found \"4\""},
      {"fourteen ranks", With("numRanks = 13", "numRanks = 14"), "10: numRanks: found \"14\""},
      {"five suits", With("numSuits = 4", "numSuits = 5"), "9: numSuits: found \"5\""},
      {"more raises than a byte holds", With("3 4\n", "3 256\n"), "8: maxRaises: found \"256\""},
      {"a first player of 0", With("= 3 1\n", "= 0 1\n"), "7: firstPlayer: found \"0\""},
      {"a first player who is not there", With("= 3 1\n", "= 4 1\n"),
       "7: firstPlayer: found 4 for round 1, expected 1 to 3"},
      {"a key given twice", With("numSuits = 4\n", "numSuits = 4\nnumsuits = 4\n"),
       "10: found a second numSuits, expected one (the first is in line 9)"},
      {"limit and nolimit", With("nolimit\n", "nolimit\nlimit\n"), "3: found a second limit"},
      {"a key left out", With("blind = 5 10 0\n", ""),
       "12: the definition ended, expected blind in it"},
      {"the player count left out", With("numPlayers = 3\n", ""),
       "12: the definition ended, expected numPlayers in it"},
      {"a limit game without raise sizes", With("nolimit", "limit"),
       "13: the definition ended, expected raiseSize in it"},
      {"a raise size of nothing", With("nolimit", "raiseSize 0 1"), "2: raiseSize: found \"0\""},
      {"no END GAMEDEF", With("END GAMEDEF\n", ""), "13: the file ended, expected END GAMEDEF"},
      {"no GAMEDEF", With("GAMEDEF\nnolimit", "nolimit"), "1: found \"nolimit\", expected GAMEDEF"},
      {"an empty file", "", "1: the file ended, expected GAMEDEF"},
      {"text after the end", With("END GAMEDEF\n", "END GAMEDEF\n\nblind\n"),
       "15: found \"blind\" after END GAMEDEF"},
      {"a comment that starts late", With("nolimit", " # no"), "2: found a '#' after spaces"},
      {"a comment after values", With("= 2\n", "= 2 # rounds\n"), "4: numRounds: found \"#\""},
      {"binary",
       std::string("\x7f"
                   "ELF\0\1",
                   6),
       "1: found \"\\177ELF\\000\\001\", expected"},
      {"a file that is too large", std::string(1 << 17, '\n'), "1: found more than 65536 bytes"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto game = ParseGameDefinition(c.text, "bad.game");
    ASSERT_FALSE(game.ok());
    EXPECT_EQ(game.status().code(), absl::StatusCode::kInvalidArgument);
    const std::string expected = absl::StrCat("bad.game:", c.message);
    EXPECT_EQ(std::string(game.status().message().substr(0, expected.size())), expected);
    EXPECT_EQ(game.status().message().find('\n'), absl::string_view::npos);
    EXPECT_LT(game.status().message().size(), 400u);
  }
}

TEST(GameDefinition, MissingFilesFoldersAndEndlessFilesAreNamed) {
  EXPECT_EQ(LoadGameDefinition("/dev/zero").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LoadGameDefinition("/dev/null").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(LoadGameDefinition("configs/games/none.game").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(LoadGameDefinition("configs/games").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(GameDefinition, AByteOrderMarkIsPassedOver) {
  const std::string path = ::testing::TempDir() + "/marked.game";
  std::ofstream(path, std::ios::binary) << "\xef\xbb\xbf" << kBase;
  const auto game = LoadGameDefinition(path);
  ASSERT_TRUE(game.ok()) << game.status();
  EXPECT_EQ(*game, *ParseGameDefinition(kBase, "base.game"));
}

TEST(GameDefinition, TheCanonicalFormReadsBackAsItself) {
  for (const std::string& name : kShippedGames) {
    SCOPED_TRACE(name);
    const GameDefinition game = ShippedGame(name);
    const std::string text = FormatGameDefinition(game);
    const auto again = ParseGameDefinition(text, "again");
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(*again, game);
    EXPECT_EQ(FormatGameDefinition(*again), text);
  }
  EXPECT_EQ(FormatGameDefinition(ShippedGame("kuhn_2p")),
            "GAMEDEF\nlimit\nnumPlayers = 2\nnumRounds = 1\nstack = 16777216 16777216\n"
            "blind = 1 1\nraiseSize = 1\nfirstPlayer = 1\nmaxRaises = 1\nnumSuits = 1\n"
            "numRanks = 3\nnumHoleCards = 1\nnumBoardCards = 0\nEND GAMEDEF\n");
}

TEST(GameDefinition, ShippedGamesAreTheFieldsOwn) {
  const GameDefinition nolimit = ShippedGame("nolimit_2p");
  EXPECT_TRUE(nolimit.IsHoldem());
  EXPECT_EQ(nolimit.stack_chips[1], 20000);
  EXPECT_EQ(nolimit.blind_chips[0], 100);
  EXPECT_EQ(nolimit.first_player[0], 1);
  EXPECT_EQ(nolimit.first_player[1], 0);
  EXPECT_EQ(ShippedGame("nolimit_6p").num_players, 6);
  EXPECT_EQ(ShippedGame("nolimit_6p_100bb").stack_chips[5], 10000);
  EXPECT_FALSE(ShippedGame("leduc_3p").IsHoldem());
  EXPECT_EQ(ShippedGame("leduc_3p").num_ranks, 4);
}

}  // namespace
}  // namespace nash
