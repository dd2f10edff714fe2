#include "proto/codec.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "tests/proto/sample_messages.h"

namespace nash {
namespace {

// Decodes a copy on the heap that starts `shift` bytes past an aligned address, and ends where a
// sanitizer sees reads past it.
template <typename Message>
absl::StatusOr<Envelope<Message>> DecodeCopy(const std::string& frame, size_t shift = 0) {
  std::vector<char> copy(shift);
  copy.insert(copy.end(), frame.begin(), frame.end());
  copy.shrink_to_fit();
  return Decode<Message>({copy.data() + shift, frame.size()});
}

// The same, as a message that goes the way of this one.
template <typename Message>
absl::StatusOr<Envelope<Message>> DecodeLike(const Envelope<Message>&, const std::string& frame,
                                             size_t shift = 0) {
  return DecodeCopy<Message>(frame, shift);
}

template <typename Message>
void ExpectOneOfEachKind(const std::vector<Message>& messages) {
  ASSERT_EQ(messages.size(), std::variant_size_v<Message>);
  for (size_t i = 0; i < messages.size(); ++i) {
    EXPECT_EQ(messages[i].index(), i) << "a kind is missing among the samples";
  }
}

TEST(Codec, GivesBackEveryMessage) {
  ExpectOneOfEachKind(SampleWorkerMessages());
  ExpectOneOfEachKind(SampleCoordinatorMessages());
  ForEachSample([](const auto& envelope) {
    for (size_t shift = 0; shift < 8; ++shift) {
      const auto back = DecodeLike(envelope, Encode(envelope), shift);
      ASSERT_TRUE(back.ok()) << envelope.message.index() << ": " << back.status();
      EXPECT_EQ(*back, envelope) << envelope.message.index();
    }
    // The same message in an envelope that says nothing.
    auto bare = envelope;
    bare.fingerprint.clear();
    bare.generation = 0;
    EXPECT_EQ(*DecodeLike(bare, Encode(bare)), bare);
  });
}

TEST(Codec, AMessageThatGoesTheOtherWayIsRefused) {
  for (const WorkerMessage& message : SampleWorkerMessages()) {
    const absl::Status status =
        Decode<CoordinatorMessage>(Encode(SampleEnvelope(message))).status();
    EXPECT_EQ(status, absl::InvalidArgumentError("a message that only workers send"));
  }
  for (const CoordinatorMessage& message : SampleCoordinatorMessages()) {
    const absl::Status status = Decode<WorkerMessage>(Encode(SampleEnvelope(message))).status();
    EXPECT_EQ(status, absl::InvalidArgumentError("a message that only coordinators send"));
  }
}

TEST(Codec, TakesTheLargestMessages) {
  const auto expect_back = [](const auto& envelope) {
    const std::string frame = Encode(envelope);
    EXPECT_LE(frame.size(), kFrameBytesMax);
    const auto back = DecodeLike(envelope, frame, 4);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, envelope);
  };
  const std::string payload(kPayloadBytesMax, '\xff');
  expect_back(
      SampleEnvelope(DeltaPart{{kRoundsMax, kUnitsMax - 1}, kPartsMax - 1, SampleRows(payload)}));
  expect_back(SampleEnvelope(
      Welcome{std::string(kDefinitionTextMax, 'd'),
              std::vector<BucketFileName>(kBucketFilesMax, {15, ~uint64_t{0}, ~uint64_t{0}})}));
  expect_back(SampleEnvelope(BucketPart{~uint64_t{0}, ~uint64_t{0}, payload}));
  expect_back(SampleEnvelope(
      RoundChecksums{kRoundsMax, std::vector<uint64_t>(RoundChecksums::kPartsMax, ~uint64_t{0})}));
  expect_back(
      SampleEnvelope(RoundGrows{kRoundsMax, kPartsMax - RoundChecksums::kPartsMax,
                                std::vector<uint64_t>(RoundChecksums::kPartsMax, ~uint64_t{0})}));
  expect_back(SampleEnvelope(
      RelayPlace{"tcp://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", std::string(40, 'k'),
                 std::vector<std::string>(RelayPlace::kChildrenMax, std::string(40, 'k'))}));
}

TEST(Codec, EveryCutIsRefused) {
  ForEachSample([](const auto& envelope) {
    const std::string frame = Encode(envelope);
    for (size_t n = 0; n < frame.size(); ++n) {
      ASSERT_EQ(DecodeLike(envelope, frame.substr(0, n)).status().code(),
                absl::StatusCode::kInvalidArgument);
    }
    EXPECT_FALSE(DecodeLike(envelope, frame + std::string(8, '\0')).ok());
  });
}

TEST(Codec, EveryFlipIsRefused) {
  ForEachSample([](const auto& envelope) {
    const std::string frame = Encode(envelope);
    for (size_t i = 0; i < frame.size() * 8; ++i) {
      std::string other = frame;
      other[i / 8] ^= static_cast<char>(1 << (i % 8));
      const bool is_version = (i / 8 >= 8 && i / 8 < 12) || (i / 8 >= 16 && i / 8 < 24);
      ASSERT_EQ(
          DecodeLike(envelope, other).status().code(),
          is_version ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kInvalidArgument)
          << "bit " << i;
    }
  });
}

// Behind a checksum that was made right, any bytes are refused, or are a message within limits.
TEST(Codec, FlipsBehindTheChecksumDoNoHarm) {
  ForEachSample([](const auto& envelope) {
    const std::string frame = Encode(envelope);
    for (size_t i = kFrameHeaderBytes * 8; i < frame.size() * 8; ++i) {
      std::string other = frame.substr(kFrameHeaderBytes);
      other[i / 8 - kFrameHeaderBytes] ^= static_cast<char>(1 << (i % 8));
      const auto back = DecodeLike(envelope, SealMessage(other));
      if (back.ok()) {
        ASSERT_TRUE(CheckEnvelope(*back).ok());
      }
    }
  });
}

TEST(Codec, AnotherVersionOrSchemaIsNamed) {
  std::string frame = Encode(SampleEnvelope(Resend{1}));
  frame[8] = 99;
  absl::Status status = Decode<CoordinatorMessage>(frame).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "version 99")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrFormat("version %d", kProtocolVersion)));
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrFormat("%016x", SchemaHash())));
  // Whatever comes after: a later version may look different there.
  EXPECT_EQ(Decode<CoordinatorMessage>(frame.substr(0, kFrameHeaderBytes)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

struct Refused {
  const char* reason;
  std::variant<WorkerEnvelope, CoordinatorEnvelope> envelope;
};

TEST(Codec, ValuesOutOfRangeAreTold) {
  constexpr uint32_t kMost32 = std::numeric_limits<uint32_t>::max();
  EncodedRows wrong_checksum = SampleRows("rows");
  wrong_checksum.checksum ^= 1;
  const Refused cases[] = {
      {"no enum value 0", SampleEnvelope(Refusal{RefusalReason::kInvalid, ""})},
      {"no enum value past the last", SampleEnvelope(Refusal{static_cast<RefusalReason>(9), ""})},
      {"control characters would garble a log", SampleEnvelope(Goodbye{"a\nb"})},
      {"a name that is too long",
       SampleEnvelope(Hello{std::string(kNameTextMax + 1, 'n'), 1, 1, 0})},
      {"a name that would mean everybody", SampleEnvelope(Hello{"n*", 1, 1, 0})},
      {"no threads", SampleEnvelope(Hello{"n", 1, 0, 0})},
      {"a name, which others would have to look up",
       SampleEnvelope(Hello{"n", 1, 1, 0, "tcp://relay:5556"})},
      {"no port", SampleEnvelope(Hello{"n", 1, 1, 0, "tcp://10.0.0.1"})},
      {"a port that there is not", SampleEnvelope(Hello{"n", 1, 1, 0, "tcp://10.0.0.1:65536"})},
      {"brackets that do not close", SampleEnvelope(Hello{"n", 1, 1, 0, "tcp://[::1:5556"})},
      {"a path on whoever connects", SampleEnvelope(RelayPlace{"ipc:///tmp/any", "", {}})},
      {"half a key", SampleEnvelope(Hello{"n", 1, 1, 0, "", std::string(20, 'k')})},
      {"a key that would garble a log", SampleEnvelope(RelayPlace{"", std::string(40, '\n'), {}})},
      {"a key of nobody", SampleEnvelope(RelayPlace{"", "", {""}})},
      {"too many children",
       SampleEnvelope(RelayPlace{
           "", "", std::vector<std::string>(RelayPlace::kChildrenMax + 1, std::string(40, 'k'))})},
      {"too many checksums",
       SampleEnvelope(RoundChecksums{1, std::vector<uint64_t>(RoundChecksums::kPartsMax + 1)})},
      {"a round that grows by too many parts",
       SampleEnvelope(RoundGrows{1, 0, std::vector<uint64_t>(RoundChecksums::kPartsMax + 1)})},
      {"a round that grows beyond what there may be",
       SampleEnvelope(RoundGrows{1, kPartsMax, {1}})},
      {"a round that would wrap", SampleEnvelope(Following{kRoundsMax + 1, 0, 0, {}})},
      {"more units than anybody holds",
       SampleEnvelope(Following{1, 0, 0, std::vector<UnitName>(Following::kHeldMax + 1)})},
      {"a figure that a double does not hold", SampleEnvelope(WorkerFigures{kFigureMax + 1})},
      {"a unit past the limit", SampleEnvelope(Lease{{1, kUnitsMax}, 1})},
      {"a lease for years", SampleEnvelope(Lease{{1, 1}, kMost32})},
      {"no parts are asked for", SampleEnvelope(FetchRound{1, 0, 0})},
      {"a range of parts that would wrap", SampleEnvelope(FetchRegrets{1, kMost32, 2})},
      {"rows that are not those of the checksum", SampleEnvelope(RoundPart{1, 1, wrong_checksum})},
      {"a street of no game", SampleEnvelope(Welcome{"", {{kStreetsLimit, 0, 0}}, 0, 0, 0})},
      {"too many files",
       SampleEnvelope(Welcome{"", std::vector<BucketFileName>(kBucketFilesMax + 1), 0, 0, 0})},
      {"a chunk that is too large",
       SampleEnvelope(BucketPart{0, 0, std::string(kPayloadBytesMax + 1, 'b')})},
  };
  for (const Refused& c : cases) {
    const absl::Status status =
        std::visit([](const auto& envelope) { return CheckEnvelope(envelope); }, c.envelope);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.reason;
  }
  CoordinatorEnvelope envelope = SampleEnvelope(Resend{1});
  envelope.fingerprint = "0123";
  EXPECT_FALSE(CheckEnvelope(envelope).ok());
}

// The least struct, a union set to 0: what memory that nobody filled would say.
TEST(Codec, AnEmptyMessageIsInvalid) {
  for (size_t words = 1; words < 20; ++words) {
    const std::string frame = SealMessage(std::string(8 * words, '\0'));
    for (const absl::Status& status :
         {Decode<WorkerMessage>(frame).status(), Decode<CoordinatorMessage>(frame).status()}) {
      EXPECT_EQ(status, absl::InvalidArgumentError("a message of no known kind (0)")) << words;
    }
  }
}

// A list of 2^29 structs without bytes: its length alone must not take memory or time.
TEST(Codec, AmplificationIsRefused) {
  const std::string frame =
      Encode(SampleEnvelope(Welcome{"", std::vector<BucketFileName>(2, {1, 1, 1}), 0, 0, 0}));
  std::string message = frame.substr(kFrameHeaderBytes);
  // Its pointer says: a composite list (7); the tag says how many.
  int tried = 0;
  for (size_t at = 0; at + 8 <= message.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, &message[at], sizeof(word));
    if ((word & 3) != 0 || (word >> 2 & 0x3fffffff) != 2 || word >> 32 != 3) continue;
    std::string other = message;
    const uint64_t tag = uint64_t{0x1fffffff} << 2;  // that many elements of no words
    std::memcpy(&other[at], &tag, sizeof(tag));
    EXPECT_EQ(Decode<CoordinatorMessage>(SealMessage(other)).status().code(),
              absl::StatusCode::kInvalidArgument);
    ++tried;
  }
  EXPECT_EQ(tried, 1);
}

}  // namespace
}  // namespace nash
