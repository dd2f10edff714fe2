#include "proto/keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/files.h"

namespace nash {
namespace {

std::string FreshFolder(const std::string& name) {
  const std::string path = JoinPath(::testing::TempDir(), name);
  EXPECT_TRUE(RemoveAll(path).ok());
  return path;
}

TEST(Keys, FilesGiveBackThePair) {
  const std::string folder = FreshFolder("keys_pair");
  const KeyPair keys = MakeKeyPair();
  ASSERT_TRUE(WriteKeyFiles(folder, "worker-1", keys).ok());
  const auto back = ReadKeyFile(folder + "/worker-1.key");
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->public_key, keys.public_key);
  EXPECT_EQ(back->secret_key, keys.secret_key);
  EXPECT_EQ(ReadPublicKeyFile(folder + "/worker-1.pub").value(), keys.public_key);
  EXPECT_EQ(ReadAllowList(folder + "/worker-1.pub").value(),
            (AllowList{{keys.public_key, "worker-1"}}));
  struct stat info;
  ASSERT_EQ(stat((folder + "/worker-1.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600);
}

TEST(Keys, ASharedOneSaysSoInTheAllowList) {
  const std::string folder = FreshFolder("keys_shared");
  const KeyPair keys = MakeKeyPair();
  ASSERT_TRUE(WriteKeyFiles(folder, "all", keys, /*is_shared=*/true).ok());
  EXPECT_EQ(ReadKeyFile(folder + "/all.key")->secret_key, keys.secret_key);
  EXPECT_EQ(ReadAllowList(folder + "/all.pub").value(), (AllowList{{keys.public_key, "all/*"}}));
  // A worker of that name could not be told from those that share it.
  ASSERT_TRUE(WriteNewFile(folder + "/allowed", absl::StrCat(keys.public_key, " all/*\n",
                                                             MakeKeyPair().public_key, " all\n"))
                  .ok());
  EXPECT_TRUE(absl::StrContains(ReadAllowList(folder + "/allowed").status().message(),
                                "line 2: all is named twice"));
  for (const char* name : {"/*", "a/b/*", "a/*/*", "a/b", "a*"}) {
    ASSERT_TRUE(
        WriteFileAtomically(folder + "/allowed", absl::StrCat(keys.public_key, " ", name, "\n"))
            .ok());
    EXPECT_FALSE(ReadAllowList(folder + "/allowed").ok()) << name;
  }
}

TEST(Keys, AreNeverWrittenOver) {
  const std::string folder = FreshFolder("keys_over");
  const KeyPair keys = MakeKeyPair();
  ASSERT_TRUE(WriteKeyFiles(folder, "a", keys).ok());
  EXPECT_EQ(WriteKeyFiles(folder, "a", MakeKeyPair()).code(), absl::StatusCode::kAlreadyExists);
  ASSERT_TRUE(RemoveAll(folder + "/a.key").ok());
  EXPECT_EQ(WriteKeyFiles(folder, "a", MakeKeyPair()).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_FALSE(FileExists(folder + "/a.key"));
}

TEST(Keys, NamesArePlain) {
  for (const char* name : {"", "a/b", "a b", "a\n", "\xc3\xa4"}) {
    EXPECT_EQ(WriteKeyFiles(FreshFolder("keys_names"), name, MakeKeyPair()).code(),
              absl::StatusCode::kInvalidArgument)
        << name;
  }
}

TEST(Keys, AFileThatOthersMayReadIsRefused) {
  const std::string folder = FreshFolder("keys_mode");
  ASSERT_TRUE(WriteKeyFiles(folder, "a", MakeKeyPair()).ok());
  for (const int mode : {0640, 0604, 0620, 0601}) {
    ASSERT_EQ(chmod((folder + "/a.key").c_str(), mode), 0);
    const absl::Status status = ReadKeyFile(folder + "/a.key").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << mode;
    EXPECT_TRUE(absl::StrContains(status.message(), "chmod 600")) << status;
  }
  ASSERT_EQ(chmod((folder + "/a.key").c_str(), 0400), 0);
  EXPECT_TRUE(ReadKeyFile(folder + "/a.key").ok());
}

TEST(Keys, DamagedFilesAreRefused) {
  const std::string path = FreshFolder("keys_bad");
  const KeyPair keys = MakeKeyPair();
  const KeyPair other = MakeKeyPair();
  for (const std::string& text :
       {std::string(), std::string("public x\nsecret y\n"), "public " + keys.public_key + "\n",
        "public " + other.public_key + "\nsecret " + keys.secret_key + "\n",
        "public " + keys.public_key + "\nsecret " + keys.secret_key.substr(1) + "\n"}) {
    ASSERT_TRUE(WriteFileAtomically(path, text).ok());
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
    const absl::Status status = ReadKeyFile(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_FALSE(absl::StrContains(status.message(), keys.secret_key));
  }
  EXPECT_EQ(ReadKeyFile(path + "-none").status().code(), absl::StatusCode::kNotFound);
}

TEST(AllowList, TakesCommentsAndTellsLines) {
  const std::string path = FreshFolder("allow");
  const std::string a = MakeKeyPair().public_key;
  const std::string b = MakeKeyPair().public_key;
  ASSERT_TRUE(
      WriteFileAtomically(path, absl::StrCat("# ours\n\n", a, " one # here\n  ", b, "\ttwo\r\n"))
          .ok());
  EXPECT_EQ(ReadAllowList(path).value(), (AllowList{{a, "one"}, {b, "two"}}));
  for (const std::string& bad :
       {a, absl::StrCat(a, " one two"), absl::StrCat("short one"),
        absl::StrCat(a, " one\n", a, " two"), absl::StrCat(a, " one\n", b, " one"),
        absl::StrCat(a.substr(1), "\" one")}) {
    ASSERT_TRUE(WriteFileAtomically(path, absl::StrCat("#\n", bad)).ok());
    const absl::Status status = ReadAllowList(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat(path, ": line "))) << status;
  }
}

}  // namespace
}  // namespace nash
