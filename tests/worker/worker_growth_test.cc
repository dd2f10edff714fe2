// A round that is fetched and applied while the coordinator merges it.
#include "tests/worker/worker_fixture.h"

namespace nash {
namespace {

// Parts [first, last) of a round that is being merged.
RoundGrows GrowthOf(const std::vector<MergedPart>& parts, uint32_t first, uint32_t last) {
  RoundGrows grows{0, first, {}};
  for (uint32_t part = first; part < last; ++part) {
    grows.checksums.push_back(parts[part].regrets.checksum);
  }
  return grows;
}

TEST_F(WorkerTest, FollowsARoundWhileItIsMerged) {
  Join();
  const auto [merged, parts] = MergeRound();
  ASSERT_GE(merged.parts, 3);
  const auto asked = Say(GrowthOf(parts, 0, 2));
  ASSERT_NE(Find<FetchRound>(asked), nullptr);
  EXPECT_EQ(*Find<FetchRound>(asked), (FetchRound{0, 0, 2}));
  for (const uint32_t part : {1, 0}) Say(RoundPart{0, part, parts[part].regrets});
  EXPECT_EQ(worker_->counters().early_parts, 2);
  EXPECT_EQ(replica_->rounds(), 0);
  // All that is known of has come, and still it is not the round.
  Say(Lease{{0, 0}, 10000});
  EXPECT_FALSE(IsToldToRun()) << "the table is between two rounds";
  const auto more = Say(GrowthOf(parts, 2, 3));
  EXPECT_EQ(*Find<FetchRound>(more), (FetchRound{0, 2, 1}));
  Say(RoundPart{0, 2, parts[2].regrets});
  Say(merged);
  for (uint32_t part = 3; part < merged.parts; ++part) Say(RoundPart{0, part, parts[part].regrets});
  EXPECT_EQ(replica_->rounds(), 1);
  EXPECT_EQ(replica_->regret_hash(), merged.regret_hash);
  EXPECT_EQ(worker_->counters().early_parts, 3);
}

TEST_F(WorkerTest, TellsWhatItsTimeGoesInto) {
  Start();
  EXPECT_EQ(worker_->activity(), nullptr);
  Say(Welcome{"game", {}, 0, 0, 0});
  EXPECT_EQ(worker_->activity(), &WorkerTimes::others);
  Say(Lease{{0, 0}, 10000});
  EXPECT_EQ(worker_->activity(), &WorkerTimes::running);
  const UnitResult result = replica_->Run({0, 0}, nullptr);
  worker_->OnUnitFinished(result, now_);
  EXPECT_EQ(worker_->activity(), &WorkerTimes::delivering);
  for (uint32_t part = 0; part < result.parts.size(); ++part) Say(PartReceived{{0, 0}, part});
  Say(UnitReceived{{0, 0}});
  EXPECT_EQ(worker_->activity(), &WorkerTimes::others);
  const auto [merged, parts] = MergeRound();
  Say(GrowthOf(parts, 0, 1));
  EXPECT_EQ(worker_->activity(), &WorkerTimes::fetching);
  Say(RoundPart{0, 0, parts[0].regrets});
  EXPECT_EQ(worker_->activity(), &WorkerTimes::merging);
  Say(merged);
  EXPECT_EQ(worker_->activity(), &WorkerTimes::fetching);
  for (uint32_t part = 1; part < merged.parts; ++part) Say(RoundPart{0, part, parts[part].regrets});
  EXPECT_EQ(worker_->activity(), &WorkerTimes::others);
  generation_ = 3;
  Say(Refusal{RefusalReason::kGeneration, "say Hello"});
  EXPECT_EQ(worker_->activity(), nullptr);
}

// What comes after a message that was lost waits for RoundMerged; what is repeated changes nothing.
TEST_F(WorkerTest, ALostWordOfARoundsGrowthCostsTimeOnly) {
  Join();
  const auto [merged, parts] = MergeRound();
  Say(GrowthOf(parts, 0, 1));
  EXPECT_EQ(Find<FetchRound>(Say(GrowthOf(parts, 0, 1))), nullptr);
  EXPECT_EQ(Find<FetchRound>(Say(GrowthOf(parts, 2, 3))), nullptr);
  const auto asked = Say(merged);
  EXPECT_EQ(*Find<FetchRound>(asked), (FetchRound{0, 1, merged.parts - 1}));
  for (uint32_t part = 0; part < merged.parts; ++part) Say(RoundPart{0, part, parts[part].regrets});
  EXPECT_EQ(replica_->regret_hash(), merged.regret_hash);
}

// The coordinator died while it merged: the next one collects the round again, or, where another
// took it over, has merged another one.
TEST_F(WorkerTest, ARoundThatWasMergedInPartIsGivenUpWithItsCoordinator) {
  Join();
  const auto [merged, parts] = MergeRound();
  Say(GrowthOf(parts, 0, 2));
  Say(RoundPart{0, 0, parts[0].regrets});
  RoundMerged shorter = merged;
  shorter.parts = 1;
  const auto wrong = Say(shorter);
  EXPECT_NE(Find<Following>(After(seconds(1)))->regret_hash, merged.regret_hash);
  generation_ = 3;
  Say(Refusal{RefusalReason::kGeneration, "say Hello"});
  Start(replica_.get());
  Say(Welcome{"game", {}, 0, 0, 0});
  Say(GrowthOf(parts, 0, 2));
  Say(RoundPart{0, 0, parts[0].regrets});
  generation_ = 4;
  Say(Refusal{RefusalReason::kGeneration, "say Hello"});
  const auto answers = Say(Welcome{"game", {}, 0, 0, 0});
  ASSERT_NE(Find<Following>(answers), nullptr);
  EXPECT_EQ(*Find<Following>(answers), (Following{0, 0, 1, {}}));
  EXPECT_EQ(replica_->regret_hash(), 0);
}

}  // namespace
}  // namespace nash
