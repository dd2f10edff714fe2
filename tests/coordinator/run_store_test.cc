#include "solver/coordinator/run_store.h"

#include <gtest/gtest.h>

#include "common/checksum.h"
#include "solver/coordinator/taken_back.h"
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
  // As a coordinator begins on what is there.
  void Reopen() {
    store_ = nullptr;
    RunStore::Options options;
    options.run_folder = folder_;
    options.fingerprint = PositionAt(0).fingerprint;
    options.layout = &leduc_.layout();
    ASSERT_TRUE(RemoveTakenBack(folder_).ok());
    const std::vector<uint64_t> rounds = ListRounds(folder_).value();
    options.checkpoint_round = rounds.empty() ? 0 : rounds[0];
    options.back_to = RoundToTakeBack(folder_).value();
    store_ = RunStore::Open(options).value();
  }
  void AppendRounds(int rounds) {
    for (int i = 0; i < rounds; ++i) AppendRound();
  }
  // As a coordinator decides it.
  void GoBackTo(uint64_t round) {
    TakenBack taken_back = ReadTakenBack(folder_).value();
    taken_back.round = store_->WayBackTo(round).value();
    taken_back.generation = LastGeneration(folder_).value();
    ++taken_back.history;
    ASSERT_TRUE(WriteTakenBack(folder_, taken_back).ok());
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

// Checkpoints after 2, 4 and 6 rounds, of which the newer two are kept; 7 rounds in the log.
TEST_F(RunStoreTest, RoundsAreTakenBackFromLogAndCheckpoints) {
  ASSERT_EQ(NextGeneration(folder_).value(), 1);
  Open(uint64_t{1} << 30);
  for (int i = 0; i < 3; ++i) {
    AppendRounds(2);
    TakeCheckpoint();
  }
  AppendRounds(1);
  GoBackTo(5);
  Reopen();
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{4}));
  EXPECT_EQ(store_->first_round(), 4);
  EXPECT_EQ(store_->end_round(), 5);
  AppendRounds(4);  // a crash before the next generation: they were none, and go again
  Reopen();
  EXPECT_EQ(store_->end_round(), 5);
  ASSERT_EQ(NextGeneration(folder_).value(), 2);
  AppendRounds(4);
  Reopen();
  EXPECT_EQ(store_->end_round(), 9);
  EXPECT_EQ(ReadTakenBack(folder_).value(), (TakenBack{1, 5, 1}));
}

TEST_F(RunStoreTest, WithoutACheckpointThatIsOldEnoughItGoesToTheOldestOrTheBeginning) {
  Open(uint64_t{1} << 30);
  AppendRounds(2);
  EXPECT_EQ(store_->WayBackTo(1).value(), 1);
  TakeCheckpoint();
  AppendRounds(2);
  EXPECT_EQ(store_->WayBackTo(1).value(), 1) << "the log begins at the beginning";
  TakeCheckpoint();
  AppendRounds(2);
  EXPECT_EQ(store_->WayBackTo(3).value(), 3);
  EXPECT_EQ(store_->WayBackTo(1).value(), 0) << "the oldest is the first of the run";
  TakeCheckpoint();
  EXPECT_EQ(store_->WayBackTo(1).value(), 4) << "the first is gone";
  GoBackTo(1);
  Reopen();
  EXPECT_EQ(store_->end_round(), 4);
}

// The newest confirmed checkpoint is kept longer than the log.
TEST_F(RunStoreTest, ALogThatDoesNotGoOnFromTheCheckpointGoes) {
  Open(uint64_t{1} << 30);
  for (int i = 0; i < 4; ++i) {
    AppendRounds(2);
    ASSERT_TRUE(store_->PrepareCheckpoint().ok());
    const auto written =
        WriteCheckpoint({.run_folder = folder_, .confirmed_round = 2},
                        PositionAt(store_->end_round()), leduc_.layout(), leduc_.Reader());
    ASSERT_TRUE(written.ok()) << written.status();
    ASSERT_TRUE(store_->TakeCheckpoint(store_->end_round(), 0).ok());
  }
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{8, 6, 2}));
  EXPECT_EQ(store_->first_round(), 6);
  GoBackTo(3);
  Reopen();
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{2}));
  EXPECT_EQ(store_->first_round(), 2);
  EXPECT_EQ(store_->end_round(), 2);
  AppendRounds(1);
  EXPECT_EQ(store_->end_round(), 3);
}

TEST_F(RunStoreTest, AProcessWithoutALogFinishesTakingBackForGood) {
  ASSERT_EQ(NextGeneration(folder_).value(), 1);
  Open(uint64_t{1} << 30);
  for (int i = 0; i < 2; ++i) {
    AppendRounds(2);
    TakeCheckpoint();
  }
  GoBackTo(3);
  store_ = nullptr;
  ASSERT_TRUE(FinishTakingBack(folder_).ok());
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{2}));
  EXPECT_FALSE(FileExists(JoinPath(folder_, "rounds")));
  Write(9);  // it trains on
  ASSERT_TRUE(FinishTakingBack(folder_).ok());
  EXPECT_EQ(ListRounds(folder_).value(), (std::vector<uint64_t>{9, 2}));
  ASSERT_TRUE(WriteFileAtomically(JoinPath(folder_, "taken_back"), "1 two 3\n").ok());
  EXPECT_TRUE(absl::IsDataLoss(RoundToTakeBack(folder_).status()));
}

}  // namespace
}  // namespace nash
