#include "solver/abstraction/abstraction.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "solver/abstraction/bucket_cache.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/abstraction/small_deck_classes.h"
#include "solver/cards/small_hand_rank.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

constexpr StreetAbstraction kLossless = {BucketKind::kLossless, 0};
constexpr StreetAbstraction kHeldNow = {.kind = BucketKind::kLossless,
                                        .recall = BoardRecall::kImperfect};

// kind by street; files are kept between the tests of one run.
Abstraction Make(const GameDefinition& game, const std::vector<StreetAbstraction>& streets) {
  AbstractionDefinition definition;
  std::copy(streets.begin(), streets.end(), definition.streets.begin());
  BuildOptions options;
  options.threads = 2;
  absl::StatusOr<Abstraction> abstraction =
      LoadOrBuild(definition, game, JoinPath(testing::TempDir(), "buckets"), options);
  EXPECT_TRUE(abstraction.ok()) << abstraction.status();
  return *std::move(abstraction);
}

struct Case {
  const char* name;
  GameDefinition game;
  std::vector<StreetAbstraction> streets;
};

std::vector<Case> Cases() {
  return {
      {"kuhn", KuhnGame(), {kLossless}},
      {"leduc", LeducGame(), {kLossless, kLossless}},
      {"five cards of a small deck",
       GameOf({.num_ranks = 4, .num_suits = 3, .boards = {0, 2, 1}}),
       {kLossless, kLossless, kLossless}},
      {"five cards of a small deck, imperfect recall",
       GameOf({.num_ranks = 4, .num_suits = 3, .boards = {0, 2, 1}}),
       {kLossless, kLossless, kHeldNow}},
      {"flop, lossless", FlopGame(), {kLossless, kLossless}},
      {"river of 20 cards",
       GameOf({.num_ranks = 5, .boards = {0, 3, 1, 1}}),
       {kLossless, kLossless, kLossless, kHeldNow}},
      {"river of 24 cards",
       GameOf({.num_ranks = 6, .boards = {0, 3, 1, 1}}),
       {kLossless, kLossless, kHeldNow, kLossless}},
      {"flop of 18 cards in three suits",
       GameOf({.num_ranks = 6, .num_suits = 3, .boards = {0, 3}}),
       {kLossless, kLossless}},
      {"river, perfect recall", RiverGame(), {kLossless, kLossless, kLossless, kLossless}},
      {"river, imperfect recall", RiverGame(), {kLossless, kLossless, kHeldNow, kHeldNow}},
      {"turn, one and two bytes a bucket",
       TurnGame(),
       {kLossless, {BucketKind::kEhs, 300}, {BucketKind::kEhs, 20}}},
      {"six players", FlopGame(6), {{BucketKind::kEhs, 10}, {BucketKind::kEhs, 1000}}},
      {"36 cards", GameOf({.num_ranks = 9, .boards = {0, 3}}), {kLossless, {BucketKind::kEhs, 50}}},
      {"36 cards, ranked as a short deck",
       GameOf({.num_ranks = 9, .boards = {0, 3}, .ranking = Ranking::kShortDeck}),
       {kLossless, {BucketKind::kEhs, 50}}},
      {"36 cards, ranked as a short deck, lossless",
       GameOf({.num_ranks = 9, .boards = {0, 3}, .ranking = Ranking::kShortDeck}),
       {kLossless, kLossless}},
  };
}

std::vector<Card> PlayerCards(const GameDefinition& game, CardBatch& cards, int deal, int player,
                              int street) {
  std::vector<Card> hand;
  for (int h = 0; h < game.num_hole_cards; ++h) {
    hand.push_back(cards.slot(player * game.num_hole_cards + h)[deal]);
  }
  for (int b = 0; b < game.BoardCardsOn(street); ++b) {
    hand.push_back(cards.slot(game.num_players * game.num_hole_cards + b)[deal]);
  }
  return hand;
}

TEST(Abstraction, ABatchHasTheBucketsOfItsHandsOneByOne) {
  constexpr int kDeals = 3 * kLookupBlock + 5;
  constexpr int kFirst = 2;
  constexpr int kPlace = 9;
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    const Abstraction abstraction = Make(c.game, c.streets);
    CardBatch cards(c.game.CardsPerDeal(), kFirst + kDeals);
    DrawCards(c.game, {.seed = 5}, 0, kFirst + kDeals, &cards);
    DealBatch out(c.game.num_players, c.game.num_streets, kPlace + kDeals + 1);
    out.buckets(0, 0)[kPlace - 1] = 12345;
    out.buckets(0, 0)[kPlace + kDeals] = 54321;
    abstraction.Lookup(cards, kFirst, kDeals, &out, kPlace);
    EXPECT_EQ(out.buckets(0, 0)[kPlace - 1], 12345u);
    EXPECT_EQ(out.buckets(0, 0)[kPlace + kDeals], 54321u);
    for (int s = 0; s < c.game.num_streets; ++s) {
      std::set<uint32_t> seen;
      for (int p = 0; p < c.game.num_players; ++p) {
        for (int d = 0; d < kDeals; ++d) {
          const uint32_t bucket = out.buckets(s, p)[kPlace + d];
          ASSERT_LT(bucket, abstraction.num_buckets(s));
          const std::vector<Card> hand = PlayerCards(c.game, cards, kFirst + d, p, s);
          ASSERT_EQ(bucket, abstraction.BucketOf(s, hand)) << CardNames(hand);
          seen.insert(bucket);
        }
      }
      EXPECT_GE(seen.size(), std::min(abstraction.num_buckets(s), 5u)) << "street " << s;
    }
  }
}

// Waugh, "A fast and optimal hand isomorphism algorithm", 2013, table 1; with imperfect recall:
// Burnside's lemma over the 24 renamings of suits.
TEST(Abstraction, LosslessCountsClassesWithPerfectRecallUnlessToldToForget) {
  const GameDefinition game = RiverGame();
  const Abstraction recall = Make(game, {kLossless, kLossless, kLossless, kLossless});
  EXPECT_EQ(recall.num_buckets(0), 169u);
  EXPECT_EQ(recall.num_buckets(1), 1'286'792u);
  EXPECT_EQ(recall.num_buckets(2), 55'190'538u);
  EXPECT_EQ(recall.num_buckets(3), 2'428'287'420u);
  const Abstraction held_now = Make(game, {kLossless, kLossless, kHeldNow, kHeldNow});
  EXPECT_EQ(held_now.num_buckets(0), 169u);
  EXPECT_EQ(held_now.num_buckets(1), 1'286'792u);
  EXPECT_EQ(held_now.num_buckets(2), 13'960'050u);
  EXPECT_EQ(held_now.num_buckets(3), 123'156'254u);
  EXPECT_NE(recall.content_hash(3), held_now.content_hash(3));
}

// The definition itself: with perfect recall hands differ when a card came on another street, in
// any deck; by the cards held now they do not.
TEST(Abstraction, PerfectRecallTellsOnWhichStreetACardCame) {
  struct Hands {
    GameDefinition game;
    const char* hand;
    const char* other;  // a card of the flop and the turn change places
  };
  for (const Hands& c : {Hands{TurnGame(), "AhKdTh9h2c5s", "AhKd5s9h2cTh"},
                         Hands{GameOf({.num_ranks = 4, .num_suits = 3, .boards = {0, 2, 1}}),
                               "AhKdQhJdAs", "AhKdAsJdQh"}}) {
    const Abstraction recall = Make(c.game, {kLossless, kLossless, kLossless});
    const Abstraction held_now = Make(c.game, {kLossless, kLossless, kHeldNow});
    const auto hand = *ParseCards(c.hand);
    const auto other = *ParseCards(c.other);
    EXPECT_NE(recall.BucketOf(2, hand), recall.BucketOf(2, other)) << c.hand;
    EXPECT_EQ(held_now.BucketOf(2, hand), held_now.BucketOf(2, other)) << c.hand;
    EXPECT_LT(held_now.num_buckets(2), recall.num_buckets(2));
  }
}

// Classes are those of the enumeration of small decks, under other numbers; and a river of twenty
// cards, whose hands no enumeration holds, has its own.
TEST(Abstraction, ShortDecksAreIndexed) {
  const GameDefinition game = GameOf({.num_ranks = 5, .boards = {0, 3, 1}});
  const Abstraction indexed = Make(game, {kLossless, kLossless, kLossless});
  std::mt19937 random(5);
  std::vector<Card> deck = MakeDeck(5, 4);
  for (int street = 0; street < 3; ++street) {
    const auto enumerated = SmallDeckClasses::Build(game, street);
    ASSERT_TRUE(enumerated.ok()) << enumerated.status();
    EXPECT_EQ(indexed.num_buckets(street), enumerated->num_classes());
    std::map<uint32_t, uint32_t> bucket_of_class;
    for (int i = 0; i < 20000; ++i) {
      std::shuffle(deck.begin(), deck.end(), random);
      const auto hand = absl::MakeConstSpan(deck).first(2 + game.BoardCardsOn(street));
      const uint32_t bucket = indexed.BucketOf(street, hand);
      const auto [known, is_new] = bucket_of_class.try_emplace(enumerated->ClassOf(hand), bucket);
      ASSERT_EQ(known->second, bucket) << CardNames(hand);
    }
  }
  EXPECT_FALSE(indexed.HasPreflopGrid(0));  // it is one of 5 by 5
  EXPECT_EQ(indexed.HandName(0, indexed.BucketOf(0, *ParseCards("AhKh"))), "AKs");
  const Abstraction river = Make(GameOf({.num_ranks = 5, .boards = {0, 3, 1, 1}}),
                                 {kLossless, kLossless, kLossless, kLossless});
  EXPECT_EQ(river.num_buckets(0), 25u);  // 5 pairs, 10 suited, 10 offsuit
  EXPECT_EQ(river.bytes(), 0u);
}

TEST(Abstraction, NamesOfClassesTellTheStreetsThatTheyRemember) {
  const auto cards = *ParseCards("AhKdTh9h2c5s");
  const Abstraction recall = Make(TurnGame(), {kLossless, kLossless, kLossless});
  const std::string name = recall.HandName(2, recall.BucketOf(2, cards));
  ASSERT_EQ(name.size(), 14u) << name;  // AhKd|Th9h2c|5s
  EXPECT_EQ(name[11], '|');
  const Abstraction held_now = Make(TurnGame(), {kLossless, kLossless, kHeldNow});
  EXPECT_EQ(held_now.HandName(2, held_now.BucketOf(2, cards)).size(), 13u);
}

TEST(Abstraction, StrengthsOrderPlayersAsTheirHandsRank) {
  constexpr int kDeals = 400;
  for (const Case& c : Cases()) {
    SCOPED_TRACE(c.name);
    const Abstraction abstraction = Make(c.game, c.streets);
    CardBatch cards(c.game.CardsPerDeal(), kDeals);
    DrawCards(c.game, {.seed = 6}, 0, kDeals, &cards);
    DealBatch out(c.game.num_players, c.game.num_streets, kDeals);
    abstraction.Lookup(cards, 0, kDeals, &out, 0);
    for (int d = 0; d < kDeals; ++d) {
      const int last = c.game.num_streets - 1;
      const Ranking ranking = c.game.ranking;
      const int32_t rank0 = RankSmallHand(PlayerCards(c.game, cards, d, 0, last), ranking);
      const int32_t rank1 = RankSmallHand(PlayerCards(c.game, cards, d, 1, last), ranking);
      ASSERT_EQ(out.strengths(0)[d] > out.strengths(1)[d], rank0 > rank1);
      ASSERT_EQ(out.strengths(0)[d] == out.strengths(1)[d], rank0 == rank1);
    }
  }
}

TEST(Abstraction, NeitherSuitNamesNorTheOrderOfCardsChangesABucket) {
  const GameDefinition game = TurnGame();
  const Abstraction abstraction =
      Make(game, {kLossless, {BucketKind::kEhs, 300}, {BucketKind::kEhs, 20}});
  std::mt19937 random(11);
  std::vector<Card> deck = MakeDeck(13, 4);
  for (int trial = 0; trial < 3000; ++trial) {
    std::shuffle(deck.begin(), deck.end(), random);
    std::array<int, kSuitsMax> suits = {0, 1, 2, 3};
    std::shuffle(suits.begin(), suits.end(), random);
    const int street = trial % 3;
    const std::vector<Card> hand(deck.begin(), deck.begin() + 2 + game.BoardCardsOn(street));
    std::vector<Card> image;
    for (Card card : hand) image.push_back(MakeCard(RankOf(card), suits[SuitOf(card)]));
    std::shuffle(image.begin(), image.begin() + 2, random);
    std::shuffle(image.begin() + 2, image.end(), random);
    ASSERT_EQ(abstraction.BucketOf(street, hand), abstraction.BucketOf(street, image))
        << CardNames(hand) << " and " << CardNames(image);
  }
}

TEST(Abstraction, StrongerHandsHaveHigherBuckets) {
  const Abstraction abstraction =
      Make(TurnGame(), {kLossless, {BucketKind::kEhs, 300}, {BucketKind::kEhs, 20}});
  EXPECT_EQ(abstraction.BucketOf(1, *ParseCards("AhAdAcAs2h")), 299u);
  EXPECT_EQ(abstraction.BucketOf(2, *ParseCards("AhAdAcAs2h9d")), 19u);
  EXPECT_EQ(abstraction.BucketOf(2, *ParseCards("3h2dAsKcJd9c")), 0u);
}

// A-6-7-8-9 is a straight by the short deck's ranking and an ace by the standard one.
TEST(Abstraction, BucketsFollowTheRanking) {
  const GameDefinition standard = GameOf({.num_ranks = 9, .boards = {0, 3}});
  GameDefinition short_deck = standard;
  short_deck.ranking = Ranking::kShortDeck;
  const std::vector<StreetAbstraction> streets = {kLossless, {BucketKind::kEhs, 300}};
  const Abstraction a = Make(standard, streets);
  const Abstraction b = Make(short_deck, streets);
  EXPECT_NE(a.content_hash(1), b.content_hash(1));
  const auto straight = *ParseCards("Ac9d6h7s8c");
  const auto trips = *ParseCards("6c6d6h7s8c");
  EXPECT_LT(a.BucketOf(1, straight), a.BucketOf(1, trips));
  EXPECT_GT(b.BucketOf(1, straight), b.BucketOf(1, trips));
}

TEST(Abstraction, NamesClassesWhereStreetsAreLosslessAndNumbersBucketsElsewhere) {
  const Abstraction turn =
      Make(TurnGame(), {kLossless, {BucketKind::kEhs, 300}, {BucketKind::kEhs, 20}});
  EXPECT_EQ(turn.num_buckets(0), 169u);
  EXPECT_TRUE(turn.HasPreflopGrid(0));
  EXPECT_EQ(turn.HandName(0, turn.BucketOf(0, *ParseCards("KhAh"))), "AKs");
  EXPECT_EQ(turn.HandName(0, turn.BucketOf(0, *ParseCards("2h7s"))), "72o");
  EXPECT_EQ(turn.HandName(1, 17), "17");
  EXPECT_FALSE(turn.HasPreflopGrid(1));

  const Abstraction flop = Make(FlopGame(), {kLossless, kLossless});
  EXPECT_EQ(flop.num_buckets(1), 1286792u);
  const uint32_t bucket = flop.BucketOf(1, *ParseCards("AhKdTh9h2c"));
  const std::string name = flop.HandName(1, bucket);
  ASSERT_EQ(name.size(), 11u) << name;  // AhKd|Th9h2c
  EXPECT_EQ(name[4], '|');
  EXPECT_EQ(flop.BucketOf(1, *ParseCards(name.substr(0, 4) + name.substr(5))), bucket);

  const Abstraction leduc = Make(LeducGame(), {kLossless, kLossless});
  EXPECT_EQ(leduc.HandName(0, leduc.BucketOf(0, *ParseCards("Kh"))), "K");
  EXPECT_EQ(leduc.HandName(1, leduc.BucketOf(1, *ParseCards("KhQs"))), "K|Q");
  EXPECT_FALSE(leduc.HasPreflopGrid(0));
}

TEST(Abstraction, HashesOfStreetsTellBucketCountsAndGamesApart) {
  const Abstraction a = Make(FlopGame(), {kLossless, {BucketKind::kEhs, 50}});
  const Abstraction b = Make(FlopGame(), {kLossless, {BucketKind::kEhs, 60}});
  const Abstraction c = Make(FlopGame(6), {kLossless, {BucketKind::kEhs, 50}});
  EXPECT_NE(a.content_hash(1), b.content_hash(1));
  EXPECT_EQ(a.content_hash(0), b.content_hash(0));
  EXPECT_EQ(a.content_hash(1), c.content_hash(1));  // players share buckets
  EXPECT_NE(a.content_hash(0), a.content_hash(1));
}

TEST(BucketDealSource, DealsDependOnTheirNamesNotOnHowTheyAreGrouped) {
  const GameDefinition game = FlopGame(3);
  const Abstraction abstraction = Make(game, {kLossless, {BucketKind::kEhs, 50}});
  const BucketDealSource source(game, abstraction);
  EXPECT_EQ(source.num_buckets(1), 50u);
  constexpr int kDeals = 1000;
  const StreamName name = {.seed = 3, .round = 4, .unit = 5};
  DealBatch whole(3, 2, kDeals);
  source.Fill(name, 100, kDeals, 0, &whole);
  DealBatch parts(3, 2, kDeals);
  for (int done = 0, step = 1; done < kDeals; done += step, step = step * 2 + 1) {
    step = std::min(step, kDeals - done);
    source.Fill(name, 100 + done, step, done, &parts);
  }
  for (int d = 0; d < kDeals; ++d) {
    for (int p = 0; p < 3; ++p) {
      for (int s = 0; s < 2; ++s) ASSERT_EQ(whole.buckets(s, p)[d], parts.buckets(s, p)[d]);
      ASSERT_EQ(whole.strengths(p)[d], parts.strengths(p)[d]);
    }
  }
}

TEST(BucketDealSource, OneThreadMayFillForGamesOfDifferentSizes) {
  const GameDefinition kuhn = KuhnGame();
  const GameDefinition flop = FlopGame();
  const Abstraction kuhn_classes = Make(kuhn, {kLossless});
  const Abstraction flop_classes = Make(flop, {kLossless, kLossless});
  DealBatch first(2, 1, 4), again(2, 1, 4), other(2, 2, 4);
  BucketDealSource(kuhn, kuhn_classes).Fill({.seed = 1}, 0, 4, 0, &first);
  BucketDealSource(flop, flop_classes).Fill({.seed = 1}, 0, 4, 0, &other);
  BucketDealSource(kuhn, kuhn_classes).Fill({.seed = 1}, 0, 4, 0, &again);
  for (int d = 0; d < 4; ++d) {
    EXPECT_NE(first.buckets(0, 0)[d], first.buckets(0, 1)[d]);
    EXPECT_EQ(first.buckets(0, 0)[d], again.buckets(0, 0)[d]);
  }
}

}  // namespace
}  // namespace nash
