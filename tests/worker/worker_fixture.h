// A worker that single messages are said to.
#ifndef NASHVILLE_TESTS_WORKER_WORKER_FIXTURE_H_
#define NASHVILLE_TESTS_WORKER_WORKER_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "tests/sim/fake_engine.h"
#include "tests/sim/sim_options.h"
#include "worker/worker.h"

namespace nash {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WorkerTest : public ::testing::Test {
 protected:
  WorkerTest()
      : master_(engine_.MakeMaster()),
        replica_(engine_.MakeReplica()),
        colleague_(engine_.MakeReplica()) {
    options_.name = "host";
    options_.incarnation = 5;
  }
  void Start() { Start(replica_.get()); }
  void Start(Replica* replica) { worker_.emplace(options_, replica, now_); }
  // As the coordinator of generation_.
  std::vector<WorkerMessage> Say(CoordinatorMessage message) {
    worker_->OnMessage({kProtocolVersion, kSimFingerprint, generation_, std::move(message)}, now_);
    worker_->OnTick(now_);
    return Taken();
  }
  std::vector<WorkerMessage> Taken() {
    std::vector<WorkerMessage> messages;
    for (WorkerEnvelope& envelope : worker_->TakeOutgoing()) {
      messages.push_back(std::move(envelope.message));
    }
    return messages;
  }
  std::vector<WorkerMessage> After(Nanos time) {
    now_ += time;
    worker_->OnTick(now_);
    return Taken();
  }
  // The worker follows from round 0 on.
  void Join() {
    Start();
    Say(Welcome{"game", {}, 0, 0, 0});
  }
  template <typename T>
  static const T* Find(const std::vector<WorkerMessage>& messages) {
    for (const WorkerMessage& message : messages) {
      if (const T* found = std::get_if<T>(&message)) return found;
    }
    return nullptr;
  }
  bool IsToldToRun() {
    const std::vector<Worker::Command> commands = worker_->TakeCommands();
    return commands.size() == 1 && std::holds_alternative<Worker::RunUnit>(commands[0]);
  }
  bool IsToldToAbandon() {
    const std::vector<Worker::Command> commands = worker_->TakeCommands();
    return commands.size() == 1 && std::holds_alternative<Worker::AbandonUnit>(commands[0]);
  }
  // The next round, as merged from the one unit of it.
  std::pair<RoundMerged, std::vector<MergedPart>> MergeRound() {
    const uint64_t round = master_->rounds();
    std::vector<MergedPart> parts =
        nash::MergeRound(master_.get(), colleague_->Run({round, 0}, nullptr).parts);
    for (const MergedPart& part : parts) EXPECT_TRUE(colleague_->Apply(part.regrets).ok());
    colleague_->EndRound();
    return {{round, static_cast<uint32_t>(parts.size()), master_->regret_hash(), 0, round + 1},
            parts};
  }

  const FakeEngine engine_{1};
  WorkerOptions options_;
  std::unique_ptr<SimMaster> master_;
  std::unique_ptr<SimReplica> replica_, colleague_;
  Nanos now_ = seconds(1000);
  uint64_t generation_ = 2;
  std::optional<Worker> worker_;
};

}  // namespace nash

#endif  // NASHVILLE_TESTS_WORKER_WORKER_FIXTURE_H_
