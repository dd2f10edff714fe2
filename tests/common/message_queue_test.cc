#include "common/message_queue.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace nash {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kLong(20'000);  // for busy machines; nothing here takes it

// A pipe that takes 64 KiB and is read when a test says so.
class MessageQueueTest : public ::testing::Test {
 protected:
  MessageQueueTest() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(pipe(ends_), 0);
    EXPECT_GE(fcntl(ends_[1], F_SETPIPE_SZ, 65536), 65536);
  }
  ~MessageQueueTest() override {
    CloseReader();
    close(ends_[1]);
  }
  void CloseReader() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }
  // What comes up to `end`, with it.
  std::string ReadUntil(const std::string& end) {
    char piece[4096];
    while (read_.find(end) == std::string::npos) {
      const ssize_t n = read(ends_[0], piece, sizeof(piece));
      if (n <= 0) break;
      read_.append(piece, n);
    }
    const size_t bytes = std::min(read_.size(), read_.find(end) + end.size());
    const std::string text = read_.substr(0, bytes);
    read_.erase(0, bytes);
    return text;
  }

  std::string read_;
  int ends_[2] = {-1, -1};
};

// "line 7\n", of 64 bytes.
std::string Line(int number) {
  std::string line = "line " + std::to_string(number);
  line.resize(63, '.');
  return line + "\n";
}

TEST_F(MessageQueueTest, WhatIsReadArrivesInOrder) {
  MessageQueue queue(ends_[1]);
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    queue.Append(Line(i));
    expected += Line(i);
  }
  EXPECT_EQ(ReadUntil(Line(99)), expected);
  queue.Drain(kLong);
}

TEST_F(MessageQueueTest, AReaderThatStopsHoldsNobodyUpAndHearsHowMuchItMissed) {
  constexpr int kLines = 100'000;  // 6.4 MB, where 64 KiB and twice the limit find room
  MessageQueue queue(ends_[1], 128 << 10);
  for (int i = 0; i < kLines; ++i) queue.Append(Line(i));  // returns, though nobody reads
  const Clock::time_point start = Clock::now();
  queue.Drain(milliseconds(50));
  EXPECT_GE(Clock::now() - start, milliseconds(50));

  std::string text;
  std::thread reader([&] { text = ReadUntil("last\n"); });
  queue.Drain(kLong);
  queue.Append("last\n");
  reader.join();
  // What came first is there. Where lines are missing, their number stands in their place.
  int next = 0, shown = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StartsWith(line, "(")) {
      next += std::stoi(std::string(line.substr(1)));
      EXPECT_GE(shown, 1000);
    } else if (absl::StartsWith(line, "line")) {
      ASSERT_EQ(absl::StrCat(line, "\n"), Line(next++));
      ++shown;
    }
  }
  EXPECT_EQ(next, kLines);
  EXPECT_LT(shown, kLines / 2);
}

TEST_F(MessageQueueTest, ALineThatWasBegunIsEndedBeforeOthersAreLeftOut) {
  MessageQueue queue(ends_[1], 128 << 10);
  // Fills the pipe and the queue, all but a little.
  std::string filled;
  while (filled.size() < (64 << 10)) filled += Line(0);
  queue.Append(filled);
  queue.Append("begun");
  queue.Append(std::string(300'000, 'x') + "\n");  // never fits
  queue.Append("begun late");                      // of no line: left out to its end
  queue.Append(" and ended\n");
  queue.Append("last\n");
  EXPECT_EQ(ReadUntil("last\n"), filled +
                                     "begun\n(1 lines were left out here: nobody read them)\n" +
                                     "begun late and ended\nlast\n");
  queue.Drain(kLong);
}

TEST_F(MessageQueueTest, AProgressLineComesAgainWhereThereIsRoomAgain) {
  MessageQueue queue(ends_[1], 128 << 10);
  queue.Append("\rprogress 1");
  queue.Append("\r" + std::string(300'000, 'x'));  // never fits
  queue.Append("\rprogress 2");
  EXPECT_EQ(ReadUntil("2"), "\rprogress 1\n\rprogress 2");
  queue.Drain(kLong);
}

TEST_F(MessageQueueTest, AReaderThatIsGoneIsNotWaitedFor) {
  MessageQueue queue(ends_[1]);
  queue.Append("somebody reads this\n");
  EXPECT_EQ(ReadUntil("this\n"), "somebody reads this\n");
  CloseReader();
  for (int i = 0; i < 20'000; ++i) queue.Append(Line(i));
  const Clock::time_point start = Clock::now();
  queue.Drain(kLong);
  EXPECT_LT(Clock::now() - start, kLong / 2);
}

// A terminal's other users may have asked for it (O_NONBLOCK belongs to all who share it).
TEST_F(MessageQueueTest, ADescriptorThatDoesNotWaitIsWaitedFor) {
  ASSERT_EQ(fcntl(ends_[1], F_SETFL, O_NONBLOCK), 0);
  MessageQueue queue(ends_[1]);
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    queue.Append(Line(i));
    expected += Line(i);
  }
  EXPECT_EQ(ReadUntil(Line(2999)), expected);
  queue.Drain(kLong);
}

}  // namespace
}  // namespace nash
