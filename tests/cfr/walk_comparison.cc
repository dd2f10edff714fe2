#include "tests/cfr/walk_comparison.h"

#include <glog/logging.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "solver/cfr/outcome_pass_runner.h"
#include "solver/cfr/pass_runner.h"
#include "solver/cfr/schedule.h"
#include "tests/cfr/random_deals.h"
#include "tests/cfr/slow_outcome.h"
#include "tests/cfr/slow_walk.h"

namespace nash {
namespace {

constexpr uint32_t kBuckets = 7;
constexpr double kExploration = 0.6;

constexpr char kRowsGame[] = R"(
GAMEDEF
nolimit
numPlayers = 2
numRounds = 1
stack = 40 40
blind = 1 2
firstPlayer = 1
numSuits = 1
numRanks = 4
numHoleCards = 1
numBoardCards = 0
END GAMEDEF
)";

int64_t ChipsAtStake(const PublicTree& tree) {
  int64_t most = 0;
  for (const PublicEdge& edge : tree.edges()) {
    if (edge.kind() == EdgeKind::kFold || edge.kind() == EdgeKind::kShowdown) {
      most = std::max<int64_t>(most, edge.amount_chips);
    }
  }
  for (const MultiwayTerminal& terminal : tree.terminals()) {
    int64_t pot = tree.game().DeadChips();
    for (const auto chips : terminal.spent_chips) pot += chips;
    most = std::max(most, pot);
  }
  return most;
}

int32_t WildRegret(bool beyond, std::mt19937_64* random) {
  const auto bits = static_cast<int>((*random)() % 31);
  const int64_t magnitude = static_cast<int64_t>((*random)() & ((uint64_t{1} << bits) - 1));
  switch ((*random)() % 8) {
    case 0:
      return 0;
    case 1:
      return kRegretCeiling;
    case 2:
      return kRegretFloorMin;
    case 3:
      if (beyond) return static_cast<int32_t>(kRegretCeiling + (*random)() % kBatchHeadroom);
      return kRegretCeiling - static_cast<int32_t>(magnitude);
    case 4:
      if (beyond)
        return static_cast<int32_t>(kRegretFloorMin - int64_t((*random)() % kBatchHeadroom));
      return kRegretFloorMin + static_cast<int32_t>(magnitude);
    case 5:
      return static_cast<int32_t>(-magnitude);
    default:
      return static_cast<int32_t>(magnitude);
  }
}

int32_t SmallValue(std::mt19937_64* random) {
  const int32_t value = static_cast<int32_t>((*random)() % 4000) - ((*random)() % 2 ? 2000 : 4000);
  return (*random)() % 8 == 0 ? 0 : value;
}

Table CopyOf(const Table& table) {
  Table copy = *Table::Make(table.layout());
  for (NodeIndex node = 0; node < table.layout().num_nodes(); ++node) {
    std::vector<int32_t> values(table.layout().ValuesOf(node));
    table.CopyOut(node, absl::MakeSpan(values));
    copy.CopyIn(node, values);
  }
  return copy;
}

void Compare(const Table& before, const Table& got, const Table& want, Comparison* result) {
  const TableLayout& layout = got.layout();
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    std::vector<int32_t> is(layout.ValuesOf(node)), should(is.size()), was(is.size());
    got.CopyOut(node, absl::MakeSpan(is));
    want.CopyOut(node, absl::MakeSpan(should));
    before.CopyOut(node, absl::MakeSpan(was));
    for (size_t i = 0; i < is.size(); ++i) {
      const double apart = std::abs(double{1} * is[i] - double{1} * should[i]);
      result->changed += should[i] != was[i];
      result->different += apart > result->tolerance;
      if (apart <= result->most) continue;
      result->most = apart;
      result->where = absl::StrCat("betting \"", layout.tree().Betting(node), "\" value ", i,
                                   ": was ", was[i], ", is ", is[i], ", should be ", should[i]);
    }
  }
}

}  // namespace

GameDefinition ComparedGame(const std::string& name) {
  if (name == "leduc_3p with antes") {
    GameDefinition game = *LoadGameDefinition("configs/games/leduc_3p.game");
    game.dead_chips = {2, 1, 1};
    return game;
  }
  if (name == "rows") return *ParseGameDefinition(kRowsGame, "rows");
  return *LoadGameDefinition(absl::StrCat("configs/games/", name, ".game"));
}

std::unique_ptr<PublicTree> ComparedTree(const std::string& game, int sizes) {
  ActionMenu menu;
  for (StreetMenu& street : menu.streets) {
    street.sizes.emplace_back();
    for (int i = 0; i < sizes; ++i) {
      street.sizes[0].push_back({BetSizeKind::kPotFraction, 0.5 + 0.5 * i});
    }
    street.raises_max = sizes > 2 ? 1 : 2;
  }
  return std::make_unique<PublicTree>(*PublicTree::Build(ComparedGame(game), menu));
}

void FillRandomly(Values values, bool beyond, uint64_t seed, Table* table) {
  std::mt19937_64 random(seed);
  const TableLayout& layout = table->layout();
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    const uint32_t num_actions = layout.tree().nodes()[node].num_actions;
    std::vector<int32_t> of_node(layout.ValuesOf(node));
    for (size_t i = 0; i < of_node.size(); ++i) {
      if (values == Values::kSmall) {
        of_node[i] = SmallValue(&random);
      } else if (i % layout.ValuesPerRow(node) < num_actions) {
        of_node[i] = WildRegret(beyond, &random);
      } else {
        of_node[i] = static_cast<int32_t>(random() % (kSumLimit / 2));
      }
    }
    table->CopyIn(node, of_node);
  }
}

Comparison CompareWithSlowTwin(const ComparedPass& compared) {
  const PublicTree& tree = *compared.tree;
  const std::vector<uint32_t> buckets(tree.num_streets(), kBuckets);
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kAll);
  int depths = 1;
  for (const PublicNode& node : tree.nodes()) depths = std::max(depths, node.depth + 1);
  PreparedBatch batch(tree.num_players(), tree.num_streets(), depths, compared.deals);
  batch.Prepare(RandomDeals(kBuckets), {compared.seed, 0, 0}, 0, 0, compared.deals,
                compared.prunes ? 0.2 : 0);
  Table table = *Table::Make(layout);
  FillRandomly(compared.values, /*beyond=*/true, compared.seed + compared.traverser, &table);
  Table before = CopyOf(table);
  Table expected = CopyOf(table);

  Pass pass;
  pass.table = &table;
  pass.batch = &batch;
  pass.num_deals = compared.deals;
  pass.traverser = compared.traverser;
  pass.averaged = (compared.traverser + 1) % tree.num_players();
  pass.regret_floor = compared.regret_floor;
  pass.amplification = compared.amplification;
  pass.regret_scale = 8;
  if (compared.prunes) pass.prune_below = compared.values == Values::kWild ? -(1 << 20) : -1000;
  Comparison result;
  if (compared.values == Values::kWild) {
    const double quantum = FinestQuantum(
        compared.sampler,
        {static_cast<uint32_t>(compared.amplification), 1, static_cast<uint32_t>(compared.deals)},
        ChipsAtStake(tree));
    pass.regret_scale = static_cast<float>(1 / quantum);
    // A pass adds less than the headroom to a value, of floats that are right to 2^-20.
    result.tolerance = 4 + kBatchHeadroom * 0x1p-20;
  }

  ThreadPool pool(compared.threads);
  pass.table = &before;
  if (compared.sampler == Sampler::kOutcome) {
    result.slow_touches = SlowOutcome(pass, kExploration, &expected).touches();
    pass.table = &table;
    result.touches =
        OutcomePassRunner(tree, kExploration, &pool).Run(pass, [](int) { return false; });
  } else {
    result.slow_touches = SlowWalk(pass, &expected).touches();
    pass.table = &table;
    result.touches =
        ExternalPassRunner(tree, compared.deals, &pool).Run(pass, [](int) { return false; });
  }
  Compare(before, table, expected, &result);
  return result;
}

}  // namespace nash
