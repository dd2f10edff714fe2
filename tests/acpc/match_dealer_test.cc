#include "tools/acpc/match_dealer.h"

#include <gtest/gtest.h>

#include <bit>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "solver/game/betting_state.h"
#include "solver/game/betting_text.h"
#include "tests/game/shipped_games.h"

namespace nash {
namespace {

// Plays legal actions at random and keeps what it was told.
class RandomSeat : public MatchSeat {
 public:
  RandomSeat(const GameDefinition& game, uint32_t seed) : game_(game), random_(seed) {}
  absl::Status Tell(const MatchState& state, const std::string& line) override {
    if (hands_left_ == 0 && state.actions.empty()) return absl::AbortedError("gone");
    hands_left_ -= state.actions.empty();
    EXPECT_EQ(ParseMatchState(game_, line).value(), state) << line;
    told_.push_back(state);
    return absl::OkStatus();
  }
  absl::StatusOr<ActionLabel> Act(const MatchState& state, const std::string& line) override {
    EXPECT_EQ(state, told_.back());
    BettingState betting(&game_);
    for (const ActionLabel action : state.actions) ApplyAction(action, &betting);
    EXPECT_EQ(betting.player(), state.position);
    const uint32_t choice = random_() % 8;
    if (choice == 0 && betting.CanFold()) return kFoldLabel;
    if (choice < 3 && betting.CanRaise()) return betting.MinRaiseTo();
    if (choice == 3 && betting.CanRaise()) return betting.MaxRaiseTo();
    return kCallLabel;
  }
  void LeaveAfter(int hands) { hands_left_ = hands; }
  const std::vector<MatchState>& told() const { return told_; }

 private:
  const GameDefinition& game_;
  std::mt19937 random_;
  int hands_left_ = -1;
  std::vector<MatchState> told_;
};

struct Played {
  absl::Status status;
  std::vector<std::string> log;
  MatchResult result;
};

Played Play(const GameDefinition& game, std::vector<RandomSeat>* seats, uint32_t hands,
            bool fixed_seats = false, uint64_t seed = 7) {
  const MatchPlan plan = {"m", "g", hands, seed, fixed_seats, {}};
  std::vector<MatchSeatName> names;
  for (RandomSeat& seat : *seats) names.push_back({std::string(1, 'A' + names.size()), &seat});
  Played played;
  played.status = PlayMatch(
      game, plan, names,
      [&](absl::string_view line) {
        played.log.emplace_back(line);
        return absl::OkStatus();
      },
      &played.result);
  return played;
}

std::vector<RandomSeat> Seats(const GameDefinition& game) {
  std::vector<RandomSeat> seats;
  for (int s = 0; s < game.num_players; ++s) seats.emplace_back(game, s + 1);
  return seats;
}

TEST(PlayMatch, TellsNobodyCardsThatItMayNotSee) {
  for (const std::string name : {"nolimit_2p", "nolimit_6p", "leduc_3p"}) {
    const GameDefinition game = ShippedGame(name);
    std::vector<RandomSeat> seats = Seats(game);
    const Played played = Play(game, &seats, 200);
    ASSERT_TRUE(played.status.ok()) << played.status;
    int num_showdowns = 0;
    for (const RandomSeat& seat : seats) {
      for (const MatchState& state : seat.told()) {
        BettingState betting(&game);
        for (const ActionLabel action : state.actions) ApplyAction(action, &betting);
        const bool is_showdown = betting.is_over() && std::popcount(betting.in_hand()) > 1;
        num_showdowns += is_showdown;
        for (int p = 0; p < game.num_players; ++p) {
          const bool is_in = (betting.in_hand() >> p & 1) != 0;
          ASSERT_EQ(!state.holes[p].empty(), p == state.position || (is_showdown && is_in));
        }
        ASSERT_EQ(state.board.size(), BoardCardsShown(game, state.actions));
      }
    }
    EXPECT_GT(num_showdowns, 0);
  }
}

TEST(PlayMatch, PositionsRotateAndTheCardsOfAHandStay) {
  const GameDefinition game = ShippedGame("leduc_3p");
  std::vector<RandomSeat> rotating = Seats(game);
  std::vector<RandomSeat> fixed = Seats(game);
  std::vector<RandomSeat> other = Seats(game);
  ASSERT_TRUE(Play(game, &rotating, 30).status.ok());
  ASSERT_TRUE(Play(game, &fixed, 30, /*fixed_seats=*/true).status.ok());
  ASSERT_TRUE(Play(game, &other, 30, /*fixed_seats=*/true, /*seed=*/8).status.ok());
  const auto own_cards = [](const RandomSeat& seat, int seat_number) {
    std::vector<std::vector<Card>> cards(30);
    for (const MatchState& state : seat.told()) {
      EXPECT_EQ(state.position, seat_number);
      cards[state.hand] = state.holes[state.position];
    }
    return cards;
  };
  const auto of_first = own_cards(fixed[0], 0);
  EXPECT_NE(of_first, own_cards(other[0], 0));
  for (int s = 0; s < 3; ++s) {
    for (const MatchState& state : rotating[s].told()) {
      // Position p is that of player (p + hand) mod 3.
      ASSERT_EQ((state.position + state.hand) % 3, s);
      if (state.position == 0) {
        ASSERT_EQ(state.holes[0], of_first[state.hand]);
      }
    }
  }
}

TEST(PlayMatch, WhatIsWonIsLostByOthersAndTheScoreIsTheSum) {
  const GameDefinition game = ShippedGame("nolimit_6p_100bb");
  std::vector<RandomSeat> seats = Seats(game);
  const Played played = Play(game, &seats, 100);
  ASSERT_EQ(played.result.num_hands, 100u);
  EXPECT_NEAR(std::accumulate(played.result.totals.begin(), played.result.totals.end(), 0.0), 0,
              1e-6);
  EXPECT_TRUE(absl::StartsWith(played.log.back(), "SCORE:" + FormatChips(played.result.totals[0])));
  EXPECT_EQ(played.log[0], "# name/game/hands/seed m g 100 7");
  EXPECT_EQ(played.log[1], "#--t_response 600000");
}

TEST(PlayMatch, WhenAPlayerLeavesTheHandsSoFarAreKeptWithoutAScore) {
  const GameDefinition game = ShippedGame("leduc_2p");
  std::vector<RandomSeat> seats = Seats(game);
  seats[1].LeaveAfter(5);
  const Played played = Play(game, &seats, 100);
  EXPECT_EQ(played.status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(played.result.num_hands, 5u);
  EXPECT_TRUE(absl::StartsWith(played.log.back(), "STATE:4:"));
}

// Three all-in with 100, 200 and 300: the pots by hand.
TEST(HandValues, SidePotsAreThoseOfTheRules) {
  GameDefinition game = ShippedGame("nolimit_6p");
  game.num_players = 3;
  game.blind_chips = {50, 100, 0};
  game.stack_chips = {100, 200, 300};
  game.first_player = {2, 0, 0, 0};
  MatchState all;
  all.holes[0] = ParseCards("AsAh").value();
  all.holes[1] = ParseCards("KsKh").value();
  all.holes[2] = ParseCards("QsQh").value();
  all.board = ParseCards("2c3d7h8s9c").value();
  all.actions = {300, kCallLabel, kCallLabel};
  // 300 for the aces, 200 for the kings, 100 back.
  EXPECT_EQ(HandValues(game, all), (std::vector<double>{200, 0, -200}));
  all.holes[1] = ParseCards("AdAc").value();
  // The first pot is halved: 150 each.
  EXPECT_EQ(HandValues(game, all), (std::vector<double>{50, 150, -200}));
}

}  // namespace
}  // namespace nash
