#include "solver/game/street_names.h"

#include <gtest/gtest.h>

namespace nash {
namespace {

TEST(StreetNames, FindsTheStreetsOfTheGameOnly) {
  EXPECT_EQ(FindStreet("preflop", 1), 0);
  EXPECT_EQ(FindStreet("river", 4), 3);
  EXPECT_EQ(FindStreet("river", 3), std::nullopt);
  EXPECT_EQ(FindStreet("", 4), std::nullopt);
  EXPECT_EQ(FindStreet("Flop", 4), std::nullopt);
}

TEST(StreetNames, NumbersAreNamesWhereTheyMayBe) {
  EXPECT_EQ(FindStreet("street1", 4), std::nullopt);
  EXPECT_EQ(FindStreetOrNumber("street1", 4), 0);
  EXPECT_EQ(FindStreetOrNumber("street4", 4), 3);
  EXPECT_EQ(FindStreetOrNumber("street4", 3), std::nullopt);
  EXPECT_EQ(FindStreetOrNumber("street0", 4), std::nullopt);
  EXPECT_EQ(FindStreetOrNumber("turn", 4), 2);
}

}  // namespace
}  // namespace nash
