#include "solver/abstraction/abstraction_definition.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/abstraction/small_games.h"

namespace nash {
namespace {

TEST(StreetAbstraction, TextIsReadAndWritten) {
  struct Case {
    const char* text;
    StreetAbstraction expected;
  };
  for (const Case& c :
       {Case{"lossless", {BucketKind::kLossless, 0}},
        Case{"lossless:imperfect",
             {.kind = BucketKind::kLossless, .recall = BoardRecall::kImperfect}},
        Case{"ehs:200", {BucketKind::kEhs, 200}}, Case{"ehs2:1", {BucketKind::kEhs2, 1}},
        Case{"ochs:65535", {BucketKind::kOchs, 65535}},
        Case{"public:20:emd:200", {BucketKind::kEmd, 200, 20}}}) {
    const auto parsed = ParseStreetAbstraction(c.text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(*parsed, c.expected);
    EXPECT_EQ(FormatStreetAbstraction(*parsed), c.text);
  }
}

// A kind that is added to the enumeration and not to the table, or twice, is found here; one that
// is added to the table and has no builder, by BucketBuilderTest.EveryKindWithAFileIsBuilt.
TEST(BucketKinds, AreEachInTheTableOnceAndReadByTheirNames) {
  std::set<absl::string_view> names;
  for (size_t i = 0; i < kBucketKinds.size(); ++i) {
    const BucketKindTraits& traits = kBucketKinds[i];
    EXPECT_EQ(static_cast<size_t>(traits.kind), i + 1) << "numbers are of a file format";
    EXPECT_EQ(BucketKindName(traits.kind), traits.name);
    EXPECT_TRUE(names.insert(traits.name).second) << traits.name;
    const bool needs_file = NeedsBucketFile(traits.kind);
    const std::string text = absl::StrCat(traits.name, needs_file ? ":7" : "");
    const auto parsed = ParseStreetAbstraction(text);
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->kind, traits.kind);
    EXPECT_EQ(absl::StrContains(BucketFileKinds(), traits.name), needs_file);
  }
  for (int number = 0; number < 256; ++number) {
    const bool is_there = number >= 1 && number <= int{kBucketKinds.size()};
    const auto kind = static_cast<BucketKind>(number);
    EXPECT_EQ(BucketKindName(kind) != "invalid", is_there) << number;
    EXPECT_EQ(FindBucketKind(kind) != nullptr, is_there) << number;
  }
}

TEST(StreetAbstraction, OtherTextIsRefusedWithWhatWouldDo) {
  for (const char* text :
       {"", "ehs", "ehs:", "ehs:0", "ehs:65536", "ehs:-1", "lossless:3", "lossless:perfect",
        "public:2:lossless:imperfect", "emd:2:3", "public:3", "public:3:lossless", "public:0:ehs:6",
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
