#include "solver/run/run_definition.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "solver/game/public_tree.h"
#include "solver/run/bucket_definition.h"
#include "tests/run/definition_texts.h"

namespace nash {
namespace {

TEST(RunDefinition, EveryKeyArrivesInItsField) {
  const auto run = ParseRunDefinition(kNoLimitText, "run.yaml");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->name, "test-run");
  EXPECT_EQ(run->game.stack_chips[0], 20000);
  EXPECT_EQ(run->menu.streets[0].raises_max, 3);
  const std::vector<BetSize> first = {
      {BetSizeKind::kPotFraction, 0.5}, {BetSizeKind::kPotFraction, 1}, {BetSizeKind::kAllIn, 0}};
  const std::vector<BetSize> later = {{BetSizeKind::kPotFraction, 1}, {BetSizeKind::kAllIn, 0}};
  EXPECT_EQ(run->menu.streets[0].sizes, std::vector<std::vector<BetSize>>({first, later}));
  EXPECT_EQ(run->menu.streets[1].raises_max, kRaisesMax);
  const std::vector<BetSize> flop = {{BetSizeKind::kChips, 500}, {BetSizeKind::kMinRaise, 0}};
  EXPECT_EQ(run->menu.streets[1].sizes, std::vector<std::vector<BetSize>>({flop}));
  EXPECT_EQ(run->abstraction.streets[0], StreetAbstraction({BucketKind::kLossless, 0}));
  EXPECT_EQ(run->abstraction.streets[1], StreetAbstraction({BucketKind::kEhs, 50}));
  CfrOptions options;
  options.sampler = Sampler::kOutcome;
  options.exploration = 0.5;
  options.variant = Variant::kDiscounted;
  options.alpha = 1.5;
  options.beta = 0.5;
  options.gamma = 3;
  options.discount_every_iterations = 131072;
  options.discount_until_iterations = 10000000;
  options.quantum_chips = 0.02;
  options.regret_floor_chips = -310000;
  options.pruning = {true, -300000, 0.1, 1000000};
  options.average = AverageStreets::kFirst;
  options.average_from_iterations = 500;
  options.snapshot_every_iterations = 655360;
  EXPECT_EQ(run->algorithm, options);
  EXPECT_EQ(run->round, RoundShape({1, 64, 1024}));
  EXPECT_EQ(run->seed, 7);
  EXPECT_EQ(run->iterations, 10000000);
}

TEST(RunDefinition, AntesAndRankingAreOfTheGame) {
  const std::string text = absl::StrReplaceAll(kNoLimitText, {{"numRanks = 13", "numRanks = 9"}});
  const auto list = ParseRunDefinition(text + "antes: [25, 75]\nranking: short_deck\n", "run.yaml");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(list->game.dead_chips[0], 25);
  EXPECT_EQ(list->game.dead_chips[1], 75);
  EXPECT_EQ(list->game.ranking, Ranking::kShortDeck);
  EXPECT_EQ(list->game.BetChipsMax(1), 19925);
  const auto each = ParseRunDefinition(text + "antes: 10\n", "run.yaml");
  ASSERT_TRUE(each.ok()) << each.status();
  EXPECT_EQ(each->game.DeadChips(), 20);  // of two players, and of no other position
  EXPECT_EQ(each->game.ranking, Ranking::kStandard);
}

TEST(RunDefinition, WhatIsNotSaidHasItsDefault) {
  const auto run = ParseRunDefinition(kKuhnText, "run.yaml");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->algorithm, CfrOptions());
  EXPECT_EQ(run->seed, 1);
  EXPECT_EQ(run->round.units, 1);
  EXPECT_EQ(run->round.meet_every, 1);
  EXPECT_EQ(run->menu.streets[0].raises_max, 1) << "the game's own cap";
}

TEST(RunDefinition, AnAmplificationOfAllUnitsIsTheDefault) {
  const std::string text = kKuhnText;
  const auto with = [&](const std::string& round) {
    std::string changed = text;
    changed.replace(changed.find("round: {"), std::string("round: {").size(), "round: {" + round);
    return ParseRunDefinition(changed, "run.yaml");
  };
  const auto unsaid = with("units: 6, "), all = with("units: 6, amplification: 6, ");
  const auto less = with("units: 6, amplification: 2, ");
  ASSERT_TRUE(unsaid.ok() && all.ok() && less.ok()) << all.status() << less.status();
  EXPECT_EQ(*unsaid, *all);
  EXPECT_EQ(unsaid->round.Amplification(), 6);
  EXPECT_EQ(less->round.Amplification(), 2);
}

// A hundredth of the largest blind: Kuhn's antes of 1 give 0.01.
TEST(RunDefinition, TheQuantumFollowsFromTheGamesChipsUnlessSaid) {
  EXPECT_EQ(ParseRunDefinition(kKuhnText, "run.yaml")->algorithm.quantum_chips, 0.01);
  std::string no_limit = kNoLimitText;  // blinds of 100 and 50
  no_limit.erase(no_limit.find("  quantum: 0.02\n"), std::string("  quantum: 0.02\n").size());
  const auto run = ParseRunDefinition(no_limit, "run.yaml");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->algorithm.quantum_chips, 1);
}

TEST(RunDefinition, ShippedConfigsLoadAndTheirTreesBuild) {
  for (const std::string name :
       {"kuhn", "kuhn_3p", "leduc", "leduc_3p", "leduc_cluster", "nolimit_2p_cluster"}) {
    const auto run = LoadRunDefinition(absl::StrCat("configs/", name, ".yaml"));
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(run->name, name);
    EXPECT_TRUE(PublicTree::Build(run->game, run->menu).ok());
    const bool is_for_clusters = name.find("cluster") != std::string::npos;
    EXPECT_EQ(run->round.units > 1, is_for_clusters)
        << "with one unit all workers but one are idle";
  }
}

TEST(RunDefinition, AMissingFileIsNamed) {
  const auto run = LoadRunDefinition("configs/no_such.yaml");
  EXPECT_EQ(run.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(std::string(run.status().message()),
            "configs/no_such.yaml: cannot be read: No such file or directory; check the path");
}

// One edit of a good text, and the one line it must lead to.
struct Mistake {
  const char* why;
  const char* base;
  const char* find;
  const char* replace;
  const char* error;
};

const Mistake kMistakes[] = {
    {"an unknown key has a near match", kNoLimitText, "sampler:", "sampller:",
     "run.yaml:22:3: algorithm: unknown key \"sampller\"; did you mean sampler?; allowed: chance, "
     "sampler, boards, exploration, variant, alpha, beta, gamma, discount, quantum, regret_floor, "
     "pruning, average"},
    {"an unknown key with no near match lists what there is", kKuhnText, "iterations: 1000",
     "iterations: 1000\nthreads: 4",
     "run.yaml:19:1: unknown key \"threads\"; allowed: name, game, antes, ranking, menu, "
     "abstraction, algorithm, "
     "round, seed, iterations"},
    {"a key given twice", kKuhnText, "iterations: 1000", "iterations: 1000\niterations: 2000",
     "run.yaml:19:1: iterations: given twice, first in line 18; remove one"},
    {"a missing key", kKuhnText, "iterations: 1000\n", "",
     "run.yaml:1:1: iterations: missing; it has no default"},
    {"a word where a number is due", kKuhnText, "deals: 32", "deals: many",
     "run.yaml:17:29: round.deals: found \"many\"; expected a whole number from 1 to 1048576"},
    {"a fraction where a whole number is due", kKuhnText, "deals: 32", "deals: 3.2",
     "run.yaml:17:29: round.deals: found \"3.2\"; expected a whole number from 1 to 1048576"},
    {"a list where a number is due", kKuhnText, "iterations: 1000", "iterations: [1]",
     "run.yaml:18:13: iterations: found a list; expected a whole number from 1 to "
     "9007199254740992"},
    {"zero iterations", kKuhnText, "iterations: 1000", "iterations: 0",
     "run.yaml:18:13: iterations: found \"0\"; expected a whole number from 1 to "
     "9007199254740992"},
    {"a negative seed", kKuhnText, "iterations: 1000", "iterations: 1000\nseed: -1",
     "run.yaml:19:7: seed: found \"-1\"; expected a whole number from 0 to 18446744073709551615"},
    {"no unit", kNoLimitText, "units: 1", "units: 0",
     "run.yaml:33:16: round.units: found \"0\"; expected a whole number from 1 to 65536"},
    {"a discount period that is no whole number of rounds", kNoLimitText, "every: 131072",
     "every: 100000",
     "run.yaml:28:21: algorithm.discount.every: found 100000; expected a multiple of the round's "
     "65536 deals (units * batches * deals)"},
    {"a snapshot period that is no whole number of rounds", kNoLimitText, "snapshot_every: 655360",
     "snapshot_every: 655361",
     "run.yaml:32:56: algorithm.average.snapshot_every: found 655361; expected a multiple of 65536 "
     "deals (units * batches * deals)"},
    {"a snapshot period that ends between meetings", kNoLimitText, "units: 1, batches: 64",
     "units: 2, lag: 1, meet_every: 3, batches: 32",
     "run.yaml:32:56: algorithm.average.snapshot_every: found 655360; expected a multiple of "
     "196608 "
     "deals (meet_every * units * batches * deals)"},
    {"lag without others to wait for", kNoLimitText, "units: 1,", "units: 1, lag: 1,",
     "run.yaml:33:24: round.lag: found 1; there is nothing to wait for: units is 1"},
    {"meetings without lag", kNoLimitText, "units: 1,", "units: 2, meet_every: 4,",
     "run.yaml:33:31: round.meet_every: has no effect here: it is for lag: 1; remove it"},
    {"more amplification than units", kNoLimitText, "units: 1,", "units: 4, amplification: 5,",
     "run.yaml:33:34: round.amplification: found 5; at most units, 4"},
    {"an unknown word", kNoLimitText, "variant: discounted", "variant: discount",
     "run.yaml:24:12: algorithm.variant: found \"discount\"; did you mean discounted?; allowed: "
     "vanilla, linear, discounted, plus, predictive, predictive_discounted"},
    {"a variant that is for exact iterations only", kKuhnText,
     "round:", "algorithm: {variant: plus}\nround:",
     "run.yaml:17:22: algorithm.variant: found plus; it is for chance: enumerate; where chance is "
     "sampled: vanilla, linear or discounted"},
    {"a sampler where nothing is sampled", kKuhnText,
     "round:", "algorithm: {chance: enumerate, sampler: external}\nround:",
     "run.yaml:17:41: algorithm.sampler: has no effect here: chance: enumerate samples nothing; "
     "remove it"},
    {"a quantum where values are doubles", kKuhnText,
     "round:", "algorithm: {chance: enumerate, variant: plus, quantum: 0.1}\nround:",
     "run.yaml:17:56: algorithm.quantum: has no effect here: with chance: enumerate values are "
     "doubles, as fine as can be; remove it"},
    {"an exponent between tenths", kKuhnText,
     "round:", "algorithm: {chance: enumerate, variant: discounted, gamma: 2.25}\nround:",
     "run.yaml:17:60: algorithm.gamma: found 2.25; expected a multiple of 0.1"},
    {"an exponent whose powers machines may round differently", kNoLimitText, "alpha: 1.5",
     "alpha: 1.25", "run.yaml:25:10: algorithm.alpha: found 1.25; expected a multiple of 0.5"},
    {"a setting without effect", kNoLimitText, "sampler: outcome", "sampler: external",
     "run.yaml:23:16: algorithm.exploration: has no effect here: it is for sampler: outcome; "
     "remove it"},
    {"an order of boards where deals are walked", kKuhnText,
     "round:", "algorithm: {boards: cycle}\nround:",
     "run.yaml:17:21: algorithm.boards: has no effect here: it is for sampler: public; remove it"},
    {"a linear run without a discount period", kKuhnText, "iterations: 1000",
     "iterations: 1000\nalgorithm: {variant: linear}",
     "run.yaml:19:12: algorithm.discount: missing; it has no default"},
    {"a regret floor below what int32 holds", kNoLimitText, "regret_floor: -310000",
     "regret_floor: -31000000",
     "run.yaml:30:17: algorithm.regret_floor: found \"-31000000\"; allowed: none, zero, or chips "
     "from -21474836.48 (what int32 holds at this quantum) to -0.02"},
    {"a pruning threshold that no regret reaches", kNoLimitText, "threshold: -300000",
     "threshold: -320000",
     "run.yaml:31:24: algorithm.pruning.threshold: found -320000; no regret gets below "
     "regret_floor (-310000), so nothing is ever pruned"},
    {"a quantum of zero", kNoLimitText, "quantum: 0.02", "quantum: 0",
     "run.yaml:29:12: algorithm.quantum: found \"0\"; expected a number from 1e-06 to 10000"},
    {"no number at all", kNoLimitText, "quantum: 0.02", "quantum: nan",
     "run.yaml:29:12: algorithm.quantum: found \"nan\"; expected a number from 1e-06 to 10000"},
    {"a menu for a street that the game has not", kNoLimitText, "  flop: {sizes: [[min",
     "  turn: {sizes: [[pot]]}\n  flop: {sizes: [[min",
     "run.yaml:17:9: menu.turn: the game has 2 streets; remove it"},
    {"an abstraction for a street that the game has not", kKuhnText, "{preflop: lossless}",
     "{preflop: lossless, flop: lossless}",
     "run.yaml:16:40: abstraction.flop: the game has 1 street; remove it"},
    {"one street under two names", kKuhnText, "{preflop: lossless}",
     "{preflop: lossless, street1: lossless}",
     "run.yaml:16:43: abstraction.street1: names the same street as preflop; remove one"},
    {"a street without a menu", kNoLimitText, "  flop: {sizes: [[min, 500chips]]}\n", "",
     "run.yaml:16:3: menu.flop: missing; a no-limit game needs one per street"},
    {"a street without an abstraction", kNoLimitText, "  flop: {kind: ehs, buckets: 50}\n", "",
     "run.yaml:19:3: abstraction.flop: missing; every street needs one: lossless or {kind: K, "
     "buckets: N} with K one of ehs, ehs2, ochs, emd"},
    {"sizes in a limit game", kKuhnText, "iterations: 1000",
     "iterations: 1000\nmenu: {preflop: {sizes: [[pot]]}}",
     "run.yaml:19:25: menu.preflop.sizes: has no effect here: a limit game's rules give the one "
     "size; remove it"},
    {"sizes that are no list of lists", kNoLimitText, "[[min, 500chips]]", "[min, 500chips]",
     "run.yaml:17:18: menu.flop.sizes: found \"min\"; expected a list of at most 14 sizes, as in "
     "[0.5pot, pot, allin]"},
    {"a size that is none", kNoLimitText, "500chips", "500",
     "run.yaml:17:24: menu.flop.sizes: \"500\" is no bet size: write it as 0.5pot, pot, 250chips, "
     "min or allin"},
    {"more raises than there can be", kNoLimitText, "raises_max: 3", "raises_max: 256",
     "run.yaml:16:25: menu.preflop.raises_max: found \"256\"; expected a whole number from 0 to "
     "255"},
    {"buckets by hand strength for a small deck", kKuhnText, "{preflop: lossless}",
     "{preflop: {kind: ehs, buckets: 2}}",
     "run.yaml:16:31: abstraction.preflop.kind: found \"ehs\"; it needs two hole cards and "
     "hold'em's boards; allowed: lossless"},
    {"a kind that there is not", kNoLimitText, "kind: ehs", "kind: ehs3",
     "run.yaml:20:16: abstraction.flop.kind: found \"ehs3\"; did you mean ehs?; allowed: lossless, "
     "ehs, ehs2, ochs, emd"},
    {"histograms where there is nothing left to come", kNoLimitText, "kind: ehs", "kind: emd",
     "run.yaml:20:16: abstraction.flop.kind: street 2: emd:50: on the last street a hand's "
     "strength "
     "is one number, not a histogram: use \"ehs\" or \"ochs\""},
    {"classes of boards before there is one", kNoLimitText, "preflop: lossless",
     "preflop: {kind: ehs, buckets: 10, public: 5}",
     "run.yaml:19:19: abstraction.preflop.kind: street 1: public:5:ehs:10: there is no board to "
     "tell apart: leave out \"public\""},
    {"classes that cannot have as many buckets each", kNoLimitText, "buckets: 50",
     "buckets: 50, public: 7",
     "run.yaml:20:16: abstraction.flop.kind: street 2: public:7:ehs:50: 50 buckets in 7 classes of "
     "boards: a multiple of the classes was expected, so that each has as many"},
    {"a seed that would change nothing", kNoLimitText, "buckets: 50", "buckets: 50, seed: 2",
     "run.yaml:20:40: abstraction.flop.seed: has no effect here: nothing is drawn for percentiles; "
     "remove it"},
    {"too many buckets", kNoLimitText, "buckets: 50", "buckets: 65536",
     "run.yaml:20:30: abstraction.flop.buckets: found \"65536\"; expected a whole number from 1 to "
     "65535"},
    {"a number of buckets for a lossless street", kNoLimitText, "kind: ehs", "kind: lossless",
     "run.yaml:20:35: abstraction.flop.buckets: has no effect here: a lossless street has as many "
     "buckets as there are classes; remove it"},
    {"recall of a street that is clustered", kNoLimitText, "buckets: 50",
     "buckets: 50, recall: perfect",
     "run.yaml:20:42: abstraction.flop.recall: has no effect here: buckets are made from the cards "
     "held now; remove it"},
    {"forgetting where there is one street of board cards", kNoLimitText,
     "{kind: ehs, buckets: 50}", "{kind: lossless, recall: imperfect}",
     "run.yaml:20:34: abstraction.flop.recall: street 2: imperfect recall: no street before it "
     "dealt board cards, so there is no order to forget: say \"lossless\""},
    {"a recall that there is not", kTurnText, "turn: lossless",
     "turn: {kind: lossless, recall: some}",
     "run.yaml:19:34: abstraction.turn.recall: found \"some\"; allowed: perfect, imperfect"},
    {"an ante and a blind above the stack", kNoLimitText, "seed: 7", "antes: 19901",
     "run.yaml:34:8: antes: found 19901 chips for player 1, who has a stack of 20000 and posts a "
     "blind of 100; expected at most what the blind leaves: lower the ante or raise the stack"},
    {"antes that leave nobody a decision", kKuhnText, "round:", "antes: 16777215\nround:",
     "run.yaml:17:8: antes: antes and blinds take every stack; expected someone with chips to act: "
     "lower them or raise a stack"},
    {"antes of two that have no half", kNoLimitText, "seed: 7", "antes: [1, 2]",
     "run.yaml:34:8: antes: found 1 and 2; expected an even sum with two players, so that a split "
     "pot is whole chips: double all chips of the game"},
    {"antes of too many", kNoLimitText, "seed: 7", "antes: [1, 1, 1]",
     "run.yaml:34:8: antes: found a list of 3; expected a whole number of chips from 0 to "
     "16777216, "
     "or a list of 2, one for each player"},
    {"an ante that is no number of chips", kNoLimitText, "seed: 7", "antes: [1, half]",
     "run.yaml:34:12: antes: found \"half\"; expected a whole number of chips from 0 to 16777216, "
     "or "
     "a list of 2, one for each player"},
    {"the short deck's ranking of a full deck", kNoLimitText, "seed: 7", "ranking: short_deck",
     "run.yaml:34:10: ranking: short_deck is for decks of 36 cards, six to ace (numRanks = 9, "
     "numSuits = 4); this game has 13 ranks and 4 suits: use standard"},
    {"a ranking that there is not", kNoLimitText, "seed: 7", "ranking: six_plus",
     "run.yaml:34:10: ranking: found \"six_plus\"; allowed: standard, short_deck"},
    {"a name that cannot be a folder's", kKuhnText, "name: kuhn", "name: a/b",
     "run.yaml:1:7: name: found \"a/b\"; expected 1 to 64 letters, digits, _ and -"},
    {"a list where a section is due", kKuhnText, "round: {batches: 10, deals: 32}", "round: [1, 2]",
     "run.yaml:17:8: round: found a list; expected keys: units, batches, deals, lag, meet_every, "
     "amplification"},
};

TEST(RunDefinition, EveryMistakeIsOneLineWithPlaceAndRemedy) {
  for (const Mistake& mistake : kMistakes) {
    SCOPED_TRACE(mistake.why);
    std::string text = mistake.base;
    const size_t at = text.find(mistake.find);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, std::string(mistake.find).size(), mistake.replace);
    const auto run = ParseRunDefinition(text, "run.yaml");
    EXPECT_EQ(run.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(std::string(run.status().message()), mistake.error);
  }
}

TEST(RunDefinition, BrokenYamlIsOneLineWithItsPlace) {
  for (const std::string text :
       {"name: [1, 2", "a: b: c", "\t- x", "%", "", "a\n---\nb", "*x", "a: 1\n]", "}"}) {
    const auto run = ParseRunDefinition(text, "run.yaml");
    EXPECT_EQ(run.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(run.status().message().substr(0, 9), "run.yaml:") << run.status();
    EXPECT_EQ(run.status().message().find('\n'), absl::string_view::npos) << run.status();
  }
}

TEST(RunDefinition, MistakesInAnInlinedGameNameTheLineOfTheFile) {
  const std::string text = absl::StrReplaceAll(kKuhnText, {{"numRounds = 1", "numRounds = 9"}});
  const auto run = ParseRunDefinition(text, "run.yaml");
  EXPECT_EQ(run.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(run.status().message().substr(0, 11), "run.yaml:6:") << run.status();
}

TEST(RunDefinition, BoardsInTurnNeedAFirstStreetWithoutTooManyOfThem) {
  const std::string text = absl::StrReplaceAll(
      kKuhnText, {{"numSuits = 1", "numSuits = 4"},
                  {"numRanks = 3", "numRanks = 13"},
                  {"numBoardCards = 0", "numBoardCards = 6"},
                  {"round:", "algorithm: {sampler: public, boards: cycle}\nround:"}});
  EXPECT_EQ(ParseRunDefinition(text, "run.yaml").status().message(),
            "run.yaml:17:38: algorithm.boards: found cycle; the first street that deals cards has "
            "20358520 sets of them, and the most is 4194304: use draw");
}

TEST(RunDefinition, AGameFileThatIsMissingIsNamedWithThePlaceThatNamesIt) {
  const auto run = ParseRunDefinition(
      "name: x\ngame: games/no.game\n", "run.yaml",
      [](const std::string& path) { return LoadGameDefinition("configs/" + path); });
  EXPECT_EQ(
      std::string(run.status().message()),
      "run.yaml:2:7: game: configs/games/no.game: cannot be read: No such file or directory; check "
      "the path; the path is relative to the definition");
}

TEST(RunDefinition, EveryKindOfBucketsArrives) {
  struct Case {
    const char* text;
    StreetAbstraction expected;
  };
  for (const Case& c :
       {Case{"{kind: ehs2, buckets: 7}", {BucketKind::kEhs2, 7}},
        Case{"{kind: ochs, buckets: 7, seed: 3}", {BucketKind::kOchs, 7, 1, 3}},
        Case{"{kind: ehs, buckets: 60, public: 20}", {BucketKind::kEhs, 60, 20, 1}},
        Case{"{kind: ochs, buckets: 60, public: 1, seed: 0}", {BucketKind::kOchs, 60, 1, 0}}}) {
    const auto run = ParseRunDefinition(
        absl::StrReplaceAll(kNoLimitText, {{"{kind: ehs, buckets: 50}", c.text}}), "run.yaml");
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(run->abstraction.streets[1], c.expected) << c.text;
  }
}

TEST(RunDefinition, AShortDeckOfHoldemMayBeClusteredToo) {
  const auto run = ParseRunDefinition(
      absl::StrReplaceAll(kNoLimitText, {{"numRanks = 13", "numRanks = 6"}}), "run.yaml");
  EXPECT_TRUE(run.ok()) << run.status();
}

TEST(BucketDefinition, HasANameAGameAndAnAbstractionAndNoOtherKey) {
  const auto load = [](const std::string& path) -> absl::StatusOr<GameDefinition> {
    EXPECT_EQ(path, "games/x.game");
    GameDefinition game;
    game.num_players = 2;
    game.num_streets = 3;
    game.num_suits = 4;
    game.num_ranks = 13;
    game.num_hole_cards = 2;
    game.num_board_cards = {0, 3, 1, 0};
    return game;
  };
  const std::string text = R"(name: tiny
game: games/x.game
abstraction:
  preflop: lossless
  flop: {kind: emd, buckets: 9, public: 3, seed: 4}
  turn: {kind: ehs, buckets: 10}
)";
  const auto definition = ParseBucketDefinition(text, "b.yaml", load);
  ASSERT_TRUE(definition.ok()) << definition.status();
  EXPECT_EQ(definition->name, "tiny");
  EXPECT_EQ(definition->game.num_streets, 3);
  EXPECT_EQ(definition->abstraction.streets[1], StreetAbstraction({BucketKind::kEmd, 9, 3, 4}));
  EXPECT_EQ(definition->abstraction.streets[2], StreetAbstraction({BucketKind::kEhs, 10, 1, 1}));
  const absl::Status status = ParseBucketDefinition(text + "round: {}\n", "b.yaml", load).status();
  EXPECT_EQ(std::string(status.message()),
            "b.yaml:7:1: unknown key \"round\"; allowed: name, game, ranking, abstraction");
}

TEST(BucketDefinition, ShippedOnesLoad) {
  for (const std::string name : {"small", "medium", "large"}) {
    const auto definition = LoadBucketDefinition(absl::StrCat("configs/buckets/", name, ".yaml"));
    ASSERT_TRUE(definition.ok()) << definition.status();
    EXPECT_EQ(definition->name, name);
  }
}

TEST(RunDefinition, DeepNestingIsAnErrorNotACrash) {
  EXPECT_FALSE(ParseRunDefinition(std::string(100000, '['), "run.yaml").ok());
  EXPECT_FALSE(ParseRunDefinition(std::string(100000, '{'), "run.yaml").ok());
  std::string nested = "name: ";
  for (int i = 0; i < 20000; ++i) nested += "- ";
  EXPECT_FALSE(ParseRunDefinition(nested, "run.yaml").ok());
}

}  // namespace
}  // namespace nash
