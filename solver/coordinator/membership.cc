#include "solver/coordinator/membership.h"

#include <algorithm>

namespace nash {

Membership::Admission Membership::Admit(const Sender& sender, const Hello& hello, Nanos now) {
  const RefusalReason ban = BanOf(sender.identity);
  if (ban != RefusalReason::kInvalid) return {.refusal = ban};
  Admission admission;
  if (sender.identity == sender.connection) {
    const auto same = std::find_if(members_.begin(), members_.end(), [&](const auto& member) {
      return member.second.incarnation == hello.incarnation && member.first != sender.identity &&
             member.first == member.second.connection;
    });
    if (same != members_.end()) {
      admission.left_identity = same->first;
      members_.erase(same);
    }
  }
  const auto known = members_.find(sender.identity);
  if (known == members_.end() && members_.size() >= members_max_) {
    return {.refusal = RefusalReason::kFull};
  }
  Member& member = members_[sender.identity];
  if (known == members_.end()) {
    admission.is_new_process = true;
  } else if (member.incarnation != hello.incarnation) {
    std::deque<uint64_t>& superseded = member.superseded;
    if (std::find(superseded.begin(), superseded.end(), hello.incarnation) != superseded.end()) {
      return {.refusal = RefusalReason::kSuperseded};
    }
    superseded.push_back(member.incarnation);
    if (superseded.size() > kSupersededMax) superseded.pop_front();
    if (member.connection != sender.connection) admission.superseded_connection = member.connection;
    admission.is_new_process = true;
  }
  member.connection = sender.connection;
  member.name = hello.worker_name;
  member.incarnation = hello.incarnation;
  member.threads = hello.threads;
  member.heard = now;
  member.rounds = hello.rounds;
  return admission;
}

Member* Membership::Find(const Sender& sender) {
  const auto member = members_.find(sender.identity);
  if (member == members_.end() || member->second.connection != sender.connection) return nullptr;
  return &member->second;
}

void Membership::Ban(const std::string& identity, RefusalReason reason) {
  members_.erase(identity);
  // Full only where identities cost nothing (no keys): then the list can be no defence anyway.
  if (banned_.size() >= kBannedMax) banned_.erase(banned_.begin());
  banned_[identity] = reason;
}

std::set<std::string> Membership::BannedFor(RefusalReason reason) const {
  std::set<std::string> identities;
  for (const auto& [identity, why] : banned_) {
    if (why == reason) identities.insert(identity);
  }
  return identities;
}

std::vector<std::string> Membership::SilentSince(Nanos deadline) const {
  std::vector<std::string> silent;
  for (const auto& [identity, member] : members_) {
    if (member.heard < deadline) silent.push_back(identity);
  }
  return silent;
}

}  // namespace nash
