#include "solver/coordinator/membership_news.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Lines = std::vector<std::string>;

class MembershipNewsTest : public ::testing::Test {
 protected:
  void Join(const Sender& sender, const std::string& name, uint64_t incarnation = 1) {
    membership_.Admit(sender, Hello{name, incarnation, 4, Hello::kNoTable}, now_);
  }
  Lines After(Nanos time) {
    now_ += time;
    return news_.Update(membership_, now_);
  }

  const Sender a_{"worker-1", "connection 1"}, b_{"worker-2", "connection 2"};
  Nanos now_ = seconds(1000);
  Membership membership_{100};
  MembershipNews news_{8};
};

TEST_F(MembershipNewsTest, TellsWhoComesGoesAndFallsSilentByTheirKeys) {
  Join(a_, "alpha/17");
  Join(b_, "beta/18");
  EXPECT_EQ(After(seconds(1)), Lines({"worker worker-1 (alpha/17) has joined; workers now: 2",
                                      "worker worker-2 (beta/18) has joined; workers now: 2"}));
  membership_.Find(a_)->heard = now_ + seconds(5);
  EXPECT_EQ(After(MembershipNews::kSilence), Lines({"worker worker-2 (beta/18) has said nothing "
                                                    "for 10 s; workers now: 1"}));
  EXPECT_EQ(news_.present(), 1) << "a host that is cut off does not count";
  membership_.Find(a_)->heard = membership_.Find(b_)->heard = now_;
  EXPECT_EQ(After(seconds(1)), Lines({"worker worker-2 (beta/18) is back; workers now: 2"}));
  EXPECT_EQ(After(seconds(1)), Lines());
  Join(a_, "alpha/99", 2);
  EXPECT_EQ(After(seconds(1)), Lines({"worker worker-1 (alpha/99) has come again, as another "
                                      "process; workers now: 2"}));
  membership_.Forget(b_.identity);
  EXPECT_EQ(After(seconds(1)), Lines({"worker worker-2 (beta/18) has left; workers now: 1"}));
}

TEST_F(MembershipNewsTest, OneThatLeavesWhileSilentIsCountedOnce) {
  Join(a_, "alpha/17");
  Join(b_, "beta/18");
  After(seconds(0));
  membership_.Find(a_)->heard = now_ + minutes(1);
  After(seconds(30));
  EXPECT_EQ(news_.present(), 1);
  membership_.Forget(b_.identity);
  EXPECT_EQ(After(seconds(1)), Lines({"worker worker-2 (beta/18) has left; workers now: 1"}));
}

TEST_F(MembershipNewsTest, NamesAreThoseThatThereAre) {
  Join({"all/pod-7", "connection 1"}, "pod-7");       // a shared key
  Join({"connection 2", "connection 2"}, "host/17");  // no keys
  EXPECT_EQ(After(seconds(0)), Lines({"worker all/pod-7 has joined; workers now: 2",
                                      "worker host/17 has joined; workers now: 2"}));
}

TEST_F(MembershipNewsTest, MoreWorkersThanUnitsAreToldOfRarely) {
  for (int i = 0; i < 8; ++i) Join({absl::StrCat("key", i), absl::StrCat(i)}, "name");
  for (const std::string& line : After(seconds(0))) EXPECT_EQ(line.find("idle"), std::string::npos);
  Join(a_, "alpha/17");
  const Lines lines = After(seconds(0));
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[1],
            "warning: 9 workers for 8 units a round: the others are idle; a definition with a "
            "larger round.units uses them (docs/cluster.md)");
  int told = 0;
  for (int second = 0; second < 300; ++second) {
    for (int i = 0; i < 8; ++i)
      membership_.Find({absl::StrCat("key", i), absl::StrCat(i)})->heard = now_;
    membership_.Find(a_)->heard = now_;
    told += After(seconds(1)).size();
  }
  EXPECT_EQ(told, 2) << "after a minute, and two minutes later";
}

// One that comes and goes all the time fills no log.
TEST_F(MembershipNewsTest, LinesOfAMinuteAreLimited) {
  int told = 0;
  for (int i = 0; i < 1000; ++i) {
    Join(a_, "alpha/17");
    told += After(milliseconds(10)).size();
    membership_.Forget(a_.identity);
    told += After(milliseconds(10)).size();
  }
  EXPECT_EQ(told, MembershipNews::kLinesPerMinute);
  EXPECT_EQ(After(minutes(1)), Lines({"1940 more changes of membership in the last minute"}));
}

}  // namespace
}  // namespace nash
