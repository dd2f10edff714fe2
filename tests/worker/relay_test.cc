// Single steps of a worker's place in the tree. Whole trees are in tests/sim/relays_test.cc.
#include "worker/relay.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/checksum.h"

namespace nash {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr uint64_t kRound = 20;  // the newest

EncodedRows RowsOf(uint32_t part) {
  const std::string bytes = absl::StrCat("rows of part ", part);
  return {bytes, Checksum64Of(bytes)};
}
RoundPart PartOf(uint32_t part) { return {kRound, part, RowsOf(part)}; }

RoundChecksums ChecksumsOf(uint32_t parts) {
  RoundChecksums checksums{kRound, {}};
  for (uint32_t part = 0; part < parts; ++part) {
    checksums.checksums.push_back(RowsOf(part).checksum);
  }
  return checksums;
}

class RelayTest : public ::testing::Test {
 protected:
  RelayTest() { options_.relay_endpoint = "tcp://10.0.0.1:1"; }

  void Start(bool has_source) {
    relay_.emplace(options_, &counters_);
    if (has_source) relay_->OnPlace({"tcp://10.0.0.2:1", "", {}}, now_);
    relay_->OnRounds(kRound + 1, now_);
  }
  // What the coordinator is asked for, as text.
  std::string Asked() {
    std::string text;
    for (const WorkerMessage& message : relay_->TakeForCoordinator()) {
      if (std::holds_alternative<FetchChecksums>(message)) absl::StrAppend(&text, "checksums ");
      if (const auto* fetch = std::get_if<FetchRound>(&message)) text += TextOf(*fetch);
    }
    return text;
  }
  std::string AskedOfSource() {
    std::string text;
    for (const FetchRound& fetch : relay_->TakeForSource()) text += TextOf(fetch);
    return text;
  }
  static std::string TextOf(const FetchRound& fetch) {
    return absl::StrCat(fetch.round, ":", fetch.first_part, "+", fetch.parts, " ");
  }
  std::string Given() {
    std::string text;
    for (const Relay::ForPeer& given : relay_->TakeForPeers()) {
      EXPECT_EQ(given.part, PartOf(given.part.part));
      absl::StrAppend(&text, given.peer, given.part.part, " ");
    }
    return text;
  }
  void Pass(Nanos time) {
    now_ += time;
    relay_->OnTick(now_);
  }

  WorkerOptions options_;
  WorkerCounters counters_;
  Nanos now_ = seconds(1000);
  std::optional<Relay> relay_;
};

TEST_F(RelayTest, WithoutASourceTheCoordinatorIsAsked) {
  Start(false);
  for (const uint32_t part : {0, 1, 2, 5}) relay_->Want(kRound, part, now_);
  EXPECT_EQ(Asked(), "20:0+3 20:5+1 ");
  EXPECT_EQ(AskedOfSource(), "");
}

TEST_F(RelayTest, WithOneTheChecksumsAreAskedForFirst) {
  Start(true);
  for (const uint32_t part : {0, 1, 2, 3}) relay_->Want(kRound, part, now_);
  EXPECT_EQ(Asked(), "checksums ");
  EXPECT_EQ(AskedOfSource(), "");
  relay_->OnChecksums(ChecksumsOf(3), now_);
  EXPECT_EQ(AskedOfSource(), "20:0+3 ");
  EXPECT_EQ(Asked(), "20:3+1 ");  // it has no checksum: the coordinator gives it
  EXPECT_TRUE(relay_->OnSourcePart(PartOf(1), now_));
  EXPECT_FALSE(relay_->OnSourcePart(PartOf(1), now_));  // again
  EXPECT_EQ(counters_.relay_fetched_bytes, RowsOf(1).bytes.size());
}

TEST_F(RelayTest, OlderRoundsAreTheCoordinatorsBusiness) {
  Start(true);
  relay_->Want(kRound - 1, 0, now_);
  EXPECT_EQ(Asked(), "checksums ");
  relay_->Want(kRound - 2, 0, now_);
  EXPECT_EQ(Asked(), "18:0+1 ");
  relay_->OnFetch("a", {kRound - 2, 1, 1}, now_);
  relay_->OnFetch("a", {kRound + 2, 1, 1}, now_);
  EXPECT_EQ(Asked(), "");
}

TEST_F(RelayTest, ASilentSourceIsLeftAloneForAWhileAndTriedAgain) {
  Start(true);
  relay_->OnChecksums(ChecksumsOf(9), now_);
  relay_->Want(kRound, 0, now_);
  relay_->OnChecksums(ChecksumsOf(9), now_);
  Asked();
  EXPECT_EQ(AskedOfSource(), "20:0+1 ");
  Pass(milliseconds(900));
  relay_->Want(kRound, 0, now_);  // the table asks again: it has its time still
  EXPECT_EQ(Asked(), "");
  Pass(milliseconds(100));
  EXPECT_EQ(Asked(), "20:0+1 ");
  EXPECT_EQ(counters_.relay_fallbacks, 1);
  relay_->Want(kRound, 1, now_);
  EXPECT_EQ(Asked(), "20:1+1 ");
  // Twice as long a pause as the time it had.
  Pass(seconds(2));
  relay_->Want(kRound, 2, now_);
  EXPECT_EQ(AskedOfSource(), "20:2+1 ");
  // What comes late counts, and tells that more patience is needed: four times 3 s.
  EXPECT_TRUE(relay_->OnSourcePart(PartOf(0), now_));
  Pass(seconds(11));
  EXPECT_EQ(counters_.relay_fallbacks, 1);
  Pass(seconds(2));
  EXPECT_EQ(counters_.relay_fallbacks, 2);
}

// However often it was silent: one second is lost at a time, and pauses between grow to half a
// minute.
TEST_F(RelayTest, ASourceThatStaysSilentCostsASecondNowAndThen) {
  Start(true);
  relay_->Want(kRound, 0, now_);
  relay_->OnChecksums(ChecksumsOf(301), now_);
  int tries = 0;
  for (uint32_t part = 0; part < 300; ++part) {
    const bool is_tried = !AskedOfSource().empty();
    tries += is_tried;
    if (!is_tried) {
      EXPECT_NE(Asked(), "") << "part " << part;
    }
    Pass(seconds(1));
    if (is_tried) {
      EXPECT_NE(Asked(), "") << "part " << part;
    }
    relay_->OnPart(PartOf(part));
    relay_->Want(kRound, part + 1, now_);
  }
  EXPECT_GE(tries, 8);
  EXPECT_LE(tries, 15);
}

TEST_F(RelayTest, WithoutChecksumsForASecondTheCoordinatorGivesAll) {
  Start(true);
  relay_->Want(kRound, 0, now_);
  EXPECT_EQ(Asked(), "checksums ");
  Pass(seconds(1));
  EXPECT_EQ(Asked(), "20:0+1 ");
  relay_->Want(kRound, 1, now_);
  EXPECT_EQ(Asked(), "20:1+1 ");
  // They were late, not lost; a second later than that tells how long to wait from now on.
  Pass(seconds(1));
  relay_->OnChecksums(ChecksumsOf(9), now_);
  relay_->Want(kRound, 2, now_);
  EXPECT_EQ(AskedOfSource(), "20:2+1 ");
  EXPECT_TRUE(relay_->OnSourcePart(PartOf(2), now_));
  relay_->OnRounds(kRound + 2, now_);
  relay_->Want(kRound + 1, 0, now_);
  EXPECT_EQ(Asked(), "checksums ");
  Pass(seconds(7));
  EXPECT_EQ(Asked(), "");
  Pass(seconds(1));
  EXPECT_EQ(Asked(), "21:0+1 ");
}

TEST_F(RelayTest, ACoordinatorThatKnowsNoChecksumsGivesTheParts) {
  Start(true);
  relay_->Want(kRound, 0, now_);
  EXPECT_EQ(Asked(), "checksums ");
  relay_->OnChecksums({kRound, {}}, now_);
  EXPECT_EQ(Asked(), "20:0+1 ");
}

TEST_F(RelayTest, AWrongPartIsRefusedAndTheCoordinatorAsked) {
  Start(true);
  for (const uint32_t part : {0, 1}) relay_->Want(kRound, part, now_);
  relay_->OnChecksums(ChecksumsOf(2), now_);
  Asked();
  EXPECT_EQ(AskedOfSource(), "20:0+2 ");
  // A right part of this round, under another's name.
  EXPECT_FALSE(relay_->OnSourcePart({kRound, 0, RowsOf(1)}, now_));
  EXPECT_EQ(counters_.parts_refused, 1);
  EXPECT_EQ(Asked(), "20:0+2 ");
  EXPECT_EQ(relay_->Find(kRound, 0), nullptr);
}

TEST_F(RelayTest, ASourceThatIsGoneIsNotWaitedFor) {
  Start(true);
  relay_->Want(kRound, 0, now_);
  relay_->OnChecksums(ChecksumsOf(2), now_);
  Asked();
  relay_->OnSourceGone(now_);
  EXPECT_EQ(Asked(), "20:0+1 ");
  EXPECT_EQ(AskedOfSource(), "");  // it was not sent yet
  relay_->Want(kRound, 1, now_);
  EXPECT_EQ(AskedOfSource(), "20:1+1 ");  // it may be back
  relay_->OnPlace({"tcp://10.0.0.3:1", "", {}}, now_);
  EXPECT_EQ(Asked(), "20:1+1 ");  // another was asked
}

TEST_F(RelayTest, PeersGetWhatIsHereAtOnceAndTheRestAsItComes) {
  Start(false);
  relay_->Want(kRound, 1, now_);
  EXPECT_EQ(Asked(), "20:1+1 ");
  relay_->OnPart(PartOf(1));
  relay_->OnFetch("a", {kRound, 0, 3}, now_);
  EXPECT_EQ(Given(), "a1 ");
  EXPECT_EQ(Asked(), "20:0+1 20:2+1 ");
  relay_->OnFetch("b", {kRound, 2, 1}, now_);
  EXPECT_EQ(Asked(), "");  // it is on its way
  relay_->OnPart(PartOf(2));
  EXPECT_EQ(Given(), "a2 b2 ");
  EXPECT_EQ(*relay_->Find(kRound, 2), RowsOf(2));
  // The answer to that may be lost.
  Pass(seconds(1));
  relay_->Want(kRound, 0, now_);
  EXPECT_EQ(Asked(), "20:0+1 ");
  EXPECT_EQ(counters_.relay_served_bytes, RowsOf(1).bytes.size() + 2 * RowsOf(2).bytes.size());
}

TEST_F(RelayTest, KeepsWhatThereIsRoomForAndFetchesTheRestAgain) {
  options_.relay_bytes_max = 2 * RowsOf(0).bytes.size();
  Start(false);
  for (const uint32_t part : {0, 1, 2}) relay_->OnPart(PartOf(part));
  EXPECT_EQ(relay_->Find(kRound, 0), nullptr);
  EXPECT_NE(relay_->Find(kRound, 1), nullptr);
  relay_->OnFetch("a", {kRound, 0, 3}, now_);
  EXPECT_EQ(Given(), "a1 a2 ");
  EXPECT_EQ(Asked(), "20:0+1 ");
  relay_->OnPart(PartOf(0));
  EXPECT_EQ(Given(), "a0 ");
  // Old rounds go, and take nothing of the room.
  relay_->OnRounds(kRound + 3, now_);
  EXPECT_EQ(relay_->Find(kRound, 0), nullptr);
  relay_->OnPart({kRound + 2, 0, RowsOf(0)});
  relay_->OnPart({kRound + 2, 1, RowsOf(1)});
  EXPECT_NE(relay_->Find(kRound + 2, 0), nullptr);
}

TEST_F(RelayTest, WhoServesNobodyKeepsNothing) {
  options_.relay_endpoint.clear();
  Start(false);
  relay_->OnPart(PartOf(0));
  EXPECT_EQ(relay_->Find(kRound, 0), nullptr);
  relay_->OnFetch("a", {kRound, 0, 3}, now_);
  EXPECT_EQ(Given() + Asked(), "");
}

TEST_F(RelayTest, NobodyCanMakeItRememberMoreThanItsLimit) {
  Start(false);
  for (uint32_t part = 0; part < 3 * Relay::kWaitingMax; part += 8) {
    relay_->OnFetch("a", {kRound, part, 1 << 20}, now_);
  }
  uint32_t parts = 0;
  for (const WorkerMessage& message : relay_->TakeForCoordinator()) {
    parts += std::get<FetchRound>(message).parts;
  }
  EXPECT_EQ(parts, Relay::kWaitingMax);
  // With their round they are forgotten.
  relay_->OnRounds(kRound + 3, now_);
  relay_->OnFetch("a", {kRound + 2, 0, 1}, now_);
  EXPECT_EQ(Asked(), "22:0+1 ");
}

TEST_F(RelayTest, AnotherCoordinatorBeginsAnew) {
  Start(true);
  relay_->OnPart(PartOf(0));
  relay_->Want(kRound, 1, now_);
  relay_->OnFetch("a", {kRound, 0, 2}, now_);
  relay_->Reset();
  EXPECT_EQ(relay_->Find(kRound, 0), nullptr);
  EXPECT_EQ(relay_->place(), RelayPlace());
  EXPECT_EQ(Given() + Asked() + AskedOfSource(), "");
}

}  // namespace
}  // namespace nash
