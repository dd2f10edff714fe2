#include "solver/coordinator/part_spool.h"

#include <gtest/gtest.h>

#include "common/checksum.h"

namespace nash {
namespace {

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
    for (const EncodedRows& part : parts) tickets.push_back(spool.Put(part).value());
    EXPECT_EQ(spool.bytes_in_memory(), 250);
    EXPECT_EQ(spool.bytes_on_disk(), 101);
    for (size_t i = tickets.size(); i > 0; --i) {
      EXPECT_EQ(spool.Get(tickets[i - 1]).value(), parts[i - 1]);
    }
    ASSERT_TRUE(spool.Clear().ok());
    EXPECT_EQ(spool.bytes_in_memory() + spool.bytes_on_disk(), 0);
  }
}

TEST(PartSpool, BytesOnDiskThatAreNotWhatWasPutAreNoticed) {
  PartSpool spool(0, ::testing::TempDir());
  EncodedRows part = Rows('a', 100);
  part.checksum ^= 1;
  const auto ticket = spool.Put(part);
  EXPECT_TRUE(absl::IsDataLoss(spool.Get(*ticket).status()));
}

TEST(PartSpool, NoFolderNoFile) {
  PartSpool spool(0, "no/such/folder");
  const absl::Status status = spool.Put(Rows('a', 100)).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_NE(status.message().find("no/such/folder"), absl::string_view::npos) << status;
}

}  // namespace
}  // namespace nash
