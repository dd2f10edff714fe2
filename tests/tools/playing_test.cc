// What the terminal game computes, against closed forms and tables.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/files.h"
#include "solver/game/betting_text.h"
#include "solver/play/strategy_player.h"
#include "tests/game/shipped_games.h"
#include "tests/play/kuhn_strategy.h"
#include "tools/playing/hand_schedule.h"
#include "tools/playing/seat_range.h"
#include "tools/playing/session_file.h"
#include "tools/playing/session_score.h"
#include "tools/playing/table_view.h"
#include "tools/playing/typed_action.h"

namespace nash {
namespace {

TEST(SessionScore, TheIntervalIsStudents) {
  // Of n samples, half of them +1 and half -1: a standard deviation of sqrt(n / (n - 1)), and the
  // two-sided 95% quantiles of Student's table.
  const struct {
    int n;
    double quantile;
  } cases[] = {{30, 2.04523}, {40, 2.02269}, {120, 1.98010}};
  for (const auto& [n, quantile] : cases) {
    SessionScore score(1);
    for (int i = 0; i < n; ++i) {
      EXPECT_EQ(score.half_width_chips().has_value(), i >= 30) << i;
      score.Add(i, i % 2 == 0 ? 1 : -1);
    }
    EXPECT_NEAR(*score.half_width_chips(), quantile / std::sqrt(n - 1), 1e-5);
    EXPECT_NEAR(score.mean_chips(), 0, 1e-12);
  }
}

TEST(SessionScore, WithDuplicateLuckThatCancelsIsNotCounted) {
  SessionScore score(2);
  // Each deal wins 100 + d in one seat and loses 98 + d in the other: 1 a hand, whatever the cards.
  for (int deal = 0; deal < 40; ++deal) score.Add(deal, 100 + deal);
  EXPECT_EQ(score.num_samples(), 0);
  for (int deal = 40; deal-- > 0;) score.Add(deal, -98 - deal);
  EXPECT_EQ(score.num_samples(), 40);
  EXPECT_DOUBLE_EQ(score.mean_chips(), 1);
  EXPECT_NEAR(*score.half_width_chips(), 0, 1e-9);
  EXPECT_DOUBLE_EQ(score.total_chips(), 80);
}

TEST(HandSchedule, WithDuplicateEveryDealIsPlayedInEverySeatOfItsBlock) {
  for (const int players : {2, 3, 6}) {
    const SessionPlan plan = {7, std::nullopt, 5};
    std::map<uint32_t, std::set<int>> seats;
    std::map<uint32_t, uint32_t> last_hand;
    for (uint32_t hand = 0; hand < 5u * players * 3; ++hand) {
      const ScheduledHand scheduled = HandAt(plan, players, hand);
      EXPECT_EQ(scheduled.deal / 5, hand / (5u * players)) << "blocks come one after the other";
      EXPECT_TRUE(seats[scheduled.deal].insert(scheduled.position).second) << "a seat twice";
      EXPECT_LT(scheduled.position, players);
    }
    ASSERT_EQ(seats.size(), 15u);
    for (const auto& [deal, taken] : seats) EXPECT_EQ(taken.size(), size_t(players));
  }
}

TEST(HandSchedule, SeatsRotateAsTheDealersFirstPlayers) {
  const std::vector<int> expected = {0, 2, 1, 0, 2, 1};
  for (uint32_t hand = 0; hand < 6; ++hand) {
    EXPECT_EQ(HandAt({1, std::nullopt, 0}, 3, hand).position, expected[hand]);
    EXPECT_EQ(HandAt({1, 2, 0}, 3, hand).position, 2);
    EXPECT_EQ(HandAt({1, 2, 0}, 3, hand).deal, hand);
  }
}

TEST(TypedAction, AmountsAreTotalsOfTheStreet) {
  const GameDefinition game = ShippedGame("nolimit_2p");  // blinds 100 50, stacks 20000
  const struct {
    const char* betting;
    const char* typed;
    const char* action;  // "": refused
    const char* reason;
  } cases[] = {
      {"", "c", "c", "completes"},
      {"", "k", "c", "check and call are one action"},
      {"", "F", "f", "capitals"},
      {"", "r 300", "r300", "on the first street both totals are one"},
      {"", "r300", "r300", "without a space"},
      {"", "r 199", "", "below twice the big blind"},
      {"", "r 200", "r200", "the least"},
      {"", "r min", "r200", "the least by name"},
      {"", "r 20000", "r20000", "all there is"},
      {"", "r 20001", "", "more than there is"},
      {"", "all-in", "r20000", "by name"},
      {"", "r pot", "r300", "100 and the pot of 200 after the call"},
      {"", "r 1/2", "r200", "100 and half of 200"},
      {"", "r 1%", "r200", "moved to the least"},
      {"", "r 1000pot", "r20000", "moved to all-in"},
      {"", "r 1.5", "r400", "100 and 300"},
      {"", "r 150%", "r400", "the same"},
      {"", "r -5", "", "no negative chips"},
      {"", "r 0", "", "no bet of nothing"},
      {"", "r nan", "", "no number"},
      {"", "r 1/0", "", "no part of anything"},
      {"", "r", "", "an amount is missing"},
      {"", "x", "", "no action"},
      {"c", "f", "", "nothing to fold to"},
      {"cr300c/", "r 600", "r900", "300 went before this street"},
      {"cr300c/", "b 100", "r400", "the least bet"},
      {"cr300c/", "r 99", "", "below the big blind"},
      {"cr300c/r900", "r pot", "r2700", "900 and the pot of 1800"},
      {"r20000", "r allin", "", "nobody can raise any more"},
  };
  for (const auto& [betting, typed, action, reason] : cases) {
    const auto before = ParseBetting(game, betting).value();
    const auto found = ParseTypedAction(game, StateOf(game, before), typed);
    EXPECT_EQ(found.ok() ? FormatAction(game, *found) : "", action) << typed << ": " << reason;
  }
  const GameDefinition limit = ShippedGame("limit_2p");
  EXPECT_TRUE(ParseTypedAction(limit, BettingState(&limit), "r").ok());
  EXPECT_FALSE(ParseTypedAction(limit, BettingState(&limit), "r 20").ok());
}

TEST(SeatRange, IsWhatTheStrategyPlays) {
  KuhnStrategy kuhn;
  const std::string path = absl::StrCat(testing::TempDir(), "/kuhn.strategy");
  ASSERT_TRUE(WriteStrategyFile(path, kuhn.ToWrite(ProbabilityBits::k16), [](uint64_t, uint64_t) {
                return absl::OkStatus();
              }).ok());
  const auto player = StrategyPlayer::Open(path, {}).value();
  PlayedHand seat;
  const std::vector<ActionLabel> actions =
      ParseBetting(player->game(), "cr").value();  // check, bet
  seat.actions = actions;
  // The highest card is seen elsewhere. First checks: always with the lowest, half the time with
  // the middle one. Second bets after a check: never with the lowest, half the time with the
  // middle.
  const CardSet known = SetOf(MakeCard(12, 3));
  for (const auto& expected : {std::pair<int, std::vector<double>>{0, {1, 0.5}}, {1, {0, 0.5}}}) {
    seat.position = expected.first;
    const auto range = SeatRange(*player, seat, known).value();
    ASSERT_EQ(range.size(), 2u);
    for (size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(range[i].hole, std::vector<Card>{MakeCard(10 + i, 3)});
      EXPECT_NEAR(range[i].weight, expected.second[i], 1e-4) << expected.first << " " << i;
    }
  }
  seat.position = 0;
  EXPECT_EQ(FormatRange(player->game(), SeatRange(*player, seat, known).value()),
            "    1.5 of 2 hands come this way\n    Qs 66.7% Ks 33.3%\n");
}

TEST(SessionFile, EveryFlippedByteIsSeen) {
  const GameDefinition game = ShippedGame("kuhn_2p");
  const std::string path = absl::StrCat(testing::TempDir(), "/a.session");
  const SessionHeader header = {"00112233445566778899aabbccddeeff", "nearest", {7, 1, 0}};
  {
    auto file = SessionFile::Open(path, header, std::nullopt).value();
    ASSERT_TRUE(file.AddHand(game, 0, ParseBetting(game, "rf").value()).ok());
    ASSERT_TRUE(file.AddOpenHand(game, 1, {}).ok());
    ASSERT_TRUE(file.AddOpenHand(game, 1, ParseBetting(game, "c").value()).ok());
  }
  const std::string text = ReadFile(path).value();
  EXPECT_EQ(ParseSessionHeader(text, path).value(), header);
  const SessionRecord record = ParseSession(text, path, game).value();
  EXPECT_EQ(record.hands.size(), 1u);
  EXPECT_EQ(record.open, std::vector<ActionLabel>{kCallLabel});
  EXPECT_EQ(record.whole_bytes, text.size());
  for (size_t i = 0; i + 1 < text.size(); ++i) {  // the last end of line may be missing
    std::string flipped = text;
    flipped[i] ^= 1;
    const auto found = ParseSession(flipped, path, game);
    EXPECT_FALSE(found.ok() && found->whole_bytes == text.size()) << i;
  }
  for (size_t cut = text.find('\n') + 1; cut < text.size(); ++cut) {
    const auto found = ParseSession(text.substr(0, cut), path, game);
    ASSERT_TRUE(found.ok()) << "a cut tail is a hand that is played again";
    EXPECT_LE(found->whole_bytes, cut);
  }
}

}  // namespace
}  // namespace nash
