// Tells people who has joined a run, left it, fallen silent and come back; and counts who is there.
//
// It looks at the members from time to time, so what is told does not depend on which message or
// which loss of one has changed them. A member that falls silent is not there, long before it is
// forgotten: a host that was cut off does not count. Members can make it speak by coming and going,
// but not often: what is more than kLinesPerMinute is counted and left out. Thread-compatible.
#ifndef NASHVILLE_SOLVER_COORDINATOR_MEMBERSHIP_NEWS_H_
#define NASHVILLE_SOLVER_COORDINATOR_MEMBERSHIP_NEWS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/reminder.h"
#include "solver/coordinator/membership.h"

namespace nash {

class MembershipNews {
 public:
  // Members speak every second: after so long without a word something is wrong.
  static constexpr Nanos kSilence = std::chrono::seconds(10);
  static constexpr int kLinesPerMinute = 60;

  // units: of a round; so many workers can be used.
  explicit MembershipNews(uint32_t units) : units_(units) {}

  // What has changed since the last time, a line each.
  std::vector<std::string> Update(const Membership& membership, Nanos now);
  // How many are there, as last looked at.
  size_t present() const { return present_; }

 private:
  struct Seen {
    std::string name;
    uint64_t incarnation = 0;
    bool is_silent = false;
  };
  void TellOfIdle(Nanos now, std::vector<std::string>* lines);
  // Within the limit, and what was beyond it.
  std::vector<std::string> Limited(std::vector<std::string> lines, Nanos now);

  const uint32_t units_;
  std::map<std::string, Seen> seen_;  // by identity
  size_t present_ = 0;
  Reminder idle_;
  Nanos minute_{0};  // when the one began that lines are counted in
  int lines_ = 0;
  uint64_t left_out_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_MEMBERSHIP_NEWS_H_
