#include "solver/coordinator/part_spool.h"

#include <gtest/gtest.h>

#include "common/checksum.h"

namespace nash {
namespace {

constexpr uint64_t kRound = 7;

EncodedRows Rows(char c, size_t bytes) {
  const std::string content(bytes, c);
  return {content, Checksum64Of(content)};
}

TEST(PartSpool, GivesBackWhatWasPutWhereverItLies) {
  PartSpool spool(/*memory_bytes=*/250, ::testing::TempDir());
  const EncodedRows parts[] = {Rows('a', 100), Rows('b', 100), Rows('c', 100), Rows('d', 50),
                               Rows('e', 1)};
  std::vector<PartSpool::Ticket> tickets;
  for (int times = 0; times < 3; ++times) {
    tickets.clear();
    for (const EncodedRows& part : parts) tickets.push_back(spool.Put(kRound, part).value());
    EXPECT_EQ(spool.bytes_in_memory(), 250);
    EXPECT_EQ(spool.bytes_on_disk(), 101);
    for (size_t i = tickets.size(); i > 0; --i) {
      EXPECT_EQ(spool.Get(kRound, tickets[i - 1]).value(), parts[i - 1]);
    }
    spool.Forget(kRound);
    EXPECT_EQ(spool.bytes_in_memory() + spool.bytes_on_disk(), 0);
  }
}

TEST(PartSpool, BytesOnDiskThatAreNotWhatWasPutAreNoticed) {
  PartSpool spool(0, ::testing::TempDir());
  EncodedRows part = Rows('a', 100);
  part.checksum ^= 1;
  const auto ticket = spool.Put(kRound, part);
  EXPECT_TRUE(absl::IsDataLoss(spool.Get(kRound, *ticket).status()));
}

TEST(PartSpool, RoundsAreKeptApart) {
  PartSpool spool(/*memory_bytes=*/150, ::testing::TempDir());
  const EncodedRows parts[] = {Rows('a', 100), Rows('b', 100), Rows('c', 50), Rows('d', 30)};
  // In memory and on disk, in turns.
  for (uint64_t i = 0; i < 4; ++i) EXPECT_EQ(spool.Put(i % 2, parts[i]).value(), i / 2);
  spool.Forget(0);
  EXPECT_EQ(spool.bytes_in_memory(), 0);
  EXPECT_EQ(spool.bytes_on_disk(), 130);
  EXPECT_EQ(spool.Get(1, 0).value(), parts[1]);
  EXPECT_EQ(spool.Get(1, 1).value(), parts[3]);
  EXPECT_EQ(spool.Put(0, parts[2]).value(), 0);
  EXPECT_EQ(spool.Get(0, 0).value(), parts[2]);
}

TEST(PartSpool, NoFolderNoFile) {
  PartSpool spool(0, "no/such/folder");
  const absl::Status status = spool.Put(kRound, Rows('a', 100)).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_NE(status.message().find("no/such/folder"), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace nash
