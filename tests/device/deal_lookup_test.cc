#include "solver/device/deal_lookup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "solver/cards/hand_index.h"
#include "solver/cards/hand_rank.h"
#include "solver/device/deal_image.h"
#include "solver/game/deal.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

constexpr std::array<HandShape, kStreetsMax> kShapes = {HandShape::kPreflop, HandShape::kFlop,
                                                        HandShape::kTurn, HandShape::kRiver};

// Hold'em of some streets, every bucket the hand's index unless tables are set.
class DealLookupTest : public testing::Test {
 protected:
  DealLookupTest() {
    for (HandShape shape : kShapes) indexers_.push_back(std::make_unique<HandIndexer>(shape));
    for (const auto& indexer : indexers_) streets_.push_back({.hands = indexer.get()});
  }

  DealImage Image(int num_players, int num_streets) const {
    auto image =
        DealImage::Make(num_players, absl::MakeConstSpan(streets_).subspan(0, num_streets));
    EXPECT_TRUE(image.ok()) << image.status();
    return *std::move(image);
  }

  static void Run(const DealLookup& job) {
    WithPlayers(job.tables.num_players, [&]<int kPlayers>() {
      for (uint32_t d = 0; d < job.deals.n; ++d) LookupDeal<kPlayers>(job, d);
    });
  }

  std::vector<std::unique_ptr<HandIndexer>> indexers_;
  std::vector<StreetBuckets> streets_;
};

GameDefinition GameOfStreets(int num_players, int num_streets) {
  return num_streets == 2   ? FlopGame(num_players)
         : num_streets == 3 ? TurnGame(num_players)
                            : RiverGame(num_players);
}

TEST_F(DealLookupTest, DrawsWhatDrawCardsDrawsAndRanksWhatTheRankerRanks) {
  constexpr uint32_t kDeals = 20'000;
  const StreamName name = {.seed = 7, .round = uint64_t{5} << 33, .unit = 3};
  for (int num_streets : {2, 3, 4}) {
    for (int num_players = 2; num_players <= 6; ++num_players) {
      const GameDefinition game = GameOfStreets(num_players, num_streets);
      const DealImage image = Image(num_players, num_streets);
      std::vector<uint32_t> words(size_t(image.words_per_deal()) * kDeals);
      Run({.tables = image.Here(), .deals = {name, 1'000'000, kDeals}, .words = words.data()});
      CardBatch cards(game.CardsPerDeal(), kDeals);
      DrawCards(game, name, 1'000'000, kDeals, &cards);
      for (uint32_t d = 0; d < kDeals; ++d) {
        for (int p = 0; p < num_players; ++p) {
          std::vector<Card> hand = {cards.slot(2 * p)[d], cards.slot(2 * p + 1)[d]};
          for (int street = 0; street < num_streets; ++street) {
            while (hand.size() < static_cast<size_t>(2 + game.BoardCardsOn(street))) {
              hand.push_back(cards.slot(2 * num_players + static_cast<int>(hand.size()) - 2)[d]);
            }
            ASSERT_EQ(words[size_t(street * num_players + p) * kDeals + d],
                      indexers_[street]->Index(hand))
                << num_players << " players, street " << street << ", deal " << d << ": "
                << CardNames(hand);
          }
          ASSERT_EQ(words[size_t(num_streets * num_players + p) * kDeals + d], RankHand(hand))
              << CardNames(hand);
        }
      }
    }
  }
}

// Every stride-th canonical hand of a street, as player 0's, beside one of any two other cards.
class AllHandsTest : public DealLookupTest {
 protected:
  void CheckStreet(int street, uint64_t stride) {
    constexpr uint32_t kDeals = 1 << 14;
    const HandIndexer& indexer = *indexers_[street];
    const int num_streets = std::max(street + 1, 2);
    const DealImage image = Image(2, num_streets);
    const int num_slots = image.Here().num_slots();
    std::vector<Card> cards(size_t(num_slots) * kDeals);
    std::vector<uint32_t> words(size_t(image.words_per_deal()) * kDeals);
    std::array<Card, kHandCardsMax> hand;
    for (uint64_t first = 0; first < indexer.size(); first += kDeals * stride) {
      const uint32_t n = static_cast<uint32_t>(
          std::min<uint64_t>(kDeals, (indexer.size() - first + stride - 1) / stride));
      for (uint32_t d = 0; d < n; ++d) {
        indexer.Unindex(first + d * stride, absl::MakeSpan(hand.data(), indexer.num_cards()));
        uint64_t used = 0;
        for (int k = 0; k < indexer.num_cards(); ++k) used |= SetOf(hand[k]);
        Card free = static_cast<Card>((first / kDeals + d) % 40);
        for (int slot = 0; slot < num_slots; ++slot) {
          // Hole cards are the first two of the hand, the rest of it is the board.
          const int k = slot < 2 ? slot : slot - 2;
          const bool given = slot < 2 || (slot >= 4 && k < indexer.num_cards());
          while (!given && (used & SetOf(free)) != 0) ++free;
          cards[size_t(slot) * n + d] = given ? hand[k] : free;
          used |= SetOf(cards[size_t(slot) * n + d]);
        }
      }
      Run({.tables = image.Here(),
           .deals = {{}, 0, n},
           .cards = cards.data(),
           .words = words.data()});
      for (uint32_t d = 0; d < n; ++d) {
        ASSERT_EQ(words[size_t(2 * street) * n + d], first + d * stride) << "street " << street;
      }
    }
  }
};

TEST_F(AllHandsTest, PreflopHandsHaveTheirClass) { CheckStreet(0, 1); }
TEST_F(AllHandsTest, FlopHandsHaveTheirIndex) { CheckStreet(1, 1); }
TEST_F(AllHandsTest, TurnHandsHaveTheirIndex) { CheckStreet(2, 1); }
// All 123,156,254: --gtest_also_run_disabled_tests.
TEST_F(AllHandsTest, EverySeventhRiverHandHasItsIndex) { CheckStreet(3, 7); }
TEST_F(AllHandsTest, DISABLED_RiverHandsHaveTheirIndex) { CheckStreet(3, 1); }

TEST_F(DealLookupTest, EntriesOfOneAndOfTwoBytesAreFetched) {
  constexpr uint32_t kDeals = 1000;
  std::vector<uint8_t> classes(indexers_[0]->size());
  std::vector<uint16_t> flops(indexers_[1]->size());
  for (size_t i = 0; i < classes.size(); ++i) classes[i] = static_cast<uint8_t>(255 - i);
  for (size_t i = 0; i < flops.size(); ++i) flops[i] = static_cast<uint16_t>(i * 40503);
  const DealImage plain = Image(3, 2);
  streets_[0] = {indexers_[0].get(), classes.data(), 1, classes.size()};
  streets_[1] = {indexers_[1].get(), reinterpret_cast<const uint8_t*>(flops.data()), 2,
                 flops.size()};
  const DealImage image = Image(3, 2);
  EXPECT_EQ(image.total_bytes() - image.bytes().size(), classes.size() + 2 * flops.size());
  std::vector<uint32_t> indices(size_t(plain.words_per_deal()) * kDeals);
  std::vector<uint32_t> words(indices.size());
  const DealRange deals = {{.seed = 1}, 0, kDeals};
  Run({.tables = plain.Here(), .deals = deals, .words = indices.data()});
  Run({.tables = image.Here(), .deals = deals, .words = words.data()});
  for (uint32_t i = 0; i < 3 * kDeals; ++i) {
    ASSERT_EQ(words[i], classes[indices[i]]);
    ASSERT_EQ(words[3 * kDeals + i], flops[indices[3 * kDeals + i]]);
    ASSERT_EQ(words[6 * kDeals + i], indices[6 * kDeals + i]);
  }
}

TEST_F(DealLookupTest, GamesThatDevicesDoNotKnowAreRefused) {
  EXPECT_EQ(DealImage::Make(7, streets_).status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(DealImage::Make(2, absl::MakeConstSpan(streets_).subspan(0, 1)).status().code(),
            absl::StatusCode::kUnimplemented);
  const HandIndexer recall(HandShape::kTurnRecall);
  const HandIndexer* const turn = std::exchange(streets_[2].hands, &recall);
  const absl::Status status = DealImage::Make(2, streets_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_NE(status.message().find("perfect recall"), absl::string_view::npos) << status;
  streets_[2].hands = turn;
  streets_[1].hands = nullptr;
  EXPECT_EQ(DealImage::Make(2, streets_).status().code(), absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace nash
