#include "solver/game/deal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/game/shipped_games.h"

namespace nash {
namespace {

constexpr int kBatch = 1024;

// The cards of one deal, drawn on its own.
std::vector<Card> DrawOne(const GameDefinition& game, const StreamName& name, uint32_t deal) {
  CardBatch batch(game.CardsPerDeal(), 1);
  DrawCards(game, name, deal, 1, &batch);
  std::vector<Card> cards;
  for (int s = 0; s < game.CardsPerDeal(); ++s) cards.push_back(batch.slot(s)[0]);
  return cards;
}

TEST(DrawCards, FollowsTheDefinitionOfThePartialShuffle) {
  // The order of draws is part of the promise "same bytes": word i picks among what is left.
  for (const std::string& game_name : kShippedGames) {
    SCOPED_TRACE(game_name);
    const GameDefinition game = ShippedGame(game_name);
    if (game_name.starts_with("kuhn") || game_name.starts_with("leduc")) continue;  // enumerated
    const StreamName name = {.seed = 7, .round = 3, .unit = 2};
    for (uint32_t deal = 0; deal < 1000; ++deal) {
      std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
      for (int slot = 0; slot < game.CardsPerDeal(); ++slot) {
        const uint32_t word = Draw(name, DrawPurpose::kCards, deal, slot / 4)[slot % 4];
        std::swap(deck[slot], deck[slot + UniformBelow(word, deck.size() - slot)]);
      }
      deck.resize(game.CardsPerDeal());
      ASSERT_EQ(DrawOne(game, name, deal), deck) << deal;
    }
  }
}

// Kuhn: 3 * 2 = 6 deals of two hands. Leduc: 6 * 5 * 4 = 120 of two hands and a board; for three
// players 8 * 7 * 6 * 5 = 1,680. Kuhn for three: 4 * 3 * 2 = 24.
TEST(DrawCards, EnumeratesSmallGamesOnceInEveryCycle) {
  const std::pair<const char*, uint32_t> kCounts[] = {
      {"kuhn_2p", 6}, {"kuhn_3p", 24}, {"leduc_2p", 120}, {"leduc_3p", 1680}};
  for (const auto& [game_name, count] : kCounts) {
    const GameDefinition game = ShippedGame(game_name);
    std::set<std::vector<std::vector<Card>>> orders;
    for (uint64_t round = 0; round < 3; ++round) {
      for (uint32_t cycle = 0; cycle < 3; ++cycle) {
        std::vector<std::vector<Card>> order;
        for (uint32_t i = 0; i < count; ++i) {
          order.push_back(DrawOne(game, {.seed = 1, .round = round}, cycle * count + i));
        }
        EXPECT_EQ(std::set(order.begin(), order.end()).size(), count) << game_name;
        orders.insert(order);
      }
    }
    // Kuhn has only 12 orders (2 factors, 6 offsets): some of the 9 cycles may share one.
    EXPECT_GE(orders.size(), count == 6 ? 4u : 9u) << game_name;
  }
}

TEST(DrawCards, DoesNotDependOnHowDealsAreGrouped) {
  const GameDefinition game = ShippedGame("nolimit_6p");
  const StreamName name = {.seed = 1, .round = 5, .unit = 9};
  CardBatch whole(game.CardsPerDeal(), 100);
  DrawCards(game, name, 50, 100, &whole);
  for (int group : {1, 2, 3, 7, 8, 9, 31, 99}) {
    for (int first = 0; first < 100; first += group) {
      CardBatch part(game.CardsPerDeal(), group);
      const int n = std::min(group, 100 - first);
      DrawCards(game, name, 50 + first, n, &part);
      for (int s = 0; s < game.CardsPerDeal(); ++s) {
        for (int d = 0; d < n; ++d) ASSERT_EQ(part.slot(s)[d], whole.slot(s)[first + d]);
      }
    }
  }
}

TEST(DrawCards, DealsDistinctCardsOfTheDeck) {
  for (const std::string& game_name : kShippedGames) {
    const GameDefinition game = ShippedGame(game_name);
    const std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
    for (uint32_t deal = 0; deal < 2000; ++deal) {
      const std::vector<Card> cards = DrawOne(game, {.seed = deal}, deal);
      EXPECT_EQ(std::set<Card>(cards.begin(), cards.end()).size(), cards.size());
      for (Card card : cards) EXPECT_EQ(std::count(deck.begin(), deck.end(), card), 1);
    }
  }
}

// Pearson's statistic as a number of standard deviations from its mean, for equal cells.
double Deviations(const std::vector<int64_t>& counts, double expected, double degrees) {
  double statistic = 0;
  for (int64_t count : counts) statistic += (count - expected) * (count - expected) / expected;
  return (statistic - degrees) / std::sqrt(2 * degrees);
}

// With fixed names the statistics are fixed numbers: 5 deviations are a bound, not a gamble.
constexpr double kDeviationsMax = 5;

TEST(DrawCards, EveryCardAndEveryPairIsAsLikely) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  const int num_slots = game.CardsPerDeal();
  constexpr int kBatches = 2000;
  std::vector<std::vector<int64_t>> singles(num_slots, std::vector<int64_t>(52));
  // Ordered pairs of slots (0, 1), (0, 2), (3, 4), (7, 8) and of the first and last.
  const std::vector<std::pair<int, int>> pairs = {{0, 1}, {0, 2}, {3, 4}, {7, 8}, {0, 8}};
  std::vector<std::vector<int64_t>> doubles(pairs.size(), std::vector<int64_t>(52 * 52));
  CardBatch batch(num_slots, kBatch);
  for (int b = 0; b < kBatches; ++b) {
    DrawCards(game, {.seed = 11, .round = 1, .unit = 0}, b * kBatch, kBatch, &batch);
    for (int s = 0; s < num_slots; ++s) {
      for (int d = 0; d < kBatch; ++d) ++singles[s][batch.slot(s)[d]];
    }
    for (size_t p = 0; p < pairs.size(); ++p) {
      const Card* first = batch.slot(pairs[p].first);
      const Card* second = batch.slot(pairs[p].second);
      for (int d = 0; d < kBatch; ++d) ++doubles[p][first[d] * 52 + second[d]];
    }
  }
  const double deals = double{kBatch} * kBatches;
  for (int s = 0; s < num_slots; ++s) {
    EXPECT_LT(std::abs(Deviations(singles[s], deals / 52, 51)), kDeviationsMax) << "slot " << s;
  }
  for (size_t p = 0; p < pairs.size(); ++p) {
    std::vector<int64_t> off_diagonal;
    for (int i = 0; i < 52 * 52; ++i) {
      if (i / 52 == i % 52) {
        EXPECT_EQ(doubles[p][i], 0);
      } else {
        off_diagonal.push_back(doubles[p][i]);
      }
    }
    const double cells = 52 * 51;
    EXPECT_LT(std::abs(Deviations(off_diagonal, deals / cells, cells - 1)), kDeviationsMax) << p;
  }
}

// Counts how often a slot of deal d of one stream and of deal d + shift of another hold a pair of
// cards; independent streams fill all 52 * 52 cells alike.
double CrossDeviations(const StreamName& a, const StreamName& b, int shift, int slot) {
  const GameDefinition game = ShippedGame("nolimit_2p");
  constexpr int kBatches = 300;
  CardBatch first(game.CardsPerDeal(), kBatch);
  CardBatch second(game.CardsPerDeal(), kBatch);
  std::vector<int64_t> counts(52 * 52);
  for (int i = 0; i < kBatches; ++i) {
    DrawCards(game, a, i * kBatch, kBatch, &first);
    DrawCards(game, b, i * kBatch + shift, kBatch, &second);
    for (int d = 0; d < kBatch; ++d) ++counts[first.slot(slot)[d] * 52 + second.slot(slot)[d]];
  }
  // 300 * 1024 deals over 2704 cells: 113 expected in each.
  return Deviations(counts, double{kBatch} * kBatches / (52 * 52), 52 * 52 - 1);
}

TEST(DrawCards, NeighbouringUnitsRoundsAndDealsDoNotCorrelate) {
  // Streams that are shifted copies of one another cost a factor of two to four in accuracy, with
  // no other sign; so shifts are tried too.
  const StreamName base = {.seed = 42, .round = 10, .unit = 20};
  const std::vector<std::pair<const char*, StreamName>> others = {
      {"the next unit", {.seed = 42, .round = 10, .unit = 21}},
      {"the next round", {.seed = 42, .round = 11, .unit = 20}},
      {"round and unit swapped", {.seed = 42, .round = 20, .unit = 10}},
      {"the next seed", {.seed = 43, .round = 10, .unit = 20}},
      {"a seed that differs in its upper half",
       {.seed = 42 | uint64_t{1} << 32, .round = 10, .unit = 20}},
  };
  for (const auto& [why, other] : others) {
    for (int shift : {0, 1, 2, 10, 1000}) {
      for (int slot : {0, 4, 8}) {
        EXPECT_LT(std::abs(CrossDeviations(base, other, shift, slot)), kDeviationsMax)
            << why << ", shift " << shift << ", slot " << slot;
      }
    }
  }
  for (int shift : {1, 2, 4, 256}) {
    EXPECT_LT(std::abs(CrossDeviations(base, base, shift, 0)), kDeviationsMax) << shift;
  }
  // The check can fail: a stream against itself.
  EXPECT_GT(CrossDeviations(base, base, 0, 0), 1000);
}

}  // namespace
}  // namespace nash
