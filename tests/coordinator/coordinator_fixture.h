// A coordinator that single messages are said to.
#ifndef NASHVILLE_TESTS_COORDINATOR_COORDINATOR_FIXTURE_H_
#define NASHVILLE_TESTS_COORDINATOR_COORDINATOR_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "proto/unit_checksum.h"
#include "solver/coordinator/coordinator.h"
#include "tests/sim/fake_engine.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_options.h"

namespace nash {

using std::chrono::milliseconds;
using std::chrono::seconds;

class NoBuckets : public BucketSource {
 public:
  absl::StatusOr<std::string> Read(uint64_t, uint64_t) override {
    return absl::NotFoundError("no bucket file of this content");
  }
};

class CoordinatorTest : public ::testing::Test {
 protected:
  CoordinatorTest()
      : master_(engine_.MakeMaster()),
        replica_(engine_.MakeReplica()),
        store_(SimStore::Open(&disk_, [](KillPoint) { return false; }).value()) {
    options_.fingerprint = kSimFingerprint;
    options_.definition = "game: kuhn\n";
    options_.shape = engine_.shape();
    options_.unit_parts_max = engine_.unit_parts_max();
    options_.rounds_total = 10;
    options_.generation = 3;
  }

  Coordinator& Start() { return Start(store_.get()); }
  Coordinator& Start(RoundStore* store) {
    coordinator_.emplace(options_, master_.get(), store, &spool_, &buckets_, now_);
    return *coordinator_;
  }
  // What the coordinator answers to the sender.
  std::vector<CoordinatorMessage> Say(const Sender& sender, WorkerMessage message) {
    coordinator_->OnMessage(
        sender, {kProtocolVersion, kSimFingerprint, options_.generation, std::move(message)}, now_);
    while (coordinator_->is_busy() && coordinator_->status().ok()) coordinator_->OnTick(now_);
    return AnswersTo(sender);
  }
  std::vector<CoordinatorMessage> AnswersTo(const Sender& sender) {
    std::vector<CoordinatorMessage> answers;
    for (const Coordinator::Outgoing& outgoing : coordinator_->TakeOutgoing()) {
      EXPECT_EQ(outgoing.envelope.generation, options_.generation);
      EXPECT_EQ(outgoing.envelope.fingerprint, kSimFingerprint);
      if (outgoing.connection == sender.connection) answers.push_back(outgoing.envelope.message);
    }
    return answers;
  }
  std::vector<MergedPart> PartsOfRound(uint64_t round) {
    std::vector<MergedPart> parts;
    for (uint32_t part = 0; part < store_->Record(round).parts; ++part) {
      parts.push_back(store_->ReadPart(round, part).value());
    }
    return parts;
  }
  void Join(const Sender& sender) { Say(sender, Hello{sender.identity, 1, 1, Hello::kNoTable}); }
  // Runs and delivers the unit; returns the last answers.
  std::vector<CoordinatorMessage> Deliver(const Sender& sender, uint32_t unit) {
    const UnitResult result = replica_->Run({replica_->rounds(), unit}, nullptr);
    std::vector<uint64_t> checksums;
    for (uint32_t part = 0; part < result.parts.size(); ++part) {
      checksums.push_back(result.parts[part].checksum);
      Say(sender, DeltaPart{result.name, part, result.parts[part]});
    }
    const uint32_t parts = static_cast<uint32_t>(result.parts.size());
    return Say(sender, UnitClaim{result.name, {parts, result.touches, UnitChecksum(checksums)}});
  }
  static RefusalReason ReasonIn(const std::vector<CoordinatorMessage>& answers) {
    if (answers.size() != 1) return RefusalReason::kInvalid;
    const auto* refusal = std::get_if<Refusal>(&answers[0]);
    return refusal == nullptr ? RefusalReason::kInvalid : refusal->reason;
  }

  const FakeEngine engine_{2};
  const Sender a_{"key a", "connection 1"}, b_{"key b", "connection 2"};
  CoordinatorOptions options_;
  std::unique_ptr<SimMaster> master_;
  std::unique_ptr<SimReplica> replica_;
  SimDisk disk_;
  std::unique_ptr<SimStore> store_;
  PartSpool spool_{1 << 20, "no folder"};
  NoBuckets buckets_;
  Nanos now_ = seconds(1000);
  std::optional<Coordinator> coordinator_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_COORDINATOR_COORDINATOR_FIXTURE_H_
