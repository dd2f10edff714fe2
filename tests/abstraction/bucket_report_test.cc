#include "solver/abstraction/bucket_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "common/files.h"
#include "solver/abstraction/abstraction.h"
#include "solver/abstraction/bucket_cache.h"
#include "solver/abstraction/bucket_comparison.h"
#include "tests/abstraction/slow_strength.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

// Twenty cards; the showdown is on the flop.
GameDefinition ShortGame() { return GameOf({.num_ranks = 5, .num_suits = 4, .boards = {0, 3}}); }

class BucketReportTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        JoinPath(testing::TempDir(), testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_TRUE(RemoveAll(folder_).ok());
  }
  // Opens the flop's file, built if need be; files stay open until the test's end.
  BucketTable Flop(const char* text) {
    AbstractionDefinition definition;
    definition.streets[0].kind = BucketKind::kLossless;
    definition.streets[1] = *ParseStreetAbstraction(text);
    const auto needed = *NeededBucketFiles(definition, ShortGame());
    EXPECT_TRUE(BuildMissingBucketFiles(needed, ShortGame(), folder_, {}).ok());
    files_.push_back(*MappedFile::Open(JoinPath(folder_, needed[0].FileName())));
    const MappedFile& file = files_.back();
    return *ParseBucketFile(
        {reinterpret_cast<const uint8_t*>(file.data()), static_cast<size_t>(file.bytes())}, "x");
  }
  std::string folder_;
  std::vector<MappedFile> files_;
};

TEST_F(BucketReportTest, EqualsSumsOverAllDeals) {
  const BucketTable table = Flop("ochs:7");
  const auto report = MakeBucketReport(table, {.threads = 2});
  ASSERT_TRUE(report.ok()) << report.status();
  const std::vector<Card> deck = MakeDeck(5, 4);
  const HandIndexer indexer(HandShape::kFlop);
  std::map<uint32_t, std::vector<double>> strengths;
  std::map<std::string, uint32_t> buckets;
  for (int a = 0; a < 20; ++a) {
    for (int b = 0; b < a; ++b) {
      for (int i = 0; i < 20; ++i) {
        for (int j = 0; j < i; ++j) {
          for (int k = 0; k < j; ++k) {
            const std::vector<Card> cards = {deck[a], deck[b], deck[i], deck[j], deck[k]};
            if (i == a || i == b || j == a || j == b || k == a || k == b) continue;
            const uint32_t bucket = table.Bucket(indexer.Index(cards));
            buckets[CardNames({cards.data(), 2}) + "|" + CardNames({cards.data() + 2, 3})] = bucket;
            const uint64_t value = SlowStrength({cards.begin(), cards.begin() + 2},
                                                {cards.begin() + 2, cards.end()}, 3, deck);
            strengths[bucket].push_back(value / (2 * 105.0));  // C(15, 2) opponents
          }
        }
      }
    }
  }
  double within = 0;
  double between = 0;
  size_t all = 0;
  double all_sum = 0;
  for (const auto& [bucket, values] : strengths) {
    all += values.size();
    all_sum += std::accumulate(values.begin(), values.end(), 0.0);
  }
  ASSERT_EQ(report->buckets.size(), 7u);
  for (const auto& [b, values] : strengths) {
    const BucketSummary& bucket = report->buckets[b];
    EXPECT_EQ(bucket.deals, values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / values.size();
    EXPECT_NEAR(bucket.mean, mean, 1e-9);
    EXPECT_NEAR(bucket.min, *std::min_element(values.begin(), values.end()), 1e-12);
    EXPECT_NEAR(bucket.max, *std::max_element(values.begin(), values.end()), 1e-12);
    double squares = 0;
    for (double value : values) squares += (value - mean) * (value - mean);
    EXPECT_NEAR(bucket.variance, squares / values.size(), 1e-9);
    within += squares / all;
    between += (mean - all_sum / all) * (mean - all_sum / all) * values.size() / all;
    EXPECT_EQ(std::accumulate(bucket.deals_by_strength.begin(), bucket.deals_by_strength.end(),
                              uint64_t{0}),
              bucket.deals);
    for (const std::string& name : {bucket.weakest, bucket.typical, bucket.strongest}) {
      ASSERT_EQ(buckets.count(name), 1u) << name;
      EXPECT_EQ(buckets[name], b) << name;
    }
  }
  EXPECT_NEAR(report->within_variance, within, 1e-9);
  EXPECT_NEAR(report->between_variance, between, 1e-9);
}

TEST_F(BucketReportTest, MoreBucketsLeaveLessVarianceWithin) {
  double last = 1;
  for (const char* text : {"ehs:2", "ehs:10", "ehs:50"}) {
    const auto report = MakeBucketReport(Flop(text), {});
    ASSERT_TRUE(report.ok());
    EXPECT_LT(report->within_variance, last / 2);
    last = report->within_variance;
  }
}

TEST_F(BucketReportTest, AFileComparedWithItselfAgreesAndWithOneBucketTellsNothing) {
  const BucketTable fine = Flop("ehs:20");
  const auto same = CompareBuckets(fine, fine, {});
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_NEAR(same->normalised_information, 1, 1e-9);
  EXPECT_NEAR(same->adjusted_rand_index, 1, 1e-9);
  EXPECT_NEAR(same->first_entropy, same->mutual_information, 1e-9);
  const auto one = CompareBuckets(fine, Flop("ehs:1"), {});
  ASSERT_TRUE(one.ok());
  EXPECT_NEAR(one->mutual_information, 0, 1e-9);
  EXPECT_NEAR(one->adjusted_rand_index, 0, 1e-9);
  const auto coarse = CompareBuckets(fine, Flop("ehs:2"), {});
  EXPECT_GT(coarse->mutual_information, 0.8);
  EXPECT_LT(coarse->adjusted_rand_index, 0.5);
}

TEST_F(BucketReportTest, FilesOfDifferentDecksAreNotCompared) {
  const BucketTable table = Flop("ehs:20");
  BucketTable other = table;
  other.parameters.num_ranks = 6;
  const absl::Status status = CompareBuckets(table, other, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(std::string(status.message()).find("different streets or decks"), std::string::npos);
}

TEST_F(BucketReportTest, AFileOfTooFewEntriesIsRefused) {
  BucketTable table = Flop("ehs:20");
  table.num_entries = 10;
  EXPECT_EQ(MakeBucketReport(table, {}).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace nash
