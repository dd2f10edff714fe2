#include "solver/abstraction/bucket_file.h"

#include <gtest/gtest.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "solver/abstraction/bucket_checks.h"

namespace nash {
namespace {

BucketParameters Parameters(uint32_t num_buckets) {
  BucketParameters p;
  p.kind = BucketKind::kEhs;
  p.street = 1;
  p.num_buckets = num_buckets;
  p.num_streets = 2;
  p.num_hole_cards = 2;
  p.num_ranks = 13;
  p.num_suits = 4;
  p.num_board_cards = {0, 3, 0, 0};
  return p;
}

std::vector<uint8_t> File(const BucketParameters& parameters, const std::vector<uint8_t>& data) {
  std::vector<uint8_t> file(BucketFileBytes(data.size()));
  std::copy(data.begin(), data.end(), file.begin() + kBucketHeaderBytes);
  SealBucketFile(parameters, data.size(), absl::MakeSpan(file));
  return file;
}

// Makes a changed header's checksum right again.
void Reseal(std::vector<uint8_t>* file) {
  const uint64_t checksum = XXH3_64bits(file->data(), 72);
  std::memcpy(file->data() + 72, &checksum, 8);
}

// The same buckets as version 2 had them: a checksum of all data, none of blocks.
std::vector<uint8_t> FileOfVersion2(const BucketParameters& parameters,
                                    const std::vector<uint8_t>& data) {
  std::vector<uint8_t> file = File(parameters, data);
  file.resize(kBucketHeaderBytes + data.size());
  file[8] = 2;
  std::memset(file.data() + 36, 0, 4);
  const uint64_t checksum = XXH3_64bits(data.data(), data.size());
  std::memcpy(file.data() + 64, &checksum, 8);
  Reseal(&file);
  return file;
}

absl::Status Refusal(absl::Span<const uint8_t> bytes) {
  return ParseBucketFile(bytes, "dir/some.buckets").status();
}

void ExpectClear(const absl::Status& status, absl::StatusCode code, absl::string_view found) {
  EXPECT_EQ(status.code(), code) << status;
  for (absl::string_view part : {found, absl::string_view("dir/some.buckets: "),
                                 absl::string_view("delete it and build the buckets again")}) {
    EXPECT_NE(status.message().find(part), absl::string_view::npos) << status << " lacks " << part;
  }
}

TEST(BucketFile, ReadsWhatWasWritten) {
  const std::vector<uint8_t> file = File(Parameters(4), {0, 1, 3, 2, 2});
  const absl::StatusOr<BucketTable> table = ParseBucketFile(file, "x");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->parameters, Parameters(4));
  EXPECT_EQ(table->element_bytes, 1);
  ASSERT_EQ(table->num_entries, 5u);
  EXPECT_EQ(table->data[2], 3);
}

// Five entries end in a block that is not full.
TEST(BucketFile, BytesAreThoseOfTheExampleInTheDocumentation) {
  const std::vector<uint8_t> kVersion2 = {
      0x4e, 0x41, 0x53, 0x48, 0x42, 0x4b, 0x54, 0x0a, 0x02, 0x00, 0x00, 0x00, 0x50, 0x00, 0x00,
      0x00, 0x02, 0x01, 0x02, 0x02, 0x0d, 0x04, 0x01, 0x00, 0x00, 0x03, 0x00, 0x00, 0x04, 0x00,
      0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x6d, 0x41, 0x47, 0xe6,
      0x22, 0xcf, 0xc1, 0xc2, 0xd8, 0x74, 0x45, 0xe1, 0xa1, 0xc2, 0xc6, 0x75, 0x81, 0x93, 0x57,
      0x14, 0x90, 0xe0, 0xd4, 0x8c, 0x00, 0x01, 0x03, 0x02, 0x02};
  EXPECT_EQ(FileOfVersion2(Parameters(4), {0, 1, 3, 2, 2}), kVersion2);
  EXPECT_TRUE(Refusal(kVersion2).ok());
  std::vector<uint8_t> example = kVersion2;
  example[8] = 3;
  example[37] = 0x10;  // blocks of 4096 bytes
  const std::vector<uint8_t> kChecksums = {0x2b, 0x6c, 0x16, 0x0b, 0x36, 0x66, 0x50, 0x71,
                                           0x82, 0x48, 0x29, 0x5a, 0x91, 0x4b, 0x80, 0x2f,
                                           0xd8, 0x74, 0x45, 0xe1, 0xa1, 0xc2, 0xc6, 0x75};
  std::copy(kChecksums.begin(), kChecksums.begin() + 16, example.begin() + 64);
  example.insert(example.end(), kChecksums.begin() + 16, kChecksums.end());
  EXPECT_EQ(File(Parameters(4), {0, 1, 3, 2, 2}), example);
  EXPECT_EQ(Parameters(4).Format(),
            "buckets 2 ehs 4 classes 1 seed 0 street 1 of 2 hole 2 ranks 13 suits 4 board 0 3");
  EXPECT_EQ(Parameters(4).FileName(), "flop-ehs-4-c2c1cf22e647416d.buckets");
}

TEST(BucketFile, MoreThan256BucketsTakeTwoBytesEach) {
  EXPECT_EQ(ParseBucketFile(File(Parameters(256), {255, 1}), "x")->element_bytes, 1);
  const std::vector<uint8_t> file = File(Parameters(257), {0, 1, 1, 0});  // buckets 256 and 1
  const absl::StatusOr<BucketTable> table = ParseBucketFile(file, "x");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->element_bytes, 2);
  EXPECT_EQ(table->num_entries, 2u);
}

TEST(BucketFile, IsRefusedWhenCutAtAnyByteOrTooLong) {
  for (std::vector<uint8_t> file :
       {File(Parameters(4), {0, 1, 3, 2, 2}), FileOfVersion2(Parameters(4), {0, 1, 3, 2, 2})}) {
    for (size_t length = 0; length < file.size(); ++length) {
      ExpectClear(Refusal(absl::MakeConstSpan(file).first(length)), absl::StatusCode::kDataLoss,
                  "cut short");
    }
    file.push_back(0);
    ExpectClear(Refusal(file), absl::StatusCode::kDataLoss, "too long");
  }
}

// A flip that makes one version of the other is found by the header's checksum.
TEST(BucketFile, IsRefusedWhenAnyBitOfAnyByteIsFlipped) {
  for (const std::vector<uint8_t>& file :
       {File(Parameters(4), {0, 1, 3, 2, 2}), FileOfVersion2(Parameters(4), {0, 1, 3, 2, 2})}) {
    for (size_t at = 0; at < file.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        std::vector<uint8_t> flipped = file;
        flipped[at] ^= static_cast<uint8_t>(1 << bit);
        const bool is_version =
            at >= 8 && at < 12 && !(at == 8 && (flipped[8] == 2 || flipped[8] == 3));
        ExpectClear(
            Refusal(flipped),
            is_version ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kDataLoss,
            is_version ? "this program reads versions 2 to 3"
            : at < 8   ? "not a bucket file"
            : at < 80  ? "damaged header"
            : at < 85  ? "damaged data"
                       : "damaged checksums");
      }
    }
  }
}

// Blocks are those of 4096 bytes, the last one shorter; entries of two bytes are 2048 a block.
TEST(BucketChecks, ADamagedBlockIsFoundByWhoAsksForAnEntryOfItAndByNobodyElse) {
  constexpr uint32_t kEntries = 3 * 2048 + 5;
  const std::vector<uint8_t> data(2 * kEntries, 1);  // bucket 257 each
  const std::vector<uint8_t> file = File(Parameters(258), data);
  const auto check = [](const std::vector<uint8_t>& bytes, std::vector<uint32_t> entries) {
    const auto table = ParseBucketHeader(bytes, "dir/some.buckets");
    EXPECT_TRUE(table.ok()) << table.status();
    return BucketChecks(*table, "dir/some.buckets").CheckEntries(entries);
  };
  const std::vector<uint32_t> firsts = {0, 2048, 4096, 6144};
  EXPECT_TRUE(check(file, firsts).ok());
  for (const uint32_t block : {0u, 1u, 2u, 3u}) {
    const uint32_t last = std::min(firsts[block] + 2047, kEntries - 1);
    for (const size_t at : {2 * size_t{firsts[block]}, 2 * size_t{last} + 1}) {
      std::vector<uint8_t> flipped = file;
      flipped[kBucketHeaderBytes + at] ^= 1;  // 256, or 1: right buckets both
      for (const uint32_t entry : {firsts[block], last}) {
        ExpectClear(check(flipped, {entry}), absl::StatusCode::kDataLoss, "damaged data");
        ExpectClear(check(flipped, {firsts[(block + 1) % 4], entry}), absl::StatusCode::kDataLoss,
                    "damaged data");
      }
      std::vector<uint32_t> others;
      for (uint32_t entry = 0; entry < kEntries; ++entry) {
        if (entry / 2048 != block) others.push_back(entry);
      }
      EXPECT_TRUE(check(flipped, others).ok()) << block;
      ExpectClear(Refusal(flipped), absl::StatusCode::kDataLoss, "damaged data");
      // Version 2 has one checksum: any entry tells.
      std::vector<uint8_t> old = FileOfVersion2(Parameters(258), data);
      EXPECT_TRUE(check(old, {0}).ok());
      old[kBucketHeaderBytes + at] ^= 1;
      ExpectClear(check(old, {firsts[(block + 1) % 4]}), absl::StatusCode::kDataLoss,
                  "damaged data");
    }
  }
}

TEST(BucketChecks, WhatWasFoundRightIsNotReadAgain) {
  std::vector<uint8_t> file = File(Parameters(4), std::vector<uint8_t>(9000, 3));
  const auto table = ParseBucketHeader(file, "dir/some.buckets");
  ASSERT_TRUE(table.ok()) << table.status();
  BucketChecks checks(*table, "dir/some.buckets");
  EXPECT_TRUE(checks.CheckEntries({4096}).ok());
  for (size_t i = 0; i < 9000; ++i) file[kBucketHeaderBytes + i] ^= 1;
  EXPECT_TRUE(checks.CheckEntries({5000, 8191}).ok());
  EXPECT_FALSE(checks.CheckEntries({8192}).ok());
  EXPECT_FALSE(checks.CheckAll().ok());
}

TEST(BucketFile, ValuesThatDoNotFitAreRefusedEvenUnderARightChecksum) {
  struct Case {
    const char* what;
    size_t at;
    uint8_t value;
    const char* found;
  };
  const Case kCases[] = {
      {"header length", 12, 65, "impossible values"},
      {"kind: unknown", 16, 9, "impossible values"},
      {"kind: the first that there is not", 16, 6, "impossible values"},
      {"kind: lossless streets have no file", 16, 1, "impossible values"},
      {"street after the last", 17, 2, "impossible values"},
      {"five streets", 18, 5, "impossible values"},
      {"hole cards: the content hash is another's", 19, 3, "impossible values"},
      {"element width that does not go with the bucket count", 22, 2, "impossible values"},
      {"ranking: the content hash is another's", 23, 1, "impossible values"},
      {"a ranking that there is not", 23, 2, "impossible values"},
      {"board cards", 25, 4, "impossible values"},
      {"no bucket", 28, 0, "impossible values"},
      {"no class of boards", 32, 0, "impossible values"},
      {"classes that cannot share the buckets", 32, 3, "impossible values"},
      {"classes: the content hash is another's", 32, 2, "impossible values"},
      {"another length of blocks", 36, 1, "impossible values"},
      {"version 2 with blocks", 8, 2, "impossible values"},
      {"seed: the content hash is another's", 40, 1, "impossible values"},
      {"entries: more than the file has", 48, 6, "cut short"},
      {"entries: fewer", 48, 4, "too long"},
      {"entries: beyond any file", 55, 0x80, "impossible values"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    std::vector<uint8_t> file = File(Parameters(4), {0, 1, 3, 2, 2});
    file[c.at] = c.value;
    Reseal(&file);
    ExpectClear(Refusal(file), absl::StatusCode::kDataLoss, c.found);
  }
  std::vector<uint8_t> old = FileOfVersion2(Parameters(4), {0, 1, 3, 2, 2});
  old[8] = 3;
  Reseal(&old);
  ExpectClear(Refusal(old), absl::StatusCode::kDataLoss, "impossible values");
  ExpectClear(Refusal(File(Parameters(4), {0, 4})), absl::StatusCode::kDataLoss,
              "bucket 4, the header says there are 4");
}

// The largest entry is found in lanes of 32 bytes, and in what is left after them.
TEST(BucketFile, ABucketThatIsTooLargeIsFoundWhereverItIs) {
  for (size_t i = 0; i < 70; ++i) {
    std::vector<uint8_t> narrow(70, 3);
    EXPECT_TRUE(Refusal(File(Parameters(4), narrow)).ok());
    narrow[i] = 4;
    ExpectClear(Refusal(File(Parameters(4), narrow)), absl::StatusCode::kDataLoss, "bucket 4,");
    std::vector<uint8_t> wide(140, 1);  // 257 each
    EXPECT_TRUE(Refusal(File(Parameters(258), wide)).ok());
    wide[2 * i] = 2;
    ExpectClear(Refusal(File(Parameters(258), wide)), absl::StatusCode::kDataLoss, "bucket 258,");
  }
}

TEST(BucketFile, AFileOfOtherParametersIsRefusedWithBoth) {
  const std::vector<uint8_t> file = File(Parameters(4), {0});
  EXPECT_TRUE(ParseBucketFileFor(Parameters(4), file, "dir/some.buckets").ok());
  const absl::Status status = ParseBucketFileFor(Parameters(5), file, "dir/some.buckets").status();
  ExpectClear(status, absl::StatusCode::kFailedPrecondition, "ehs 4 classes");
  ExpectClear(status, absl::StatusCode::kFailedPrecondition, "ehs 5 classes");
}

TEST(BucketParameters, OnlyWhatIsDrawnDependsOnTheSeed) {
  const auto parameters = [](BucketKind kind, uint32_t classes, uint64_t seed) {
    return MakeBucketParameters({.num_streets = 2}, 1, {kind, 40, classes, seed});
  };
  EXPECT_EQ(parameters(BucketKind::kEhs, 1, 1), parameters(BucketKind::kEhs, 1, 2));
  EXPECT_EQ(parameters(BucketKind::kEhs2, 1, 1), parameters(BucketKind::kEhs2, 1, 2));
  EXPECT_NE(parameters(BucketKind::kEhs, 4, 1), parameters(BucketKind::kEhs, 4, 2));
  EXPECT_NE(parameters(BucketKind::kOchs, 1, 1), parameters(BucketKind::kOchs, 1, 2));
  EXPECT_NE(parameters(BucketKind::kEmd, 1, 1), parameters(BucketKind::kEmd, 1, 2));
  const std::string name = parameters(BucketKind::kEmd, 4, 1).FileName();
  EXPECT_EQ(name.substr(0, 21), "flop-public-4-emd-40-") << name;
  EXPECT_EQ(parameters(BucketKind::kEmd, 4, 1).Name(), "flop:public:4:emd:40");
}

TEST(BucketParameters, EveryFieldChangesTheHashAndTheFileName) {
  std::vector<BucketParameters> all(11, Parameters(4));
  all[1].street = 0;
  all[2].num_buckets = 5;
  all[3].num_streets = 3;
  all[4].num_hole_cards = 1;
  all[5].num_ranks = 12;
  all[6].num_suits = 3;
  all[7].num_board_cards[1] = 2;
  all[8].kind = BucketKind::kEmd;
  all[9].board_classes = 2;
  all[10].seed = 1;
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_NE(all[i].ContentHash(), all[j].ContentHash()) << i << " " << j;
      EXPECT_NE(all[i].FileName(), all[j].FileName());
    }
  }
}

TEST(BucketFile, HoldsEveryKindThatNeedsAFileAndNoOther) {
  for (int number = 0; number < 256; ++number) {
    BucketParameters parameters = Parameters(3);
    parameters.kind = static_cast<BucketKind>(number);
    const auto table = ParseBucketFile(File(parameters, {0, 1, 2}), "some.buckets");
    EXPECT_EQ(table.ok(), NeedsBucketFile(parameters.kind)) << number << ": " << table.status();
  }
}

}  // namespace
}  // namespace nash
