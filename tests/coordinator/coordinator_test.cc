// Single messages and their answers. What follows from many of them is in tests/sim.
#include "solver/coordinator/coordinator.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/coordinator/coordinator_fixture.h"

namespace nash {
namespace {

// Empty, on a disk that fails for good.
class BrokenStore : public RoundStore {
 public:
  absl::Status AppendPart(const MergedPart&) override {
    return absl::DataLossError("round log: input/output error");
  }
  absl::Status EndRound(const RoundRecord&) override { return absl::OkStatus(); }
  absl::Status CutTo(uint64_t) override { return absl::OkStatus(); }
  uint64_t first_round() const override { return 0; }
  uint64_t end_round() const override { return 0; }
  uint64_t durable_rounds() const override { return 0; }
  RoundRecord Record(uint64_t) const override { return {}; }
  absl::StatusOr<EncodedRows> ReadRegrets(uint64_t, uint32_t) override { return EncodedRows{}; }
  absl::StatusOr<MergedPart> ReadPart(uint64_t, uint32_t) override { return MergedPart{}; }
  StoredRegrets newest_regrets() const override { return {}; }
  absl::StatusOr<EncodedRows> ReadStoredRegrets(uint64_t, uint32_t) override {
    return absl::NotFoundError("no such regrets");
  }
};

TEST_F(CoordinatorTest, WelcomesWithDefinitionAndRegrets) {
  Start();
  const std::vector<CoordinatorMessage> answers = Say(a_, Hello{"host", 1, 4, Hello::kNoTable});
  ASSERT_EQ(answers.size(), 1);
  EXPECT_EQ(std::get<Welcome>(answers[0]), (Welcome{options_.definition, {}, 0, 0, 0}));
}

TEST_F(CoordinatorTest, WhoeverSaidNoHelloIsToldToSayIt) {
  Start();
  EXPECT_EQ(ReasonIn(Say(a_, Following{})), RefusalReason::kGeneration);
  Join(a_);
  EXPECT_EQ(ReasonIn(Say({a_.identity, "connection 9"}, Following{})), RefusalReason::kGeneration);
}

// Of each worker what it grew by since it came; a new process begins anew, and what was overtaken
// takes nothing back.
TEST_F(CoordinatorTest, FiguresOfWorkersAreAddedUp) {
  Start();
  EXPECT_EQ(ReasonIn(Say(a_, WorkerFigures{9})), RefusalReason::kGeneration);
  Join(a_);
  Join(b_);
  Say(a_, WorkerFigures{1000, 100, 50, 7, 3, 5, {10, 20, 30, 40, 50, 60}});
  Say(b_, WorkerFigures{9000, 900, 90, 9, 9, 9});
  EXPECT_EQ(coordinator_->worker_figures(), WorkerFigures{});
  Say(a_, WorkerFigures{3000, 400, 60, 8, 5, 5, {11, 22, 33, 44, 55, 66}});
  Say(a_, WorkerFigures{2000, 200, 55, 7, 3, 5});
  Say(b_, WorkerFigures{9500, 900, 95, 9, 10, 9});
  Say(a_, WorkerFigures{3100, 400, 60, 8, 5, 5, {11, 22, 33, 44, 55, 67}});
  const WorkerFigures sum = {2600, 300, 15, 1, 3, 0, {1, 2, 3, 4, 5, 7}};
  EXPECT_EQ(coordinator_->worker_figures(), sum);
  Say(a_, Hello{a_.identity, 2, 1, Hello::kNoTable});
  Say(a_, WorkerFigures{70'000, 100, 50, 7, 3, 5});
  EXPECT_EQ(coordinator_->worker_figures(), sum);
  EXPECT_EQ(coordinator_->membership().members().at(a_.identity).figures->milliseconds, 70'000);
}

TEST_F(CoordinatorTest, GrantsWhatIsWantedAndRepeatsWhatWasLost) {
  Start();
  Join(a_);
  const std::vector<CoordinatorMessage> first = Say(a_, Following{0, 0, 2, {}});
  ASSERT_EQ(first.size(), 2);
  EXPECT_EQ(std::get<Lease>(first[0]).name, (UnitName{0, 0}));
  EXPECT_EQ(std::get<Lease>(first[1]).name, (UnitName{0, 1}));
  EXPECT_EQ(std::get<Lease>(first[0]).milliseconds, 10000);  // until unit times are known
  now_ += milliseconds(400);
  EXPECT_TRUE(Say(a_, Following{0, 0, 2, {}}).empty());  // they may be on their way
  now_ += milliseconds(200);
  EXPECT_EQ(Say(a_, Following{0, 0, 1, {{0, 0}}}).size(), 1);
  EXPECT_EQ(coordinator_->counters().leases_resent, 1);
}

TEST_F(CoordinatorTest, CountsTheBytesOfAPartOnce) {
  Start();
  Join(a_);
  uint64_t bytes = 0;
  for (const EncodedRows& part : replica_->Run({0, 0}, nullptr).parts) bytes += part.bytes.size();
  ASSERT_GT(bytes, 0);
  for (int time : {1, 2}) {
    Deliver(a_, 0);
    EXPECT_EQ(coordinator_->counters().part_bytes_taken, bytes) << "delivery " << time;
  }
}

TEST_F(CoordinatorTest, ALeaseIsRenewedByNamingItOnly) {
  Start();
  Join(a_);
  Join(b_);
  Say(a_, Following{0, 0, 2, {}});
  for (int i = 0; i < 12; ++i) {
    now_ += seconds(1);
    Say(a_, Following{0, 0, 0, {{0, 1}}});
    coordinator_->OnTick(now_);
  }
  const std::vector<CoordinatorMessage> answers = Say(b_, Following{0, 0, 2, {}});
  ASSERT_GE(answers.size(), 1);
  EXPECT_EQ(std::get<Lease>(answers[0]).name, (UnitName{0, 0}));
  EXPECT_EQ(coordinator_->counters().leases_expired, 1);
}

TEST_F(CoordinatorTest, LeasesBecomeShorterWithUnitsThatTakeLittleTime) {
  options_.shape.units = 2;
  Start();
  Join(a_);
  Say(a_, Following{0, 0, 1, {}});
  now_ += milliseconds(1250);
  Deliver(a_, 0);
  const std::vector<CoordinatorMessage> answers = Say(a_, Following{0, 0, 1, {}});
  ASSERT_EQ(answers.size(), 1);
  EXPECT_EQ(std::get<Lease>(answers[0]).milliseconds, 5000);  // 4 * 1250
}

TEST_F(CoordinatorTest, ARoundEndsWithItsLastUnitAndIsDurableLater) {
  Start();
  Join(a_);
  Deliver(a_, 0);
  const std::vector<CoordinatorMessage> answers = Deliver(a_, 1);
  ASSERT_GE(answers.size(), 3);
  EXPECT_EQ(std::get<UnitReceived>(answers[0]).name, (UnitName{0, 1}));
  // Its parts are told of while it is merged, each once and in order.
  std::vector<uint64_t> checksums;
  for (size_t i = 1; i + 1 < answers.size(); ++i) {
    const RoundGrows& grows = std::get<RoundGrows>(answers[i]);
    EXPECT_EQ(grows.round, 0);
    EXPECT_EQ(grows.first_part, checksums.size());
    checksums.insert(checksums.end(), grows.checksums.begin(), grows.checksums.end());
  }
  ASSERT_EQ(checksums.size(), store_->Record(0).parts);
  for (uint32_t part = 0; part < checksums.size(); ++part) {
    EXPECT_EQ(checksums[part], store_->ReadRegrets(0, part)->checksum);
  }
  EXPECT_EQ(std::get<RoundMerged>(answers.back()).durable_rounds, 0);
  EXPECT_EQ(std::get<RoundMerged>(answers.back()).regret_hash, master_->regret_hash());
  ASSERT_TRUE(store_->Sync().ok());
  coordinator_->OnTick(now_);
  const std::vector<CoordinatorMessage> later = AnswersTo(a_);
  ASSERT_EQ(later.size(), 1);
  EXPECT_EQ(std::get<RoundMerged>(later[0]).durable_rounds, 1);
}

TEST_F(CoordinatorTest, AnswersAFetchWithABoundedNumberOfParts) {
  options_.fetch_parts_max = 2;
  Start();
  Join(a_);
  for (uint32_t unit : {0, 1}) Deliver(a_, unit);
  ASSERT_GT(store_->Record(0).parts, 4);
  EXPECT_EQ(Say(a_, FetchRound{0, 0, ~uint32_t{0}}).size(), 3);  // RoundMerged comes first
  const std::vector<CoordinatorMessage> answers = Say(a_, FetchRound{0, 3, 100});
  ASSERT_EQ(answers.size(), 2);
  EXPECT_EQ(std::get<RoundPart>(answers[1]).part, 4);
  EXPECT_TRUE(Say(a_, FetchRound{0, ~uint32_t{0}, 100}).empty());
  EXPECT_TRUE(Say(a_, FetchRound{7, 0, 100}).empty());  // not merged yet
  EXPECT_TRUE(Say(a_, FetchBuckets{1, 0}).empty());
}

// While a round is merged, one part of it after the other can be had, and nothing says that it is
// merged.
TEST_F(CoordinatorTest, GivesThePartsOfARoundThatItHasMergedSoFar) {
  Start();
  Join(a_);
  Deliver(a_, 0);
  const UnitResult result = replica_->Run({0, 1}, nullptr);
  std::vector<uint64_t> checksums;
  for (uint32_t part = 0; part < result.parts.size(); ++part) {
    checksums.push_back(result.parts[part].checksum);
    Say(a_, DeltaPart{result.name, part, result.parts[part]});
  }
  const auto say = [&](WorkerMessage message) {
    coordinator_->OnMessage(
        a_, {kProtocolVersion, kSimFingerprint, options_.generation, std::move(message)}, now_);
    return AnswersTo(a_);
  };
  const uint32_t parts = static_cast<uint32_t>(result.parts.size());
  say(UnitClaim{result.name, {parts, result.touches, UnitChecksum(checksums)}});
  uint32_t told = 0, stages = 0;
  for (; coordinator_->is_merging(); ++stages) {
    const std::vector<CoordinatorMessage> answers = say(FetchRound{0, 0, 100});
    if (!coordinator_->is_merging()) break;
    ASSERT_EQ(answers.size(), told);
    for (uint32_t part = 0; part < told; ++part) {
      EXPECT_EQ(std::get<RoundPart>(answers[part]).part, part);
    }
    coordinator_->OnTick(now_);
    for (const CoordinatorMessage& message : AnswersTo(a_)) {
      const auto* grows = std::get_if<RoundGrows>(&message);
      if (grows != nullptr) told += static_cast<uint32_t>(grows->checksums.size());
    }
  }
  EXPECT_GE(stages, 2);
  EXPECT_EQ(told, store_->Record(0).parts);
  EXPECT_EQ(say(FetchRound{0, 0, 100}).size(), 1 + told);  // RoundMerged comes first
}

TEST_F(CoordinatorTest, RegretsThatAreGoneMeanReloadButNotAtOnceAgain) {
  Start();
  Join(a_);
  const std::vector<CoordinatorMessage> answers = Say(a_, FetchRegrets{5, 0, 8});
  ASSERT_EQ(answers.size(), 1);
  EXPECT_EQ(std::get<Reload>(answers[0]), (Reload{0, 0}));
  EXPECT_TRUE(Say(a_, FetchRegrets{5, 0, 8}).empty());
  now_ += options_.reload_pause;
  EXPECT_EQ(Say(a_, FetchRegrets{5, 0, 8}).size(), 1);
}

TEST_F(CoordinatorTest, AnotherHashOrARoundThatIsNotThereMeansReload) {
  Start();
  Join(a_);
  for (uint32_t unit : {0, 1}) Deliver(a_, unit);
  EXPECT_TRUE(
      std::holds_alternative<Lease>(Say(a_, Following{1, master_->regret_hash(), 1, {}}).at(0)));
  EXPECT_TRUE(std::holds_alternative<Reload>(
      Say(a_, Following{1, master_->regret_hash() + 1, 1, {}}).at(0)));
  EXPECT_EQ(coordinator_->counters().divergences, 1);
  now_ += seconds(30);
  EXPECT_TRUE(std::holds_alternative<Reload>(Say(a_, Following{2, 0, 1, {}}).at(0)));
  EXPECT_EQ(coordinator_->counters().divergences, 1);
}

TEST_F(CoordinatorTest, AFloodOfRequestsIsOneLineWithACount) {
  Start();
  Join(a_);
  Join(b_);
  coordinator_->TakeNotices();
  for (int i = 0; i < 1000; ++i) Say(a_, FetchBuckets{0x11, 0});
  Say(b_, FetchBuckets{0x11, 0});
  EXPECT_EQ(coordinator_->TakeNotices().size(), 2);
  now_ += NoticeLimit::kInterval;
  coordinator_->OnTick(now_);
  const std::vector<std::string> lines = coordinator_->TakeNotices();
  ASSERT_EQ(lines.size(), 1);
  EXPECT_NE(lines[0].find("999 like it"), std::string::npos) << lines[0];
}

TEST_F(CoordinatorTest, WhatCannotBeDecodedShutsOut) {
  Start();
  Join(a_);
  coordinator_->OnMalformed(a_, "a message that only coordinators send", now_);
  EXPECT_EQ(ReasonIn(AnswersTo(a_)), RefusalReason::kQuarantined);
  EXPECT_EQ(ReasonIn(Say(a_, Following{})), RefusalReason::kQuarantined);  // the first was lost
  EXPECT_EQ(ReasonIn(Say(a_, Hello{})), RefusalReason::kQuarantined);
  coordinator_->OnMalformed(b_, "garbage", now_);  // not a member: nobody to shut out
  EXPECT_TRUE(AnswersTo(b_).empty());
  Join(b_);
  coordinator_->OnMalformed(b_, "garbage", now_);
  EXPECT_EQ(ReasonIn(AnswersTo(b_)), RefusalReason::kQuarantined);
  EXPECT_EQ(coordinator_->counters().malformed, 3);
  coordinator_->Pardon(b_.identity);
  EXPECT_TRUE(std::holds_alternative<Welcome>(Say(b_, Hello{}).at(0)));
}

TEST_F(CoordinatorTest, ASharedKeyIsTakenBackFromAllThatHaveIt) {
  const Sender left{"all/left", "connection 3"}, right{"all/right", "connection 4"};
  Start();
  for (const Sender& sender : {left, right, a_}) Join(sender);
  Deliver(left, 0);
  coordinator_->Revoke("all/*", now_);
  EXPECT_EQ(ReasonIn(AnswersTo(left)), RefusalReason::kRevoked);
  EXPECT_EQ(ReasonIn(Say(right, Following{})), RefusalReason::kRevoked);
  // What one of them has sent is taken back with it: both units are still to be done.
  Deliver(a_, 1);
  EXPECT_EQ(coordinator_->rounds(), 0);
  Deliver(a_, 0);
  EXPECT_EQ(coordinator_->rounds(), 1);
  coordinator_->Pardon("all/*");
  EXPECT_TRUE(std::holds_alternative<Welcome>(Say(right, Hello{}).at(0)));
}

TEST_F(CoordinatorTest, AnotherReleaseIsRefusedButNotShutOut) {
  Start();
  Join(a_);
  coordinator_->OnOtherProtocol(a_, "schema 12, ours is 34", now_);
  EXPECT_EQ(ReasonIn(AnswersTo(a_)), RefusalReason::kProtocol);
  EXPECT_FALSE(Say(a_, Following{0, 0, 1, {}}).empty());
}

// Row 28 of the fault matrix, as far as it is ours.
TEST_F(CoordinatorTest, AStoreThatFailsForGoodEndsEverything) {
  BrokenStore store;
  Start(&store);
  Join(a_);
  for (uint32_t unit : {0, 1}) Deliver(a_, unit);
  EXPECT_EQ(coordinator_->status().message(), "round log: input/output error");
  EXPECT_TRUE(Say(a_, Following{}).empty());
}

class CrampedDisk : public CoordinatorTest {
 protected:
  // All units of a round come, and time passes.
  void DeliverAndWait(seconds span) {
    for (uint32_t unit : {0, 1}) Deliver(a_, unit);
    for (const Nanos end = now_ + span; now_ < end; now_ += seconds(1)) coordinator_->OnTick(now_);
  }
};

TEST_F(CrampedDisk, TrainingPausesBeforeARoundAndSaysSoRarely) {
  disk_.is_cramped = true;
  Start();
  Join(a_);
  DeliverAndWait(seconds(200));
  EXPECT_TRUE(coordinator_->is_paused());
  EXPECT_EQ(coordinator_->rounds(), 0);
  // After two seconds, a minute later, and two minutes later.
  const std::vector<std::string> notices = coordinator_->TakeNotices();
  ASSERT_EQ(notices.size(), 3);
  for (const std::string& notice : notices) {
    EXPECT_EQ(notice,
              "training pauses: round 0 cannot be stored: no room for a round and a checkpoint; it "
              "goes on when there is room");
  }
  disk_.is_cramped = false;
  while (coordinator_->rounds() == 0) coordinator_->OnTick(now_ += seconds(1));
  EXPECT_FALSE(coordinator_->is_paused());
  EXPECT_EQ(coordinator_->TakeNotices(),
            std::vector<std::string>({"training goes on: there is room again"}));
  EXPECT_EQ(master_->regret_hash(), engine_.RunUndisturbed(1).regret_hashes[0]);
}

TEST_F(CrampedDisk, AStopMeanwhileLeavesATableThatCanBeSaved) {
  disk_.is_cramped = true;
  Start();
  Join(a_);
  const uint64_t before = master_->regret_hash();
  DeliverAndWait(seconds(5));
  coordinator_->Stop(true, now_);
  coordinator_->OnTick(now_);
  EXPECT_TRUE(coordinator_->done());
  EXPECT_FALSE(coordinator_->gave_up());
  EXPECT_EQ(master_->regret_hash(), before);
}

TEST_F(CoordinatorTest, MembersAreAtWorkFromALeaseToItsResult) {
  Start();
  EXPECT_EQ(coordinator_->MembersAtWork(), 0);
  Join(a_);
  Join(b_);
  EXPECT_EQ(coordinator_->MembersAtWork(), 0);
  Say(a_, Following{0, 0, 2, {}});  // both units
  EXPECT_EQ(coordinator_->MembersAtWork(), 1);
  Deliver(a_, 0);
  EXPECT_EQ(coordinator_->MembersAtWork(), 1) << "it has another unit";
  Deliver(a_, 1);
  EXPECT_EQ(coordinator_->MembersAtWork(), 0);
}

// A limit on the size of files stands for a disk that is full.
TEST_F(CoordinatorTest, PartsThatFindNoRoomAreTakenWhenTheyComeAgain) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full = {0, before.rlim_max};
  PartSpool on_disk(0, ::testing::TempDir());
  coordinator_.emplace(options_, master_.get(), store_.get(), &on_disk, &buckets_, now_);
  Join(a_);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  EXPECT_TRUE(Deliver(a_, 0).empty());
  EXPECT_TRUE(Deliver(a_, 0).empty());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(coordinator_->TakeNotices().size(), 1);
  EXPECT_GT(coordinator_->counters().parts_unkept, 2);
  EXPECT_EQ(coordinator_->counters().parts_taken, 0);
  for (uint32_t unit : {0, 1}) Deliver(a_, unit);
  EXPECT_EQ(coordinator_->rounds(), 1);
  EXPECT_EQ(master_->regret_hash(), engine_.RunUndisturbed(1).regret_hashes[0]);
}

}  // namespace
}  // namespace nash
