// What the coordinator says of rounds that workers pass on.
#include <optional>

#include "tests/coordinator/coordinator_fixture.h"

namespace nash {
namespace {

TEST_F(CoordinatorTest, SaysWhatPartsOfAMergedRoundMustBe) {
  Start();
  Join(a_);
  EXPECT_TRUE(Say(a_, FetchChecksums{0}).empty());  // not merged yet
  Deliver(a_, 0);
  Deliver(a_, 1);
  std::vector<uint64_t> checksums;
  for (const CoordinatorMessage& message : Say(a_, FetchRound{0, 0, 100})) {
    const auto* const part = std::get_if<RoundPart>(&message);
    if (part != nullptr) checksums.push_back(part->rows.checksum);
  }
  ASSERT_FALSE(checksums.empty());
  const std::vector<CoordinatorMessage> answers = Say(a_, FetchChecksums{0});
  ASSERT_EQ(answers.size(), 1);
  EXPECT_EQ(std::get<RoundChecksums>(answers[0]), (RoundChecksums{0, checksums}));
  // One that has restarted has the round and not its checksums.
  Start();
  Join(a_);
  EXPECT_EQ(std::get<RoundChecksums>(Say(a_, FetchChecksums{0})[0]), (RoundChecksums{0, {}}));
}

// It may fetch for others that are further: with RoundMerged it would leave a table that units wait
// for.
TEST_F(CoordinatorTest, AFetchDoesNotMakeAWorkerLeaveATableThatUnitsWaitFor) {
  const FakeEngine lag(2, /*meet_every=*/5);
  options_.shape = lag.shape();
  master_ = lag.MakeMaster();
  replica_ = lag.MakeReplica();
  Start();
  Join(a_);
  Deliver(a_, 0);
  Deliver(a_, 1);
  ASSERT_EQ(coordinator_->rounds(), 1);
  const std::vector<CoordinatorMessage> answers = Say(a_, FetchRound{0, 0, 1});
  ASSERT_EQ(answers.size(), 1);
  EXPECT_TRUE(std::holds_alternative<RoundPart>(answers[0]));
}

TEST_F(CoordinatorTest, TellsPlacesWhenARoundIsMergedIfAnybodyServes) {
  options_.relay_fanout = 1;
  Start();
  Join(b_);
  const auto place_in = [](const std::vector<CoordinatorMessage>& messages) {
    std::optional<RelayPlace> place;
    for (const CoordinatorMessage& message : messages) {
      if (const auto* const found = std::get_if<RelayPlace>(&message)) place = *found;
    }
    return place;
  };
  const auto merge = [&] {
    Deliver(b_, 0);
    return Deliver(b_, 1);
  };
  EXPECT_FALSE(place_in(merge()).has_value());
  Say(a_, Hello{"host", 1, 4, 1, "tcp://10.0.0.1:1", std::string(40, 'a')});
  for (const MergedPart& part : PartsOfRound(0)) ASSERT_TRUE(replica_->Apply(part.regrets).ok());
  replica_->EndRound();
  EXPECT_EQ(place_in(merge()), (RelayPlace{"tcp://10.0.0.1:1", std::string(40, 'a'), {}}));
}

}  // namespace
}  // namespace nash
