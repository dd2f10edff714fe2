#include "solver/game/betting_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/game/shipped_games.h"
#include "tests/game/slow_hand.h"

namespace nash {
namespace {

// The slow hand writes its history by itself; only the slashes of streets without betting are ours.
TEST(BettingText, OfRandomHandsIsThatOfTheSlowHandAndIsReadBack) {
  std::mt19937 random(11);
  for (const std::string& name : kShippedGames) {
    const GameDefinition game = ShippedGame(name);
    for (int number = 0; number < 300; ++number) {
      SlowHand slow(game);
      std::vector<ActionLabel> actions;
      while (!slow.over()) {
        const auto raise = slow.RaiseLegal();
        const int choice = random() % 8;
        if (choice == 0 && slow.FoldLegal()) {
          actions.push_back(kFoldLabel);
          slow.Play('f');
        } else if (choice < 4 && raise.has_value()) {
          const int64_t most =
              choice == 1 ? raise->second : std::min(raise->second, raise->first * 2);
          const int64_t total = raise->first + random() % (most - raise->first + 1);
          actions.push_back(static_cast<ActionLabel>(total));
          slow.Play('r', total);
        } else {
          actions.push_back(kCallLabel);
          slow.Play('c');
        }
      }
      const std::string text = FormatBetting(game, actions);
      std::string expected = slow.history();
      if (game.betting == BettingKind::kLimit)
        std::erase_if(expected, [](char c) { return isdigit(c); });
      const size_t folded = std::count(expected.begin(), expected.end(), 'f');
      if (folded + 1 < slow.seats().size()) {
        for (int s = slow.round(); s + 1 < game.num_streets; ++s) expected += '/';
      }
      ASSERT_EQ(text, expected) << name;
      const auto read = ParseBetting(game, text);
      ASSERT_TRUE(read.ok()) << read.status();
      ASSERT_EQ(*read, actions) << name << " " << text;
    }
  }
}

TEST(BettingText, SlashesAfterTheLastActionMayBeLeftOut) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  EXPECT_EQ(FormatBetting(game, {20000, kCallLabel}), "r20000c///");
  EXPECT_EQ(ParseBetting(game, "r20000c").value(), ParseBetting(game, "r20000c///").value());
  EXPECT_EQ(FormatBetting(game, {kCallLabel, kCallLabel}), "cc/");
  EXPECT_EQ(ParseBetting(game, "cc").value(), ParseBetting(game, "cc/").value());
}

TEST(BettingText, WhatIsNotLegalIsRefusedWithItsPlace) {
  struct Case {
    const char* game;
    const char* text;
    const char* found;
  };
  const Case kCases[] = {
      {"nolimit_2p", "x", "character 1: expected f, c, r or /"},
      {"nolimit_2p", "cf", "character 2: a fold where nothing is owed"},
      {"nolimit_2p", "r199", "character 1: a raise to \"199\"; from 200 to 20000 are legal"},
      {"nolimit_2p", "r", "a raise to \"\""},
      {"nolimit_2p", "r20001", "from 200 to 20000"},
      {"nolimit_2p", "r99999999999999999999999", "a raise to \"999999999999\""},
      {"nolimit_2p", "r-200", "a raise to \"\""},
      {"nolimit_2p", "ccc", "character 3: a street begins here: expected /"},
      {"nolimit_2p", "/", "character 1: no street begins here"},
      {"nolimit_2p", "c/c", "character 2: no street begins here"},
      {"nolimit_2p", "cc//", "character 4: no street begins here"},
      {"nolimit_2p", "r300fc", "character 6: the hand is over"},
      {"nolimit_2p", "r300f/", "character 6: no street begins here"},
      {"nolimit_2p", "r20000c////", "character 11: no street begins here"},
      {"nolimit_2p", "r20000r", "character 7: a raise where none is legal"},
      {"limit_2p", "rrrr", "character 4: a raise where none is legal"},
      {"limit_2p", "r7", "a raise to \"7\"; from 20 to 20 are legal"},
  };
  for (const Case& c : kCases) {
    const auto actions = ParseBetting(ShippedGame(c.game), c.text);
    ASSERT_FALSE(actions.ok()) << c.text;
    EXPECT_EQ(actions.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_NE(actions.status().message().find(c.found), absl::string_view::npos)
        << c.text << ": " << actions.status();
  }
  EXPECT_FALSE(ParseBetting(ShippedGame("nolimit_2p"), std::string(1 << 20, 'c')).ok());
  EXPECT_FALSE(ParseBetting(ShippedGame("nolimit_2p"), std::string("c\0c", 3)).ok());
}

}  // namespace
}  // namespace nash
