// Parts of merged rounds on their way: to our table, and on to other workers.
//
// The coordinator makes a tree of its workers (RelayPlace), so that it sends each round a few times
// and not to everybody. Here is one worker's place in it, a cache that fetches what it is asked
// for:
//
//   coordinator --parts, the first few workers--> our table, and peers below us
//   coordinator --checksums, everybody else-----> |
//   source -------parts that have them----------> our table, and peers below us
//
// A part of the source's counts only with the checksum that the coordinator has told, so a relay
// that lies is found before anything of it is applied. What the source does not give in time, or
// gives wrong, the coordinator is asked for: a source can cost time and nothing else. Parts go on
// one by one as they come, also while a unit runs here. docs/protocol.md, "Relays".
//
// A state machine without socket, thread or clock. Thread-compatible. Memory: parts of the newest
// rounds, at most WorkerOptions::relay_bytes_max, and a few bytes for each that is asked for.
#ifndef NASHVILLE_WORKER_RELAY_H_
#define NASHVILLE_WORKER_RELAY_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proto/messages.h"
#include "worker/counters.h"
#include "worker/options.h"
#include "worker/retry_timer.h"

namespace nash {

class Relay {
 public:
  // Older rounds are the coordinator's business: whoever is that far behind is alone with it.
  static constexpr uint64_t kRounds = 2;
  // Asked for by peers and not here yet; more are not noted, and their timers run out.
  static constexpr size_t kWaitingMax = 1024;

  // Both outlive us.
  Relay(const WorkerOptions& options, WorkerCounters* counters)
      : options_(options),
        counters_(counters),
        patience_(options.retry_min, options.retry_max),
        checksum_patience_(options.retry_min, options.retry_max) {}
  Relay(const Relay&) = delete;

  // Another coordinator, or another history: places and parts of before mean nothing.
  void Reset();
  void OnPlace(const RelayPlace& place, Nanos now);
  const RelayPlace& place() const { return place_; }
  // So many are complete at the coordinator, as far as we know.
  void OnRounds(uint64_t rounds, Nanos now);

  // Somebody but the coordinator passes this round on to us.
  bool HasSourceOf(uint64_t round) const {
    return !place_.source_endpoint.empty() && IsOurs(round);
  }

  // What we hold of it, or null; until the next call.
  const EncodedRows* Find(uint64_t round, uint32_t part) const;
  // Our table wants a part that we do not hold. To be repeated while it does not come.
  void Want(uint64_t round, uint32_t part, Nanos now);
  // A peer wants some. What we hold goes to it at once, the rest as it comes.
  void OnFetch(const std::string& peer, const FetchRound& fetch, Nanos now);

  void OnChecksums(const RoundChecksums& checksums, Nanos now);
  // Of a round that is not complete yet. What follows a message that was lost must be asked for.
  void OnGrows(const RoundGrows& grows, Nanos now);
  // Of the coordinator: it is right.
  void OnPart(const RoundPart& part);
  // Of the source, decoded: its checksum is that of its bytes. Returns whether it is right.
  bool OnSourcePart(const RoundPart& part, Nanos now);
  // There is no connection to the source: what it was asked for will not come.
  void OnSourceGone(Nanos now);
  void OnTick(Nanos now);

  // What is to be sent; each is given once.
  std::vector<WorkerMessage> TakeForCoordinator();
  std::vector<FetchRound> TakeForSource();
  struct ForPeer {
    std::string peer;
    RoundPart part;
  };
  std::vector<ForPeer> TakeForPeers() { return std::exchange(for_peers_, {}); }

 private:
  struct Trip {
    bool is_of_source = false;  // else the coordinator has been asked
    Nanos since{0};
    std::optional<Nanos> source_asked;
  };
  struct Round {
    std::vector<uint64_t> checksums;  // from the first part on, as far as they are known
    bool are_told = false;  // by RoundChecksums: what is not among them the coordinator gives
    std::optional<Nanos> checksums_asked;
    bool are_checksums_late = false;  // then the coordinator is asked for parts meanwhile
    std::set<uint32_t> held_back;     // wanted: who is asked, the checksums will tell
    std::map<uint32_t, Trip> under_way;
    std::map<uint32_t, EncodedRows> kept;
    std::map<uint32_t, std::set<std::string>> waiting;  // peers, by part
  };
  using Parts = std::set<std::pair<uint64_t, uint32_t>>;  // by round, part

  // New enough to be passed on.
  bool IsOurs(uint64_t round) const {
    return round <= rounds_end_ && round + kRounds >= rounds_end_;
  }
  bool HasSource(Nanos now) const {
    return !place_.source_endpoint.empty() && now >= paused_until_;
  }
  void AskFor(uint64_t round, uint32_t part, Nanos now);
  void AskForHeldBack(uint64_t round, Nanos now);
  void AskCoordinator(uint64_t number, uint32_t part, Round* round, Nanos now);
  void FallBack(uint64_t number, Round* round, Nanos now);
  void Distrust(Nanos now);
  void Arrived(const RoundPart& part, Round* round);
  void Keep(const RoundPart& part, Round* round);
  void Give(const std::string& peer, uint64_t round, uint32_t part, const EncodedRows& rows);
  static std::vector<FetchRound> InRanges(const Parts& parts, uint32_t parts_max);

  const WorkerOptions& options_;
  WorkerCounters* const counters_;
  RelayPlace place_;
  RetryTimer patience_;           // with the source
  RetryTimer checksum_patience_;  // with the coordinator
  Nanos paused_until_{0};
  uint64_t rounds_end_ = 0;  // complete at the coordinator
  std::map<uint64_t, Round> rounds_;
  size_t num_waiting_ = 0;
  std::deque<std::pair<uint64_t, uint32_t>> kept_;  // in the order in which they came
  uint64_t kept_bytes_ = 0;

  Parts for_coordinator_, for_source_;
  std::set<uint64_t> checksums_wanted_;
  std::vector<ForPeer> for_peers_;
};

}  // namespace nash

#endif  // NASHVILLE_WORKER_RELAY_H_
