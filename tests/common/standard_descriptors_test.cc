#include "common/standard_descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nash {
namespace {

// The exit code of a process that closes the descriptors of `closed` (a bit each), calls the
// function, and opens a file: 100 and its number, or what went wrong.
int NumberOfNextFile(unsigned closed) {
  const pid_t child = fork();
  if (child == 0) {
    for (int number = 0; number < 3; ++number) {
      if ((closed >> number & 1) != 0) close(number);
    }
    if (!OpenStandardDescriptors()) _exit(1);
    for (int number = 0; number < 3; ++number) {
      if (write(number, "", 0) != 0 && number > 0) _exit(2);
    }
    const int next = open("/dev/zero", O_RDONLY);
    _exit(100 + next);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(OpenStandardDescriptors, NoFileTakesTheirPlaces) {
  const int expected = NumberOfNextFile(0);
  ASSERT_GE(expected, 103);
  for (unsigned closed = 1; closed < 8; ++closed) {
    EXPECT_EQ(NumberOfNextFile(closed), expected) << "closed: " << closed;
  }
}

TEST(IsReaderGone, TellsAnEndThatIsClosedFromOneThatWaits) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(IsReaderGone(ends[1]));
  close(ends[0]);
  EXPECT_TRUE(IsReaderGone(ends[1]));
  close(ends[1]);
  const int file = open("/dev/null", O_WRONLY);
  EXPECT_FALSE(IsReaderGone(file));
  close(file);
}

}  // namespace
}  // namespace nash
