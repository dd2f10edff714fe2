#include "solver/coordinator/relay_tree.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

using std::chrono::seconds;

Member MemberOf(const std::string& endpoint, uint64_t rounds = 10, Nanos heard = seconds(100)) {
  Member member;
  member.relay_endpoint = endpoint;
  member.public_key = endpoint.empty() ? "" : "key of " + endpoint;
  member.rounds = rounds;
  member.heard = heard;
  return member;
}

TEST(RelayTree, IsThatOfTheExample) {
  std::map<std::string, Member> members;
  for (const char* name : {"a", "b", "c", "d"}) members[name] = MemberOf(name);
  for (const char* name : {"e", "f"}) members[name] = MemberOf("");
  members["e"].public_key = "key of e";
  const std::map<std::string, RelayPlace> places = RelayPlaces(members, {2, 10, seconds(90)});
  const std::map<std::string, RelayPlace> expected = {{"a", {"", "", {"key of c", "key of d"}}},
                                                      {"b", {"", "", {"key of e"}}},
                                                      {"c", {"a", "key of a", {}}},
                                                      {"d", {"a", "key of a", {}}},
                                                      {"e", {"b", "key of b", {}}},
                                                      {"f", {"b", "key of b", {}}}};
  EXPECT_EQ(places, expected);
}

TEST(RelayTree, WithoutAnybodyWhoServesThereIsNone) {
  EXPECT_TRUE(RelayPlaces({{"a", MemberOf("")}}, {2, 10, seconds(90)}).empty());
  EXPECT_TRUE(RelayPlaces({{"a", MemberOf("a")}}, {0, 10, seconds(90)}).empty());
}

TEST(RelayTree, WhoIsBehindOrSilentServesNobody) {
  const std::map<std::string, Member> members = {
      {"behind", MemberOf("behind", 19 - kRelayRoundsBehindMax)},
      {"new", MemberOf("new", Hello::kNoTable)},
      {"silent", MemberOf("silent", 20, seconds(80))},
      {"well", MemberOf("well", 20 - kRelayRoundsBehindMax)},
  };
  const auto places = RelayPlaces(members, {1, 20, seconds(90)});
  EXPECT_EQ(places.at("well").source_endpoint, "");
  EXPECT_EQ(places.at("behind").source_endpoint, "well");
  // One place below the only one that serves; the others have the coordinator.
  EXPECT_EQ(places.at("new").source_endpoint, "");
  EXPECT_EQ(places.at("silent").source_endpoint, "");
}

// Whatever members there are: nobody has more children than the fan-out, every way leads to the
// coordinator, and with enough that serve it has `fanout` children.
TEST(RelayTree, EveryWayLeadsToTheCoordinator) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 1000; ++trial) {
    const uint32_t fanout = 1 + random() % 4;
    const int count = 1 + random() % 40;
    std::map<std::string, Member> members;
    int serving = 0;
    for (int i = 0; i < count; ++i) {
      const bool serves = random() % 3 > 0;
      serving += serves;
      const std::string name = absl::StrCat("m", i);
      members[name] = MemberOf(serves ? name : "");
    }
    const auto places = RelayPlaces(members, {fanout, 10, seconds(90)});
    if (serving == 0) {
      EXPECT_TRUE(places.empty());
      continue;
    }
    ASSERT_EQ(places.size(), members.size());
    std::map<std::string, uint32_t> children;  // by source
    for (const auto& [name, place] : places) {
      ++children[place.source_endpoint];
      std::set<std::string> way = {name};
      for (std::string at = place.source_endpoint; !at.empty();
           at = places.at(at).source_endpoint) {
        ASSERT_TRUE(way.insert(at).second) << "a cycle";
        ASSERT_EQ(members.at(at).relay_endpoint, at);
      }
    }
    const uint32_t room = fanout + fanout * serving;
    const uint32_t of_coordinator = children[""];
    children.erase("");
    for (const auto& [name, number] : children) EXPECT_LE(number, fanout);
    EXPECT_EQ(of_coordinator, count <= static_cast<int>(room) ? std::min<uint32_t>(fanout, count)
                                                              : count - fanout * serving);
  }
}

}  // namespace
}  // namespace nash
