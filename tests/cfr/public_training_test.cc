// Runs of public chance sampling: any threads, interruptions and units, and what they converge to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "solver/cfr/lines.h"
#include "solver/cfr/trainer.h"
#include "solver/evaluation/nash_conv.h"
#include "tests/cfr/public_game.h"
#include "tests/cfr/table_values.h"

namespace nash {
namespace {

struct Trained {
  Trained(const PublicGame& game, const CfrOptions& options, const RoundShape& shape, int rounds,
          int threads, bool interrupted)
      : table(*Table::Make(game.layout())) {
    Progress progress;
    for (int i = 0; i < rounds; i += shape.meet_every) {
      ThreadPool pool(threads);
      auto trainer = Trainer::Make(game.Setup(options, shape, &table, &pool), progress);
      EXPECT_TRUE(trainer.ok()) << trainer.status();
      const int until = interrupted ? i + static_cast<int>(shape.meet_every) : rounds;
      for (; i < until; ++i) (*trainer)->RunRound(nullptr);
      i -= shape.meet_every;
      progress = (*trainer)->progress();
      if (!interrupted) break;
    }
  }
  std::vector<int32_t> Values() const { return ValuesOf(table); }
  Table table;
};

TEST(PublicTraining, ThreadsAndInterruptionsDoNotChangeTheResult) {
  const PublicGame game("leduc_2p");
  for (const RoundShape& shape :
       {RoundShape{1, 4, 3, 1}, RoundShape{3, 2, 2, 1}, RoundShape{3, 2, 2, 2}}) {
    const std::vector<int32_t> expected =
        Trained(game, PublicOptions(), shape, 8, 1, false).Values();
    EXPECT_EQ(Trained(game, PublicOptions(), shape, 8, 3, false).Values(), expected);
    EXPECT_EQ(Trained(game, PublicOptions(), shape, 8, 2, true).Values(), expected);
  }
}

double NashConvOf(const PublicGame& game, const Table& table) {
  const AbstractionHands hands(game.abstraction());
  return NashConv(game.tree(), hands, AverageStrategy(table))->nash_conv_chips;
}

// Kuhn has no board: every iteration is one of CFR without sampling, but for rounding.
TEST(PublicTraining, SolvesKuhn) {
  const PublicGame game("kuhn_2p");
  const Trained run(game, PublicOptions(), {1, 12, 1}, 800, 1, false);
  EXPECT_LT(NashConvOf(game, run.table), 0.002);
}

// Boards of Leduc come in cycles of 120 that hold each of its six equally often. (Measured: 0.022;
// external sampling has 0.033 after 300,000 deals, four times as long. Uniform: 4.75.)
TEST(PublicTraining, SolvesLeduc) {
  const PublicGame game("leduc_2p");
  CfrOptions options = PublicOptions();
  options.discount_every_iterations = 120;
  const Trained run(game, options, {1, 120, 1}, 100, 1, false);
  EXPECT_LT(NashConvOf(game, run.table), 0.035);
}

// A chip is what Leduc's players put in before they act.
TEST(PublicTraining, AQuantumThatDrownsBoardsInNoiseIsWarnedOf) {
  const PublicGame game("leduc_2p");
  Table table = *Table::Make(game.layout());
  ThreadPool pool(1);
  CfrOptions options = PublicOptions();
  options.quantum_chips = 0.01;
  EXPECT_THAT(WarningOf(game.Setup(options, {1, 4, 3, 1}, &table, &pool), 1000),
              testing::HasSubstr("coarse for sampler: public"));
  options.quantum_chips = 0.0001;
  EXPECT_EQ(WarningOf(game.Setup(options, {1, 4, 3, 1}, &table, &pool), 1000), "");
}

}  // namespace
}  // namespace nash
