#include "solver/abstraction/abstraction_definition.h"

#include <gtest/gtest.h>

#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

TEST(StreetAbstraction, TextIsReadAndWritten) {
  struct Case {
    const char* text;
    StreetAbstraction expected;
  };
  for (const Case& c :
       {Case{"lossless", {BucketKind::kLossless, 0}}, Case{"ehs:200", {BucketKind::kEhs, 200}},
        Case{"ehs2:1", {BucketKind::kEhs2, 1}}, Case{"ochs:65535", {BucketKind::kOchs, 65535}},
        Case{"public:20:emd:200", {BucketKind::kEmd, 200, 20}}}) {
    const auto parsed = ParseStreetAbstraction(c.text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, c.expected);
    EXPECT_EQ(FormatStreetAbstraction(*parsed), c.text);
  }
}

TEST(StreetAbstraction, OtherTextIsRefusedWithWhatWouldDo) {
  for (const char* text : {"", "ehs", "ehs:", "ehs:0", "ehs:65536", "ehs:-1", "lossless:3",
                           "emd:2:3", "public:3", "public:3:lossless", "public:0:ehs:6",
                           "public:7:ehs:200", "private:2:ehs:200", "kmeans:5"}) {
    const absl::Status status = ParseStreetAbstraction(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(std::string(status.message()).find("was expected"), std::string::npos) << status;
  }
}

TEST(CheckStreetAbstraction, SaysWhatDoesNotFitTheGame) {
  struct Case {
    const char* text;
    GameDefinition game;
    int street;
    const char* message;  // empty: it fits
  };
  for (const Case& c : {
           Case{"emd:9", RiverGame(), 2, ""},
           Case{"emd:9", RiverGame(), 0, ""},
           Case{"emd:9", RiverGame(), 3, "use \"ehs\" or \"ochs\""},
           Case{"emd:9", TurnGame(), 2, "use \"ehs\" or \"ochs\""},
           Case{"public:3:ochs:9", RiverGame(), 3, ""},
           Case{"public:3:ochs:9", RiverGame(), 0, "leave out \"public\""},
           Case{"ochs:9", LeducGame(), 0, "use \"lossless\""},
       }) {
    const absl::Status status =
        CheckStreetAbstraction(*ParseStreetAbstraction(c.text), c.game, c.street);
    EXPECT_EQ(status.ok(), *c.message == '\0') << c.text << " " << status;
    EXPECT_NE(std::string(status.message()).find(c.message), std::string::npos) << status;
  }
}

}  // namespace
}  // namespace nash
