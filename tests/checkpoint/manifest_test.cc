#include "solver/checkpoint/manifest.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <string>

namespace nash {
namespace {

constexpr size_t kHeaderBytes = 48;

// Two chunks: 2 nodes of 5 rows and 30 values, then 1 node of 4 rows and 8 values.
Manifest SmallManifest() {
  Manifest manifest;
  manifest.position = {.definition = "game: kuhn\nseed: 7\n",
                       .fingerprint = "00112233445566778899aabbccddeeff",
                       .round = 3,
                       .iterations = 300,
                       .touches = 2100};
  manifest.state_hash = 0x0123456789abcdef;
  manifest.rows_reached = 6;
  manifest.num_nodes = 3;
  manifest.num_rows = 9;
  manifest.num_values = 38;
  manifest.chunks = {{.first_node = 0, .num_nodes = 2, .bytes = 2 * 8 + 30 * 4, .checksum = {1, 2}},
                     {.first_node = 2, .num_nodes = 1, .bytes = 8 + 8 * 4, .checksum = {3, 4}}};
  return manifest;
}

TEST(Manifest, IsDecodedAsItWasEncoded) {
  const absl::StatusOr<Manifest> decoded = DecodeManifest(EncodeManifest(SmallManifest()), "m");
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, SmallManifest());
}

TEST(Manifest, IsDecodedAtAnyAddress) {
  const std::string bytes = EncodeManifest(SmallManifest());
  for (size_t shift = 0; shift < 8; ++shift) {
    const std::string shifted = std::string(shift, 'x') + bytes;
    EXPECT_TRUE(DecodeManifest(absl::string_view(shifted).substr(shift), "m").ok()) << shift;
  }
}

TEST(Manifest, EveryFlippedByteIsRefused) {
  const std::string bytes = EncodeManifest(SmallManifest());
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int change = 1; change < 256; ++change) {
      std::string flipped = bytes;
      flipped[i] ^= static_cast<char>(change);
      const absl::Status status = DecodeManifest(flipped, "m").status();
      // Bytes 8 to 11 are the format version: told as such.
      const bool is_version = i >= 8 && i < 12;
      EXPECT_EQ(status.code(),
                is_version ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kDataLoss)
          << "byte " << i << " xor " << change << ": " << status;
    }
  }
}

TEST(Manifest, EveryTruncationAndEveryTailIsRefused) {
  const std::string bytes = EncodeManifest(SmallManifest());
  for (size_t size = 0; size < bytes.size(); ++size) {
    const absl::Status status = DecodeManifest(bytes.substr(0, size), "m").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << size << ": " << status;
  }
  EXPECT_EQ(DecodeManifest(bytes + std::string(8, '\0'), "m").status().code(),
            absl::StatusCode::kDataLoss);
}

// The checksum keeps accidents out; what passes it is still foreign.
TEST(Manifest, EveryFlippedByteBehindAnHonestChecksumIsReadWithoutHarm) {
  const std::string message = EncodeManifest(SmallManifest()).substr(kHeaderBytes);
  for (size_t i = 0; i < message.size(); ++i) {
    for (int change = 1; change < 256; ++change) {
      std::string flipped = message;
      flipped[i] ^= static_cast<char>(change);
      const absl::StatusOr<Manifest> decoded = DecodeManifest(SealManifestMessage(flipped), "m");
      if (decoded.ok()) {
        EXPECT_EQ(EncodeManifest(*decoded), SealManifestMessage(flipped)) << i;
      }
    }
  }
  for (size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(DecodeManifest(SealManifestMessage(message.substr(0, size)), "m").ok()) << size;
  }
}

TEST(Manifest, AnotherFormatVersionIsNamedWithTheRemedy) {
  std::string bytes = EncodeManifest(SmallManifest());
  bytes[8] = 7;
  const absl::Status status = DecodeManifest(bytes, "runs/a/manifest").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "runs/a/manifest: has format version 7, this program reads version 1; use the release "
            "of the program that wrote it");
}

TEST(Manifest, WhatDoesNotFitTogetherIsRefused) {
  struct Case {
    const char* why;
    std::function<void(Manifest*)> change;
  };
  const Case kCases[] = {
      {"a gap between chunks", [](Manifest* m) { m->chunks[1].first_node = 3; }},
      {"an overlap of chunks", [](Manifest* m) { m->chunks[1].first_node = 1; }},
      {"a chunk without nodes", [](Manifest* m) { m->chunks[0].num_nodes = 0; }},
      {"more nodes in chunks than in the table", [](Manifest* m) { m->chunks[1].num_nodes = 2; }},
      {"more bytes than the table has", [](Manifest* m) { ++m->chunks[1].bytes; }},
      {"fewer bytes than the table has", [](Manifest* m) { --m->chunks[1].bytes; }},
      {"sizes whose sum wraps to the right one",
       [](Manifest* m) {
         m->chunks[0].bytes += uint64_t{1} << 63;
         m->chunks[1].bytes += uint64_t{1} << 63;
       }},
      {"no chunks", [](Manifest* m) { m->chunks.clear(); }},
      {"no nodes",
       [](Manifest* m) {
         m->chunks.clear();
         m->num_nodes = 0;
         m->num_values = 0;
       }},
      {"fewer rows than nodes", [](Manifest* m) { m->num_rows = 2; }},
      {"more rows than values", [](Manifest* m) { m->num_rows = 39; }},
      {"more rows reached than there are", [](Manifest* m) { m->rows_reached = 10; }},
      {"more values than any table", [](Manifest* m) { m->num_values = uint64_t{1} << 62; }},
      {"a short fingerprint", [](Manifest* m) { m->position.fingerprint = "00"; }},
      {"a fingerprint of other letters", [](Manifest* m) { m->position.fingerprint[3] = 'G'; }},
      {"a control character", [](Manifest* m) { m->position.definition += "\x1b[2J"; }},
      {"a zero byte", [](Manifest* m) { m->position.definition += '\0'; }},
  };
  for (const Case& c : kCases) {
    Manifest manifest = SmallManifest();
    c.change(&manifest);
    EXPECT_EQ(CheckManifest(manifest).code(), absl::StatusCode::kInvalidArgument) << c.why;
    EXPECT_EQ(DecodeManifest(EncodeManifest(manifest), "m").status().code(),
              absl::StatusCode::kDataLoss)
        << c.why;
  }
  EXPECT_TRUE(CheckManifest(SmallManifest()).ok());
}

}  // namespace
}  // namespace nash
