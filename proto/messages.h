// What coordinator and workers say to each other, as plain structs.
//
// The bytes are the codec's business (codec.h), the states that messages belong to are in
// docs/protocol.md. Every message may be lost, repeated, late or out of order; all of them are
// named by (round, unit, part) or by (round, part), so that repeating one changes nothing.
// Thread-safe: values only.
#ifndef NASHVILLE_PROTO_MESSAGES_H_
#define NASHVILLE_PROTO_MESSAGES_H_

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/sparse_delta_codec.h"

namespace nash {

inline constexpr uint32_t kProtocolVersion = 9;

// A unit of work. Its result is a pure function of its name and of the table it starts from
// (lines.h). Several workers may give it, always the same.
struct UnitName {
  uint64_t round = 0;
  uint32_t unit = 0;
  // Lag 1: its start is the result of the same unit of the round before, of this checksum
  // (ClaimedResult); 0 where the lines meet.
  uint64_t start_checksum = 0;
  friend auto operator<=>(const UnitName&, const UnitName&) = default;
};

// ---- from workers

// The first message of a connection, repeated until Welcome or Refusal comes.
struct Hello {
  std::string worker_name;   // host and process, or as it was told; holds no '*'
  uint64_t incarnation = 0;  // drawn anew by each process: tells a restarted worker from its twin
  uint32_t threads = 0;
  // Rounds complete on the worker's table, for one that rejoins; kNoTable for one that has none.
  uint64_t rounds = 0;
  // Where it passes parts of merged rounds on to other workers, as tcp://ADDRESS:PORT by number;
  // empty: nowhere.
  std::string relay_endpoint;
  // Its public key, by which relays let it in; empty without keys. Nobody believes it: a relay that
  // has not its secret half cannot be spoken to, and what relays give is compared with checksums.
  std::string public_key;
  static constexpr uint64_t kNoTable = ~uint64_t{0};
  friend bool operator==(const Hello&, const Hello&) = default;
};

// The worker's table is complete up to `rounds`; it wants units that start from it. Sent when it
// gets there, and again every few seconds: also a sign of life.
struct Following {
  uint64_t rounds = 0;       // kNoTable while it loads one
  uint64_t regret_hash = 0;  // of its regrets then
  uint32_t units_wanted = 0;
  // Leased units that it runs or whose result is on its way: leases are renewed by naming them. A
  // unit that is leased and not named was lost on the way and is leased again.
  std::vector<UnitName> held;
  static constexpr uint64_t kNoTable = Hello::kNoTable;
  static constexpr size_t kHeldMax = 64;
  friend bool operator==(const Following&, const Following&) = default;
};

// Microseconds of a worker's process, by what they went into. What they lack of all: it had no
// coordinator, or no table yet.
struct WorkerTimes {
  uint64_t running = 0;     // units
  uint64_t applying = 0;    // what came, most of all what rounds have changed
  uint64_t fetching = 0;    // waiting for parts of a merged round, or of what a unit starts from
  uint64_t delivering = 0;  // waiting for the coordinator to take results
  uint64_t merging = 0;     // waiting for it to merge the round; with lag that is not told
  uint64_t others = 0;      // waiting for others' units, or for whatever else
  friend bool operator==(const WorkerTimes&, const WorkerTimes&) = default;
};
struct NamedWorkerTime {
  const char* name;
  uint64_t WorkerTimes::*time;
};
inline constexpr std::array<NamedWorkerTime, 6> kWorkerTimes = {{
    {"running", &WorkerTimes::running},
    {"applying", &WorkerTimes::applying},
    {"fetching", &WorkerTimes::fetching},
    {"delivering", &WorkerTimes::delivering},
    {"merging", &WorkerTimes::merging},
    {"others", &WorkerTimes::others},
}};

// What the worker's process has done since its start, for people who watch the run: nothing is
// decided by it, and it is no part of the state. Sent every few seconds; one that is lost is made
// up for by the next.
struct WorkerFigures {
  uint64_t milliseconds = 0;         // since its start
  uint64_t waited_milliseconds = 0;  // of these, traversals waited for batches of deals
  uint64_t touches = 0;              // of units that have ended, as all that follow
  uint64_t processor_deals = 0;      // looked up by the processor
  uint64_t device_deals = 0;
  uint64_t resident_bytes = 0;  // now
  WorkerTimes times;
  friend bool operator==(const WorkerFigures&, const WorkerFigures&) = default;
};

struct FetchBuckets {
  uint64_t content_hash = 0;
  uint64_t offset = 0;
  friend bool operator==(const FetchBuckets&, const FetchBuckets&) = default;
};

// Asks for parts [first_part, first_part + parts) of the regrets that a checkpoint has stored: of
// the table at the end of `round`.
struct FetchRegrets {
  uint64_t round = 0;
  uint32_t first_part = 0;
  uint32_t parts = 0;
  friend bool operator==(const FetchRegrets&, const FetchRegrets&) = default;
};

// Asks for parts [first_part, first_part + parts) of what round `round` changed: the coordinator,
// or the worker that passes them on to the sender.
struct FetchRound {
  uint64_t round = 0;
  uint32_t first_part = 0;
  uint32_t parts = 0;
  friend bool operator==(const FetchRound&, const FetchRound&) = default;
};

// Asks for RoundChecksums.
struct FetchChecksums {
  uint64_t round = 0;
  friend bool operator==(const FetchChecksums&, const FetchChecksums&) = default;
};

// Asks for parts [first_part, first_part + parts) of the result (round, unit), which is the start
// of a unit that was leased.
struct FetchStart {
  uint64_t round = 0;
  uint32_t unit = 0;
  uint32_t first_part = 0;
  uint32_t parts = 0;
  friend bool operator==(const FetchStart&, const FetchStart&) = default;
};

// One part of a unit's result, both lanes.
struct DeltaPart {
  UnitName name;
  uint32_t part = 0;
  EncodedRows rows;
  friend bool operator==(const DeltaPart&, const DeltaPart&) = default;
};

// What tells one result of a unit from another.
struct ClaimedResult {
  uint32_t parts = 0;
  uint64_t touches = 0;
  uint64_t checksum = 0;  // of the checksums of all parts (unit_checksum.h)
  friend bool operator==(const ClaimedResult&, const ClaimedResult&) = default;
};

// The sender has this result. Sent with the first parts and repeated until UnitReceived comes:
// where another worker's parts are there already, ours need not be sent.
struct UnitClaim {
  UnitName name;
  ClaimedResult result;
  friend bool operator==(const UnitClaim&, const UnitClaim&) = default;
};

struct Goodbye {
  std::string reason;
  friend bool operator==(const Goodbye&, const Goodbye&) = default;
};

// ---- from the coordinator

struct BucketFileName {
  uint32_t street = 0;
  uint64_t content_hash = 0;
  uint64_t bytes = 0;
  friend bool operator==(const BucketFileName&, const BucketFileName&) = default;
};

struct Welcome {
  std::string definition;  // canonical text, game included
  std::vector<BucketFileName> buckets;
  // The table to start from: that of the end of this round, in so many parts; round 0 is all zero.
  uint64_t regrets_round = 0;
  uint32_t regret_parts = 0;
  uint64_t rounds = 0;  // complete by now
  // How many times rounds were taken back. Whoever has made or merged anything under another
  // history forgets it: results have the same names as before and may be others.
  uint64_t history = 0;
  friend bool operator==(const Welcome&, const Welcome&) = default;
};

enum class RefusalReason : uint16_t {
  kInvalid = 0,
  kProtocol = 1,     // other version or schema: both are named
  kFingerprint = 2,  // of another run
  kGeneration = 3,   // of an earlier life of the coordinator: say Hello again
  kSuperseded = 4,   // a newer incarnation with the same key has come
  kQuarantined = 5,  // sent something that cannot be right
  kRevoked = 6,      // the key was taken back
  kFull = 7,         // no room for another worker: come back later
  kDraining = 8,     // the run is done or stops
};

struct Refusal {
  RefusalReason reason = RefusalReason::kInvalid;
  std::string text;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

struct Lease {
  UnitName name;
  uint32_t milliseconds = 0;  // from receipt; the coordinator's own clock decides
  uint32_t start_parts = 0;   // of what it starts from; 0 where the lines meet
  friend bool operator==(const Lease&, const Lease&) = default;
};

// The part has come (again); it may be forgotten once its round is durable.
struct PartReceived {
  UnitName name;
  uint32_t part = 0;
  friend bool operator==(const PartReceived&, const PartReceived&) = default;
};

// UnitClaim and all parts of the unit have come: neither needs repeating.
struct UnitReceived {
  UnitName name;
  friend bool operator==(const UnitReceived&, const UnitReceived&) = default;
};

// Round `round` is merged: what it changed can be fetched in `parts` parts. A worker whose table is
// complete up to `round` follows it: no unit that starts from that table waits for it any more.
struct RoundMerged {
  uint64_t round = 0;
  uint32_t parts = 0;
  uint64_t regret_hash = 0;     // after it: the worker's must be equal
  uint64_t durable_rounds = 0;  // rounds below are on disk: deltas of them may be forgotten
  uint64_t rounds = 0;          // complete by now: units of rounds below are not wanted any more
  friend bool operator==(const RoundMerged&, const RoundMerged&) = default;
};

// From the coordinator, or from the worker that passes parts on to the receiver.
struct RoundPart {
  uint64_t round = 0;
  uint32_t part = 0;
  EncodedRows rows;  // lane 0 only
  friend bool operator==(const RoundPart&, const RoundPart&) = default;
};

// Of the parts of a merged round, in order: what a relay gives must have them. Empty where the
// coordinator does not know them, which then gives the parts itself; so it does with parts past
// kPartsMax.
struct RoundChecksums {
  uint64_t round = 0;
  std::vector<uint64_t> checksums;
  static constexpr size_t kPartsMax = 1 << 16;
  friend bool operator==(const RoundChecksums&, const RoundChecksums&) = default;
};

// More of the round that is being merged can be fetched: checksums of its parts from `first_part`
// on. The parts before were told of in the same way. RoundMerged says when it is whole.
struct RoundGrows {
  uint64_t round = 0;
  uint32_t first_part = 0;
  std::vector<uint64_t> checksums;  // at most RoundChecksums::kPartsMax
  friend bool operator==(const RoundGrows&, const RoundGrows&) = default;
};

// The receiver's place in the tree by which merged rounds are passed on. Until another comes.
struct RelayPlace {
  std::string source_endpoint;  // Hello's of who gives it parts; empty: the coordinator does
  std::string source_key;       // that one's public key; empty without keys
  std::vector<std::string> child_keys;  // of those that it may give parts to; empty without keys
  static constexpr size_t kChildrenMax = 64;
  friend bool operator==(const RelayPlace&, const RelayPlace&) = default;
};

// A part of what FetchStart asked for.
struct StartPart {
  uint64_t round = 0;
  uint32_t unit = 0;
  uint32_t part = 0;
  EncodedRows rows;
  friend bool operator==(const StartPart&, const StartPart&) = default;
};

// Of the regrets that a checkpoint has stored.
struct RegretPart {
  uint64_t round = 0;
  uint32_t part = 0;
  EncodedRows rows;  // lane 0 only, as a delta from zero
  friend bool operator==(const RegretPart&, const RegretPart&) = default;
};

// The bytes from `offset`, a multiple of kBucketPartBytes, on; fewer only at the file's end.
inline constexpr uint64_t kBucketPartBytes = 1 << 20;
struct BucketPart {
  uint64_t content_hash = 0;
  uint64_t offset = 0;
  std::string bytes;
  friend bool operator==(const BucketPart&, const BucketPart&) = default;
};

// The coordinator has lost what it had of this round and later ones (a roll-back): send your
// units of them again.
struct Resend {
  uint64_t round = 0;
  friend bool operator==(const Resend&, const Resend&) = default;
};

// Throw the table away and fetch the stored regrets.
struct Reload {
  uint64_t regrets_round = 0;
  uint32_t regret_parts = 0;
  friend bool operator==(const Reload&, const Reload&) = default;
};

// ---- the two directions

using WorkerMessage =
    std::variant<Hello, Following, FetchBuckets, FetchRegrets, FetchRound, FetchStart, DeltaPart,
                 UnitClaim, Goodbye, WorkerFigures, FetchChecksums>;
using CoordinatorMessage = std::variant<Welcome, Refusal, Lease, PartReceived, UnitReceived,
                                        RoundMerged, RoundPart, RegretPart, StartPart, BucketPart,
                                        Resend, Reload, RoundChecksums, RelayPlace, RoundGrows>;

// What every message carries besides. A worker's Hello has generation 0, and an empty fingerprint
// unless it was given a run definition or rejoins. Message: WorkerMessage or CoordinatorMessage.
template <typename Message>
struct Envelope {
  uint32_t protocol_version = kProtocolVersion;
  std::string fingerprint;  // of the run: 32 hexadecimal digits, or empty
  uint64_t generation = 0;  // of the coordinator: one more after each restart
  Message message;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};
using WorkerEnvelope = Envelope<WorkerMessage>;
using CoordinatorEnvelope = Envelope<CoordinatorMessage>;

}  // namespace nash

#endif  // NASHVILLE_PROTO_MESSAGES_H_
