// Runs that enumerate chance: each iteration against a slow twin, equilibria, and the same bytes
// for any threads and interruptions.
#include "solver/cfr/enumerator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "solver/abstraction/abstraction.h"
#include "solver/cfr/enumerated_deals.h"
#include "solver/cfr/enumerated_ranges.h"
#include "solver/cfr/row_rules.h"
#include "solver/cfr/row_view.h"
#include "solver/cfr/trainer.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "tests/abstraction/lossless.h"
#include "tests/cfr/slow_enumeration.h"
#include "tests/cfr/table_values.h"

namespace nash {
namespace {

constexpr Variant kAllVariants[] = {Variant::kVanilla,    Variant::kLinear,
                                    Variant::kDiscounted, Variant::kPlus,
                                    Variant::kPredictive, Variant::kPredictiveDiscounted};

// Two cards each of eight, and a board of one card and one more: boards differ by their suits'
// names only, hands share cards with boards and with each other.
constexpr char kTwoCards[] = R"(GAMEDEF
limit
numPlayers = 2
numRounds = 2
blind = 2 1
raiseSize = 2 2
firstPlayer = 2 1
maxRaises = 1 1
numSuits = 2
numRanks = 4
numHoleCards = 2
numBoardCards = 1 1
END GAMEDEF
)";

CfrOptions Enumerated(Variant variant) {
  CfrOptions options;
  options.chance = Chance::kEnumerated;
  options.variant = variant;
  if (variant == Variant::kPredictiveDiscounted) {
    options.alpha = 2.3;
    options.gamma = 5;
  }
  return options;
}

class Game {
 public:
  Game(const GameDefinition& game, const CfrOptions& options)
      : options_(options),
        game_(game),
        tree_(*PublicTree::Build(game_, {})),
        abstraction_(*Abstraction::Open(Lossless(game_), game_, "")),
        layout_(*TableLayout::Make(tree_, NumBucketsOf(abstraction_, game_), AverageStreets::kAll,
                                   FormOf(options))),
        hands_(abstraction_) {}
  static GameDefinition Named(const std::string& name) {
    return *LoadGameDefinition("configs/games/" + name + ".game");
  }

  const PublicTree& tree() const { return tree_; }
  const TableLayout& layout() const { return layout_; }
  const AbstractionHands& hands() const { return hands_; }
  const CfrOptions& options() const { return options_; }
  TrainingSetup Setup(Table* table, ThreadPool* pool, uint32_t batches) const {
    return {options_, {1, batches, 1}, 7, table, nullptr, pool, nullptr, &hands_};
  }
  double NashConvOf(const Table& table) const {
    return NashConv(tree_, hands_, AverageStrategy(table))->nash_conv_chips;
  }

 private:
  const CfrOptions options_;
  const GameDefinition game_;
  const PublicTree tree_;
  const Abstraction abstraction_;
  const TableLayout layout_;
  const AbstractionHands hands_;
};

// A regret to begin with, in tenths of a chip. Without any, what symmetry makes zero is the last
// bits of a sum, and regret matching plays its sign.
double FirstRegret(NodeIndex node, uint32_t bucket, int action) {
  return static_cast<double>((node * 7919 + bucket * 104729 + action * 1299709) % 97) / 970;
}

// The table after so many iterations of a pass.
Table RunPass(const Game& game, EnumeratedPass* pass, int iterations) {
  Table table = *Table::Make(game.layout());
  for (NodeIndex node = 0; node < game.layout().num_nodes(); ++node) {
    for (uint32_t bucket = 0; bucket < game.layout().NumBuckets(node); ++bucket) {
      auto* const row = reinterpret_cast<double*>(table.Row(node, bucket));
      for (int a = 0; a < game.tree().nodes()[node].num_actions; ++a) {
        row[a] = FirstRegret(node, bucket, a);
      }
    }
  }
  pass->Load(RuleOf(game.options(), 1), &table);
  const int num_players = game.tree().num_players();
  for (int t = 1; t <= iterations; ++t) {
    for (int learner = 0; learner < num_players; ++learner) {
      pass->Run(learner, (learner + 1) % num_players);
      pass->Update(RuleOf(game.options(), t), learner, (learner + 1) % num_players);
    }
  }
  pass->Store(&table, nullptr);
  return table;
}

// A pass adds up in units of 5e-14 chips here; regret matching makes more of it where regrets are
// near zero.
constexpr double kTolerance = 1e-9;
constexpr double kShareTolerance = 1e-8;  // of averages, also of rows that are hardly reached

// Regrets in chips; sums in proportion, row by row.
void ExpectAsSlow(const Game& game, const Table& table, int iterations) {
  SlowEnumeration slow(game.tree(), game.hands(), game.options(), FirstRegret);
  for (int t = 0; t < iterations; ++t) slow.RunIteration();
  for (const auto& [name, row] : slow.rows()) {
    const auto [node, bucket] = name;
    const RowView view(game.layout(), node, table.Row(node, bucket));
    double slow_total = 0, total = 0;
    for (size_t a = 0; a < row.sums.size(); ++a) {
      EXPECT_NEAR(view.Regret(a), row.regrets[a], kTolerance) << node << " " << bucket;
      slow_total += row.sums[a];
      total += view.Sum(a);
    }
    if (slow_total == 0) {
      EXPECT_EQ(total, 0);
      continue;
    }
    for (size_t a = 0; a < row.sums.size(); ++a) {
      EXPECT_NEAR(view.Sum(a) / total, row.sums[a] / slow_total, kShareTolerance);
    }
  }
  EXPECT_EQ(slow.rows().size(), game.layout().num_rows());
}

TEST(Enumerator, EveryVariantIsAsTheSlowTwinHasIt) {
  for (const Variant variant : kAllVariants) {
    SCOPED_TRACE(static_cast<int>(variant));
    CfrOptions options = Enumerated(variant);
    options.average_from_iterations = variant == Variant::kPlus ? 3 : 0;
    const Game game(Game::Named("leduc_2p"), options);
    ThreadPool pool(1);
    auto ranges = *MakeEnumeratedRanges(game.layout(), game.hands(), 50, &pool);
    ExpectAsSlow(game, RunPass(game, ranges.get(), 9), 9);
    auto deals = *MakeEnumeratedDeals(game.layout(), game.hands(), 50, &pool);
    ExpectAsSlow(game, RunPass(game, deals.get(), 9), 9);
  }
}

TEST(Enumerator, TwoHoleCardsAndSuitsThatAreAlike) {
  const Game game(*ParseGameDefinition(kTwoCards, "two.game"), Enumerated(Variant::kPlus));
  ThreadPool pool(2);
  auto ranges = *MakeEnumeratedRanges(game.layout(), game.hands(), 50, &pool);
  ExpectAsSlow(game, RunPass(game, ranges.get(), 2), 2);
}

TEST(Enumerator, ThreePlayers) {
  const Game game(Game::Named("kuhn_3p"), Enumerated(Variant::kPlus));
  ThreadPool pool(2);
  auto deals = *MakeEnumeratedDeals(game.layout(), game.hands(), 50, &pool);
  ExpectAsSlow(game, RunPass(game, deals.get(), 6), 6);
}

std::vector<int32_t> Trained(const Game& game, int rounds, int threads, bool interrupted) {
  Table table = *Table::Make(game.layout());
  Progress progress;
  for (int i = 0; i < rounds;) {
    ThreadPool pool(threads);
    auto trainer = Trainer::Make(game.Setup(&table, &pool, 3), progress);
    EXPECT_TRUE(trainer.ok()) << trainer.status();
    for (const int until = interrupted ? i + 1 : rounds; i < until; ++i) {
      (*trainer)->RunRound(nullptr);
    }
    progress = (*trainer)->progress();
  }
  EXPECT_EQ(progress.iterations, 3 * rounds);
  return ValuesOf(table);
}

TEST(Enumerator, ThreadsAndInterruptionsDoNotChangeAByte) {
  for (const Variant variant : kAllVariants) {
    SCOPED_TRACE(static_cast<int>(variant));
    const Game game(Game::Named("leduc_2p"), Enumerated(variant));
    const std::vector<int32_t> expected = Trained(game, 8, 1, false);
    EXPECT_EQ(Trained(game, 8, 3, false), expected);
    EXPECT_EQ(Trained(game, 8, 2, true), expected);
  }
  const Game three(Game::Named("kuhn_3p"), Enumerated(Variant::kPredictiveDiscounted));
  const std::vector<int32_t> expected = Trained(three, 8, 1, false);
  EXPECT_EQ(Trained(three, 8, 3, false), expected);
  EXPECT_EQ(Trained(three, 8, 2, true), expected);
}

double NashConvAfter(const Game& game, uint32_t iterations) {
  Table table = *Table::Make(game.layout());
  ThreadPool pool(1);
  auto trainer = *Trainer::Make(game.Setup(&table, &pool, iterations), {});
  trainer->RunRound(nullptr);
  return game.NashConvOf(table);
}

// Measured: 3e-14 and 2e-7.
TEST(Enumerator, SolvesKuhnAndLeduc) {
  const CfrOptions options = Enumerated(Variant::kPredictiveDiscounted);
  EXPECT_LT(NashConvAfter(Game(Game::Named("kuhn_2p"), options), 20000), 1e-9);
  EXPECT_LT(NashConvAfter(Game(Game::Named("leduc_2p"), options), 20000), 1e-6);
}

TEST(Enumerator, RefusesWhatItCannotTrain) {
  const Game game(Game::Named("leduc_2p"), Enumerated(Variant::kPlus));
  Table table = *Table::Make(game.layout());
  ThreadPool pool(1);
  TrainingSetup setup = game.Setup(&table, &pool, 3);
  setup.shape.deals = 32;
  EXPECT_THAT(CheckTrainingSetup(setup).message(), testing::HasSubstr("units and deals must be 1"));
}

// 1326 * 1225 * 1128 hands of three players.
constexpr char kThreeHands[] = R"(GAMEDEF
limit
numPlayers = 3
numRounds = 1
blind = 1 2 0
raiseSize = 2
firstPlayer = 3
maxRaises = 2
numSuits = 4
numRanks = 13
numHoleCards = 2
numBoardCards = 0
END GAMEDEF
)";

TEST(Enumerator, RefusesAGameThatIsTooLargeWithTheCount) {
  const Game game(*ParseGameDefinition(kThreeHands, "three.game"), Enumerated(Variant::kPlus));
  Table table = *Table::Make(game.layout());
  ThreadPool pool(1);
  const double visits = 1326.0 * 1225 * 1128 * game.tree().nodes().size();
  EXPECT_EQ(CountEnumeratedVisits(game.tree()), visits);
  const absl::Status status = CheckTrainingSetup(game.Setup(&table, &pool, 3));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), testing::HasSubstr(absl::StrFormat("would take %.3g", visits)));
}

TEST(RowRules, PowersAreThoseOfTheMathematics) {
  for (const double x : {0.0, 0.25, 1.0, 2.0, 3.0, 1000.0, 123456789.0}) {
    for (const double exponent : {0.0, 0.1, 0.5, 1.0, 1.5, 2.3, 5.0, 7.9}) {
      const double expected = std::pow(x, exponent);
      EXPECT_NEAR(PowerOfTenths(x, exponent), expected, 1e-13 * expected) << x << " " << exponent;
    }
  }
}

}  // namespace
}  // namespace nash
