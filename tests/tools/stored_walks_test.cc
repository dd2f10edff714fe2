#include "tools/evaluation/stored_walks.h"

#include <gtest/gtest.h>

#include "common/files.h"

namespace nash {
namespace {

WalksDone Done() {
  WalksDone done;
  done.chips = {0.1, -1e-300};
  done.state = WalkState{7, 42, {1.5, -0.0, 3e8}};
  return done;
}

TEST(StoredWalks, EveryBitComesBack) {
  const auto read = ReadWalks("some evaluation", WalksText("some evaluation", Done()));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->chips, Done().chips);
  ASSERT_TRUE(read->state.has_value());
  EXPECT_EQ(read->state->steps, 7);
  EXPECT_EQ(read->state->boards, 42);
  EXPECT_EQ(read->state->values, Done().state->values);
  const auto between = ReadWalks("x", WalksText("x", {{2.5}, std::nullopt}));
  ASSERT_TRUE(between.has_value());
  EXPECT_EQ(between->chips, std::vector<double>{2.5});
  EXPECT_FALSE(between->state.has_value());
}

TEST(StoredWalks, WhatIsDamagedOrOfSomethingElseIsNotTaken) {
  const std::string text = WalksText("some evaluation", Done());
  EXPECT_FALSE(ReadWalks("another", text).has_value());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] ^= 1;
    EXPECT_FALSE(ReadWalks("some evaluation", damaged).has_value()) << i;
    EXPECT_FALSE(ReadWalks("some evaluation", text.substr(0, i)).has_value()) << i;
  }
}

// Three walks; the first process is killed in the second of them.
TEST(StoredWalks, TheNextProcessGoesOn) {
  const std::string folder = JoinPath(::testing::TempDir(), "stored_walks");
  ASSERT_TRUE(RemoveAll(folder).ok());
  const WalkState state = *Done().state;
  const auto save = [&](WalkJournal* journal) {
    EXPECT_EQ(journal->Begin(), nullptr);
    journal->Save(state);
  };
  StoredWalks first(folder, "e");
  EXPECT_FALSE(first.goes_on());
  EXPECT_EQ(first.Run([&](WalkJournal* journal) { return save(journal), 3.0; }), 3);
  save(&first);
  StoredWalks second(folder, "e");
  EXPECT_TRUE(second.goes_on());
  EXPECT_EQ(second.Run([](WalkJournal*) { return 99; }), 3) << "it is over already";
  EXPECT_EQ(second.Run([&](WalkJournal* journal) {
    EXPECT_NE(journal->Begin(), nullptr);
    EXPECT_EQ(journal->Begin()->values, state.values);
    return 4;
  }),
            4);
  EXPECT_EQ(second.Run([&](WalkJournal* journal) { return save(journal), 5; }), 5);
  second.Remove();
  EXPECT_FALSE(StoredWalks(folder, "e").goes_on());
}

}  // namespace
}  // namespace nash
