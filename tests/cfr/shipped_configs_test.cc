// Every shipped run definition is one that a trainer takes: no value of its tables can wrap.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "solver/cfr/schedule.h"
#include "solver/run/run_definition.h"

namespace nash {
namespace {

TEST(ShippedConfigs, KeepWithinTheLimitsOfTheirTables) {
  int checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator("configs")) {
    if (entry.path().extension() != ".yaml") continue;
    const auto run = LoadRunDefinition(entry.path().string());
    ASSERT_TRUE(run.ok()) << run.status();
    // A player can lose the stack; in limit games stacks may have no end, but raises are few.
    if (run->game.betting != BettingKind::kNoLimit) continue;
    int64_t most = 0;
    for (int player = 0; player < run->game.num_players; ++player) {
      most = std::max<int64_t>(most, run->game.stack_chips[player]);
    }
    if (run->game.num_players > 2) most *= run->game.num_players - 1;
    EXPECT_TRUE(CheckSchedule(run->algorithm, run->round, most).ok())
        << entry.path() << ": " << CheckSchedule(run->algorithm, run->round, most);
    ++checked;
  }
  EXPECT_GE(checked, 5);
}

}  // namespace
}  // namespace nash
