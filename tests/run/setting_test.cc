#include "solver/run/setting.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "solver/run/run_definition.h"
#include "tests/run/definition_texts.h"

namespace nash {
namespace {

absl::StatusOr<GameDefinition> NoGame(const std::string& path) {
  return absl::NotFoundError(absl::StrCat(path, ": no such game"));
}

absl::StatusOr<RunDefinition> ParseWith(const std::string& text,
                                        const std::vector<std::string>& settings) {
  std::vector<Setting> parsed;
  for (const std::string& setting : settings) {
    const absl::StatusOr<Setting> one = ParseSetting(setting);
    if (!one.ok()) return one.status();
    parsed.push_back(*one);
  }
  return ParseRunDefinition(text, "run.yaml", NoGame, parsed);
}

TEST(Setting, IsAsIfTheFileHadSaidSo) {
  struct Case {
    const char* reason;
    std::vector<std::string> settings;
    const char* find;  // in the file, and
    const char* replace;
  };
  for (const Case& c : std::vector<Case>{
           {"a key that the file has", {"seed=8"}, "seed: 7", "seed: 8"},
           {"a key in a map", {"algorithm.quantum=0.04"}, "quantum: 0.02", "quantum: 0.04"},
           {"a key two maps down",
            {"algorithm.pruning.explore=0.2"},
            "explore: 0.1",
            "explore: 0.2"},
           {"a key that the file has not",
            {"abstraction.flop.public=10"},
            "buckets: 50",
            "buckets: 50, public: 10"},
           {"a map",
            {"abstraction.flop={kind: ehs2, buckets: 9}"},
            "{kind: ehs, buckets: 50}",
            "{kind: ehs2, buckets: 9}"},
           {"a list", {"menu.flop.sizes=[[pot]]"}, "[[min, 500chips]]", "[[pot]]"},
           {"a large number", {"iterations=1e9"}, "iterations: 10000000", "iterations: 1000000000"},
           {"two that only together are right",
            {"round.batches=32", "round.deals=2048"},
            "batches: 64, deals: 1024",
            "batches: 32, deals: 2048"},
           {"the value has an equals sign of YAML",
            {"name='test-run'"},
            "name: test-run",
            "name: test-run"},
       }) {
    const auto set = ParseWith(kNoLimitText, c.settings);
    ASSERT_TRUE(set.ok()) << c.reason << ": " << set.status();
    ASSERT_NE(std::string(kNoLimitText).find(c.find), std::string::npos) << c.reason;
    const auto said =
        ParseRunDefinition(absl::StrReplaceAll(kNoLimitText, {{c.find, c.replace}}), "run.yaml");
    ASSERT_TRUE(said.ok()) << c.reason << ": " << said.status();
    EXPECT_EQ(CanonicalText(*set), CanonicalText(*said)) << c.reason;
  }
}

TEST(Setting, ASectionThatTheFileLeavesOutIsMade) {
  const auto run =
      ParseWith(kKuhnText, {"algorithm.variant=linear", "algorithm.discount.every=640"});
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->algorithm.variant, Variant::kLinear);
  EXPECT_EQ(run->algorithm.discount_every_iterations, 640);
}

TEST(Setting, ChangesOneOfTwoStreetsThatShareAnAnchor) {
  const std::string text =
      absl::StrReplaceAll(kNoLimitText, {{"preflop: lossless\n  flop: {kind: ehs, buckets: 50}",
                                          "preflop: &a {kind: ehs, buckets: 50}\n  flop: *a"}});
  const auto run = ParseWith(text, {"abstraction.flop.buckets=9"});
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->abstraction.streets[0].num_buckets, 50);
  EXPECT_EQ(run->abstraction.streets[1].num_buckets, 9);
}

TEST(Setting, MistakesAreNamedWithIt) {
  struct Case {
    const char* reason;
    std::vector<std::string> settings;
    const char* error;
  };
  for (const Case& c : std::vector<Case>{
           {"no value",
            {"seed"},
            "found \"seed\"; expected KEY=VALUE, as in round.batches=10 or "
            "'algorithm.discount={every: 20480}'"},
           {"no key",
            {"=3"},
            "found \"=3\"; expected KEY=VALUE, as in round.batches=10 or "
            "'algorithm.discount={every: 20480}'"},
           {"a value out of range",
            {"round.units=0"},
            "run.yaml with --set round.units=0: round.units: found \"0\"; expected a whole number "
            "from 1 to 65536"},
           {"a key that there is not",
            {"algorithm.quantm=1"},
            "run.yaml with --set algorithm.quantm=1: algorithm: unknown key \"quantm\"; did you "
            "mean quantum?; allowed: chance, sampler, boards, exploration, variant, alpha, beta, "
            "gamma, discount, quantum, regret_floor, pruning, average"},
           {"what it makes wrong elsewhere has its place",
            {"round.deals=1000"},
            "run.yaml:28:21 with --set round.deals=1000: algorithm.discount.every: found 131072; "
            "expected a multiple of the round's 64000 deals (units * batches * deals)"},
           {"nothing",
            {"seed="},
            "run.yaml with --set seed=: seed: found nothing; expected a whole number from 0 to "
            "18446744073709551615"},
           {"a value that is no YAML",
            {"menu.flop.sizes=[[pot]"},
            "run.yaml with --set menu.flop.sizes=[[pot]: menu.flop.sizes: --set "
            "menu.flop.sizes=[[pot]:1:1: not valid YAML: end of sequence flow not found"},
           {"a key of what is no map",
            {"abstraction.preflop.buckets=9"},
            "run.yaml with --set abstraction.preflop.buckets=9: abstraction.preflop.buckets: is "
            "\"lossless\" in the definition, which has no key buckets; set it as a whole, as in "
            "'abstraction.flop={kind: ehs, buckets: 50}'"},
           {"twice",
            {"seed=1", "seed=1"},
            "run.yaml with --set seed=1 --set seed=1: seed: set twice; leave one out"},
           {"a game that is not there",
            {"game=x.game"},
            "run.yaml with --set game=x.game: game: x.game: no such game; the path is relative to "
            "the definition"},
       }) {
    const auto run = ParseWith(kNoLimitText, c.settings);
    EXPECT_EQ(run.status().code(), absl::StatusCode::kInvalidArgument) << c.reason;
    EXPECT_EQ(std::string(run.status().message()), c.error) << c.reason;
  }
}

}  // namespace
}  // namespace nash
