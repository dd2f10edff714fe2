#include "solver/abstraction/bucket_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "common/files.h"
#include "solver/abstraction/strength_buckets.h"
#include "tests/abstraction/slow_strength.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

AbstractionDefinition Definition(uint32_t flop_buckets) {
  AbstractionDefinition definition;
  definition.streets[0] = {BucketKind::kLossless, 0};
  definition.streets[1] = {BucketKind::kEhs, flop_buckets};
  return definition;
}

class BucketCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        JoinPath(testing::TempDir(), testing::UnitTest::GetInstance()->current_test_info()->name());
    ASSERT_TRUE(RemoveAll(folder_).ok());
    options_.progress = [this](const BuildProgress& progress) { reports_.push_back(progress); };
  }
  absl::StatusOr<Abstraction> Load(uint32_t flop_buckets) {
    return LoadOrBuild(Definition(flop_buckets), FlopGame(), folder_, options_);
  }
  std::string OnlyFile() {
    const std::vector<std::string> names = *ListFolder(folder_);
    EXPECT_EQ(names.size(), 1u);
    return JoinPath(folder_, names.at(0));
  }
  void ExpectRefused(absl::StatusCode code, const std::string& part) {
    const absl::Status status = Load(50).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_NE(std::string(status.message()).find(part), std::string::npos) << status;
  }

  std::string folder_;
  BuildOptions options_;
  std::vector<BuildProgress> reports_;
};

TEST_F(BucketCacheTest, BuildsOnceWithProgressThenLoads) {
  const absl::StatusOr<Abstraction> built = Load(50);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(built->num_buckets(1), 50u);
  EXPECT_EQ(JoinPath(folder_, built->parameters(1).FileName()), OnlyFile());
  ASSERT_FALSE(reports_.empty());
  EXPECT_EQ(reports_.front().stage, "flop strengths");
  EXPECT_EQ(reports_.back().stage, "flop buckets");
  EXPECT_EQ(reports_.back().done, 1755u);
  EXPECT_EQ(reports_.back().total, 1755u);
  reports_.clear();
  ASSERT_TRUE(Load(50).ok());
  EXPECT_TRUE(reports_.empty());
}

TEST_F(BucketCacheTest, TheNumberOfThreadsChangesNoByte) {
  for (uint32_t num_buckets : {200u, 1000u}) {  // one and two bytes a bucket
    ASSERT_TRUE(Load(num_buckets).ok());
    const std::string path = OnlyFile();
    const std::string one = *ReadFile(path);
    for (int threads : {2, 5}) {
      ASSERT_TRUE(RemoveAll(path).ok());
      options_.threads = threads;
      ASSERT_TRUE(Load(num_buckets).ok());
      EXPECT_TRUE(*ReadFile(path) == one) << threads << " threads, " << num_buckets << " buckets";
    }
    options_.threads = 1;
    ASSERT_TRUE(RemoveAll(path).ok());
  }
}

TEST_F(BucketCacheTest, EveryHandIsInTheBucketOfItsExactStrength) {
  const absl::StatusOr<Abstraction> abstraction = Load(50);
  ASSERT_TRUE(abstraction.ok()) << abstraction.status();
  const auto strengths = HandStrengths::Build(FlopGame(), 1, StrengthMoment::kMean, {});
  ASSERT_TRUE(strengths.ok()) << strengths.status();
  const auto buckets = StrengthBuckets::Cut(*strengths, 1, {}, 50);
  ASSERT_TRUE(buckets.ok()) << buckets.status();
  std::mt19937 random(1);
  const std::vector<Card> deck = MakeDeck(13, 4);
  std::vector<Card> cards = deck;
  for (int trial = 0; trial < 500; ++trial) {
    std::shuffle(cards.begin(), cards.end(), random);
    const std::vector<Card> hole(cards.begin(), cards.begin() + 2);
    const std::vector<Card> board(cards.begin() + 2, cards.begin() + 5);
    ASSERT_EQ(abstraction->BucketOf(1, absl::MakeConstSpan(cards).first(5)),
              buckets->Of(SlowStrength(hole, board, 3, deck)))
        << CardNames(hole) << " on " << CardNames(board);
  }
}

TEST(BuildBucketFiles, AllOfHoldemTakesLessThanOneAndAHalfGigabytes) {
  std::vector<BucketParameters> wanted;
  for (int street = 0; street < 4; ++street) {
    wanted.push_back(MakeBucketParameters(RiverGame(), street, {BucketKind::kEhs, 1000}));
  }
  EXPECT_LT(BuildBytesNeeded(RiverGame(), wanted, 2), 1500000000u);
}

TEST_F(BucketCacheTest, MoreBucketsThanStrengthsAreRefusedWithTheirNumber) {
  // 2 * C(47, 2) + 1 = 2163 values at most when the showdown is on the flop.
  const absl::Status status = Load(2164).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_NE(std::string(status.message()).find("different strengths"), std::string::npos);
}

TEST_F(BucketCacheTest, ADamagedFileIsRefusedByName) {
  ASSERT_TRUE(Load(50).ok());
  const std::string path = OnlyFile();
  std::string bytes = *ReadFile(path);
  bytes[bytes.size() / 2] ^= 1;
  ASSERT_TRUE(WriteFileAtomically(path, bytes).ok());
  ExpectRefused(absl::StatusCode::kDataLoss, path + ": damaged data");
  ASSERT_TRUE(WriteFileAtomically(path, bytes.substr(0, 1000)).ok());
  ExpectRefused(absl::StatusCode::kDataLoss, path + ": cut short");
}

TEST_F(BucketCacheTest, AFileUnderAnothersNameIsRefused) {
  ASSERT_TRUE(Load(40).ok());
  const std::string other = OnlyFile();
  const BucketParameters wanted = MakeBucketParameters(FlopGame(), 1, {BucketKind::kEhs, 50});
  ASSERT_TRUE(RenamePath(other, JoinPath(folder_, wanted.FileName())).ok());
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "expected \"buckets 2 ehs 50");
}

TEST_F(BucketCacheTest, AFileOfTooFewEntriesIsRefused) {
  const BucketParameters parameters = MakeBucketParameters(FlopGame(), 1, {BucketKind::kEhs, 50});
  std::string file(BucketFileBytes(10), '\0');
  SealBucketFile(parameters, 10,
                 absl::MakeSpan(reinterpret_cast<uint8_t*>(file.data()), file.size()));
  ASSERT_TRUE(CreateDirectories(folder_).ok());
  ASSERT_TRUE(WriteFileAtomically(JoinPath(folder_, parameters.FileName()), file).ok());
  ExpectRefused(absl::StatusCode::kDataLoss, "10 entries, 1286792 expected");
}

TEST_F(BucketCacheTest, AFolderThatCannotBeWrittenToIsRefusedBeforeTheWork) {
  ASSERT_TRUE(WriteFileAtomically(folder_, "a file in its place").ok());
  const absl::Status status = Load(50).status();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find(folder_), std::string::npos) << status;
  EXPECT_TRUE(reports_.empty());
}

TEST_F(BucketCacheTest, ADefinitionThatDoesNotFitTheGameIsRefused) {
  AbstractionDefinition definition;
  definition.streets[0] = {BucketKind::kEhs, 3};
  const absl::Status leduc = LoadOrBuild(definition, LeducGame(), folder_, options_).status();
  EXPECT_EQ(leduc.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(leduc.message()).find("use \"lossless\""), std::string::npos) << leduc;
  definition.streets[0] = {BucketKind::kLossless, 0};
  const absl::Status missing = LoadOrBuild(definition, LeducGame(), folder_, options_).status();
  EXPECT_NE(std::string(missing.message()).find("street 2 of 2 has no buckets"), std::string::npos)
      << missing;
}

TEST(CacheFolder, FollowsTheDesktopConvention) {
  EXPECT_EQ(CacheFolder("/var/cache/me", "/home/me"), "/var/cache/me/nashville");
  EXPECT_EQ(CacheFolder("", "/home/me"), "/home/me/.cache/nashville");
}

}  // namespace
}  // namespace nash
