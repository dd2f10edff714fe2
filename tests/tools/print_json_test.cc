#include "tools/program/print_json.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

TEST(JsonLine, AStringThatIsNotUtf8IsPrintedWithWhatStandsForItsBytes) {
  // A byte that nothing starts with, one that something should go on with, and good ones beside.
  const std::string line = JsonLine({{"folder", "runs/\xff\xc3 \xc3\xa9"}});
  EXPECT_EQ(line, "{\"folder\":\"runs/\xef\xbf\xbd\xef\xbf\xbd \xc3\xa9\"}");
  EXPECT_EQ(nlohmann::json::parse(line)["folder"], "runs/\xef\xbf\xbd\xef\xbf\xbd \xc3\xa9");
}

TEST(PrintJson, PrintsTwoSpacesALevel) {
  testing::internal::CaptureStdout();
  PrintJson({{"path", "\xff"}, {"bytes", 3}});
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "{\n  \"path\": \"\xef\xbf\xbd\",\n  \"bytes\": 3\n}\n");
}

}  // namespace
}  // namespace nash
