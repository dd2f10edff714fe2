#include "solver/game/action_menu.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/game/shipped_games.h"

namespace nash {
namespace {

TEST(BetSize, ReadsAndWritesEveryForm) {
  const struct {
    const char* text;
    BetSize size;
    const char* canonical;
  } cases[] = {
      {"0.5pot", {BetSizeKind::kPotFraction, 0.5}, "0.5pot"},
      {".50pot", {BetSizeKind::kPotFraction, 0.5}, "0.5pot"},
      {"pot", {BetSizeKind::kPotFraction, 1}, "pot"},
      {"1pot", {BetSizeKind::kPotFraction, 1}, "pot"},
      {"0.333333pot", {BetSizeKind::kPotFraction, 0.333333}, "0.333333pot"},
      {"0.000001pot", {BetSizeKind::kPotFraction, 0.000001}, "0.000001pot"},
      {"1000pot", {BetSizeKind::kPotFraction, 1000}, "1000pot"},
      {"250chips", {BetSizeKind::kChips, 250}, "250chips"},
      {"250.0chips", {BetSizeKind::kChips, 250}, "250chips"},
      {"16777216chips", {BetSizeKind::kChips, 16777216}, "16777216chips"},
      {"min", {BetSizeKind::kMinRaise, 0}, "min"},
      {"allin", {BetSizeKind::kAllIn, 0}, "allin"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto size = ParseBetSize(c.text);
    ASSERT_TRUE(size.ok()) << size.status();
    EXPECT_EQ(*size, c.size);
    EXPECT_EQ(FormatBetSize(*size), c.canonical);
    EXPECT_EQ(*ParseBetSize(c.canonical), *size);
  }
}

TEST(BetSize, RefusesWhatIsNone) {
  const struct {
    const char* why;
    const char* text;
  } cases[] = {
      {"nothing", ""},
      {"no unit", "0.5"},
      {"no number", "chips"},
      {"spaces", "0.5 pot"},
      {"upper case", "0.5POT"},
      {"a negative fraction", "-1pot"},
      {"no raise at all", "0pot"},
      {"no chips", "0chips"},
      {"part of a chip", "2.5chips"},
      {"more chips than a stack can have", "16777217chips"},
      {"beyond the largest fraction", "1000.1pot"},
      {"seven decimals", "0.3333333pot"},
      {"less than a millionth", "0.0000001pot"},
      {"an exponent", "1e1pot"},
      {"not a number", "nanpot"},
      {"infinite", "infpot"},
      {"two dots", "1.2.3pot"},
      {"too long", "0.50000000000000000000000000000000000pot"},
      {"two sizes", "min allin"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    const auto size = ParseBetSize(c.text);
    EXPECT_EQ(size.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(ActionMenu, RefusesImpossibleMenus) {
  EXPECT_TRUE(CheckActionMenu(ActionMenu(), kStreetsMax).ok());
  ActionMenu menu = MenuOf({"pot"}, 3);
  EXPECT_TRUE(CheckActionMenu(menu, kStreetsMax).ok());
  menu.streets[1].raises_max = 256;
  EXPECT_TRUE(CheckActionMenu(menu, 1).ok());  // streets that the game has not got are not read
  EXPECT_NE(CheckActionMenu(menu, 2).message().find("street 1"), absl::string_view::npos);
  menu = MenuOf({"pot"}, -1);
  EXPECT_FALSE(CheckActionMenu(menu, 1).ok());
  menu = MenuOf(std::vector<std::string>(kBetSizesMax, "pot"), 3);
  EXPECT_TRUE(CheckActionMenu(menu, 1).ok());
  menu = MenuOf(std::vector<std::string>(kBetSizesMax + 1, "pot"), 3);
  EXPECT_FALSE(CheckActionMenu(menu, 1).ok());
  for (const double value : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity()}) {
    menu = MenuOf({"pot"}, 3);
    menu.streets[0].sizes[0][0].value = value;
    EXPECT_FALSE(CheckActionMenu(menu, 1).ok()) << value;
  }
  menu = MenuOf({"pot"}, 3);
  menu.streets[0].sizes[0][0].kind = BetSizeKind::kInvalid;
  EXPECT_FALSE(CheckActionMenu(menu, 1).ok());
}

using Totals = std::vector<int32_t>;

// Calls for 0, else raises to each total in turn, then asks for the menu's totals.
Totals TotalsAfter(const GameDefinition& game, const ActionMenu& menu, const Totals& line) {
  BettingState state(&game);
  for (int32_t total : line) {
    if (total == 0) {
      state.Call();
    } else {
      state.RaiseTo(total);
    }
  }
  const RaiseTotals totals(game, menu, state);
  return Totals(totals.chips().begin(), totals.chips().end());
}

TEST(ActionMenu, SizesBecomeTotals) {
  const GameDefinition game = ShippedGame("nolimit_2p_100bb");  // 10,000 chips, blinds 100 and 50
  const struct {
    const char* why;
    std::vector<std::string> sizes;
    Totals line;
    Totals expected;
  } cases[] = {
      // Opening: 50 to call, then the pot is 200.
      {"the pot is that after calling: 100 + 1 * 200", {"pot"}, {}, {300}},
      {"half of it: 100 + 100", {"0.5pot"}, {}, {200}},
      {"too small becomes the least raise", {"0.25pot"}, {}, {200}},
      {"and is merged with it", {"0.25pot", "min", "0.5pot"}, {}, {200}},
      {"too large becomes all-in: 100 + 60 * 200 > 10,000", {"60pot", "allin"}, {}, {10000}},
      {"exactly all-in is merged: 100 + 49.5 * 200", {"49.5pot", "allin"}, {}, {10000}},
      {"one chip less is not: 100 + 49.495 * 200 = 9,999",
       {"49.495pot", "allin"},
       {},
       {9999, 10000}},
      {"ascending, whatever the menu's order", {"allin", "pot", "min"}, {}, {200, 300, 10000}},
      {"chips count from the street's start, blinds included", {"250chips"}, {}, {250}},
      {"chips on a later street: 100 + 250", {"250chips"}, {0, 0}, {350}},
      {"chips below the least raise", {"50chips"}, {0, 0}, {200}},
      {"after a raise to 300: 200 to call, pot 600, 300 + 600", {"pot"}, {300}, {900}},
      {"the least re-raise: 300 + 200", {"min"}, {300}, {500}},
      {"after an open of 333, pot 666: 333 + 333 * 0.75 * 2 = 832.5, half up",
       {"0.75pot"},
       {333},
       {833}},
      {"0.33 of 666 is 219.78", {"0.33pot"}, {333}, {566}},  // least raise: 333 + 233
      {"a bet on the flop: pot 666, 333 + 219.78", {"0.33pot"}, {333, 0}, {553}},
      {"decimals are exact: 0.1 of 650 is 65, of 50 pots 325: 325 + 65 < 425",
       {"0.1pot"},
       {325, 0},
       {425}},
      {"facing all-in there is no raise", {"pot", "allin"}, {10000}, {}},
      {"an all-in that is short of the least raise", {"min", "pot"}, {6000}, {10000}},
      {"no sizes", {}, {}, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.why);
    EXPECT_EQ(TotalsAfter(game, MenuOf(c.sizes, 255), c.line), c.expected);
  }
}

TEST(ActionMenu, HalvesAreRoundedUpWhateverTheFraction) {
  // 0.15 and 0.35 are no binary fractions. Flop pots of 2 * 330 = 660 and 2 * 350 = 700 with
  // 1.125 * 660 = 742.5 and 0.345 * 700 = 241.5.
  const GameDefinition game = ShippedGame("nolimit_2p");
  EXPECT_EQ(TotalsAfter(game, MenuOf({"1.125pot"}, 255), {330, 0}), Totals({330 + 743}));
  EXPECT_EQ(TotalsAfter(game, MenuOf({"0.345pot"}, 255), {350, 0}), Totals({350 + 242}));
}

TEST(ActionMenu, RowsFollowTheNumberOfRaisesAndTheLastServesTheRest) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  ActionMenu menu;
  menu.streets[0].raises_max = 3;
  menu.streets[0].sizes = {{{BetSizeKind::kChips, 300}}, {{BetSizeKind::kChips, 900}}};
  EXPECT_EQ(TotalsAfter(game, menu, {}), Totals({300}));
  EXPECT_EQ(TotalsAfter(game, menu, {300}), Totals({900}));
  EXPECT_EQ(TotalsAfter(game, menu, {300, 900}), Totals({1500}));  // 900 is illegal: least raise
  EXPECT_EQ(TotalsAfter(game, menu, {300, 900, 1500}), Totals());  // raises_max
  EXPECT_EQ(TotalsAfter(game, menu, {0, 0}), Totals());            // no sizes on the flop
}

TEST(ActionMenu, LimitGamesKeepTheirOneSizeAndTheLowerCap) {
  const GameDefinition game = ShippedGame("limit_2p");
  const ActionMenu any;
  EXPECT_EQ(TotalsAfter(game, any, {}), Totals({20}));
  EXPECT_EQ(TotalsAfter(game, any, {20, 30}), Totals({40}));
  EXPECT_EQ(TotalsAfter(game, any, {20, 30, 40}), Totals());  // the game's cap, 3
  EXPECT_EQ(TotalsAfter(game, MenuOf({}, 1), {20}), Totals());
  EXPECT_EQ(TotalsAfter(game, MenuOf({}, 4), {20, 30, 40}), Totals());
}

}  // namespace
}  // namespace nash
