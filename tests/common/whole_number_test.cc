#include "common/whole_number.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

TEST(WholeNumber, IsReadAsPeopleWriteIt) {
  struct Case {
    const char* reason;
    const char* text;
    std::optional<uint64_t> value;
  };
  for (const Case& c : std::vector<Case>{
           {"digits", "310", 310},
           {"nothing", "0", 0},
           {"a power of ten", "1e9", 1'000'000'000},
           {"a capital E and a plus", "1E+3", 1000},
           {"decimals that the power makes whole", "2.5e6", 2'500'000},
           {"decimals that are zeros", "7.00", 7},
           {"as progress lines print", "1.31M", 1'310'000},
           {"thousands", "10k", 10'000},
           {"thousands of millions", "2G", 2'000'000'000},
           {"exact where a double is not", "9007199254740993e0", 9'007'199'254'740'993},
           {"the largest", "18446744073709551615", UINT64_MAX},
           {"one more", "18446744073709551616", std::nullopt},
           {"zeros beyond", "1e20", std::nullopt},
           {"a power of any length", "1e999999999", std::nullopt},
           {"not whole", "1.5", std::nullopt},
           {"not whole with its power", "1.2345e3", std::nullopt},
           {"a negative power", "10e-1", std::nullopt},
           {"a sign", "-1", std::nullopt},
           {"nothing at all", "", std::nullopt},
           {"no digit", "e3", std::nullopt},
           {"no digit behind the point", "1.", std::nullopt},
           {"no power", "1e", std::nullopt},
           {"milli, which is not mega", "10m", std::nullopt},
           {"two suffixes", "1kk", std::nullopt},
           {"white space", "1 000", std::nullopt},
           {"hexadecimal", "0x10", std::nullopt},
       }) {
    EXPECT_EQ(ParseWholeNumber(c.text), c.value) << c.reason << ": " << c.text;
  }
}

}  // namespace
}  // namespace nash
