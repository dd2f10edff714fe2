# What coordinator and workers say to each other. Names are those of proto/messages.h, which says what
# they mean; the bytes around a message and what is refused: docs/formats/messages.md.
#
# Ordinals are append-only, 0 is invalid in the union and in enums. Any change of this file but for
# comments changes the schema hash, and programs with different hashes refuse each other.
@0xe1d4a0b6c7f25839;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("nash::wire");

struct Envelope {
  fingerprint @0 :Text;
  generation @1 :UInt64;
  union {
    invalid @2 :Void;
    hello @3 :Hello;
    following @4 :Following;
    fetchBuckets @5 :FetchBuckets;
    fetchRegrets @6 :Parts;
    fetchRound @7 :Parts;
    deltaPart @8 :UnitPart;
    unitClaim @9 :UnitClaim;
    goodbye @10 :Goodbye;
    welcome @11 :Welcome;
    refusal @12 :Refusal;
    lease @13 :Lease;
    partReceived @14 :UnitPartName;
    unitReceived @15 :UnitName;
    roundMerged @16 :RoundMerged;
    roundPart @17 :RoundPart;
    regretPart @18 :RoundPart;
    bucketPart @19 :BucketPart;
    resend @20 :Resend;
    reload @21 :Reload;
    fetchStart @22 :FetchStart;
    startPart @23 :UnitPart;
    workerFigures @24 :WorkerFigures;
    fetchChecksums @25 :FetchChecksums;
    roundChecksums @26 :RoundChecksums;
    relayPlace @27 :RelayPlace;
    roundGrows @28 :RoundGrows;
  }
}

struct Rows {
  bytes @0 :Data;
  checksum @1 :UInt64;
}

struct UnitName {
  round @0 :UInt64;
  unit @1 :UInt32;
  startChecksum @2 :UInt64;
}

struct UnitPartName {
  round @0 :UInt64;
  unit @1 :UInt32;
  part @2 :UInt32;
  startChecksum @3 :UInt64;
}

struct UnitPart {
  round @0 :UInt64;
  unit @1 :UInt32;
  part @2 :UInt32;
  rows @3 :Rows;
  startChecksum @4 :UInt64;
}

struct RoundPart {
  round @0 :UInt64;
  part @1 :UInt32;
  rows @2 :Rows;
}

struct Parts {
  round @0 :UInt64;
  firstPart @1 :UInt32;
  parts @2 :UInt32;
}

struct Hello {
  workerName @0 :Text;
  incarnation @1 :UInt64;
  threads @2 :UInt32;
  rounds @3 :UInt64;
  relayEndpoint @4 :Text;
  publicKey @5 :Text;
}

struct Following {
  rounds @0 :UInt64;
  regretHash @1 :UInt64;
  unitsWanted @2 :UInt32;
  held @3 :List(UnitName);

  struct UnitName {
    round @0 :UInt64;
    unit @1 :UInt32;
    startChecksum @2 :UInt64;
  }
}

struct WorkerTimes {
  running @0 :UInt64;
  applying @1 :UInt64;
  fetching @2 :UInt64;
  delivering @3 :UInt64;
  merging @4 :UInt64;
  others @5 :UInt64;
}

struct WorkerFigures {
  milliseconds @0 :UInt64;
  waitedMilliseconds @1 :UInt64;
  touches @2 :UInt64;
  processorDeals @3 :UInt64;
  deviceDeals @4 :UInt64;
  residentBytes @5 :UInt64;
  times @6 :WorkerTimes;
}

struct FetchBuckets {
  contentHash @0 :UInt64;
  offset @1 :UInt64;
}

struct FetchChecksums {
  round @0 :UInt64;
}

struct RoundChecksums {
  round @0 :UInt64;
  checksums @1 :List(UInt64);
}

struct RoundGrows {
  round @0 :UInt64;
  firstPart @1 :UInt32;
  checksums @2 :List(UInt64);
}

struct RelayPlace {
  sourceEndpoint @0 :Text;
  sourceKey @1 :Text;
  childKeys @2 :List(Text);
}

struct FetchStart {
  round @0 :UInt64;
  unit @1 :UInt32;
  firstPart @2 :UInt32;
  parts @3 :UInt32;
}

struct UnitClaim {
  round @0 :UInt64;
  unit @1 :UInt32;
  parts @2 :UInt32;
  touches @3 :UInt64;
  checksum @4 :UInt64;
  startChecksum @5 :UInt64;
}

struct Goodbye {
  reason @0 :Text;
}

struct BucketFileName {
  street @0 :UInt32;
  contentHash @1 :UInt64;
  bytes @2 :UInt64;
}

struct Welcome {
  definition @0 :Text;
  buckets @1 :List(BucketFileName);
  regretsRound @2 :UInt64;
  regretParts @3 :UInt32;
  rounds @4 :UInt64;
  history @5 :UInt64;
}

enum RefusalReason {
  invalid @0;
  protocol @1;
  fingerprint @2;
  generation @3;
  superseded @4;
  quarantined @5;
  revoked @6;
  full @7;
  draining @8;
}

struct Refusal {
  reason @0 :RefusalReason;
  text @1 :Text;
}

struct Lease {
  round @0 :UInt64;
  unit @1 :UInt32;
  milliseconds @2 :UInt32;
  startChecksum @3 :UInt64;
  startParts @4 :UInt32;
}

struct RoundMerged {
  round @0 :UInt64;
  parts @1 :UInt32;
  regretHash @2 :UInt64;
  durableRounds @3 :UInt64;
  rounds @4 :UInt64;
}

struct BucketPart {
  contentHash @0 :UInt64;
  offset @1 :UInt64;
  bytes @2 :Data;
}

struct Resend {
  round @0 :UInt64;
}

struct Reload {
  regretsRound @0 :UInt64;
  regretParts @1 :UInt32;
}
