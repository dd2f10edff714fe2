#include "tools/program/next_command.h"

#include <gflags/gflags.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

#include "tools/program/shell_word.h"

DEFINE_string(config, "", "");
DEFINE_string(listen, "", "");
DEFINE_string(bucket_cache, "", "");
DEFINE_string(out, "", "");
DEFINE_int32(threads, 0, "");
DEFINE_uint64(iterations, 0, "");
DEFINE_double(time_budget, 0, "");
DEFINE_uint64(seed, 0, "");
DEFINE_string(set, "", "");

namespace nash {
namespace {

// What a shell makes of a word.
std::string AsRead(const std::string& word) {
  const std::string command = "printf %s " + word;
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 256> read{};
  return std::string(read.data(), fread(read.data(), 1, read.size(), pipe.get()));
}

TEST(ShellWord, AShellReadsTheSameWord) {
  for (const std::string word : {"runs/my", "a run", "it's", "$HOME `id` \\ \"x\"", "*", "~", "a;b",
                                 "tcp://[::1]:5555,ipc:///tmp/x", "\xff\xfe", "new\nline"}) {
    EXPECT_EQ(AsRead(ShellWord(word)), word);
  }
  EXPECT_EQ(ShellWord("--out=runs/my"), "--out=runs/my") << "no quotes where none are needed";
  EXPECT_EQ(ShellWord(""), "''");
}

TEST(NextCommand, IsTheOneThatWasGivenWithResume) {
  gflags::SetArgv(1, std::array<const char*, 1>{"/opt/nash/next_command_test"}.data());
  FLAGS_config = "my run.yaml";
  FLAGS_listen = "tcp://0.0.0.0:5555";
  FLAGS_bucket_cache = "/big/buckets";
  FLAGS_out = "elsewhere";
  FLAGS_time_budget = 60;
  EXPECT_EQ(SameCommand("runs/my", 0),
            "/opt/nash/next_command_test --bucket_cache=/big/buckets --config='my run.yaml' "
            "--listen=tcp://0.0.0.0:5555 --time_budget=60 --out=runs/my --resume");
  EXPECT_EQ(SameCommand("runs/my", 2000),
            "/opt/nash/next_command_test --bucket_cache=/big/buckets --config='my run.yaml' "
            "--listen=tcp://0.0.0.0:5555 --out=runs/my --resume --iterations=2000");
  EXPECT_EQ(CommandFor("evaluate"), "/opt/nash/evaluate");
}

TEST(NextCommand, OfAChangedDefinitionTheFolderHasIt) {
  const gflags::FlagSaver saver;
  gflags::SetArgv(1, std::array<const char*, 1>{"/opt/nash/next_command_test"}.data());
  for (const char* flag : {"bucket_cache", "listen", "time_budget"}) {
    gflags::SetCommandLineOption(flag,
                                 gflags::GetCommandLineFlagInfoOrDie(flag).default_value.c_str());
  }
  gflags::SetCommandLineOption("config", "my.yaml");
  gflags::SetCommandLineOption("threads", "2");
  gflags::SetCommandLineOption("seed", "7");
  const std::string command = SameCommand("runs/my", 0);
  EXPECT_EQ(command.find("my.yaml"), std::string::npos) << command;
  EXPECT_EQ(command.find("--seed"), std::string::npos) << command;
  EXPECT_NE(command.find("--threads=2 "), std::string::npos) << command;
}

TEST(NextCommand, OtherProgramsAreStartedAsThisOneWas) {
  EXPECT_EQ(CommandFor("evaluate", "bazel-bin/tools/train_blueprint"), "tools/dev run evaluate");
  EXPECT_EQ(CommandFor("evaluate", "/opt/my nash/train_blueprint"), "'/opt/my nash/evaluate'");
  EXPECT_EQ(CommandFor("evaluate", "train_blueprint"), "evaluate") << "found by PATH";
}

}  // namespace
}  // namespace nash
