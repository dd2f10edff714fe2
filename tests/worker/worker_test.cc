// Single messages and their answers. What follows from many of them is in tests/sim.
#include <memory>
#include <utility>

#include "proto/unit_checksum.h"
#include "tests/worker/worker_fixture.h"

namespace nash {
namespace {

// A replica whose table or bucket files cannot be made.
class PoorReplica : public Replica {
 public:
  bool HasBuckets(const BucketFileName&) override { return has_buckets_; }
  absl::Status WriteBuckets(const BucketFileName&, uint64_t, absl::string_view) override {
    return absl::ResourceExhaustedError("buckets: no space left");
  }
  absl::Status FinishBuckets(const BucketFileName&) override {
    return absl::InvalidArgumentError("buckets: another content");
  }
  absl::Status Prepare(const std::string&) override {
    return absl::ResourceExhaustedError("the table needs 9 GiB, there are 4");
  }
  const RoundShape& shape() const override { return shape_; }
  uint64_t rounds() const override { return 0; }
  uint64_t regret_hash() const override { return 0; }
  void Clear(uint64_t) override {}
  absl::Status LoadRegrets(const EncodedRows&) override { return absl::OkStatus(); }
  absl::Status Apply(const EncodedRows&) override { return absl::OkStatus(); }
  void EndRound() override {}
  absl::Status CheckStart(const std::vector<EncodedRows>&) const override {
    return absl::OkStatus();
  }

  bool has_buckets_ = true;
  RoundShape shape_;
};

TEST_F(WorkerTest, SaysHelloUntilItIsWelcome) {
  Start();
  const std::vector<WorkerMessage> first = Taken();
  ASSERT_EQ(first.size(), 1);
  EXPECT_EQ(std::get<Hello>(first[0]), (Hello{"host", 5, 1, Hello::kNoTable}));
  EXPECT_TRUE(After(milliseconds(900)).empty());
  EXPECT_NE(Find<Hello>(After(milliseconds(200))), nullptr);
  EXPECT_EQ(Find<Hello>(After(milliseconds(1800))), nullptr);  // ever less often
  const std::vector<WorkerMessage> answers = Say(Welcome{"game", {}, 0, 0, 0});
  ASSERT_NE(Find<Following>(answers), nullptr);
  EXPECT_EQ(*Find<Following>(answers), (Following{0, 0, 1, {}}));
  EXPECT_EQ(Find<Hello>(After(seconds(60))), nullptr);
}

TEST_F(WorkerTest, SaysHelloAtOnceByANewConnection) {
  Start();
  EXPECT_EQ(Taken().size(), 1);
  for (int i = 0; i < 8; ++i) After(seconds(31));  // nobody is there; it has become patient
  EXPECT_EQ(Find<Hello>(After(seconds(20))), nullptr);
  worker_->OnConnected(now_);
  EXPECT_NE(Find<Hello>(After(milliseconds(1))), nullptr);
  EXPECT_EQ(Find<Hello>(After(milliseconds(900))), nullptr);
  EXPECT_NE(Find<Hello>(After(milliseconds(200))), nullptr);  // and is impatient again
  Say(Welcome{"game", {}, 0, 0, 0});
  // So does a member: the coordinator does not know the connection.
  EXPECT_EQ(Find<Hello>(After(seconds(5))), nullptr);
  worker_->OnConnected(now_);
  const std::vector<WorkerMessage> first = After(milliseconds(1));
  ASSERT_EQ(first.size(), 1);
  EXPECT_TRUE(std::holds_alternative<Hello>(first[0]));
}

TEST_F(WorkerTest, NamesWhatItHoldsFromTheLeaseToTheAcknowledgement) {
  Join();
  Say(Lease{{0, 0}, 10000});
  EXPECT_TRUE(IsToldToRun());
  Say(Lease{{0, 0}, 10000});  // again
  EXPECT_TRUE(worker_->TakeCommands().empty());
  EXPECT_EQ(*Find<Following>(After(seconds(1))), (Following{0, 0, 0, {{0, 0}}}));
  worker_->OnUnitFinished(replica_->Run({0, 0}, nullptr), now_);
  const std::vector<WorkerMessage> sent = Taken();
  EXPECT_NE(Find<UnitClaim>(sent), nullptr);
  EXPECT_NE(Find<DeltaPart>(sent), nullptr);
  EXPECT_EQ(*Find<Following>(sent), (Following{0, 0, 1, {{0, 0}}}));
  Say(UnitReceived{{0, 0}});
  EXPECT_EQ(*Find<Following>(After(seconds(1))), (Following{0, 0, 1, {}}));
}

TEST_F(WorkerTest, AbandonsAUnitWhoseRoundIsMergedAndFollows) {
  Join();
  Say(Lease{{0, 0}, 10000});
  EXPECT_TRUE(IsToldToRun());
  const auto [merged, parts] = MergeRound();
  EXPECT_EQ(Find<FetchRound>(Say(merged)), nullptr);  // not while it runs
  EXPECT_TRUE(IsToldToAbandon());
  worker_->OnUnitAbandoned(now_);
  const std::vector<WorkerMessage> asked = Taken();
  ASSERT_NE(Find<FetchRound>(asked), nullptr);
  EXPECT_EQ(Find<FetchRound>(asked)->round, 0);
  for (uint32_t part = merged.parts; part > 0; --part) {  // in any order, and again
    Say(RoundPart{0, part - 1, parts[part - 1].regrets});
    if (part > 1) Say(RoundPart{0, part - 1, parts[part - 1].regrets});
  }
  EXPECT_EQ(replica_->rounds(), 1);
  EXPECT_EQ(replica_->regret_hash(), merged.regret_hash);
  EXPECT_EQ(*Find<Following>(After(seconds(1))), (Following{1, merged.regret_hash, 1, {}}));
}

TEST_F(WorkerTest, ATableWithAnotherHashRunsNothingUntilItIsReloaded) {
  Join();
  auto [merged, parts] = MergeRound();
  replica_->FlipBit(48 * 3);
  Say(merged);
  std::vector<WorkerMessage> answers;
  for (uint32_t part = 0; part < merged.parts; ++part) {
    answers = Say(RoundPart{0, part, parts[part].regrets});
  }
  // The row of the flipped bit changes in this round, or else in a later one.
  for (int round = 0; round < 5 && worker_->counters().divergences == 0; ++round) {
    std::tie(merged, parts) = MergeRound();
    Say(merged);
    for (uint32_t part = 0; part < merged.parts; ++part) {
      answers = Say(RoundPart{merged.round, part, parts[part].regrets});
    }
  }
  ASSERT_EQ(worker_->counters().divergences, 1);
  ASSERT_NE(Find<Following>(answers), nullptr);
  EXPECT_NE(Find<Following>(answers)->regret_hash, merged.regret_hash);
  EXPECT_EQ(Find<Following>(answers)->units_wanted, 0);
  Say(Lease{{replica_->rounds(), 0}, 10000});
  EXPECT_FALSE(IsToldToRun());
  const std::vector<EncodedRows> regrets = master_->RegretParts();
  Say(Reload{master_->rounds(), static_cast<uint32_t>(regrets.size())});
  for (uint32_t part = 0; part < regrets.size(); ++part) {
    Say(RegretPart{master_->rounds(), part, regrets[part]});
  }
  EXPECT_EQ(replica_->regret_hash(), master_->regret_hash());
  Say(Lease{{replica_->rounds(), 0}, 10000});
  EXPECT_TRUE(IsToldToRun());
}

// Row 8 of the fault matrix: a coordinator that was replaced has no say any more.
TEST_F(WorkerTest, DoesNotObeyAnOldGenerationOrAnotherRun) {
  Join();
  generation_ = 1;
  Say(Lease{{0, 0}, 10000});
  Say(Refusal{RefusalReason::kDraining, "I stop"});
  Say(Reload{3, 4});
  EXPECT_FALSE(IsToldToRun());
  generation_ = 2;
  worker_->OnMessage({kProtocolVersion, "another", generation_, Lease{{0, 0}, 1}}, now_);
  worker_->OnMessage({kProtocolVersion + 1, kSimFingerprint, generation_, Lease{{0, 0}, 1}}, now_);
  EXPECT_FALSE(IsToldToRun());
  EXPECT_FALSE(worker_->stopped());
  Say(Lease{{0, 0}, 10000});
  EXPECT_TRUE(IsToldToRun());
}

// But for those of a history that does not count any more.
TEST_F(WorkerTest, RejoinsANewGenerationWithItsTableAndItsResults) {
  for (const uint64_t history : {0, 1}) {
    generation_ = 2;
    Join();
    Say(Lease{{0, 0}, 10000});
    worker_->OnUnitFinished(replica_->Run({0, 0}, nullptr), now_);
    Say(UnitReceived{{0, 0}});
    generation_ = 3;
    const auto answers = Say(Refusal{RefusalReason::kGeneration, "say Hello"});
    ASSERT_NE(Find<Hello>(answers), nullptr);
    EXPECT_EQ(Find<Hello>(answers)->rounds, 0);
    const auto rejoined = Say(Welcome{"game", {}, 0, 0, 0, history});
    EXPECT_EQ(Find<UnitClaim>(rejoined) != nullptr, history == 0);
    EXPECT_EQ(Find<DeltaPart>(rejoined) != nullptr, history == 0);
    EXPECT_EQ(Find<FetchRegrets>(rejoined), nullptr);
    EXPECT_EQ(worker_->counters().tables_loaded, 1 + history);
  }
}

// Its round was lost with the coordinator. Were it to wait for it, there might be nobody to run it.
TEST_F(WorkerTest, StartsOverWhereItsTableIsAheadOfANewGeneration) {
  for (const bool is_between : {false, true}) {
    master_ = engine_.MakeMaster();
    replica_ = engine_.MakeReplica();
    colleague_ = engine_.MakeReplica();
    generation_ = 2;
    Join();
    const auto [merged, parts] = MergeRound();
    Say(merged);
    for (uint32_t part = is_between; part < merged.parts; ++part) {
      Say(RoundPart{0, part, parts[part].regrets});
    }
    generation_ = 3;
    Say(Refusal{RefusalReason::kGeneration, "say Hello"});
    const std::vector<WorkerMessage> answers = Say(Welcome{"game", {}, 0, 0, 0});
    ASSERT_NE(Find<Following>(answers), nullptr);
    EXPECT_EQ(*Find<Following>(answers), (Following{0, 0, 1, {}})) << is_between;
    EXPECT_EQ(worker_->counters().tables_loaded, 2);
  }
}

TEST_F(WorkerTest, AResultFromATableThatIsToBeReloadedIsNotSent) {
  Join();
  Say(Lease{{0, 0}, 10000});
  EXPECT_TRUE(IsToldToRun());
  Say(Reload{4, 2});
  EXPECT_TRUE(IsToldToAbandon());
  worker_->OnUnitFinished(replica_->Run({0, 0}, nullptr), now_);  // it had just finished
  const std::vector<WorkerMessage> sent = Taken();
  EXPECT_EQ(Find<DeltaPart>(sent), nullptr);
  EXPECT_EQ(Find<UnitClaim>(sent), nullptr);
  EXPECT_NE(Find<FetchRegrets>(sent), nullptr);
}

TEST_F(WorkerTest, AsksForNoMoreWhileTooMuchIsNotReceived) {
  options_.kept_bytes_max = 10;
  Join();
  Say(Lease{{0, 0}, 10000});
  worker_->OnUnitFinished(replica_->Run({0, 0}, nullptr), now_);
  EXPECT_EQ(Find<Following>(After(seconds(1)))->units_wanted, 0);
  Say(UnitReceived{{0, 0}});
  EXPECT_EQ(Find<Following>(After(seconds(1)))->units_wanted, 1);
}

// Lag 1. Another has run the line's unit before, so that it is fetched.
TEST_F(WorkerTest, FetchesWhatAUnitStartsFromAndChecksIt) {
  const FakeEngine lagging(1, /*meet_every=*/4);
  replica_ = lagging.MakeReplica();
  Join();
  const UnitResult before = replica_->Run({0, 0}, nullptr);
  std::vector<uint64_t> checksums;
  for (const EncodedRows& part : before.parts) checksums.push_back(part.checksum);
  const uint32_t parts = static_cast<uint32_t>(before.parts.size());
  const Lease lease{{1, 0, UnitChecksum(checksums)}, 10000, parts};
  for (const bool is_right : {false, true}) {
    const std::vector<WorkerMessage> asked = Say(lease);
    ASSERT_NE(Find<FetchStart>(asked), nullptr);
    EXPECT_EQ(*Find<FetchStart>(asked), (FetchStart{0, 0, 0, 1}));
    EXPECT_EQ(Find<Following>(After(seconds(1)))->held, std::vector<UnitName>{lease.name});
    for (uint32_t part = 0; part < parts; ++part) {
      EXPECT_TRUE(worker_->TakeCommands().empty());
      Say(StartPart{0, 0, part, before.parts[is_right ? part : parts - 1 - part]});
    }
    EXPECT_EQ(worker_->counters().parts_refused, 1);
  }
  const std::vector<Worker::Command> commands = worker_->TakeCommands();
  ASSERT_EQ(commands.size(), 1);
  const auto& run = std::get<Worker::RunUnit>(commands[0]);
  EXPECT_EQ(run.name, lease.name);
  EXPECT_EQ(*run.start, before.parts);
}

TEST_F(WorkerTest, AStartThatCannotBeAUnitsDeltaIsRefusedThoughItIsTheOneThatWasNamed) {
  const FakeEngine lagging(1, /*meet_every=*/4);
  replica_ = lagging.MakeReplica();
  Join();
  const EncodedRows hostile = replica_->HostileParts()[0];
  Say(Lease{{1, 0, UnitChecksum({hostile.checksum})}, 10000, 1});
  Say(StartPart{0, 0, 0, hostile});
  EXPECT_EQ(worker_->counters().parts_refused, 1);
  EXPECT_TRUE(worker_->TakeCommands().empty());
}

TEST_F(WorkerTest, AbandonsWhatStartsFromAResultThatWasTakenBack) {
  const FakeEngine lagging(1, /*meet_every=*/4);
  replica_ = lagging.MakeReplica();
  Join();
  Say(Lease{{0, 0}, 10000});
  EXPECT_TRUE(IsToldToRun());
  Say(Resend{0});
  EXPECT_TRUE(worker_->TakeCommands().empty()) << "it starts from a table only";
  worker_->OnUnitFinished(replica_->Run({0, 0}, nullptr), now_);
  Say(Lease{{1, 0, std::get<UnitClaim>(Taken()[0]).result.checksum}, 10000, 1});
  EXPECT_TRUE(IsToldToRun());
  Say(Resend{1});
  EXPECT_TRUE(worker_->TakeCommands().empty()) << "its own round was, not what it starts from";
  Say(Resend{0});
  EXPECT_TRUE(IsToldToAbandon());
}

// Lag 1. It stays with its table until it is told that nobody needs it there.
TEST_F(WorkerTest, FollowsARoundOnlyWhenToldTo) {
  const FakeEngine lagging(1, /*meet_every=*/4);
  replica_ = lagging.MakeReplica();
  Join();
  Say(Lease{{0, 0}, 10000});
  EXPECT_TRUE(IsToldToRun());
  const UnitResult first = replica_->Run({0, 0}, nullptr);
  worker_->OnUnitFinished(first, now_);
  const uint64_t start = std::get<UnitClaim>(Taken()[0]).result.checksum;
  Say(Lease{{1, 0, start}, 10000, static_cast<uint32_t>(first.parts.size())});
  EXPECT_TRUE(IsToldToRun()) << "it has what the unit starts from";
  const auto [merged, parts] = MergeRound();
  Say(merged);  // which does not end the unit
  EXPECT_TRUE(worker_->TakeCommands().empty());
  EXPECT_EQ(Find<Following>(After(seconds(1)))->rounds, 0);
  EXPECT_EQ(Find<FetchRound>(After(seconds(1))), nullptr);
  worker_->OnUnitFinished({{1, 0, start}, {}, 0}, now_);
  EXPECT_NE(Find<FetchRound>(Taken()), nullptr);
}

// What it keeps is of a round that a restarted coordinator has lost, and is not collecting yet.
TEST_F(WorkerTest, WhatCannotBeDeliveredKeepsItFromNoWork) {
  options_.kept_bytes_max = 10;
  Join();
  auto [merged, parts] = MergeRound();
  Say(merged);
  for (uint32_t part = 0; part < merged.parts; ++part) {
    Say(RoundPart{0, part, parts[part].regrets});
  }
  After(milliseconds(50));
  Say(Lease{{1, 0}, 10000});
  ASSERT_TRUE(IsToldToRun());
  worker_->OnUnitFinished({{1, 0}, {parts[0].regrets}, 1}, now_);
  EXPECT_EQ(Find<Following>(After(seconds(1)))->units_wanted, 0);
  generation_ = 3;
  Say(Refusal{RefusalReason::kGeneration, "say Hello"});
  const std::vector<WorkerMessage> answers = Say(Welcome{"game", {}, 0, 0, 0});
  ASSERT_NE(Find<Following>(answers), nullptr);
  EXPECT_EQ(*Find<Following>(answers), (Following{0, 0, 1, {}}));
}

TEST_F(WorkerTest, EveryRefusalHasItsOwnEnd) {
  const std::pair<RefusalReason, absl::StatusCode> cases[] = {
      {RefusalReason::kDraining, absl::StatusCode::kOk},
      {RefusalReason::kSuperseded, absl::StatusCode::kAlreadyExists},
      {RefusalReason::kQuarantined, absl::StatusCode::kPermissionDenied},
      {RefusalReason::kRevoked, absl::StatusCode::kPermissionDenied},
      {RefusalReason::kProtocol, absl::StatusCode::kFailedPrecondition},
      {RefusalReason::kFingerprint, absl::StatusCode::kFailedPrecondition},
      {RefusalReason::kInvalid, absl::StatusCode::kFailedPrecondition},
  };
  for (const auto& [reason, code] : cases) {
    Start();
    Say(Refusal{reason, "why"});
    ASSERT_TRUE(worker_->stopped());
    EXPECT_EQ(worker_->stopped()->code(), code);
    EXPECT_TRUE(After(seconds(60)).empty());
  }
  Start();
  Say(Refusal{RefusalReason::kFull, "no room"});
  EXPECT_FALSE(worker_->stopped());
  EXPECT_EQ(worker_->waiting_for(), "no room");
}

TEST_F(WorkerTest, WithoutMemoryForTheTableItSaysSoAndGoes) {
  PoorReplica replica;
  Start(&replica);
  const std::vector<WorkerMessage> answers = Say(Welcome{"game", {}, 0, 0, 0});
  ASSERT_TRUE(worker_->stopped());
  EXPECT_TRUE(absl::IsResourceExhausted(*worker_->stopped()));
  ASSERT_NE(Find<Goodbye>(answers), nullptr);
  EXPECT_EQ(Find<Goodbye>(answers)->reason, "the table needs 9 GiB, there are 4");
}

TEST_F(WorkerTest, ABucketFileThatCannotBeWrittenOrIsWrongEndsIt) {
  PoorReplica replica;
  replica.has_buckets_ = false;
  Start(&replica);
  const std::vector<WorkerMessage> answers = Say(Welcome{"game", {{0, 77, 100}}, 0, 0, 0});
  ASSERT_NE(Find<FetchBuckets>(answers), nullptr);
  EXPECT_EQ(*Find<FetchBuckets>(answers), (FetchBuckets{77, 0}));
  Say(BucketPart{77, 3, "abc"});  // not at a piece's start
  EXPECT_FALSE(worker_->stopped());
  Say(BucketPart{77, 0, "abc"});
  EXPECT_TRUE(absl::IsResourceExhausted(*worker_->stopped()));
  Start(&replica);
  Say(Welcome{"game", {{0, 77, 0}}, 0, 0, 0});  // an empty file has another content
  EXPECT_TRUE(absl::IsInvalidArgument(*worker_->stopped()));
}

}  // namespace
}  // namespace nash
