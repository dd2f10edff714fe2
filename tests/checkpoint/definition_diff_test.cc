#include "solver/checkpoint/definition_diff.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

struct DiffCase {
  const char* why;
  const char* a;
  const char* b;
  const char* diff;
};

TEST(DiffDefinitions, ShowsWhatChangedBelowWhereItStands) {
  const DiffCase kCases[] = {
      {"equal texts have no difference", "a\nb\n", "a\nb\n", ""},
      {"a changed line", "a\nb\nc\nd\n", "a\nb\nX\nd\n", "  a\n  b\n- c\n+ X\n"},
      {"only two lines above are shown", "a\nb\nc\nd\n", "a\nb\nc\nX\n",
       "  ...\n  b\n  c\n- d\n+ X\n"},
      {"a line more", "a\nb\n", "a\nx\nb\n", "  a\n+ x\n"},
      {"a line fewer", "a\nx\nb\n", "a\nb\n", "  a\n- x\n"},
      {"two places far apart", "1\n2\n3\n4\n5\n6\n", "X\n2\n3\n4\n5\nY\n",
       "- 1\n+ X\n  ...\n  4\n  5\n- 6\n+ Y\n"},
      {"lines that moved past an equal one", "a\nb\n", "b\na\n", "- a\n  b\n+ a\n"},
      {"nothing against something", "", "a\n", "+ a\n"},
      {"the end of the last line", "a\n", "a", "(they differ in the end of the last line)\n"},
  };
  for (const DiffCase& c : kCases) EXPECT_EQ(DiffDefinitions(c.a, c.b), c.diff) << c.why;
}

TEST(DiffDefinitions, VeryLongTextsAreShownAsBlocks) {
  std::string a, b;
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&a, "a", i, "\n");
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&b, "b", i, "\n");
  const std::string diff = DiffDefinitions(a, b);
  EXPECT_EQ(diff.find("- a0\n"), 0);
  EXPECT_LT(diff.find("- a2999\n"), diff.find("+ b0\n"));
}

}  // namespace
}  // namespace nash
