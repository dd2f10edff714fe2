// Who takes part in the run, by the identity that the transport vouches for.
//
// One connection of one process (incarnation) speaks for an identity. When another process comes
// with the same identity, the newcomer wins and the other is superseded for good: its later Hellos
// are known, also when everybody of that name was forgotten meanwhile. Workers that share a key
// (proto/identity.h) are told apart by the names that they give themselves, so those may supersede
// each other as well. Thread-compatible. Memory: bounded by members_max and the constants below.
#ifndef NASHVILLE_SOLVER_COORDINATOR_MEMBERSHIP_H_
#define NASHVILLE_SOLVER_COORDINATOR_MEMBERSHIP_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/messages.h"
#include "solver/coordinator/options.h"

namespace nash {

// Where a message came from, as the transport says: who (a key), and through which connection.
// Without keys the connection is all there is, and the identity as well.
struct Sender {
  std::string identity;
  std::string connection;
};

struct Member {
  std::string connection;
  std::string name;  // for people
  uint64_t incarnation = 0;
  uint32_t threads = 0;
  Nanos heard{0};
  uint64_t rounds = Hello::kNoTable;  // its table
  std::string relay_endpoint;         // Hello's, as its key
  std::string public_key;
  Nanos reloaded{Nanos::min()};  // last told to reload
  uint64_t units_done = 0;
  std::optional<WorkerFigures> figures;  // of its process, as last told
  std::deque<uint64_t> superseded;       // incarnations, at most kSupersededMax
};

// "worker-1 (host/17)": its key's name, and what it calls itself; one of them where that is all.
std::string NameForPeople(const std::string& identity, const Member& member);
// Of one that is no member any more: the key's name.
std::string NameForPeople(const std::string& identity);

class Membership {
 public:
  static constexpr size_t kSupersededMax = 16;
  static constexpr size_t kBannedMax = 4096;
  static constexpr size_t kFormerMax = 4096;

  explicit Membership(uint32_t members_max) : members_max_(members_max) {}

  // Who sends `message` (null: it cannot be read) through a connection that was let in with the key
  // of this name (empty: without a key). With a shared key, whoever has not said Hello yet goes by
  // the connection alone.
  Sender SenderOf(const std::string& key, const std::string& connection,
                  const WorkerMessage* message) const;

  struct Admission {
    RefusalReason refusal = RefusalReason::kInvalid;  // kInvalid: it is a member
    std::string superseded_connection;                // of the process that it replaces, or empty
    std::string left_identity;                        // without keys: its former one, or empty
    bool is_new_process = false;                      // whether anything leased to it is lost
  };
  Admission Admit(const Sender& sender, const Hello& hello, Nanos now);

  // The member that speaks through this connection, or null.
  Member* Find(const Sender& sender);
  void Forget(const std::string& identity);
  // Forgets it and refuses it from now on: kQuarantined or kRevoked. Here and below `name` is an
  // identity, or a shared key, for all that have it.
  void Ban(const std::string& name, RefusalReason reason);
  // kInvalid: it is not.
  RefusalReason BanOf(const std::string& identity) const;
  std::set<std::string> BannedFor(RefusalReason reason) const;
  void Pardon(const std::string& name);
  std::vector<std::string> MembersOf(const std::string& name) const;
  std::vector<std::string> SilentSince(Nanos deadline) const;

  // By identity.
  const std::map<std::string, Member>& members() const { return members_; }

 private:
  // What outlives a member: which processes it was. Only for identities that outlive connections.
  struct Former {
    uint64_t incarnation = 0;
    std::deque<uint64_t> superseded;
  };
  bool Remember(const std::string& identity, Member* member);

  // The identity speaks through that connection no longer; another may by now.
  void LetGoOf(const std::string& connection, const std::string& identity);

  const uint32_t members_max_;
  std::map<std::string, Member> members_;
  std::map<std::string, Former> former_;
  std::map<std::string, std::string> identities_;  // of members, by connection
  std::map<std::string, RefusalReason> banned_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_COORDINATOR_MEMBERSHIP_H_
