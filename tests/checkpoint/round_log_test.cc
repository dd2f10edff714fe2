#include "solver/checkpoint/round_log.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "common/checksum.h"
#include "common/files.h"
#include "solver/checkpoint/round_log_record.h"
#include "tests/checkpoint/memory_log_files.h"

namespace nash {
namespace {

constexpr char kFingerprint[] = "000102030405060708090a0b0c0d0e0f";

EncodedRows Rows(const std::string& bytes) { return {bytes, Checksum64Of(bytes)}; }
// Parts of any bytes: the log does not look into them.
EncodedRows RegretsOf(uint64_t round, uint32_t part) {
  return Rows(absl::StrCat("regrets of round ", round, " part ", part));
}
EncodedRows SumsOf(uint64_t round, uint32_t part) {
  return Rows(std::string(part, 's') + std::to_string(round));
}
uint32_t PartsIn(uint64_t round) { return static_cast<uint32_t>(round % 3); }
RoundTotals TotalsIn(uint64_t round) { return {10 * round, 20 * round, ~round}; }

absl::StatusOr<std::unique_ptr<RoundLog>> Open(LogFiles* files, uint64_t first_round = 0) {
  return RoundLog::Open({.files = files, .fingerprint = kFingerprint, .first_round = first_round});
}

void AppendRound(RoundLog* log) {
  const uint64_t round = log->rounds();
  for (uint32_t part = 0; part < PartsIn(round); ++part) {
    ASSERT_TRUE(log->AppendPart(RegretsOf(round, part), SumsOf(round, part)).ok());
  }
  ASSERT_TRUE(log->EndRound(TotalsIn(round)).ok());
  ASSERT_EQ(log->rounds(), round + 1);
}

void ExpectRounds(RoundLog* log, uint64_t first_round, uint64_t rounds) {
  ASSERT_EQ(log->first_round(), first_round);
  ASSERT_EQ(log->rounds(), rounds);
  for (uint64_t round = first_round; round < rounds; ++round) {
    ASSERT_EQ(log->PartsOf(round), PartsIn(round));
    ASSERT_EQ(log->TotalsOf(round), TotalsIn(round));
    for (uint32_t part = 0; part < PartsIn(round); ++part) {
      ASSERT_EQ(log->ReadPart(round, part, 0).value(), RegretsOf(round, part));
      ASSERT_EQ(log->ReadPart(round, part, 1).value(), SumsOf(round, part));
    }
  }
}

// Rounds 0 to 4 in a first file, 5 and 6 in a second.
MemoryLogFiles SmallLog() {
  MemoryLogFiles files;
  const auto log = Open(&files).value();
  for (int i = 0; i < 5; ++i) AppendRound(log.get());
  log->RollSegment();
  for (int i = 0; i < 2; ++i) AppendRound(log.get());
  EXPECT_TRUE(log->Sync().ok());
  return files;
}

TEST(RoundLog, ARoundCanBeReadWhileItIsAppended) {
  MemoryLogFiles files;
  const auto log = Open(&files).value();
  for (int i = 0; i < 2; ++i) AppendRound(log.get());
  ASSERT_EQ(PartsIn(2), 2);
  EXPECT_EQ(log->PartsOf(2), 0);
  for (uint32_t part = 0; part < 2; ++part) {
    ASSERT_TRUE(log->AppendPart(RegretsOf(2, part), SumsOf(2, part)).ok());
    EXPECT_EQ(log->PartsOf(2), part + 1);
    EXPECT_EQ(log->ReadPart(2, part, 0).value(), RegretsOf(2, part));
    EXPECT_EQ(log->ReadPart(1, 0, 0).value(), RegretsOf(1, 0));
  }
  EXPECT_EQ(log->rounds(), 2);
}

TEST(RoundLog, HasTheBytesOfTheWorkedExample) {
  // docs/formats/round_log.md.
  MemoryLogFiles files;
  const auto log = Open(&files, 7).value();
  ASSERT_TRUE(log->AppendPart(Rows("ab"), Rows("c")).ok());
  ASSERT_TRUE(log->EndRound({.touches = 900, .iterations = 300, .regret_hash = 0x55}).ok());
  ASSERT_EQ(files.files.size(), 1);
  EXPECT_EQ(files.files.begin()->first, "segment-0000000007");
  EXPECT_EQ(
      absl::BytesToHexString(files.files.begin()->second),
      "4e415348524c4f47"                                                  // "NASHRLOG"
      "0300000000000000"                                                  // format version 3; 0
      "0700000000000000"                                                  // first round 7
      "3030303130323033303430353036303730383039306130623063306430653066"  // fingerprint, in ASCII
      "68cec6e86e8687fb"                                                  // checksum of the header
      "e8bc56d90b9e6354"    // record: checksum of its header
      "5c73d5249c7173a8"    // checksum of "ab"
      "0700000000000000"    // round 7
      "0200000000000000"    // 2 bytes; part 0
      "0100000000000000"    // regrets; 0
      "6162"                // "ab"
      "87cb7bc7b12a4348"    // record: checksum of its header
      "1bf8b9469a21408c"    // checksum of "c"
      "0700000000000000"    // round 7
      "0100000000000000"    // 1 byte; part 0
      "0200000000000000"    // sums; 0
      "63"                  // "c"
      "e1150e8ae591fb01"    // record: checksum of its header
      "155b849b4fb54b59"    // checksum of what follows
      "0700000000000000"    // round 7
      "1800000001000000"    // 24 bytes; 1 part
      "0300000000000000"    // end; 0
      "8403000000000000"    // 900 touches
      "2c01000000000000"    // 300 iterations
      "5500000000000000");  // regret hash 55
}

TEST(RoundLog, GivesBackWhatWasAppended) {
  MemoryLogFiles files = SmallLog();
  EXPECT_EQ(files.files.size(), 2);
  const auto log = Open(&files).value();
  ExpectRounds(log.get(), 0, 7);
  EXPECT_EQ(log->durable_rounds(), 7);
  EXPECT_EQ(log->cut_bytes(), 0);
  AppendRound(log.get());
  ExpectRounds(log.get(), 0, 8);
  ExpectRounds(Open(&files).value().get(), 0, 8);
}

TEST(RoundLog, WorksOnRealFiles) {
  const std::string folder = JoinPath(::testing::TempDir(), "round_log");
  ASSERT_TRUE(RemoveAll(folder).ok());
  const auto files = OpenLogFolder(folder).value();
  {
    const auto log = Open(files.get(), 3).value();
    for (int i = 0; i < 5; ++i) AppendRound(log.get());
    log->RollSegment();
    AppendRound(log.get());
    ASSERT_TRUE(log->Sync().ok());
    ExpectRounds(log.get(), 3, 9);
  }
  ASSERT_TRUE(files->Append("segment-0000000008", "torn").ok());
  const auto log = Open(OpenLogFolder(folder).value().get());
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ((*log)->cut_bytes(), 4);
  const auto other_files = OpenLogFolder(folder).value();
  const auto again = Open(other_files.get()).value();
  EXPECT_EQ(again->cut_bytes(), 0);
  ExpectRounds(again.get(), 3, 9);
  ASSERT_TRUE(again->DropBelow(8).ok());
  ExpectRounds(again.get(), 8, 9);
  EXPECT_EQ(ListFolder(folder).value(), std::vector<std::string>{"segment-0000000008"});
}

// After a crash the file may end anywhere: the rounds before the cut are there, and the log goes
// on.
TEST(RoundLog, EveryCutKeepsTheRoundsBeforeIt) {
  const MemoryLogFiles whole = SmallLog();
  const std::string last = whole.files.rbegin()->first;
  const size_t bytes = whole.files.at(last).size();
  uint64_t most = 0;
  for (size_t n = 0; n < bytes; ++n) {
    MemoryLogFiles files = whole;
    files.files[last].resize(n);
    const auto log = Open(&files);
    ASSERT_TRUE(log.ok()) << n << ": " << log.status();
    ASSERT_GE((*log)->rounds(), std::max<uint64_t>(most, 5)) << n;
    ASSERT_LT((*log)->rounds(), 7) << n;
    most = (*log)->rounds();
    AppendRound(log->get());
    const auto again = Open(&files).value();
    ASSERT_EQ(again->cut_bytes(), 0) << n;
    ExpectRounds(again.get(), 0, most + 1);
  }
  EXPECT_EQ(most, 6);
}

// A flip in the last record looks as a torn end does. Any other is told, with its place.
TEST(RoundLog, EveryFlipIsToldOrCut) {
  const MemoryLogFiles whole = SmallLog();
  const std::string last = whole.files.rbegin()->first;
  const size_t last_record = whole.files.at(last).size() - kRecordHeaderBytes - 24;
  for (const auto& [name, contents] : whole.files) {
    for (size_t i = 0; i < contents.size(); ++i) {
      MemoryLogFiles files = whole;
      files.files[name][i] ^= static_cast<char>(1 << (i % 8));
      const auto log = Open(&files);
      if (log.ok()) {
        EXPECT_EQ(name, last);
        EXPECT_GE(i, last_record);
        EXPECT_EQ((*log)->rounds(), 6);
        EXPECT_GT((*log)->cut_bytes(), 0);
        continue;
      }
      if (name == last) {
        EXPECT_LT(i, last_record);
      }
      const bool is_header = i >= 8 && i < 12;
      EXPECT_EQ(log.status().code(),
                is_header ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kDataLoss)
          << name << " " << i;
      EXPECT_TRUE(absl::StrContains(log.status().message(), name)) << log.status();
      EXPECT_TRUE(is_header || absl::StrContains(log.status().message(), " at byte "));
    }
  }
}

// A crash may leave a file longer than what was written, with zeros at its end: a sparse file of
// gigabytes is looked through in no time, and a record behind zeros is still seen.
TEST(RoundLog, ZerosAtItsEndAreCutAndARecordBehindThemIsDamage) {
  const std::string name = SegmentName(5);
  const MemoryLogFiles whole = SmallLog();
  const std::string record = [] {
    std::string bytes;
    AppendRecord({.payload_checksum = Checksum64Of("x"),
                  .round = 7,
                  .payload_bytes = 1,
                  .type = RecordType::kRegrets},
                 "x", &bytes);
    return bytes;
  }();
  std::vector<size_t> lengths = {size_t{64} << 20};
  for (size_t zeros = 1; zeros < 130; ++zeros) lengths.push_back(zeros);
  lengths.push_back((8 << 20) - 20);  // across the end of what is read at once
  for (const size_t zeros : lengths) {
    MemoryLogFiles files = whole;
    files.files[name].append(zeros, '\0');
    const auto log = Open(&files);
    ASSERT_TRUE(log.ok()) << log.status();
    EXPECT_EQ((*log)->cut_bytes(), zeros);
    ExpectRounds(log->get(), 0, 7);

    files = whole;
    files.files[name].append(zeros, '\0');
    files.files[name] += record;
    EXPECT_EQ(Open(&files).status().code(), absl::StatusCode::kDataLoss) << zeros;
  }
}

TEST(RoundLog, HolesAreNotRead) {
  constexpr uint64_t kHoleBytes = uint64_t{256} << 20;
  MemoryLogFiles files = SmallLog();
  files.files[SegmentName(5)].append(kHoleBytes, '\0');
  files.read_bytes = 0;
  ASSERT_TRUE(Open(&files).ok());
  EXPECT_LT(files.read_bytes, uint64_t{64} << 20);
}

TEST(RoundLog, ReadingTellsHowFarItHasCome) {
  MemoryLogFiles files = SmallLog();
  files.files[SegmentName(5)].append(uint64_t{24} << 20, '\1');
  std::vector<StageProgress> told;
  const auto log = RoundLog::Open({.files = &files,
                                   .fingerprint = kFingerprint,
                                   .progress = [&](const StageProgress& p) { told.push_back(p); }});
  ASSERT_TRUE(log.ok()) << log.status();
  ASSERT_GE(told.size(), 3) << "a window is 8 MiB";
  for (size_t i = 1; i < told.size(); ++i) EXPECT_GE(told[i].done, told[i - 1].done);
  EXPECT_EQ(told.back().done, 24);
  EXPECT_EQ(told.back().total, 24);
}

TEST(RoundLog, AChangeBehindItsBackIsSeenOnReading) {
  MemoryLogFiles files = SmallLog();
  const auto log = Open(&files).value();
  std::string& file = files.files.begin()->second;
  file[file.find(RegretsOf(2, 1).bytes)] ^= 1;
  int told = 0;
  for (uint64_t round = 0; round < 5; ++round) {
    for (uint32_t part = 0; part < PartsIn(round); ++part) {
      for (int lane = 0; lane < 2; ++lane) {
        told += absl::IsDataLoss(log->ReadPart(round, part, lane).status());
      }
    }
  }
  EXPECT_EQ(told, 1);
}

TEST(RoundLog, AMissingFileIsTold) {
  MemoryLogFiles files;
  const auto log = Open(&files).value();
  for (int i = 0; i < 3; ++i) {
    AppendRound(log.get());
    log->RollSegment();
  }
  ASSERT_EQ(files.files.size(), 3);
  files.files.erase("segment-0000000001");
  EXPECT_EQ(Open(&files).status().code(), absl::StatusCode::kDataLoss);
}

TEST(RoundLog, AnotherRunIsRefused) {
  MemoryLogFiles files = SmallLog();
  const auto log = RoundLog::Open({.files = &files, .fingerprint = std::string(32, 'f')});
  EXPECT_EQ(log.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(absl::StrContains(log.status().message(), kFingerprint)) << log.status();
}

TEST(RoundLog, AFullDiskLeavesNoHalfRecordAndTheCallCanBeMadeAgain) {
  for (const bool leaves_half : {false, true}) {
    for (uint64_t room = 0; room < 600; room += 7) {
      MemoryLogFiles files;
      files.leaves_half = leaves_half;
      files.room_bytes = room;
      const auto log = Open(&files).value();
      const auto until_it_fits = [&](const auto& call) {
        absl::Status status;
        while (!(status = call()).ok()) {
          ASSERT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
          files.room_bytes += 100;
        }
      };
      for (uint64_t round = 0; round < 4; ++round) {
        for (uint32_t part = 0; part < PartsIn(round); ++part) {
          until_it_fits(
              [&] { return log->AppendPart(RegretsOf(round, part), SumsOf(round, part)); });
        }
        until_it_fits([&] { return log->EndRound(TotalsIn(round)); });
        log->RollSegment();
      }
      ExpectRounds(log.get(), 0, 4);
      const auto again = Open(&files).value();
      EXPECT_EQ(again->cut_bytes(), 0);
      ExpectRounds(again.get(), 0, 4);
    }
  }
}

TEST(RoundLog, WhatWasDurableSurvivesALossOfPower) {
  MemoryLogFiles files;
  const auto log = Open(&files).value();
  for (int i = 0; i < 9; ++i) {
    AppendRound(log.get());
    if (i % 4 == 1) log->RollSegment();
    if (i % 3 == 0) {
      ASSERT_TRUE(log->Sync().ok());
    }
    MemoryLogFiles after;
    after.files = files.synced;
    const auto found = Open(&after).value();
    ASSERT_GE(found->rounds(), log->durable_rounds());
    ExpectRounds(found.get(), 0, found->rounds());
  }
  EXPECT_EQ(log->durable_rounds(), 7);
}

TEST(RoundLog, AFailedSyncIsNeverTriedAgain) {
  MemoryLogFiles files;
  const auto log = Open(&files).value();
  AppendRound(log.get());
  files.sync_fails = true;
  EXPECT_EQ(log->Sync().code(), absl::StatusCode::kAborted);
  files.sync_fails = false;
  const int syncs = files.syncs;
  EXPECT_EQ(log->Sync().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(files.syncs, syncs);
  EXPECT_EQ(log->durable_rounds(), 0);
  EXPECT_EQ(log->EndRound({}).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(log->DropBelow(1).code(), absl::StatusCode::kAborted);
}

TEST(RoundLog, DropsWholeFilesOnly) {
  MemoryLogFiles files = SmallLog();
  const auto log = Open(&files).value();
  ASSERT_TRUE(log->DropBelow(4).ok());
  ExpectRounds(log.get(), 0, 7);
  ASSERT_TRUE(log->DropBelow(5).ok());
  ExpectRounds(log.get(), 5, 7);
  ASSERT_TRUE(log->DropBelow(7).ok());  // the last file stays
  ExpectRounds(log.get(), 5, 7);
  AppendRound(log.get());
  ExpectRounds(Open(&files).value().get(), 5, 8);
}

TEST(RoundLog, BeginsAnewPastItsEnd) {
  MemoryLogFiles files = SmallLog();
  const auto log = Open(&files).value();
  ASSERT_TRUE(log->DropBelow(20).ok());
  EXPECT_TRUE(files.files.empty());
  EXPECT_EQ(log->rounds(), 20);
  AppendRound(log.get());
  ExpectRounds(log.get(), 20, 21);
  ExpectRounds(Open(&files).value().get(), 20, 21);
}

// Whatever the cut falls on: within a file, at the start of one, before all.
TEST(RoundLog, IsCutToAnyRoundForGoodAndGoesOnFromThere) {
  for (uint64_t round = 0; round <= 7; ++round) {
    SCOPED_TRACE(round);
    MemoryLogFiles files = SmallLog();
    auto log = Open(&files).value();
    if (round % 2 == 0) log->RollSegment();
    ASSERT_TRUE(log->CutTo(round).ok());
    ExpectRounds(log.get(), 0, round);
    EXPECT_EQ(log->durable_rounds(), round);
    EXPECT_EQ(files.files, files.synced);
    ExpectRounds(Open(&files).value().get(), 0, round);
    for (int i = 0; i < 3; ++i) AppendRound(log.get());
    ASSERT_TRUE(log->Sync().ok());
    ExpectRounds(log.get(), 0, round + 3);
    ExpectRounds(Open(&files).value().get(), 0, round + 3);
  }
}

TEST(RoundLog, ACutThatFailsEndsIt) {
  MemoryLogFiles files = SmallLog();
  const auto log = Open(&files).value();
  files.sync_fails = true;
  EXPECT_EQ(log->CutTo(3).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(log->Sync().code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace nash
