#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "solver/run/algorithm_names.h"
#include "solver/run/run_definition.h"
#include "tests/run/definition_texts.h"

namespace nash {
namespace {

RunDefinition Parse(const std::string& text) {
  const auto run = ParseRunDefinition(text, "run.yaml");
  EXPECT_TRUE(run.ok()) << run.status() << "\n" << text;
  return run.ok() ? *run : RunDefinition();
}

std::string Edit(absl::string_view text, absl::string_view find, absl::string_view replace) {
  EXPECT_NE(text.find(find), absl::string_view::npos) << find;
  return absl::StrReplaceAll(text, {{find, replace}});
}

TEST(CanonicalText, SpellsOutEveryDefault) {
  EXPECT_EQ(CanonicalText(Parse(kKuhnText)), R"(name: kuhn
game: |
  GAMEDEF
  limit
  numPlayers = 2
  numRounds = 1
  stack = 16777216 16777216
  blind = 1 1
  raiseSize = 1
  firstPlayer = 1
  maxRaises = 1
  numSuits = 1
  numRanks = 3
  numHoleCards = 1
  numBoardCards = 0
  END GAMEDEF
menu:
  preflop: {raises_max: 1}
abstraction:
  preflop: lossless
algorithm:
  sampler: external
  variant: vanilla
  quantum: 0.01
  regret_floor: none
  pruning: none
  average: {streets: all, from: 0}
round: {units: 1, batches: 10, deals: 32}
seed: 1
iterations: 1000
)");
}

TEST(CanonicalText, ParsesToTheSameStructAndText) {
  std::vector<std::string> texts = {kKuhnText, kNoLimitText};
  texts.push_back(
      Edit(kNoLimitText, "regret_floor: -310000\n  pruning", "regret_floor: none\n  pruning"));
  texts.push_back(Edit(kNoLimitText, "quantum: 0.02", "quantum: 0.1"));
  texts.push_back(Edit(kNoLimitText, "seed: 7", "seed: 18446744073709551615"));
  texts.push_back(Edit(kNoLimitText, "sizes: [[min, 500chips]]", "raises_max: 0"));
  texts.push_back(Edit(kNoLimitText, "[[min, 500chips]]", "[[0.333333pot], []]"));
  texts.push_back(absl::StrCat(
      kKuhnText, "algorithm: {variant: linear, discount: {every: 320}, regret_floor: zero}"));
  for (const char* street :
       {"{kind: ehs2, buckets: 9}", "{kind: ochs, buckets: 9}", "{kind: ochs, buckets: 9, seed: 3}",
        "{kind: ehs, buckets: 9, public: 3}", "{kind: ochs, buckets: 9, public: 3, seed: 4}"}) {
    texts.push_back(Edit(kNoLimitText, "{kind: ehs, buckets: 50}", street));
  }
  texts.push_back(absl::StrCat(kNoLimitText, "antes: [3, 1]\n"));
  texts.push_back(absl::StrCat(Edit(kNoLimitText, "numRanks = 13", "numRanks = 9"),
                               "antes: 2\nranking: short_deck\n"));
  for (const std::string& text : texts) {
    const RunDefinition run = Parse(text);
    const RunDefinition again = Parse(CanonicalText(run));
    EXPECT_EQ(run, again) << text;
    EXPECT_EQ(CanonicalText(again), CanonicalText(run));
  }
}

TEST(CanonicalText, FilesThatMeanTheSameHaveTheSameText) {
  const std::vector<std::vector<std::pair<const char*, const char*>>> same = {
      {{"quantum: 0.02", "quantum: 2.0e-2"}},
      {{"{kind: ehs, buckets: 50}", "\n    buckets: 50   # fifty\n    kind: \"ehs\""}},
      {{"  preflop: lossless", "  street1: {kind: lossless}"}},
      {{"buckets: 50}", "buckets: 50, public: 1}"}},
      {{"[0.5pot, pot, allin]", "[allin, 1pot, 0.50pot, pot]"}},
      {{"[[min, 500chips]]", "[[min, 500chips], [500chips, min], [min, 500chips]]"}},
      {{"[pot, allin]]}", "[pot, allin], [pot, allin], [2pot], [3pot]]}"}},  // of 3 raises
      {{"raises_max: 3, ", ""}, {"firstPlayer = 2 1", "firstPlayer = 2 1\n  maxRaises = 3 255"}},
      {{"name: test-run\n", ""}, {"seed: 7", "seed: 7\nname: test-run"}},
      {{"seed: 7", "seed: 7\nantes: 0\nranking: standard"}},
  };
  for (const auto& edits : same) {
    std::string text = kNoLimitText;
    std::string base = kNoLimitText;
    for (const auto& [find, replace] : edits) text = Edit(text, find, replace);
    // A cap in the game is part of the game: compare like with like.
    if (text.find("maxRaises") != std::string::npos) {
      base = Edit(base, edits[1].first, edits[1].second);
    }
    EXPECT_EQ(CanonicalText(Parse(text)), CanonicalText(Parse(base))) << text;
  }
}

TEST(LosslessStreets, ABareWordIsPerfectRecallInAFileAndWhatItWasInATextFromBefore) {
  const RunDefinition file = Parse(kTurnText);
  EXPECT_EQ(file.abstraction.streets[2].recall, BoardRecall::kPerfect);
  const auto old = ParseStoredDefinition(kTurnText, "checkpoint");
  ASSERT_TRUE(old.ok()) << old.status();
  EXPECT_EQ(old->abstraction.streets[2].recall, BoardRecall::kImperfect);
  EXPECT_EQ(old->abstraction.streets[1].recall, BoardRecall::kPerfect);
  // Whoever asks for it by name gets the old run.
  const RunDefinition asked =
      Parse(Edit(kTurnText, "turn: lossless", "turn: {kind: lossless, recall: imperfect}"));
  EXPECT_EQ(asked, *old);
  EXPECT_NE(Fingerprint(file), Fingerprint(*old));
}

// Classes of short decks had other numbers: rows would be taken for other hands'.
TEST(LosslessStreets, AShortDecksRunFromBeforeIsRefused) {
  const std::string text = Edit(kTurnText, "numRanks = 13", "numRanks = 6");
  const auto old = ParseStoredDefinition(text, "checkpoint");
  EXPECT_EQ(
      std::string(old.status().message()),
      "checkpoint:17:12: abstraction.preflop: found \"lossless\" from a program that numbered a "
      "short deck's classes otherwise, so that this one would take its rows for other hands; "
      "use the release of the program that wrote it, or train anew");
  const RunDefinition run = Parse(text);
  const auto stored = ParseStoredDefinition(CanonicalText(run), "checkpoint");
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(*stored, run);
  EXPECT_EQ(Fingerprint(*stored), Fingerprint(run));
  // Kuhn's and Leduc's are enumerated, as they always were.
  EXPECT_TRUE(ParseStoredDefinition(kKuhnText, "checkpoint").ok());
}

TEST(LosslessStreets, TheTextSaysWhichRecallWhereTheBareWordHasMeantBoth) {
  for (const char* recall : {"perfect", "imperfect"}) {
    const std::string entry = absl::StrCat("turn: {kind: lossless, recall: ", recall, "}");
    const RunDefinition run = Parse(Edit(kTurnText, "turn: lossless", entry));
    const std::string text = CanonicalText(run);
    EXPECT_NE(text.find(absl::StrCat("  flop: lossless\n  ", entry, "\n")), std::string::npos)
        << text;
    EXPECT_EQ(Parse(text), run);
    const auto stored = ParseStoredDefinition(text, "checkpoint");
    ASSERT_TRUE(stored.ok()) << stored.status();
    EXPECT_EQ(*stored, run);
    EXPECT_TRUE(IsCanonicalText(run, text));
    EXPECT_FALSE(IsCanonicalText(run, text + "\n"));
  }
}

// XXH3-128, by `xxhsum -H2`, of the canonical text of kTurnText without its first and last line, in
// which the turn stands as "lossless": what programs stored before there was a choice.
TEST(LosslessStreets, ARunFromBeforeKeepsItsFingerprint) {
  const auto old = ParseStoredDefinition(kTurnText, "checkpoint");
  ASSERT_TRUE(old.ok()) << old.status();
  EXPECT_EQ(Fingerprint(*old), "8e5b3375de39515be59d0450a8caa5eb");
  const std::string text =
      Edit(CanonicalText(*old), "{kind: lossless, recall: imperfect}", "lossless");
  EXPECT_TRUE(IsCanonicalText(*old, text)) << text;
}

TEST(Fingerprint, IsOfTheBytesThatARoundDependsOn) {
  const RunDefinition run = Parse(kNoLimitText);
  RunDefinition renamed = run;
  renamed.name = "other";
  renamed.iterations *= 2;
  EXPECT_EQ(Fingerprint(renamed), Fingerprint(run));
  EXPECT_EQ(Fingerprint(run).size(), 32);
}

TEST(Fingerprint, ChangesWithEveryOtherField) {
  using Change = std::function<void(RunDefinition*)>;
  const std::vector<Change> changes = {
      [](RunDefinition* r) { r->game.stack_chips[1] = 10000; },
      [](RunDefinition* r) { r->game.dead_chips[1] = 2; },
      [](RunDefinition* r) { r->game.dead_chips[0] = 2; },
      [](RunDefinition* r) { r->game.ranking = Ranking::kShortDeck; },
      [](RunDefinition* r) { r->menu.streets[1].raises_max = 2; },
      [](RunDefinition* r) { r->menu.streets[0].sizes[1][0].value = 0.75; },
      [](RunDefinition* r) { r->menu.streets[0].sizes.pop_back(); },
      [](RunDefinition* r) { r->abstraction.streets[1].num_buckets = 51; },
      [](RunDefinition* r) {
        r->abstraction.streets[1] = {BucketKind::kLossless, 0};
      },
      [](RunDefinition* r) { r->abstraction.streets[1].kind = BucketKind::kEhs2; },
      [](RunDefinition* r) { r->abstraction.streets[1].kind = BucketKind::kOchs; },
      [](RunDefinition* r) { r->abstraction.streets[1].board_classes = 5; },
      [](RunDefinition* r) { r->algorithm.sampler = Sampler::kExternal; },
      [](RunDefinition* r) { r->algorithm.exploration = 0.4; },
      [](RunDefinition* r) { r->algorithm.variant = Variant::kVanilla; },
      [](RunDefinition* r) { r->algorithm.variant = Variant::kLinear; },
      [](RunDefinition* r) { r->algorithm.alpha = 2; },
      [](RunDefinition* r) { r->algorithm.beta = 2; },
      [](RunDefinition* r) { r->algorithm.gamma = 1; },
      [](RunDefinition* r) { r->algorithm.discount_every_iterations = 65536; },
      [](RunDefinition* r) { r->algorithm.discount_until_iterations = 0; },
      [](RunDefinition* r) { r->algorithm.floor_regrets_at_zero = true; },
      [](RunDefinition* r) { r->algorithm.quantum_chips = 0.01; },
      [](RunDefinition* r) { r->algorithm.regret_floor_chips = 0; },
      [](RunDefinition* r) { r->algorithm.pruning.enabled = false; },
      [](RunDefinition* r) { r->algorithm.pruning.threshold_chips = -1; },
      [](RunDefinition* r) { r->algorithm.pruning.explore_share = 0.2; },
      [](RunDefinition* r) { r->algorithm.pruning.from_iterations = 0; },
      [](RunDefinition* r) { r->algorithm.average = AverageStreets::kAll; },
      [](RunDefinition* r) { r->algorithm.average_from_iterations = 0; },
      [](RunDefinition* r) { r->algorithm.snapshot_every_iterations = 65536; },
      [](RunDefinition* r) { r->round.batches = 32; },
      [](RunDefinition* r) { r->round.deals = 32; },
      [](RunDefinition* r) { r->round.units = 2; },
      [](RunDefinition* r) { r->round.meet_every = 2; },
      [](RunDefinition* r) { r->round.meet_every = 3; },
      [](RunDefinition* r) {
        r->round = {4, 64, 1024, 1, 1};
      },
      [](RunDefinition* r) {
        r->round = {4, 64, 1024, 1, 2};
      },
      [](RunDefinition* r) {
        r->round = {4, 64, 1024, 1, 4};
      },  // as if it were not said
      [](RunDefinition* r) { r->seed = 8; },
  };
  const RunDefinition run = Parse(kNoLimitText);
  std::set<std::string> fingerprints = {Fingerprint(run)};
  for (size_t i = 0; i < changes.size(); ++i) {
    RunDefinition changed = run;
    changes[i](&changed);
    EXPECT_TRUE(fingerprints.insert(Fingerprint(changed)).second) << "change " << i;
  }
}

// What is added to an enumeration and not to its names does not compile; what has a name and cannot
// be read, or is written like another, is found here.
TEST(AlgorithmNames, EveryValueIsReadAndWrittenByItsOwnName) {
  std::set<std::string> fingerprints;
  size_t samplers = 0, orders = 0, variants = 0, averages = 0;
  for (int number = 0; number < 256; ++number) {
    RunDefinition run = Parse(kKuhnText);
    if (!NameOf(static_cast<Sampler>(number)).empty()) {
      ++samplers;
      run.algorithm.sampler = static_cast<Sampler>(number);
      EXPECT_EQ(Parse(CanonicalText(run)), run);
      fingerprints.insert(Fingerprint(run));
    }
    run = Parse(kKuhnText);
    if (!NameOf(static_cast<BoardOrder>(number)).empty()) {
      ++orders;
      run.algorithm.sampler = Sampler::kPublic;
      run.algorithm.boards = static_cast<BoardOrder>(number);
      EXPECT_EQ(Parse(CanonicalText(run)), run);
      fingerprints.insert(Fingerprint(run));
    }
    run = Parse(kKuhnText);
    if (!NameOf(static_cast<Variant>(number)).empty()) {
      ++variants;
      run.algorithm.variant = static_cast<Variant>(number);
      const bool is_vanilla = run.algorithm.variant == Variant::kVanilla;
      run.algorithm.discount_every_iterations = is_vanilla ? 0 : run.round.DealsPerRound();
      if (run.algorithm.variant <= Variant::kDiscounted) {
        EXPECT_EQ(Parse(CanonicalText(run)), run);
        fingerprints.insert(Fingerprint(run));
      }
      run.algorithm = CfrOptions{.chance = Chance::kEnumerated, .variant = run.algorithm.variant};
      run.algorithm.average_from_iterations = 3;
      EXPECT_EQ(Parse(CanonicalText(run)), run);
      fingerprints.insert(Fingerprint(run));
    }
    run = Parse(kKuhnText);
    if (!NameOf(static_cast<AverageStreets>(number)).empty()) {
      ++averages;
      run.algorithm.average = static_cast<AverageStreets>(number);
      const bool is_first = run.algorithm.average == AverageStreets::kFirst;
      run.algorithm.snapshot_every_iterations = is_first ? run.round.DealsPerMeeting() : 0;
      EXPECT_EQ(Parse(CanonicalText(run)), run);
      fingerprints.insert(Fingerprint(run));
    }
  }
  EXPECT_EQ(samplers, kSamplers.size());
  EXPECT_EQ(orders, kBoardOrders.size());
  EXPECT_EQ(variants, kVariants.size());
  EXPECT_EQ(averages, kAverageStreets.size());
  // One of each is the text's own, one order is that of every sampler; three variants are for
  // either chance, three for one.
  EXPECT_EQ(fingerprints.size(), samplers + orders - 1 + variants + 3 + averages - 2);
}

TEST(AlgorithmNamesDeathTest, ASamplerWithoutANameIsNotTakenForAnother) {
  RunDefinition run = Parse(kKuhnText);
  run.algorithm.sampler = static_cast<Sampler>(77);
  EXPECT_DEATH(Fingerprint(run), "no definition says so: 77");
}

TEST(Fingerprint, StaysTheSameFromReleaseToRelease) {
  // XXH3-128 of the text in SpellsOutEveryDefault without its first and last line, by
  // `xxhsum -H2`. Old checkpoints carry fingerprints: changing this one breaks their resume.
  EXPECT_EQ(Fingerprint(Parse(kKuhnText)), "835578503699e6b64f12f565e00cd924");
}

}  // namespace
}  // namespace nash
