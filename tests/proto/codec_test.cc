#include "proto/codec.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "common/files.h"
#include "tests/proto/sample_messages.h"

namespace nash {
namespace {

// Decodes a copy on the heap that starts `shift` bytes past an aligned address, and ends where a
// sanitizer sees reads past it.
absl::StatusOr<Envelope> DecodeCopy(const std::string& frame, size_t shift = 0) {
  std::vector<char> copy(shift);
  copy.insert(copy.end(), frame.begin(), frame.end());
  copy.shrink_to_fit();
  return Decode({copy.data() + shift, frame.size()});
}

TEST(Codec, GivesBackEveryMessage) {
  const std::vector<Message> messages = SampleMessages();
  ASSERT_EQ(messages.size(), std::variant_size_v<Message>);
  for (size_t i = 0; i < messages.size(); ++i) {
    ASSERT_EQ(messages[i].index(), i) << "a kind is missing among the samples";
    const Envelope envelope = SampleEnvelope(messages[i]);
    for (size_t shift = 0; shift < 8; ++shift) {
      const auto back = DecodeCopy(Encode(envelope), shift);
      ASSERT_TRUE(back.ok()) << i << ": " << back.status();
      EXPECT_EQ(*back, envelope) << i;
    }
    // The same kind with nothing in it, but for what may not be nothing.
    Envelope empty;
    empty.message = messages[i];
    EXPECT_EQ(*Decode(Encode(empty)), empty);
  }
}

TEST(Codec, TakesTheLargestMessages) {
  std::string text(kDefinitionTextMax, 'd');
  std::vector<Message> messages = {
      DeltaPart{{kRoundsMax, kUnitsMax - 1},
                kPartsMax - 1,
                SampleRows(std::string(kPayloadBytesMax, 'x'))},
      Welcome{text, std::vector<BucketFileName>(kBucketFilesMax, {15, ~uint64_t{0}, ~uint64_t{0}})},
      BucketPart{~uint64_t{0}, ~uint64_t{0}, std::string(kPayloadBytesMax, '\xff')}};
  for (const Message& message : messages) {
    const std::string frame = Encode(SampleEnvelope(message));
    EXPECT_LE(frame.size(), kFrameBytesMax);
    const auto back = DecodeCopy(frame, 4);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, SampleEnvelope(message));
  }
}

// docs/protocol.md walks through this frame. When this test fails, programs built before speak
// another schema: a higher kProtocolVersion tells people which is newer.
TEST(Codec, HasTheBytesOfTheWorkedExample) {
  const std::string frame = Encode(SampleEnvelope(Lease{{44, 6, 0x77}, 15000, 3}));
  const std::string seed = ReadFile("tests/fuzz/codec/lease.seed").value();
  EXPECT_EQ(absl::BytesToHexString(frame), absl::BytesToHexString(seed));
}

TEST(Codec, EveryCutIsRefused) {
  for (const Message& message : SampleMessages()) {
    const std::string frame = Encode(SampleEnvelope(message));
    for (size_t n = 0; n < frame.size(); ++n) {
      ASSERT_EQ(DecodeCopy(frame.substr(0, n)).status().code(), absl::StatusCode::kInvalidArgument);
    }
    EXPECT_FALSE(DecodeCopy(frame + std::string(8, '\0')).ok());
  }
}

TEST(Codec, EveryFlipIsRefused) {
  for (const Message& message : SampleMessages()) {
    const std::string frame = Encode(SampleEnvelope(message));
    for (size_t i = 0; i < frame.size() * 8; ++i) {
      std::string other = frame;
      other[i / 8] ^= static_cast<char>(1 << (i % 8));
      const bool is_version = (i / 8 >= 8 && i / 8 < 12) || (i / 8 >= 16 && i / 8 < 24);
      ASSERT_EQ(DecodeCopy(other).status().code(), is_version
                                                       ? absl::StatusCode::kFailedPrecondition
                                                       : absl::StatusCode::kInvalidArgument)
          << "bit " << i;
    }
  }
}

// Behind a checksum that was made right, any bytes are refused, or are a message within limits.
TEST(Codec, FlipsBehindTheChecksumDoNoHarm) {
  for (const Message& message : SampleMessages()) {
    const std::string frame = Encode(SampleEnvelope(message));
    for (size_t i = kFrameHeaderBytes * 8; i < frame.size() * 8; ++i) {
      std::string other = frame.substr(kFrameHeaderBytes);
      other[i / 8 - kFrameHeaderBytes] ^= static_cast<char>(1 << (i % 8));
      const auto back = DecodeCopy(SealMessage(other));
      if (back.ok()) {
        ASSERT_TRUE(CheckEnvelope(*back).ok());
      }
    }
  }
}

TEST(Codec, AnotherVersionOrSchemaIsNamed) {
  std::string frame = Encode(SampleEnvelope(Resend{1}));
  frame[8] = 7;
  absl::Status status = Decode(frame).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(status.message(), "version 7")) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrFormat("version %d", kProtocolVersion)));
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrFormat("%016x", SchemaHash())));
  // Whatever comes after: a later version may look different there.
  EXPECT_EQ(Decode(frame.substr(0, kFrameHeaderBytes)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

struct Refused {
  const char* reason;
  Message message;
};

TEST(Codec, ValuesOutOfRangeAreTold) {
  constexpr uint32_t kMost32 = std::numeric_limits<uint32_t>::max();
  EncodedRows wrong_checksum = SampleRows("rows");
  wrong_checksum.checksum ^= 1;
  const Refused cases[] = {
      {"no enum value 0", Refusal{RefusalReason::kInvalid, ""}},
      {"no enum value past the last", Refusal{static_cast<RefusalReason>(9), ""}},
      {"control characters would garble a log", Goodbye{"a\nb"}},
      {"a name that is too long", Hello{std::string(kNameTextMax + 1, 'n'), 1, 1, 0}},
      {"a name that would mean everybody", Hello{"n*", 1, 1, 0}},
      {"no threads", Hello{"n", 1, 0, 0}},
      {"a round that would wrap", Following{kRoundsMax + 1, 0, 0, {}}},
      {"more units than anybody holds",
       Following{1, 0, 0, std::vector<UnitName>(Following::kHeldMax + 1)}},
      {"a unit past the limit", Lease{{1, kUnitsMax}, 1}},
      {"a lease for years", Lease{{1, 1}, kMost32}},
      {"no parts are asked for", FetchRound{1, 0, 0}},
      {"a range of parts that would wrap", FetchSnapshot{1, kMost32, 2}},
      {"rows that are not those of the checksum", RoundPart{1, 1, wrong_checksum}},
      {"a street of no game", Welcome{"", {{kStreetsLimit, 0, 0}}, 0, 0, 0}},
      {"too many files", Welcome{"", std::vector<BucketFileName>(kBucketFilesMax + 1), 0, 0, 0}},
      {"a chunk that is too large", BucketPart{0, 0, std::string(kPayloadBytesMax + 1, 'b')}},
  };
  for (const Refused& c : cases) {
    EXPECT_EQ(CheckEnvelope(SampleEnvelope(c.message)).code(), absl::StatusCode::kInvalidArgument)
        << c.reason;
  }
  Envelope envelope = SampleEnvelope(Resend{1});
  envelope.fingerprint = "0123";
  EXPECT_FALSE(CheckEnvelope(envelope).ok());
}

// The least struct, a union set to 0: what memory that nobody filled would say.
TEST(Codec, AnEmptyMessageIsInvalid) {
  for (size_t words = 1; words < 20; ++words) {
    const auto status = Decode(SealMessage(std::string(8 * words, '\0'))).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << words;
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
    EXPECT_EQ(Decode(SealMessage(other)).status().code(), absl::StatusCode::kInvalidArgument);
    ++tried;
  }
  EXPECT_EQ(tried, 1);
}

}  // namespace
}  // namespace nash
