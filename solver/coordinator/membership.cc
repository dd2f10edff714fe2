// Three names for one worker, from the outside in:
//
//   connection    what the socket calls a peer, new with each connection
//   identity      the key's name; of a shared key its own name as well; without keys the connection
//   incarnation   a number that a process draws at its start
//
// One identity has one member: the newest process counts. A process that was superseded stays so,
// however often it comes back (Member::superseded), or two machines with one key would throw each
// other out for ever. A member that leaves is remembered for that reason only, and only where there
// are keys (former_). All lists are bounded; where one is full, its first name is forgotten: lists
// fill up only where names cost nothing, and there they are no defence anyway.
// tests/coordinator/membership_test.cc has the processes that come back.
#include "solver/coordinator/membership.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "proto/identity.h"

namespace nash {

std::string NameForPeople(const std::string& identity, const Member& member) {
  if (identity == member.connection) return member.name;  // without keys: opaque bytes
  // Of a shared key the identity has the name already.
  if (absl::EndsWith(identity, member.name)) return identity;
  return absl::StrCat(identity, " (", member.name, ")");
}

std::string NameForPeople(const std::string& identity) {
  return IsNameless(identity) ? "a worker without a key" : identity;
}

Sender Membership::SenderOf(const std::string& key, const std::string& connection,
                            const WorkerMessage* message) const {
  if (key.empty()) return {connection, connection};
  if (!IsShared(key)) return {key, connection};
  const Hello* const hello = message == nullptr ? nullptr : std::get_if<Hello>(message);
  if (hello != nullptr) return {SharerOf(key, hello->worker_name), connection};
  const auto known = identities_.find(connection);
  const bool is_known = known != identities_.end() && Covers(key, known->second);
  return {is_known ? known->second : connection, connection};
}

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
      Forget(admission.left_identity);
    }
  }
  const auto known = members_.find(sender.identity);
  if (known == members_.end() && members_.size() >= members_max_) {
    return {.refusal = RefusalReason::kFull};
  }
  const bool is_known = known != members_.end();
  Member& member = members_[sender.identity];
  admission.is_new_process = !is_known;
  const bool has_past = is_known || Remember(sender.identity, &member);
  if (has_past && member.incarnation != hello.incarnation) {
    std::deque<uint64_t>& superseded = member.superseded;
    if (std::find(superseded.begin(), superseded.end(), hello.incarnation) != superseded.end()) {
      if (!is_known) Forget(sender.identity);
      return {.refusal = RefusalReason::kSuperseded};
    }
    superseded.push_back(member.incarnation);
    if (superseded.size() > kSupersededMax) superseded.pop_front();
    if (is_known && member.connection != sender.connection) {
      admission.superseded_connection = member.connection;
    }
    admission.is_new_process = true;
  }
  LetGoOf(member.connection, sender.identity);
  identities_[sender.connection] = sender.identity;
  member.connection = sender.connection;
  member.name = hello.worker_name;
  if (member.incarnation != hello.incarnation) member.figures.reset();
  member.incarnation = hello.incarnation;
  member.threads = hello.threads;
  member.heard = now;
  member.rounds = hello.rounds;
  member.relay_endpoint = hello.relay_endpoint;
  member.public_key = hello.public_key;
  return admission;
}

Member* Membership::Find(const Sender& sender) {
  const auto member = members_.find(sender.identity);
  if (member == members_.end() || member->second.connection != sender.connection) return nullptr;
  return &member->second;
}

void Membership::LetGoOf(const std::string& connection, const std::string& identity) {
  const auto speaker = identities_.find(connection);
  if (speaker != identities_.end() && speaker->second == identity) identities_.erase(speaker);
}

// Returns whether there was anybody of that name.
bool Membership::Remember(const std::string& identity, Member* member) {
  const auto former = former_.find(identity);
  if (former == former_.end()) return false;
  member->incarnation = former->second.incarnation;
  member->superseded = std::move(former->second.superseded);
  former_.erase(former);
  return true;
}

void Membership::Forget(const std::string& identity) {
  const auto member = members_.find(identity);
  if (member == members_.end()) return;
  if (member->second.connection != identity) {
    if (former_.size() >= kFormerMax) former_.erase(former_.begin());
    former_[identity] = {member->second.incarnation, std::move(member->second.superseded)};
  }
  LetGoOf(member->second.connection, identity);
  members_.erase(member);
}

std::vector<std::string> Membership::MembersOf(const std::string& name) const {
  std::vector<std::string> identities;
  for (const auto& [identity, member] : members_) {
    if (Covers(name, identity)) identities.push_back(identity);
  }
  return identities;
}

RefusalReason Membership::BanOf(const std::string& identity) const {
  auto ban = banned_.find(identity);
  const std::string key = absl::StrCat(identity.substr(0, identity.find('/')), kSharedKeyEnd);
  if (ban == banned_.end() && IsShared(key)) ban = banned_.find(key);
  return ban == banned_.end() ? RefusalReason::kInvalid : ban->second;
}

void Membership::Pardon(const std::string& name) {
  std::erase_if(banned_, [&](const auto& ban) { return Covers(name, ban.first); });
}

void Membership::Ban(const std::string& name, RefusalReason reason) {
  for (const std::string& identity : MembersOf(name)) Forget(identity);
  // Full only where identities cost nothing (no keys): then the list can be no defence anyway.
  if (banned_.size() >= kBannedMax) banned_.erase(banned_.begin());
  banned_[name] = reason;
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
