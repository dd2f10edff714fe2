#include "solver/play/strategy_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/checksum.h"
#include "common/files.h"
#include "solver/play/strategy_buckets.h"
#include "tests/play/kuhn_strategy.h"

namespace nash {
namespace {

constexpr size_t kChecksumBytes = 16;
constexpr size_t kRowsAt = kStrategyHeaderBytes + 560;  // the definition has 558 bytes

constexpr size_t kPackedSumAt = kPackedStrategyHeaderBytes + 560 + 12;  // 12 bytes of rows

// Makes a changed file's checksum, which stands at `at`, right again.
std::string Resealed(std::string file, size_t at) {
  const Checksum sum = ChecksumOf(absl::string_view(file).substr(0, at));
  std::memcpy(&file[at], &sum.high, 8);
  std::memcpy(&file[at + 8], &sum.low, 8);
  return file;
}
std::string Resealed(const std::string& file) {
  return Resealed(file, file.size() - kChecksumBytes);
}

absl::Status Refusal(absl::string_view bytes) {
  return ParseStrategyFile(bytes, "dir/some.strategy").status();
}

void ExpectClear(const absl::Status& status, absl::StatusCode code, absl::string_view found) {
  EXPECT_EQ(status.code(), code) << status;
  for (const absl::string_view part : {found, absl::string_view("dir/some.strategy: "),
                                       absl::string_view("inspect_checkpoint export")}) {
    EXPECT_TRUE(absl::StrContains(status.message(), part)) << status << " lacks " << part;
  }
}

// docs/formats/strategy_file.md walks through these bytes. When this test fails, files written
// before can no longer be read: a new format version is due.
TEST(StrategyFile, BytesAreThoseOfTheExampleInTheDocumentation) {
  const std::string file = KuhnStrategy().File(ProbabilityBits::k8);
  EXPECT_EQ(absl::BytesToHexString(file.substr(0, kStrategyHeaderBytes)),
            "4e4153485354520a"
            "0100000060000000"
            "0801000004000000"
            "2c01000000000000"
            "2e02000000000000"
            "0c00000000000000"
            "03000000000000000000000000000000"
            "97c692af1668fed7"
            "000000000000000000000000000000000000000000000000");
  EXPECT_EQ(file.substr(kStrategyHeaderBytes, 11), "name: kuhn\n");
  EXPECT_EQ(absl::BytesToHexString(file.substr(kRowsAt)),
            "ff8055ff8055ff8055ff8055"
            "b8d7e2dd524bef4188b848f2946b2f09");
  EXPECT_EQ(file, ReadFile("tests/fuzz/strategy_file/kuhn_8.seed").value().substr(1));
}

// The other example of the page.
TEST(StrategyFile, PackedBytesAreThoseOfTheExampleInTheDocumentation) {
  const std::string file = KuhnStrategy().PackedFile(ProbabilityBits::k8);
  EXPECT_EQ(absl::BytesToHexString(file.substr(8, 8)), "0200000080000000");
  EXPECT_EQ(absl::BytesToHexString(file.substr(kStrategyHeaderBytes, 32)),
            "0500000000000000"
            "000000000000000000000000000000000000000000000000");
  EXPECT_EQ(absl::BytesToHexString(file.substr(kPackedSumAt - 12, 12 + kChecksumBytes)),
            "ff8055ff8055ff8055ff8055"
            "f601ec237d093c2deb84bb3cb7f74b1e");
  EXPECT_EQ(file.substr(kPackedSumAt + kChecksumBytes, 4096 - kPackedSumAt - kChecksumBytes),
            std::string(4096 - kPackedSumAt - kChecksumBytes, '\0'));
  EXPECT_EQ(file.substr(4096), "hello");
  EXPECT_EQ(file, ReadFile("tests/fuzz/strategy_file/kuhn_packed.seed").value().substr(1));
  const auto content = ParseStrategyFile(file, "x");
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(content->packed_buckets[0].offset, 4096u);
  EXPECT_EQ(content->packed_buckets[0].bytes, 5u);
  EXPECT_EQ(content->packed_buckets[1].bytes, 0u);
}

// What is packed has its own checksums: whoever opens it sees what is wrong there.
TEST(StrategyFile, APackedFileIsCheckedToTheFirstByteOfWhatIsPacked) {
  const std::string file = KuhnStrategy().PackedFile(ProbabilityBits::k8);
  for (size_t length = 0; length < file.size(); ++length) {
    ExpectClear(Refusal(absl::string_view(file).substr(0, length)), absl::StatusCode::kDataLoss,
                "cut short");
  }
  ExpectClear(Refusal(file + 'x'), absl::StatusCode::kDataLoss, "too long");
  for (size_t at = 12; at < file.size(); ++at) {
    std::string flipped = file;
    flipped[at] ^= 1;
    if (at >= 4096) {
      EXPECT_TRUE(Refusal(flipped).ok()) << at;
    } else {
      ExpectClear(Refusal(flipped), absl::StatusCode::kDataLoss,
                  at >= kPackedSumAt + kChecksumBytes ? "is not zero"
                  : at >= kPackedStrategyHeaderBytes  ? "its checksum is wrong"
                                                      : "");
    }
  }
}

TEST(StrategyFile, ReadsWhatWasWritten) {
  KuhnStrategy kuhn;
  kuhn.policy().Row(2, 1)[0] = 0.123456;
  kuhn.policy().Row(2, 1)[1] = 0.876544;
  for (const ProbabilityBits bits : {ProbabilityBits::k8, ProbabilityBits::k16}) {
    const std::string file = kuhn.File(bits);
    const auto content = ParseStrategyFile(file, "x");
    ASSERT_TRUE(content.ok()) << content.status();
    EXPECT_EQ(content->definition, LoadRunDefinition("configs/kuhn.yaml").value());
    EXPECT_EQ(content->iterations, 300u);
    EXPECT_EQ(content->bits, bits);
    EXPECT_EQ(content->num_buckets, (std::array<uint32_t, kStreetsMax>{3}));
    for (NodeIndex node = 0; node < 4; ++node) {
      for (uint32_t bucket = 0; bucket < 3; ++bucket) {
        std::vector<double> read(2), meant(2);
        content->policy->Probabilities(node, bucket, absl::MakeSpan(read));
        kuhn.policy().Probabilities(node, bucket, absl::MakeSpan(meant));
        EXPECT_DOUBLE_EQ(read[0] + read[1], 1);
        for (size_t a = 0; a < 2; ++a) EXPECT_LT(std::abs(read[a] - meant[a]), 1.0 / WholeOf(bits));
      }
    }
  }
}

TEST(StrategyFile, WhatIsToldOfRoundingIsWhatRoundingDid) {
  KuhnStrategy kuhn;
  const auto ignore = [](absl::string_view) { return absl::OkStatus(); };
  const auto silent = [](uint64_t, uint64_t) { return absl::OkStatus(); };
  const auto written = WriteStrategy(kuhn.ToWrite(ProbabilityBits::k8), ignore, silent);
  ASSERT_TRUE(written.ok()) << written.status();
  // Thirds are 85 of 255; halves are 128 and 127, half a part off, which no other row is.
  EXPECT_EQ(written->num_rows, 12u);
  EXPECT_NEAR(written->largest_change, 0.5 / 255, 1e-12);
  EXPECT_NEAR(written->mean_change, 0.5 / 255 / 3, 1e-12);
}

TEST(StrategyFile, IsRefusedWhenCutAtAnyByteOrTooLong) {
  const std::string file = KuhnStrategy().File(ProbabilityBits::k8);
  for (size_t length = 0; length < file.size(); ++length) {
    ExpectClear(Refusal(absl::string_view(file).substr(0, length)), absl::StatusCode::kDataLoss,
                "cut short");
  }
  ExpectClear(Refusal(file + '\0'), absl::StatusCode::kDataLoss, "too long");
}

TEST(StrategyFile, IsRefusedWhenAnyBitOfAnyByteIsFlipped) {
  const std::string file = KuhnStrategy().File(ProbabilityBits::k16);
  for (size_t at = 0; at < file.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[at] ^= static_cast<char>(1 << bit);
      const bool is_version = at >= 8 && at < 12;
      ExpectClear(Refusal(flipped),
                  is_version ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kDataLoss,
                  is_version                   ? "this program reads versions 1 and 2"
                  : at < 8                     ? "not a strategy file"
                  : at >= kStrategyHeaderBytes ? "damaged"
                                               : "");
    }
  }
}

TEST(StrategyFile, ValuesThatDoNotFitAreRefusedEvenUnderARightChecksum) {
  struct Case {
    const char* what;
    size_t at;
    uint8_t value;
    const char* found;
  };
  const Case kCases[] = {
      {"header length", 12, 97, "impossible values"},
      {"twelve bits", 16, 12, "impossible values"},
      {"sixteen bits: twice the bytes", 16, 16, "not those of its run definition"},
      {"no street", 17, 0, "impossible values"},
      {"five streets", 17, 5, "impossible values"},
      {"two streets: the game has one", 17, 2, "other streets"},
      {"zeros", 18, 1, "impossible values"},
      {"no node", 20, 0, "impossible values"},
      {"more nodes than the tree", 20, 5, "not those of its run definition"},
      {"fewer nodes", 20, 3, "not those of its run definition"},
      {"more nodes than any file of this size has", 22, 1, "impossible values"},
      {"definition: shorter", 32, 0x20, "too long"},
      {"definition: longer than any", 35, 1, "impossible values"},
      {"rows: more than there are", 40, 13, "cut short"},
      {"rows: beyond any file", 47, 1, "impossible values"},
      {"buckets: more", 48, 4, "not those of its run definition"},
      {"definition: no YAML", kStrategyHeaderBytes + 4, '\t', "makes no sense"},
      {"definition: no such key", kStrategyHeaderBytes, 'm', "makes no sense"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    std::string file = KuhnStrategy().File(ProbabilityBits::k8);
    file[c.at] = static_cast<char>(c.value);
    ExpectClear(Refusal(Resealed(file)), absl::StatusCode::kDataLoss, c.found);
  }
}

TEST(StrategyFile, PackedLengthsThatDoNotFitAreRefusedEvenUnderARightChecksum) {
  struct Case {
    const char* what;
    size_t at;
    uint8_t value;
    const char* found;
  };
  const Case kCases[] = {
      {"nothing is packed", 96, 0, "impossible values"},
      {"one byte more", 96, 6, "cut short"},
      {"one byte less", 96, 4, "too long"},
      {"more than any bucket file has", 101, 2, "impossible values"},
      {"a street that the game has not", 104, 1, "impossible values"},
      {"the header of the other version", 12, 96, "impossible values"},
      {"the other version, whose header is shorter", 8, 1, "impossible values"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.what);
    std::string file = KuhnStrategy().PackedFile(ProbabilityBits::k8);
    file[c.at] = static_cast<char>(c.value);
    ExpectClear(Refusal(Resealed(file, kPackedSumAt)), absl::StatusCode::kDataLoss, c.found);
  }
}

// Kuhn's cards need no bucket file: a file that has one is not what its definition says.
TEST(StrategyFile, BucketFilesThatTheRunDoesNotNeedAreRefused) {
  const std::string file = KuhnStrategy().PackedFile(ProbabilityBits::k8);
  const auto content = ParseStrategyFile(file, "x");
  ASSERT_TRUE(content.ok()) << content.status();
  const auto found = FindBucketsOf(*content, "dir/some.strategy", "cache");
  ExpectClear(found.status(), absl::StatusCode::kDataLoss, "of other streets");
  const std::string plain = KuhnStrategy().File(ProbabilityBits::k8);
  const auto without = FindBucketsOf(ParseStrategyFile(plain, "x").value(), "dir/x", "cache");
  ASSERT_TRUE(without.ok()) << without.status();
  EXPECT_EQ(without->folder, "cache");
  EXPECT_TRUE(without->places.empty());
}

// Of three actions two are stored.
TEST(StrategyFile, ARowOfMoreThanOneIsRefused) {
  RunDefinition definition = LoadRunDefinition("configs/leduc.yaml").value();
  const PublicTree tree = Built(definition.game, definition.menu);
  const UniformPolicy uniform;
  StrategyToWrite strategy;
  strategy.definition = &definition;
  strategy.tree = &tree;
  strategy.policy = &uniform;
  strategy.bits = ProbabilityBits::k8;
  strategy.num_buckets = {3, 9};
  std::string file;
  const auto keep = [&](absl::string_view bytes) {
    file.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  };
  ASSERT_TRUE(
      WriteStrategy(strategy, keep, [](uint64_t, uint64_t) { return absl::OkStatus(); }).ok());
  ASSERT_TRUE(ParseStrategyFile(file, "x").ok());
  const std::vector<uint64_t> offsets = RowOffsets(tree, strategy.num_buckets, strategy.bits);
  NodeIndex node = 0;
  while (tree.nodes()[node].num_actions != 3) ++node;
  // A third each is 85 of 255: 170 more, and the last action still has none; 171 is too much.
  const size_t at = file.size() - kChecksumBytes - offsets.back() + offsets[node];
  ASSERT_EQ(file[at], 85);
  file[at] = static_cast<char>(170);
  EXPECT_TRUE(ParseStrategyFile(Resealed(file), "x").ok());
  file[at] = static_cast<char>(171);
  ExpectClear(Refusal(Resealed(file)), absl::StatusCode::kDataLoss, "more than one");
}

TEST(StrategyFile, AFileThatCannotBeWrittenLeavesNothingAndKeepsWhatWasThere) {
  KuhnStrategy kuhn;
  const auto silent = [](uint64_t, uint64_t) { return absl::OkStatus(); };
  const auto stop = [](uint64_t, uint64_t) { return absl::CancelledError("stop"); };
  const std::string path = JoinPath(testing::TempDir(), "kept.strategy");
  ASSERT_TRUE(WriteStrategyFile(path, kuhn.ToWrite(ProbabilityBits::k16), silent).ok());
  const std::string before = ReadFile(path).value();
  EXPECT_EQ(before, kuhn.File(ProbabilityBits::k16));
  const auto stopped = WriteStrategyFile(path, kuhn.ToWrite(ProbabilityBits::k8), stop);
  EXPECT_EQ(stopped.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(ReadFile(path).value(), before);
  EXPECT_FALSE(FileExists(path + ".part"));
  const auto opened = StrategyFile::Open(path);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->bytes(), before.size());
}

}  // namespace
}  // namespace nash
