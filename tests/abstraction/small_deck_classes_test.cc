#include "solver/abstraction/small_deck_classes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace nash {
namespace {

GameDefinition Game(int num_ranks, int num_suits, int num_hole_cards, std::vector<int> boards) {
  GameDefinition game;
  game.num_players = 2;
  game.num_ranks = num_ranks;
  game.num_suits = num_suits;
  game.num_hole_cards = num_hole_cards;
  game.num_streets = static_cast<int>(boards.size());
  std::copy(boards.begin(), boards.end(), game.num_board_cards.begin());
  return game;
}

SmallDeckClasses Build(const GameDefinition& game, int street) {
  absl::StatusOr<SmallDeckClasses> classes = SmallDeckClasses::Build(game, street);
  EXPECT_TRUE(classes.ok()) << classes.status();
  return *std::move(classes);
}

uint32_t ClassOf(const SmallDeckClasses& classes, const char* cards) {
  return classes.ClassOf(*ParseCards(cards));
}

TEST(SmallDeckClasses, KuhnHasThreeNamedByRank) {
  const SmallDeckClasses classes = Build(Game(3, 1, 1, {0}), 0);
  ASSERT_EQ(classes.num_classes(), 3u);
  EXPECT_EQ(classes.Name(0), "Q");
  EXPECT_EQ(classes.Name(1), "K");
  EXPECT_EQ(classes.Name(2), "A");
  EXPECT_EQ(ClassOf(classes, "Ks"), 1u);
}

// Sixteen cards of hold'em: 16*15/2 hole cards, then 14*13*12/6 flops, 11 turns and 10 rivers are
// 4,804,800 hands. Places do not know what was dealt before: 120 * 560 * 16 * 16 = 17,203,200.
TEST(SmallDeckClasses, ADeckThatIsTooLargeIsRefusedWithHowManyHandsItHas) {
  const absl::Status status = SmallDeckClasses::Build(Game(4, 4, 2, {0, 3, 1, 1}), 3).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  for (const char* text : {"16 cards deals 4804800 hands", "17203200 places", "at most 16777216"}) {
    EXPECT_NE(std::string(status.message()).find(text), std::string::npos) << status;
  }
}

TEST(SmallDeckClasses, LeducHasThreeThenNine) {
  // Three ranks; then each of them with each rank on the board, pairs included.
  const GameDefinition leduc = Game(3, 2, 1, {0, 1});
  EXPECT_EQ(Build(leduc, 0).num_classes(), 3u);
  const SmallDeckClasses flop = Build(leduc, 1);
  ASSERT_EQ(flop.num_classes(), 9u);
  EXPECT_EQ(ClassOf(flop, "KhKs"), ClassOf(flop, "KsKh"));
  EXPECT_EQ(ClassOf(flop, "KhQs"), ClassOf(flop, "KhQh"));
  EXPECT_NE(ClassOf(flop, "KhQs"), ClassOf(flop, "QsKh"));
  std::set<std::string> names;
  for (uint32_t c = 0; c < 9; ++c) names.insert(flop.Name(c));
  EXPECT_EQ(names,
            (std::set<std::string>{"Q|Q", "Q|K", "Q|A", "K|Q", "K|K", "K|A", "A|Q", "A|K", "A|A"}));
}

TEST(SmallDeckClasses, LeducInfosetsByRankAre288) {
  // Decisions a street in Leduc, two raises: 6 before the board (-, c, r, cr, rr, crr). Sequences
  // that reach the board: cc, rc, crc, rrc, crrc = 5, each with 6 decisions.
  const GameDefinition leduc = Game(3, 2, 1, {0, 1});
  EXPECT_EQ(6 * Build(leduc, 0).num_classes() + 5 * 6 * Build(leduc, 1).num_classes(), 288u);
}

TEST(SmallDeckClasses, HoldemHolesAre169WhenSuitsCountAnd91WhenTheyDoNot) {
  // 13 pairs, 78 suited, 78 offsuit; without flushes suited and offsuit are one.
  const SmallDeckClasses holdem = Build(Game(13, 4, 2, {0, 3, 1, 1}), 0);
  EXPECT_EQ(holdem.num_classes(), 169u);
  EXPECT_EQ(ClassOf(holdem, "AhKh"), ClassOf(holdem, "KcAc"));
  EXPECT_NE(ClassOf(holdem, "AhKh"), ClassOf(holdem, "KcAd"));
  EXPECT_EQ(Build(Game(13, 4, 2, {0, 1, 1}), 0).num_classes(), 91u);
}

// Independently: two hands are one class when the sets of their images under all renamings meet.
TEST(SmallDeckClasses, ClassesAreExactlyTheOrbitsOfSuitRenamings) {
  const GameDefinition game = Game(4, 3, 2, {0, 2, 1});  // 5 cards: suits count
  const SmallDeckClasses classes = Build(game, 2);
  const std::vector<Card> deck = MakeDeck(4, 3);
  std::map<std::string, uint32_t> class_of_orbit;
  std::set<uint32_t> seen;
  for (Card a : deck)
    for (Card b : deck)
      for (Card c : deck)
        for (Card d : deck)
          for (Card e : deck) {
            const std::vector<Card> hand = {a, b, c, d, e};
            if (std::set<Card>(hand.begin(), hand.end()).size() != 5) continue;
            std::array<int, 3> suits = {1, 2, 3};
            std::string lowest;
            do {
              std::vector<Card> image;
              for (Card card : hand)
                image.push_back(MakeCard(RankOf(card), suits[SuitOf(card) - 1]));
              std::sort(image.begin(), image.begin() + 2);
              std::sort(image.begin() + 2, image.begin() + 4);
              const std::string name = CardNames(image);
              if (lowest.empty() || name < lowest) lowest = name;
            } while (std::next_permutation(suits.begin(), suits.end()));
            const uint32_t found = classes.ClassOf(hand);
            ASSERT_LT(found, classes.num_classes());
            ASSERT_EQ(class_of_orbit.try_emplace(lowest, found).first->second, found)
                << CardNames(hand);
            seen.insert(found);
          }
  EXPECT_EQ(class_of_orbit.size(), classes.num_classes());
  EXPECT_EQ(seen.size(), classes.num_classes());
}

// Two cards of the board are one set, so orders of dealing are merged: a class of the forgetful way
// is one of the classes of each order, and no others.
TEST(SmallDeckClasses, WithImperfectRecallTheBoardIsOneSet) {
  const GameDefinition game = Game(4, 3, 2, {0, 2, 1});
  const SmallDeckClasses recall = Build(game, 2);
  const SmallDeckClasses held_now = *SmallDeckClasses::Build(game, 2, BoardRecall::kImperfect);
  const GameDefinition at_once = Game(4, 3, 2, {0, 3});
  const SmallDeckClasses one_street = Build(at_once, 1);
  EXPECT_EQ(held_now.num_classes(), one_street.num_classes());
  EXPECT_LT(held_now.num_classes(), recall.num_classes());
  for (uint32_t c = 0; c < recall.num_classes(); ++c) {
    std::vector<Card> hand = recall.Representative(c);
    const uint32_t held = held_now.ClassOf(hand);
    EXPECT_EQ(held, one_street.ClassOf(hand));
    std::swap(hand[2], hand[4]);
    EXPECT_EQ(held_now.ClassOf(hand), held) << CardNames(hand);
  }
}

TEST(SmallDeckClasses, ADeckTooLargeIsRefusedWithTheReason) {
  // C(52, 2) * C(52, 3) = 29,304,600 flops are above 2^24.
  const absl::Status status = SmallDeckClasses::Build(Game(13, 4, 2, {0, 3, 1, 1}), 1).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_NE(status.message().find("52 cards"), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace nash
