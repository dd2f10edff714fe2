#include "solver/coordinator/run_store.h"

#include <gtest/gtest.h>

#include "common/checksum.h"
#include "tests/checkpoint/leduc_run.h"

namespace nash {
namespace {

// Rounds of one part, whose rows nobody decodes here.
class RunStoreTest : public LeducRun {
 protected:
  static constexpr uint64_t kLaneBytes = 1000;
  // Two records of a part, and the end: headers of 40 bytes, totals of 24.
  static constexpr uint64_t kRoundBytes = 2 * (40 + kLaneBytes) + 40 + 24;

  void Open(uint64_t log_bytes_max, uint64_t rounds_per_checkpoint_min = 1) {
    RunStore::Options options;
    options.run_folder = folder_;
    options.fingerprint = PositionAt(0).fingerprint;
    options.layout = &leduc_.layout();
    options.deals_per_round = 100;
    options.log_bytes_max = log_bytes_max;
    options.rounds_per_checkpoint_min = rounds_per_checkpoint_min;
    store_ = RunStore::Open(options).value();
  }
  void AppendRound() {
    const std::string bytes(kLaneBytes, 'x');
    const EncodedRows rows{bytes, Checksum64Of(bytes)};
    CHECK(store_->RoomForRound().ok());
    CHECK(store_->AppendPart({rows, rows}).ok());
    CHECK(store_->EndRound({store_->end_round(), 1}).ok());
  }
  void TakeCheckpoint() {
    CHECK(store_->PrepareCheckpoint().ok());
    Write(store_->end_round());
    CHECK(store_->TakeCheckpoint(store_->end_round(), 0).ok());
  }

  std::unique_ptr<RunStore> store_;
};

TEST_F(RunStoreTest, CheckpointsThatAreDueKeepTheLogSmall) {
  constexpr uint64_t kMax = 20 * kRoundBytes;
  Open(kMax);
  int checkpoints = 0;
  for (int i = 0; i < 100; ++i) {
    AppendRound();
    EXPECT_LE(store_->log_bytes(), kMax + kRoundBytes);
    if (!store_->IsCheckpointDue()) continue;
    ++checkpoints;
    TakeCheckpoint();
    EXPECT_FALSE(store_->IsCheckpointDue());
  }
  EXPECT_EQ(checkpoints, 10);  // after every tenth round: half of the log
  EXPECT_EQ(store_->appended_bytes(), 100 * kRoundBytes);
  EXPECT_EQ(store_->first_round(), 90);
}

TEST_F(RunStoreTest, TheLogSinceTheOlderCheckpointIsKeptUnlessThereIsNoRoom) {
  Open(uint64_t{1} << 30);
  for (int i = 0; i < 3; ++i) {
    AppendRound();
    AppendRound();
    TakeCheckpoint();
  }
  AppendRound();
  EXPECT_EQ(store_->first_round(), 4) << "of the older one";
  EXPECT_EQ(store_->newest_regrets().round, 6);
  // Of rounds 4 and 5: their file has a header of 64 bytes.
  EXPECT_EQ(store_->DropToNewestCheckpoint().value(), 2 * kRoundBytes + 64);
  EXPECT_EQ(store_->first_round(), 6);
  EXPECT_EQ(store_->end_round(), 7);
  EXPECT_EQ(store_->DropToNewestCheckpoint().value(), 0);
}

TEST_F(RunStoreTest, AResumedLogCountsWhatIsSinceTheCheckpoint) {
  Open(10 * kRoundBytes);
  for (int i = 0; i < 4; ++i) AppendRound();
  EXPECT_FALSE(store_->IsCheckpointDue());
  ASSERT_TRUE(store_->Sync().ok());
  store_ = nullptr;
  Open(10 * kRoundBytes);
  EXPECT_FALSE(store_->IsCheckpointDue());
  AppendRound();
  EXPECT_TRUE(store_->IsCheckpointDue());
}

}  // namespace
}  // namespace nash
