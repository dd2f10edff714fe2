#include "common/control_group.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <cmath>
#include <limits>
#include <string>
#include <thread>

#include "common/available_memory.h"
#include "common/files.h"
#include "common/usable_cores.h"

namespace nash {
namespace {

constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
constexpr uint64_t kMega = 1'000'000;

// A folder with the /proc and /sys of a machine that a test makes up.
class ControlGroup : public ::testing::Test {
 protected:
  ControlGroup() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = JoinPath(::testing::TempDir(), std::string("groups_") + info->name());
    EXPECT_TRUE(RemoveAll(root_).ok());
  }
  void Write(const std::string& path, const std::string& text) const {
    ASSERT_TRUE(CreateDirectories(FolderOf(root_ + path)).ok());
    ASSERT_TRUE(WriteFileAtomically(root_ + path, text).ok());
  }
  // A group of version 2.
  void Write2(const std::string& folder, const std::string& max, uint64_t used,
              uint64_t inactive_file = 0) const {
    Write(folder + "/memory.max", max + "\n");
    Write(folder + "/memory.current", std::to_string(used) + "\n");
    Write(folder + "/memory.stat", "anon 5\nfile 7\ninactive_anon 3\ninactive_file " +
                                       std::to_string(inactive_file) + "\nactive_file 1\n");
  }
  // A group of version 1.
  void Write1(const std::string& folder, uint64_t limit, uint64_t used,
              uint64_t total_inactive_file = 0, uint64_t above = kUnlimited1) const {
    Write(folder + "/memory.limit_in_bytes", std::to_string(limit) + "\n");
    Write(folder + "/memory.usage_in_bytes", std::to_string(used) + "\n");
    Write(folder + "/memory.stat", "cache 5\ninactive_file 1\nhierarchical_memory_limit " +
                                       std::to_string(above) + "\ntotal_inactive_file " +
                                       std::to_string(total_inactive_file) + "\n");
  }
  uint64_t Memory() const { return ReadGroupAllowance(root_).memory_bytes; }
  double Cores() const { return ReadGroupAllowance(root_).cores; }

  // What version 1 says where there is no limit.
  static constexpr uint64_t kUnlimited1 = 9223372036854771712ull;
  static constexpr char kMount2[] =
      "31 23 0:28 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

  std::string root_;
};

TEST_F(ControlGroup, AMachineWithoutGroupsHasNoLimit) {
  EXPECT_EQ(Memory(), kNoLimit);
  EXPECT_EQ(Cores(), std::numeric_limits<double>::infinity());
}

// A service of systemd: the mount's root has no memory.max at all.
TEST_F(ControlGroup, TheOwnGroupsLimitHoldsNotOnlyTheTops) {
  Write("/proc/self/cgroup", "0::/system.slice/train.service\n");
  Write("/proc/self/mountinfo", kMount2);
  const std::string slice = "/sys/fs/cgroup/system.slice";
  Write2(slice, "max", 2000 * kMega);
  Write2(slice + "/train.service", std::to_string(600 * kMega), 100 * kMega);
  EXPECT_EQ(Memory(), 500 * kMega);
}

TEST_F(ControlGroup, TheLeastOnTheWayUpCounts) {
  Write("/proc/self/cgroup", "0::/a/b/c\n");
  Write("/proc/self/mountinfo", kMount2);
  Write2("/sys/fs/cgroup/a", std::to_string(900 * kMega), 850 * kMega);
  Write2("/sys/fs/cgroup/a/b", std::to_string(600 * kMega), 100 * kMega);
  Write2("/sys/fs/cgroup/a/b/c", "max", 50 * kMega);
  EXPECT_EQ(Memory(), 50 * kMega);  // of a, whose other groups have taken the rest
  Write("/sys/fs/cgroup/a/b/c/memory.high", std::to_string(80 * kMega));
  EXPECT_EQ(Memory(), 30 * kMega);
  Write("/sys/fs/cgroup/a/b/c/memory.high", "max\n");
  EXPECT_EQ(Memory(), 50 * kMega);
  // Over the limit (it was lowered): nothing is left.
  Write2("/sys/fs/cgroup/a/b", std::to_string(600 * kMega), 700 * kMega);
  EXPECT_EQ(Memory(), 0);
}

TEST_F(ControlGroup, FilePagesThatCanBeDroppedAreNotUsed) {
  Write("/proc/self/cgroup", "0::/job\n");
  Write("/proc/self/mountinfo", kMount2);
  Write2("/sys/fs/cgroup/job", std::to_string(4000 * kMega), 3900 * kMega, 3700 * kMega);
  EXPECT_EQ(Memory(), 3800 * kMega);  // 4000 - (3900 - 3700)
}

// Slurm sets limits of jobs and steps; the process is in a task below them.
TEST_F(ControlGroup, VersionOneAsSlurmLaysItOut) {
  Write("/proc/self/cgroup",
        "12:cpuset:/slurm/uid_1000/job_7/step_0\n"
        "4:memory:/slurm/uid_1000/job_7/step_0/task_0\n"
        "3:cpu,cpuacct:/slurm/uid_1000/job_7/step_0\n"
        "1:name=systemd:/system.slice/slurmd.service\n"
        "0::/\n");
  Write("/proc/self/mountinfo",
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
        "36 31 0:33 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
        "37 31 0:34 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n");
  const std::string user = "/sys/fs/cgroup/memory/slurm/uid_1000";
  Write1("/sys/fs/cgroup/memory", kUnlimited1, 20'000 * kMega);
  Write1(user, kUnlimited1, 10'000 * kMega);
  Write1(user + "/job_7", 1000 * kMega, 450 * kMega, 50 * kMega);
  Write1(user + "/job_7/step_0", 600 * kMega, 420 * kMega, 20 * kMega);
  Write1(user + "/job_7/step_0/task_0", kUnlimited1, 400 * kMega);
  EXPECT_EQ(Memory(), 200 * kMega);  // of the step: 600 - (420 - 20)
  const std::string job = "/sys/fs/cgroup/cpu,cpuacct/slurm/uid_1000/job_7";
  Write(job + "/cpu.cfs_quota_us", "150000\n");
  Write(job + "/cpu.cfs_period_us", "100000\n");
  Write(job + "/step_0/cpu.cfs_quota_us", "-1\n");
  Write(job + "/step_0/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Cores(), 1.5);
}

// Docker without a namespace of groups: the mount shows the container's group and nothing above.
TEST_F(ControlGroup, AMountMayShowAPartOnly) {
  Write("/proc/self/cgroup", "4:memory:/docker/abc/sub\n");
  Write("/proc/self/mountinfo",
        "34 31 0:32 /docker/other /elsewhere rw - cgroup cgroup rw,memory\n"
        "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  Write1("/elsewhere", 1 * kMega, 0);
  Write1("/sys/fs/cgroup/memory", 700 * kMega, 300 * kMega);
  Write1("/sys/fs/cgroup/memory/sub", 650 * kMega, 100 * kMega);
  EXPECT_EQ(Memory(), 400 * kMega);
  // The limit of a group that is not seen.
  Write1("/sys/fs/cgroup/memory", 700 * kMega, 300 * kMega, 0, 500 * kMega);
  EXPECT_EQ(Memory(), 200 * kMega);
}

// With a namespace the process is at the top; one that was moved there from outside is not.
TEST_F(ControlGroup, WhereTheOwnGroupIsNotSeenTheHighestStandsForIt) {
  for (const char* own : {"0::/\n", "0::/../outside\n"}) {
    Write("/proc/self/cgroup", own);
    Write("/proc/self/mountinfo", kMount2);
    Write2("/sys/fs/cgroup", std::to_string(300 * kMega), 100 * kMega);
    EXPECT_EQ(Memory(), 200 * kMega) << own;
  }
}

TEST_F(ControlGroup, FoldersMayHaveSpaces) {
  Write("/proc/self/cgroup", "0::/with space\n");
  Write("/proc/self/mountinfo", "31 23 0:28 / /sys/my\\040groups rw - cgroup2 cgroup2 rw\n");
  Write2("/sys/my groups/with space", std::to_string(300 * kMega), 100 * kMega);
  EXPECT_EQ(Memory(), 200 * kMega);
}

TEST_F(ControlGroup, CoresOfVersionTwoAreTheLeastOnTheWayUp) {
  Write("/proc/self/cgroup", "0::/a/b\n");
  Write("/proc/self/mountinfo", kMount2);
  Write("/sys/fs/cgroup/a/cpu.max", "250000 100000\n");
  Write("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(Cores(), 2.5);
  Write("/sys/fs/cgroup/a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(Cores(), 0.5);
}

TEST_F(ControlGroup, WhatMakesNoSenseIsNoLimit) {
  Write("/proc/self/cgroup", "nonsense\n0::/a\n");
  Write("/proc/self/mountinfo", std::string("nonsense\n31 - cgroup2\n") + kMount2);
  Write("/sys/fs/cgroup/a/memory.max", "much\n");
  Write("/sys/fs/cgroup/a/memory.current", "\n");
  Write("/sys/fs/cgroup/a/cpu.max", "100000 0\n");
  EXPECT_EQ(Memory(), kNoLimit);
  EXPECT_EQ(Cores(), std::numeric_limits<double>::infinity());
}

TEST(UsableCores, QuotasLowerWhatThereIsAndARestCountsAsACore) {
  GroupAllowance allowance;
  const int all = UsableCores(allowance);
  EXPECT_GE(all, 1);
  allowance.cores = 0.2;
  EXPECT_EQ(UsableCores(allowance), 1);
  allowance.cores = 1.5;
  EXPECT_EQ(UsableCores(allowance), std::min(all, 2));
  allowance.cores = 1e6;
  EXPECT_EQ(UsableCores(allowance), all);
}

TEST(UsableCores, OneThatThisThreadIsBoundToIsOne) {
  int cores = 0;
  std::thread([&] {
    cpu_set_t before, one;
    CPU_ZERO(&one);
    ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
    for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++core) {
      if (CPU_ISSET(core, &before)) CPU_SET(core, &one);
    }
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    cores = UsableCores();
  }).join();
  EXPECT_EQ(cores, 1);
}

TEST(AvailableMemory, IsSomeOnThisMachine) {
  EXPECT_GT(AvailableMemoryBytes(), 10 * kMega);
  EXPECT_LT(AvailableMemoryBytes(), uint64_t{1} << 50);
}

}  // namespace
}  // namespace nash
