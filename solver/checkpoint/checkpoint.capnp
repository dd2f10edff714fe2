# The message inside a checkpoint's manifest. The file around it, the order of the bytes and what
# is refused: docs/formats/checkpoint.md. Stored in canonical form, one segment, unpacked.
#
# A change that old programs would misread needs a new format version (solver/checkpoint/manifest.h).
# Nothing about the machine, the clock or the threads belongs here: the same run definition gives
# the same bytes everywhere.
@0xb7a3c5f1e2d94860;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("nash::wire");

struct CheckpointManifest {
  definition @0 :Text;     # the run definition in canonical form
  fingerprint @1 :Text;    # of the run definition: 32 hexadecimal digits
  round @2 :UInt64;        # rounds that are complete
  iterations @3 :UInt64;   # deals traversed
  touches @4 :UInt64;      # row visits
  stateHash @5 :UInt64;    # solver/checkpoint/state_hash.h
  rowsReached @6 :UInt64;  # rows that are not all zero
  nodes @7 :UInt32;
  rows @8 :UInt64;
  values @9 :UInt64;
  chunks @10 :List(Chunk);  # in order of nodes; they tile [0, nodes) without gap or overlap

  struct Chunk {
    firstNode @0 :UInt32;
    nodes @1 :UInt32;  # at least 1
    bytes @2 :UInt64;  # of the file
    checksumHigh @3 :UInt64;  # XXH3-128 of the file
    checksumLow @4 :UInt64;
  }
}
