// The engine at the limits of 32 bits: any sampler, width of rows, pruning, several units, lag and
// threads, on small tables full of regrets at the ceiling and the floor.
//
// One pass is compared with its slow twin, and a few rounds of training from a wild table with the
// same on another number of threads. Under --config=asan (and libFuzzer) every DCHECK of the walk
// looks on: actions exist, every deal goes to one child, nothing wraps.
#include <glog/logging.h>

#include <array>
#include <memory>
#include <vector>

#include "solver/cfr/schedule.h"
#include "solver/cfr/trainer.h"
#include "tests/cfr/random_deals.h"
#include "tests/cfr/table_values.h"
#include "tests/cfr/walk_comparison.h"

namespace nash {
namespace {

constexpr uint32_t kBuckets = 5;
constexpr int kRounds = 3;

struct Game {
  const char* name;
  int sizes;
};
constexpr std::array kGames = {Game{"leduc_2p", 0}, Game{"kuhn_3p", 0}, Game{"rows", 3},
                               Game{"rows", 5},     Game{"rows", 12},   Game{"leduc_3p", 0}};

const PublicTree& TreeOf(uint8_t number) {
  static const std::vector<std::unique_ptr<PublicTree>>* const trees = [] {
    auto* made = new std::vector<std::unique_ptr<PublicTree>>;
    for (const Game& game : kGames) made->push_back(ComparedTree(game.name, game.sizes));
    return made;
  }();
  return *(*trees)[number % kGames.size()];
}

// What the bytes of an input say, in this order; missing ones are 0.
struct Input {
  uint8_t game, sampler, prunes, floor, units, traverser, threads, meets, variant, seed_low,
      seed_high;
};

int32_t FloorOf(uint8_t number) {
  constexpr std::array<int32_t, 4> kFloors = {kRegretFloorMin, 0, -(1 << 29), -700};
  return kFloors[number % kFloors.size()];
}

void ComparePass(const Input& input, const PublicTree& tree) {
  const Comparison result = CompareWithSlowTwin({
      .tree = &tree,
      .sampler = input.sampler % 2 ? Sampler::kOutcome : Sampler::kExternal,
      .values = Values::kWild,
      .prunes = input.prunes % 2 == 1,
      .regret_floor = FloorOf(input.floor),
      .amplification = 1 + input.units % 8,
      .traverser = input.traverser % tree.num_players(),
      .deals = 48,
      .threads = 1 + input.threads % 3,
      .seed = input.seed_low + 256ull * input.seed_high,
  });
  CHECK_EQ(result.touches, result.slow_touches);
  // A draw within a rounding of the border between two actions may take either of them: rare, and
  // then some values differ. Most must agree.
  CHECK_LE(result.different, 8 + result.changed / 10) << result.where;
}

std::vector<int32_t> Train(const TrainingSetup& setup, uint64_t seed) {
  // As after a round of several units: within the limits. Of one unit: also beyond them.
  FillRandomly(Values::kWild, /*beyond=*/setup.shape.units == 1, seed, setup.table);
  auto trainer = Trainer::Make(setup, {});
  CHECK(trainer.ok()) << trainer.status();
  for (int round = 0; round < kRounds; ++round) (*trainer)->RunRound(nullptr);
  return ValuesOf(*setup.table);
}

void CompareThreads(const Input& input, const PublicTree& tree) {
  const std::vector<uint32_t> buckets(tree.num_streets(), kBuckets);
  const TableLayout layout = *TableLayout::Make(tree, buckets, AverageStreets::kAll);
  const RandomDeals deals(kBuckets);
  TrainingSetup setup;
  setup.seed = input.seed_low;
  setup.source = &deals;
  setup.shape = {1u + input.units % 3, 2, 16, 1};
  if (setup.shape.units > 1) setup.shape.meet_every = 1 + input.meets % 3;
  setup.options.sampler = input.sampler % 2 ? Sampler::kOutcome : Sampler::kExternal;
  setup.options.quantum_chips = FinestQuantum(setup.options.sampler, setup.shape, 1 << 7);
  setup.options.floor_regrets_at_zero = input.floor % 4 == 1;
  if (input.prunes % 2 == 1 && input.floor % 4 != 1) {
    setup.options.pruning = {.enabled = true,
                             .threshold_chips = -setup.options.quantum_chips * (1 << 28)};
  }
  constexpr std::array kVariants = {Variant::kVanilla, Variant::kLinear, Variant::kDiscounted};
  setup.options.variant = kVariants[input.variant % kVariants.size()];
  setup.options.discount_every_iterations = setup.shape.DealsPerRound();
  std::array<std::vector<int32_t>, 2> values;
  for (size_t i = 0; i < values.size(); ++i) {
    Table table = *Table::Make(layout);
    ThreadPool pool(i == 0 ? 1 : 2 + input.threads % 3);
    setup.table = &table;
    setup.pool = &pool;
    values[i] = Train(setup, 256ull * input.seed_high + input.seed_low);
  }
  CHECK(values[0] == values[1]) << "threads change the result";
}

}  // namespace
}  // namespace nash

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::array<uint8_t, 11> bytes{};
  for (size_t i = 0; i < bytes.size() && i < size; ++i) bytes[i] = data[i];
  const nash::Input input = {bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5],
                             bytes[6], bytes[7], bytes[8], bytes[9], bytes[10]};
  const nash::PublicTree& tree = nash::TreeOf(input.game);
  nash::ComparePass(input, tree);
  nash::CompareThreads(input, tree);
  return 0;
}
