#include "solver/coordinator/replay.h"

#include <gtest/gtest.h>

#include "tests/sim/fake_engine.h"
#include "tests/sim/sim_disk.h"

namespace nash {
namespace {

// Four rounds in a log.
class ReplayTest : public ::testing::Test {
 protected:
  ReplayTest() : store_(SimStore::Open(&disk_, [](KillPoint) { return false; }).value()) {
    const auto master = engine_.MakeMaster();
    const auto replica = engine_.MakeReplica();
    for (uint64_t round = 0; round < 4; ++round) {
      const std::vector<MergedPart> merged =
          MergeRound(master.get(), replica->Run({round, 0}, nullptr).parts);
      for (const MergedPart& part : merged) {
        EXPECT_TRUE(replica->Apply(part.regrets).ok());
        EXPECT_TRUE(store_->AppendPart(part).ok());
      }
      replica->EndRound();
      const RoundRecord record{round, static_cast<uint32_t>(merged.size()), master->regret_hash()};
      EXPECT_TRUE(store_->EndRound(record).ok());
      EXPECT_TRUE(store_->PrepareCheckpoint().ok());
      if (round == 1) saved_ = master->Save();
    }
    state_hash_ = master->state_hash();
  }

  const FakeEngine engine_{1};
  SimDisk disk_;
  std::unique_ptr<SimStore> store_;
  std::string saved_;  // after two rounds
  uint64_t state_hash_ = 0;
};

TEST_F(ReplayTest, BringsATableToTheEndOfTheLogFromAnyRound) {
  const auto from_zero = engine_.MakeMaster();
  EXPECT_TRUE(Replay(store_.get(), from_zero.get()).ok());
  EXPECT_EQ(from_zero->state_hash(), state_hash_);
  EXPECT_EQ(from_zero->rounds(), 4);
  const auto from_two = engine_.MakeMaster();
  from_two->Restore(saved_, 2);
  EXPECT_TRUE(Replay(store_.get(), from_two.get()).ok());
  EXPECT_EQ(from_two->state_hash(), state_hash_);
  EXPECT_TRUE(Replay(store_.get(), from_two.get()).ok());  // nothing is left
  EXPECT_EQ(from_two->state_hash(), state_hash_);
}

TEST_F(ReplayTest, ATableOfAnotherRunIsRefused) {
  const auto other = engine_.MakeMaster();
  other->Restore(saved_, 1);
  const absl::Status status = Replay(store_.get(), other.get());
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_NE(status.message().find("after round 1 "), absl::string_view::npos) << status;
}

TEST_F(ReplayTest, ALogThatBeginsTooLateIsRefused) {
  for (const uint64_t rounds : {1, 2}) disk_.AddCheckpoint({.rounds = rounds}, rounds);
  EXPECT_TRUE(store_->CutLog().ok());
  const auto master = engine_.MakeMaster();
  const absl::Status status = Replay(store_.get(), master.get());
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_NE(status.message().find("begins with round 1, but the checkpoint holds 0 rounds"),
            absl::string_view::npos)
      << status;
}

}  // namespace
}  // namespace nash
