// Equities before the flop, by enumeration of every board, against published figures.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "solver/abstraction/hand_strengths.h"
#include "solver/cards/card.h"
#include "solver/cards/hand_rank.h"
#include "solver/cards/preflop_class.h"
#include "solver/cards/small_hand_rank.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

struct Outcome {
  uint32_t wins = 0;  // of the first hand
  uint32_t ties = 0;
  uint32_t boards = 0;

  double Equity() const { return (wins + ties / 2.0) / boards; }
};

// All C(48, 5) boards. rank(cards of a hand and the board).
template <typename Rank>
Outcome Enumerate(const std::vector<Card>& first, const std::vector<Card>& second, Rank rank) {
  std::vector<Card> live;
  for (Card card : MakeDeck(13, 4)) {
    const bool is_dead =
        card == first[0] || card == first[1] || card == second[0] || card == second[1];
    if (!is_dead) live.push_back(card);
  }
  Outcome outcome;
  std::vector<Card> a = first;
  std::vector<Card> b = second;
  a.resize(7);
  b.resize(7);
  for (int i = 4; i < 48; ++i) {
    for (int j = 3; j < i; ++j) {
      for (int k = 2; k < j; ++k) {
        for (int l = 1; l < k; ++l) {
          for (int m = 0; m < l; ++m) {
            int at = 2;
            for (int card : {i, j, k, l, m}) a[at] = b[at] = live[card], ++at;
            const auto a_rank = rank(a);
            const auto b_rank = rank(b);
            outcome.wins += a_rank > b_rank;
            outcome.ties += a_rank == b_rank;
            ++outcome.boards;
          }
        }
      }
    }
  }
  return outcome;
}

Outcome Fast(const std::vector<Card>& first, const std::vector<Card>& second) {
  return Enumerate(first, second, [](const std::vector<Card>& cards) { return RankHand(cards); });
}

// By another ranker, which counts ranks and suits and has no table.
Outcome Slow(const std::vector<Card>& first, const std::vector<Card>& second) {
  return Enumerate(first, second,
                   [](const std::vector<Card>& cards) { return RankSmallHand(cards); });
}

struct MatchUp {
  const char* first;
  const char* second;
  double equity;  // of the first, as published
};

// Published to twelve digits, suits and all: README of the program holdem_calc (K. Tseng), which
// enumerates; there as shares of wins, losses and ties.
constexpr double kAces87Win = 0.768322681019;
constexpr double kAces87Tie = 0.0029375624889;
constexpr double kAcesJackTenWin = 0.781151594577;
constexpr double kAcesJackTenTie = 0.00336213662994;

// Published in whole percents for hands of no particular suits, which move them by up to one:
// poker-rm.com, "Going all-in in Texas hold'em poker" (those up to 95 against 72, which has a
// decimal); thepokerbank.com, "Match-up odds" (up to J4); the-felt.com, "Texas hold'em hand vs.
// hand odds" (the others). Left out: JT against 22, where the first swaps favourite and underdog.
constexpr double kOffMax = 0.01;
const MatchUp kMatchUps[] = {
    {"AsKd", "2h2c", 0.47}, {"AsKd", "7h7c", 0.45}, {"AsKd", "QhQc", 0.43},  {"KsJd", "2h2c", 0.49},
    {"KsJd", "7h7c", 0.46}, {"KsJd", "ThTc", 0.43}, {"JsTd", "7h7c", 0.48},  {"JsTd", "9h9c", 0.46},
    {"As7d", "2h2c", 0.47}, {"As7d", "6h6c", 0.43}, {"9s5d", "7h2c", 0.645}, {"TsTd", "AhKc", 0.57},
    {"KsKd", "9h9c", 0.80}, {"AsQd", "7h5c", 0.63}, {"QsQd", "QhJc", 0.89},  {"8s8d", "Ah5c", 0.69},
    {"9s9d", "Ah9c", 0.71}, {"Js4d", "8h6c", 0.57}, {"AsAd", "KhKc", 0.82},  {"AsKs", "QhQd", 0.46},
};

TEST(KnownEquities, NamedMatchUpsAreThosePublished) {
  for (const MatchUp& m : kMatchUps) {
    const std::vector<Card> first = *ParseCards(m.first);
    const std::vector<Card> second = *ParseCards(m.second);
    const Outcome outcome = Fast(first, second);
    EXPECT_EQ(outcome.boards, 1712304u);  // C(48, 5)
    EXPECT_NEAR(outcome.Equity(), m.equity, kOffMax) << m.first << " against " << m.second;
  }
}

TEST(KnownEquities, TwoMatchUpsAgreeToTheLastPublishedDigit) {
  const Outcome aces_87 = Fast(*ParseCards("AsAc"), *ParseCards("8d7d"));
  EXPECT_NEAR(double(aces_87.wins) / aces_87.boards, kAces87Win, 1e-12);
  EXPECT_NEAR(double(aces_87.ties) / aces_87.boards, kAces87Tie, 1e-12);
  const Outcome aces_jack_ten = Fast(*ParseCards("AdAs"), *ParseCards("JcTc"));
  EXPECT_NEAR(double(aces_jack_ten.wins) / aces_jack_ten.boards, kAcesJackTenWin, 1e-12);
  EXPECT_NEAR(double(aces_jack_ten.ties) / aces_jack_ten.boards, kAcesJackTenTie, 1e-12);
}

TEST(KnownEquities, TheSlowEnumeratorFindsTheSame) {
  for (const MatchUp& m : kMatchUps) {
    const std::vector<Card> first = *ParseCards(m.first);
    const std::vector<Card> second = *ParseCards(m.second);
    const Outcome fast = Fast(first, second);
    const Outcome slow = Slow(first, second);
    EXPECT_EQ(fast.wins, slow.wins) << m.first << " against " << m.second;
    EXPECT_EQ(fast.ties, slow.ties) << m.first << " against " << m.second;
    const Outcome other_way = Fast(second, first);
    EXPECT_EQ(fast.wins + fast.ties + other_way.wins, fast.boards);
  }
}

TEST(KnownEquities, HandsAgainstAnyOtherAreThosePublished) {
  // jazbo.com/poker/huholdem.html: exact, ties as one half, seven digits.
  struct Known {
    const char* name;
    double equity;
  };
  const Known kKnown[] = {
      {"AA", 0.8520371},  {"KK", 0.8239568},  {"QQ", 0.7992516},  {"JJ", 0.7746947},
      {"TT", 0.7501178},  {"99", 0.7205725},  {"88", 0.6916304},  {"77", 0.6623602},
      {"AKs", 0.6704463}, {"A4s", 0.5903364}, {"A7o", 0.5884120}, {"K8s", 0.5831235},
      {"A3s", 0.5822032}, {"QJo", 0.5813469}, {"K9o", 0.5781192}, {"A5o", 0.5769653},
      {"A6o", 0.5768245}, {"Q9s", 0.5766432}, {"K5o", 0.5331397}, {"J9o", 0.5325120},
      {"K2s", 0.5321173}, {"Q5s", 0.5276941}, {"T8s", 0.5233437}, {"K4o", 0.5232747},
      {"J7s", 0.5232478}, {"Q4s", 0.5185530}, {"96s", 0.4742829}, {"J2s", 0.4737815},
      {"Q2o", 0.4729544}, {"T5s", 0.4721626}, {"J5o", 0.4718089}, {"T4s", 0.4653049},
      {"97o", 0.4629781}, {"86s", 0.4624327}, {"85o", 0.4142753}, {"64s", 0.4133332},
      {"83s", 0.4087350}, {"94o", 0.4067105}, {"75o", 0.4051197}, {"82s", 0.4027163},
      {"73s", 0.4003594}, {"93o", 0.4001951},
  };
  const auto strengths =
      HandStrengths::Build(RiverGame(), 0, StrengthMoment::kMean, {.threads = 2});
  ASSERT_TRUE(strengths.ok()) << strengths.status();
  for (const Known& known : kKnown) {
    const std::array<Card, 2> cards = PreflopClassCards(*ParsePreflopClass(known.name));
    const double value = static_cast<double>(strengths->Value(0, 0, PairIndex(cards[0], cards[1])));
    EXPECT_NEAR(value / static_cast<double>(strengths->ValueMax(0)), known.equity, 0.6e-7)
        << known.name;
  }
}

}  // namespace
}  // namespace nash
