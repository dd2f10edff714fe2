// What is told is the difference between two looks at the members, never a message's: a worker that
// leaves and comes back between two looks is told of only if another process came. present_ is
// counted along, by the same differences. Silent for ten seconds is not present, but not gone
// either: its leases and its place stay as long as the state machine says (membership.h).
//
// Peers decide how many changes there are, so lines have a limit a minute, and what is above it is
// one number. tests/coordinator/membership_news_test.cc has members who leave while silent.
#include "solver/coordinator/membership_news.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nash {

std::vector<std::string> MembershipNews::Update(const Membership& membership, Nanos now) {
  std::vector<std::string> lines;
  std::vector<std::pair<std::string, const char*>> changes;
  for (auto it = seen_.begin(); it != seen_.end();) {
    if (membership.members().count(it->first) > 0) {
      ++it;
      continue;
    }
    if (!it->second.is_silent) --present_;
    changes.emplace_back(it->second.name, "has left");
    it = seen_.erase(it);
  }
  for (const auto& [identity, member] : membership.members()) {
    const bool is_silent = member.heard + kSilence < now;
    const auto [found, is_new] = seen_.try_emplace(identity);
    Seen& seen = found->second;
    if (is_new) {
      present_ += 1;
      changes.emplace_back(NameForPeople(identity, member), "has joined");
    } else if (seen.incarnation != member.incarnation) {
      present_ += seen.is_silent;
      changes.emplace_back(NameForPeople(identity, member), "has come again, as another process");
    } else if (is_silent != seen.is_silent) {
      present_ += seen.is_silent ? 1 : -1;
      changes.emplace_back(NameForPeople(identity, member),
                           is_silent ? "has said nothing for 10 s" : "is back");
    } else {
      continue;
    }
    const bool came = is_new || seen.incarnation != member.incarnation;
    seen = {NameForPeople(identity, member), member.incarnation, came ? false : is_silent};
  }
  for (const auto& [who, what] : changes) {
    lines.push_back(absl::StrFormat("worker %s %s; workers now: %d", who, what, present_));
  }
  TellOfIdle(now, &lines);
  return Limited(std::move(lines), now);
}

void MembershipNews::TellOfIdle(Nanos now, std::vector<std::string>* lines) {
  if (present_ <= units_) {
    idle_.Ends();
  } else if (idle_.Lasts(now)) {
    lines->push_back(absl::StrFormat(
        "warning: %d workers for %d unit%s a round: the others are idle; a definition with a "
        "larger round.units uses them (docs/cluster.md)",
        present_, units_, units_ == 1 ? "" : "s"));
  }
}

std::vector<std::string> MembershipNews::Limited(std::vector<std::string> lines, Nanos now) {
  std::vector<std::string> told;
  if (now - minute_ >= std::chrono::minutes(1)) {
    if (left_out_ > 0) {
      told.push_back(absl::StrCat(left_out_, " more changes of membership in the last minute"));
    }
    minute_ = now;
    lines_ = 0;
    left_out_ = 0;
  }
  for (std::string& line : lines) {
    if (lines_ >= kLinesPerMinute) {
      ++left_out_;
      continue;
    }
    ++lines_;
    told.push_back(std::move(line));
  }
  return told;
}

}  // namespace nash
