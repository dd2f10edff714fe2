// Games with known answers, trained by the engine with the shipped configs.
#include <glog/logging.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/thread_pool.h"
#include "solver/abstraction/bucket_deal_source.h"
#include "solver/cfr/trainer.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/evaluation/nash_conv.h"
#include "solver/run/run_definition.h"
#include "tests/abstraction/lossless.h"

namespace nash {
namespace {

// NashConv of the average strategy after the config's iterations, or `iterations` when not 0.
NashConvResult Train(const std::string& config, uint64_t iterations) {
  const RunDefinition run = LoadRunDefinition(absl::StrCat("configs/", config, ".yaml")).value();
  const PublicTree tree = PublicTree::Build(run.game, run.menu).value();
  const Abstraction abstraction = Abstraction::Open(run.abstraction, run.game, "").value();
  const TableLayout layout =
      TableLayout::Make(tree, NumBucketsOf(abstraction, run.game), run.algorithm.average).value();
  Table table = Table::Make(layout).value();
  const BucketDealSource source(run.game, abstraction);
  ThreadPool pool(1);
  auto trainer = Trainer::Make({.options = run.algorithm,
                                .shape = run.round,
                                .seed = run.seed,
                                .table = &table,
                                .source = &source,
                                .pool = &pool},
                               Progress());
  CHECK(trainer.ok()) << trainer.status();
  if (iterations == 0) iterations = run.iterations;
  while ((*trainer)->progress().iterations < iterations) (*trainer)->RunRound(nullptr);
  return NashConv(tree, AbstractionHands(abstraction), AverageStrategy(table)).value();
}

TEST(TrainedGames, KuhnComesToItsValue) {
  const NashConvResult result = Train("kuhn", 0);
  EXPECT_LT(result.nash_conv_chips, 0.003);
  EXPECT_NEAR(result.values_chips[0], -1.0 / 18, 0.001);
}

TEST(TrainedGames, ThreePlayerKuhnComesNearAnEquilibrium) {
  EXPECT_LT(Train("kuhn_3p", 0).nash_conv_chips, 0.01);
}

TEST(TrainedGames, LeducComesToItsValue) {
  const NashConvResult result = Train("leduc", 2000000);
  // Sequential external sampling is at 0.035 after 1 million and at 0.012 after 10 million.
  EXPECT_LT(result.nash_conv_chips, 0.03);
  EXPECT_NEAR(result.values_chips[0], -0.08561, 0.005);
}

}  // namespace
}  // namespace nash
