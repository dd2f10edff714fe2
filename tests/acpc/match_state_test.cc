#include "solver/play/match_state.h"

#include <gtest/gtest.h>

#include <string>

#include "solver/cards/card.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

TEST(MatchState, IsReadAsItIsWritten) {
  struct Case {
    const char* game;
    const char* line;
  };
  const Case kCases[] = {
      {"nolimit_2p", "MATCHSTATE:0:0::AhKd|"},
      {"nolimit_2p", "MATCHSTATE:1:12:cr300c/:|AhKd/9c8d5h"},
      {"nolimit_2p", "MATCHSTATE:0:4294967295:r20000c///:AhKd|QsQc/9c8d5h/2c/3s"},
      {"nolimit_2p", "MATCHSTATE:0:5:r300f:AhKd|"},
      {"limit_2p", "MATCHSTATE:1:3:rrc/rc/cr:|AhKd/9c8d5h/2c"},
      {"limit_3p", "MATCHSTATE:2:3:fcc/r:||AhKd/9c8d5h"},
      {"kuhn_3p", "MATCHSTATE:2:3:ccrff:||Ks"},
      {"leduc_2p", "MATCHSTATE:0:3:cc/cc:Ks|Qh/Kh"},
  };
  for (const Case& c : kCases) {
    const GameDefinition game = ShippedGame(c.game);
    const auto state = ParseMatchState(game, c.line);
    ASSERT_TRUE(state.ok()) << state.status();
    EXPECT_EQ(FormatMatchState(game, *state), c.line);
  }
  const GameDefinition game = ShippedGame("nolimit_2p");
  const MatchState state = ParseMatchState(game, kCases[1].line).value();
  EXPECT_EQ(state.position, 1);
  EXPECT_EQ(state.hand, 12u);
  EXPECT_EQ(state.actions, (std::vector<ActionLabel>{kCallLabel, 300, kCallLabel}));
  EXPECT_EQ(CardNames(state.holes[1]), "AhKd");
  EXPECT_TRUE(state.holes[0].empty());
  EXPECT_EQ(CardNames(state.board), "9c8d5h");
}

TEST(MatchState, WhatMakesNoSenseIsRefused) {
  struct Case {
    const char* line;
    const char* found;
  };
  const Case kCases[] = {
      {"", "expected MATCHSTATE:"},
      {"MATCHSTAT:0:0::AhKd|", "expected MATCHSTATE:"},
      {"MATCHSTATE:0:0:AhKd|", "four fields"},
      {"MATCHSTATE:0:0::AhKd|:", "four fields"},
      {"MATCHSTATE:2:0::AhKd|", "position \"2\" of a game of 2"},
      {"MATCHSTATE:-1:0::AhKd|", "position"},
      {"MATCHSTATE:0:x::AhKd|", "no number of a hand"},
      {"MATCHSTATE:0:4294967296::AhKd|", "no number of a hand"},
      {"MATCHSTATE:0:0:r100:AhKd|", "from 200 to 20000 are legal"},
      {"MATCHSTATE:0:0:q:AhKd|", "expected f, c, r or /"},
      {"MATCHSTATE:0:0::AhKd", "hole cards of 1 positions"},
      {"MATCHSTATE:0:0::AhKd||", "hole cards of 3 positions"},
      {"MATCHSTATE:0:0::|AhKd", "own hole cards are missing"},
      {"MATCHSTATE:0:0::Ah|", "expected 2"},
      {"MATCHSTATE:0:0::AhKdQd|", "expected 2"},
      {"MATCHSTATE:0:0::AhAh|", "is there twice"},
      {"MATCHSTATE:0:0::AhXx|", "Xx"},
      {"MATCHSTATE:0:0:cc/:AhKd|", "a board of 0 cards, after this betting there are 3"},
      {"MATCHSTATE:0:0:cc/:AhKd|/9c8d", "expected 3"},
      {"MATCHSTATE:0:0:cc/:AhKd|/9c8dAh", "is there twice"},
      {"MATCHSTATE:0:0::AhKd|/9c8d5h", "a board of 3 cards, after this betting there are 0"},
      {"MATCHSTATE:0:0:r20000c///:AhKd|/9c8d5h/2c/3s/4s", "a board of 5 cards"},
  };
  for (const Case& c : kCases) {
    const auto state = ParseMatchState(ShippedGame("nolimit_2p"), c.line);
    ASSERT_EQ(state.status().code(), absl::StatusCode::kInvalidArgument) << c.line;
    EXPECT_NE(state.status().message().find(c.found), absl::string_view::npos) << state.status();
  }
  // Unprintable bytes do not reach a terminal.
  const auto state = ParseMatchState(ShippedGame("nolimit_2p"), "\x1b[2J\n");
  EXPECT_EQ(state.status().message(), "line \"?[2J?\": expected MATCHSTATE:");
}

TEST(Answer, IsOneLegalActionInTheStateThatWasTold) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  const std::string told = "MATCHSTATE:0:0:cr300:AhKd|";
  const std::vector<ActionLabel> actions = {kCallLabel, 300};
  const auto answer = [&](const std::string& text) {
    return ParseAnswer(game, actions, told, text);
  };
  EXPECT_EQ(*answer(told + ":c"), kCallLabel);
  EXPECT_EQ(*answer(told + ":f"), kFoldLabel);
  EXPECT_EQ(*answer(told + ":r500"), 500);
  for (const char* text : {":", ":r", ":r499", ":r20001", ":cc", ":c/", ":c/c", ":x", ":C"}) {
    EXPECT_EQ(answer(told + text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  for (const std::string& text : {std::string("MATCHSTATE:0:0:c:AhKd|:c"), told, std::string()}) {
    EXPECT_EQ(answer(text).status().code(), absl::StatusCode::kFailedPrecondition) << text;
  }
}

TEST(CheckAcpcGame, RefusesWhatTheProtocolHasNoWordsFor) {
  for (const std::string& name : kShippedGames) EXPECT_TRUE(CheckAcpcGame(ShippedGame(name)).ok());
  GameDefinition game = ShippedGame("nolimit_2p");
  game.dead_chips[1] = 10;
  EXPECT_EQ(CheckAcpcGame(game).code(), absl::StatusCode::kFailedPrecondition);
  game = ShippedGame("nolimit_2p");
  game.num_board_cards[0] = 1;
  EXPECT_EQ(CheckAcpcGame(game).code(), absl::StatusCode::kFailedPrecondition);
}

TEST(FormatChips, HasFractionsWherePotsAreSplit) {
  EXPECT_EQ(FormatChips(-300), "-300");
  EXPECT_EQ(FormatChips(12.5), "12.5");
  EXPECT_EQ(FormatChips(-1.0 / 3), "-0.333333");
  EXPECT_EQ(FormatChips(-0.0), "0");
  EXPECT_EQ(FormatChips(100), "100");
}

}  // namespace
}  // namespace nash
