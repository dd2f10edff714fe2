#include "tests/proto/schema_examples.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "common/files.h"

namespace nash {
namespace {

// When this fails, programs that were built before speak another schema: a higher kProtocolVersion
// tells people which is newer.
TEST(SchemaExamples, AreThoseOfTheSchema) {
  const auto files = SchemaExamples(ReadFile(kSchemaPage).value());
  ASSERT_TRUE(files.ok()) << files.status();
  for (const ExampleFile& file : *files) {
    const auto content = ReadFile(file.path);
    ASSERT_TRUE(content.ok()) << content.status() << ": run tools/dev schema";
    EXPECT_EQ(absl::CHexEscape(*content), absl::CHexEscape(file.content))
        << file.path << " is of another schema: run tools/dev schema";
  }
}

TEST(SchemaExamples, AStalePageIsWrittenAnew) {
  const std::string page = ReadFile(kSchemaPage).value();
  const std::string stale = absl::StrReplaceAll(
      page,
      {{"08  03 00", "08  02 00"}, {"version 3;", "version 2;"}, {": 144 bytes", ": 9 bytes"}});
  ASSERT_NE(stale, page);
  EXPECT_EQ(SchemaExamples(stale).value()[0].content, page);
}

TEST(SchemaExamples, WhatIsNotDescribedIsTold) {
  const std::string page = ReadFile(kSchemaPage).value();
  const size_t last_row = page.rfind('\n', page.find("```\n", page.find("0x77\n88  ")) - 2);
  const std::string cut = page.substr(0, last_row) + page.substr(page.find("\n```", last_row));
  EXPECT_EQ(
      SchemaExamples(cut).status().message(),
      "the worked example describes 0x88 bytes, its frame has 0x90: write rows for the others "
      "(any bytes), say what they are, and try again");
  EXPECT_FALSE(SchemaExamples("# Protocol\n").ok());
}

}  // namespace
}  // namespace nash
