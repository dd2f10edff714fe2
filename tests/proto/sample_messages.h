// One message of every kind, every field different from its default, for tests and fuzz seeds.
#ifndef NASHVILLE_TESTS_PROTO_SAMPLE_MESSAGES_H_
#define NASHVILLE_TESTS_PROTO_SAMPLE_MESSAGES_H_

#include <string>
#include <utility>
#include <vector>

#include "common/checksum.h"
#include "proto/messages.h"

namespace nash {

inline EncodedRows SampleRows(const std::string& bytes) { return {bytes, Checksum64Of(bytes)}; }

inline std::vector<WorkerMessage> SampleWorkerMessages() {
  return {Hello{"host-1/4711", 0x1122334455667788, 32, Hello::kNoTable, "tcp://10.0.0.7:5556",
                std::string(40, 'k')},
          Following{41, 0xfedcba9876543210, 3, {{41, 2, 0x66}, {41, 7}}},
          FetchBuckets{0xabcdef, 1 << 20},
          FetchRegrets{41, 7, 9},
          FetchRound{42, 8, 10},
          FetchStart{43, 5, 7, 9},
          DeltaPart{{43, 5, 0x55}, 2, SampleRows("rows of a unit")},
          UnitClaim{{43, 5, 0x55}, {3, 123456789, 0x77}},
          Goodbye{"SIGTERM"},
          WorkerFigures{5000, 250, 123456789, 1000, 2000, 1 << 30, {1, 2, 3, 4, 5, 6}},
          FetchChecksums{44}};
}

inline std::vector<CoordinatorMessage> SampleCoordinatorMessages() {
  return {Welcome{"game: kuhn\nseed: 1\n", {{1, 0x11, 100}, {2, 0x22, 200}}, 40, 12, 44},
          Refusal{RefusalReason::kDraining, "the run is done"},
          Lease{{44, 6, 0x77}, 15000, 3},
          PartReceived{{44, 6, 0x77}, 1},
          UnitReceived{{44, 6, 0x77}},
          RoundMerged{44, 4, 0x99, 43, 46},
          RoundPart{44, 3, SampleRows(std::string(1000, 'r'))},
          RegretPart{40, 11, SampleRows(std::string("\0\1\2", 3))},
          StartPart{43, 5, 7, SampleRows("rows of a unit's own line")},
          BucketPart{0xabcdef, 1 << 20, "bucket bytes"},
          Resend{43},
          Reload{40, 12},
          RoundChecksums{44, {0x11, 0x22, 0x33}},
          RelayPlace{"tcp://[fd00::7]:5556", std::string(40, 's'), {std::string(40, 'a')}},
          RoundGrows{45, 7, {0x44, 0x55}}};
}

inline constexpr char kSampleFingerprint[] = "000102030405060708090a0b0c0d0e0f";

inline WorkerEnvelope SampleEnvelope(WorkerMessage message) {
  return {kProtocolVersion, kSampleFingerprint, 3, std::move(message)};
}
inline CoordinatorEnvelope SampleEnvelope(CoordinatorMessage message) {
  return {kProtocolVersion, kSampleFingerprint, 3, std::move(message)};
}

// Calls visit(envelope) for each sample of both directions.
template <typename Visit>
void ForEachSample(const Visit& visit) {
  for (const WorkerMessage& message : SampleWorkerMessages()) visit(SampleEnvelope(message));
  for (const CoordinatorMessage& message : SampleCoordinatorMessages()) {
    visit(SampleEnvelope(message));
  }
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_PROTO_SAMPLE_MESSAGES_H_
