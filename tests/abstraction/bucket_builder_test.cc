#include "solver/abstraction/bucket_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>

#include "common/files.h"
#include "solver/abstraction/abstraction.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/abstraction/bucket_comparison.h"
#include "solver/abstraction/bucket_report.h"
#include "solver/abstraction/build_journal.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

// Twenty cards, ten to ace, to the turn; or more.
GameDefinition ShortGame(int num_ranks = 5) {
  return GameOf({.num_ranks = num_ranks, .num_suits = 4, .boards = {0, 3, 1}});
}

AbstractionDefinition Define(const std::vector<const char*>& streets) {
  AbstractionDefinition definition;
  for (size_t s = 0; s < streets.size(); ++s) {
    definition.streets[s] = *ParseStreetAbstraction(streets[s]);
  }
  return definition;
}

const std::vector<std::vector<const char*>> kDefinitions = {
    {"ehs:9", "ehs:40", "ehs:40"},
    {"ehs2:9", "ehs2:40", "ehs2:40"},
    {"ochs:9", "ochs:40", "ochs:40"},
    {"emd:9", "emd:40", "ochs:300"},
    {"lossless", "public:4:ehs:40", "public:5:ehs2:40"},
    {"lossless", "public:4:ehs2:40", "public:5:ehs:40"},
    {"lossless", "public:4:ochs:40", "public:5:ochs:40"},
    {"lossless", "public:8:emd:40", "public:5:ochs:300"},
};

class BucketBuilderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        JoinPath(testing::TempDir(), testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_TRUE(RemoveAll(folder_).ok());
  }
  absl::StatusOr<Abstraction> Load(const AbstractionDefinition& definition,
                                   const GameDefinition& game, const BuildOptions& options) {
    return LoadOrBuild(definition, game, folder_, options);
  }
  std::vector<std::string> Names() { return ListFolder(folder_).value(); }
  // All files of the folder, by name.
  std::map<std::string, std::string> Files() {
    std::map<std::string, std::string> files;
    for (const std::string& name : Names()) {
      files[name] = *ReadFile(JoinPath(folder_, name));
    }
    return files;
  }

  std::string folder_;
};

TEST_F(BucketBuilderTest, EveryKindWithAFileIsBuilt) {
  const GameDefinition game = GameOf({.num_ranks = 6, .num_suits = 4, .boards = {0, 3}});
  for (const BucketKindTraits& traits : kBucketKinds) {
    if (!NeedsBucketFile(traits.kind)) continue;
    AbstractionDefinition definition = Define({"lossless", "lossless"});
    definition.streets[0].kind = traits.kind;
    definition.streets[0].num_buckets = 4;
    const absl::StatusOr<Abstraction> built = Load(definition, game, {});
    ASSERT_TRUE(built.ok()) << traits.name << ": " << built.status();
    EXPECT_EQ(built->num_buckets(0), 4) << traits.name;
  }
}

TEST_F(BucketBuilderTest, EveryKindGivesTheSameBytesOnAnyNumberOfThreadsAndUsesEveryBucket) {
  for (const auto& streets : kDefinitions) {
    SCOPED_TRACE(streets[1]);
    ASSERT_TRUE(RemoveAll(folder_).ok());
    const absl::Status one = Load(Define(streets), ShortGame(), {.threads = 1}).status();
    ASSERT_TRUE(one.ok()) << one;
    const auto files = Files();
    ASSERT_TRUE(RemoveAll(folder_).ok());
    ASSERT_TRUE(Load(Define(streets), ShortGame(), {.threads = 3}).ok());
    EXPECT_TRUE(files == Files());
    for (const auto& [name, bytes] : files) {
      const absl::Span<const uint8_t> span(reinterpret_cast<const uint8_t*>(bytes.data()),
                                           bytes.size());
      const auto table = ParseBucketFile(span, name);
      ASSERT_TRUE(table.ok()) << table.status();
      const auto report = MakeBucketReport(*table, {});
      ASSERT_TRUE(report.ok()) << report.status();
      for (const BucketSummary& bucket : report->buckets) EXPECT_GT(bucket.hands, 0u) << name;
    }
  }
}

// With more cards, so that there is something to keep: classes of boards, histograms, tables.
TEST_F(BucketBuilderTest, ABuildThatIsStoppedAgainAndAgainEndsWithTheSameBytes) {
  const AbstractionDefinition definition =
      Define({"lossless", "public:8:emd:40", "public:5:ochs:300"});
  const GameDefinition game = ShortGame(6);
  ASSERT_TRUE(Load(definition, game, {.threads = 2}).ok());
  const auto files = Files();
  ASSERT_TRUE(RemoveAll(folder_).ok());
  std::mt19937 random(5);
  int stops = 0;
  bool left_a_journal = false;
  for (int allowed = 40;; allowed += 35) {
    ASSERT_LT(stops, 300);
    std::atomic<int> questions{0};
    BuildOptions options;
    options.threads = 1 + static_cast<int>(random() % 3);
    options.should_stop = [&] { return ++questions > allowed; };
    const absl::Status status = Load(definition, game, options).status();
    if (status.ok()) break;
    ASSERT_EQ(status.code(), absl::StatusCode::kCancelled) << status;
    EXPECT_NE(std::string(status.message()).find("same command goes on"), std::string::npos);
    ++stops;
    for (const std::string& name : Names()) {
      left_a_journal = left_a_journal || name.find(".part") != std::string::npos;
    }
  }
  EXPECT_GT(stops, 3);
  EXPECT_TRUE(left_a_journal);
  EXPECT_TRUE(files == Files()) << "and no journal is left";
}

TEST_F(BucketBuilderTest, ADamagedJournalIsRefusedByName) {
  const AbstractionDefinition definition = Define({"lossless", "emd:40", "ehs:9"});
  const BucketParameters parameters = MakeBucketParameters(ShortGame(), 1, definition.streets[1]);
  ASSERT_TRUE(CreateDirectories(folder_).ok());
  const std::string path = JournalPath(folder_, parameters);
  ASSERT_TRUE(WriteFileAtomically(path, "rubbish").ok());
  const absl::Status status = Load(definition, ShortGame(), {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_NE(
      std::string(status.message()).find(path + ": what an interrupted build left is damaged"),
      std::string::npos)
      << status;
}

TEST_F(BucketBuilderTest, ClassesOfBoardsAreWhatBucketsSayOfTheBoard) {
  const auto abstraction =
      Load(Define({"lossless", "public:8:emd:40", "public:5:ehs:40"}), ShortGame(), {});
  ASSERT_TRUE(abstraction.ok()) << abstraction.status();
  std::vector<Card> cards = MakeDeck(5, 4);
  std::mt19937 random(2);
  std::set<uint32_t> classes;
  for (int trial = 0; trial < 300; ++trial) {
    std::shuffle(cards.begin(), cards.end(), random);
    const auto class_of = [&](size_t first) {
      const std::vector<Card> hand = {cards[first], cards[first + 1], cards[0], cards[1], cards[2]};
      return abstraction->BucketOf(1, hand) / 5;
    };
    for (size_t first = 5; first + 1 < cards.size(); first += 2) {
      EXPECT_EQ(class_of(first), class_of(3));
    }
    classes.insert(class_of(3));
  }
  EXPECT_EQ(classes.size(), 8u);
}

// The full deck to the turn, and 32 cards to the river: building a river of the full deck takes
// most of a minute and goes the same way. One kind a street.
TEST_F(BucketBuilderTest, RenamingSuitsChangesNoBucketOnAnyStreet) {
  const struct {
    GameDefinition game;
    std::vector<const char*> streets;
  } cases[] = {
      {TurnGame(), {"ochs:20", "public:10:emd:50", "ehs:50"}},
      {GameOf({.num_ranks = 8, .boards = {0, 3, 1, 1}}),
       {"ochs:20", "public:10:emd:50", "ehs2:50", "ehs:50"}},
  };
  std::mt19937 random(8);
  for (const auto& [game, streets] : cases) {
    ASSERT_TRUE(RemoveAll(folder_).ok());
    const auto abstraction = Load(Define(streets), game, {.threads = 2});
    ASSERT_TRUE(abstraction.ok()) << abstraction.status();
    std::vector<Card> deck = MakeDeck(game.num_ranks, 4);
    for (int trial = 0; trial < 200; ++trial) {
      std::shuffle(deck.begin(), deck.end(), random);
      for (int street = 0; street < game.num_streets; ++street) {
        const int num_cards = street == 0 ? 2 : street + 4;
        const std::vector<Card> hand(deck.begin(), deck.begin() + num_cards);
        const uint32_t bucket = abstraction->BucketOf(street, hand);
        std::array<int, 4> suits = {0, 1, 2, 3};
        do {
          std::vector<Card> renamed;
          for (Card card : hand) renamed.push_back(MakeCard(RankOf(card), suits[SuitOf(card)]));
          ASSERT_EQ(abstraction->BucketOf(street, renamed), bucket) << CardNames(hand);
        } while (std::next_permutation(suits.begin(), suits.end()));
      }
    }
  }
}

TEST_F(BucketBuilderTest, MoreClustersThanDifferentHandsAreRefused) {
  const absl::Status status = Load(Define({"ochs:25", "ehs:9", "ehs:9"}), ShortGame(), {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kOk) << status;  // 25 classes of hole cards
  const absl::Status refused =
      Load(Define({"ochs:26", "ehs:9", "ehs:9"}), ShortGame(), {}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument) << refused;
  EXPECT_NE(std::string(refused.message()).find("preflop:ochs:26"), std::string::npos) << refused;
}

TEST(BuildJournal, IsRefusedWhenCutOrFlippedAnywhere) {
  const ClusterStates states = {{0, {3, false, {1, 2, 3, 4}}}, {5, {100, true, {9, 8}}}};
  const std::string bytes = SerializeJournal(77, states);
  const auto read = ParseJournal(77, bytes, "x.part");
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(0).iterations, 3u);
  EXPECT_FALSE(read->at(0).is_finished);
  EXPECT_EQ(read->at(5).centroids, (std::vector<uint8_t>{9, 8}));
  EXPECT_TRUE(read->at(5).is_finished);
  EXPECT_EQ(ParseJournal(78, bytes, "x.part").status().code(), absl::StatusCode::kDataLoss);
  for (size_t at = 0; at < bytes.size(); ++at) {
    EXPECT_FALSE(ParseJournal(77, bytes.substr(0, at), "x.part").ok());
    std::string flipped = bytes;
    flipped[at] ^= 1;
    EXPECT_FALSE(ParseJournal(77, flipped, "x.part").ok());
  }
}

}  // namespace
}  // namespace nash
