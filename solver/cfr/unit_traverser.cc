// Batches are double buffered: while the passes of one run (current_), the next is dealt and drawn
// (next_), in small steps by threads that would otherwise wait for the end of a pass. Even the
// first batch of the next unit is begun, if the caller knows which that will be.
//
//   batch 0      pass 0, pass 1, ...   prepare batch 1
//   batch 1      pass 0, pass 1, ...   prepare batch 2
//   last batch   pass 0, pass 1, ...   prepare batch 0 of the next unit
//
// In the pass of player i the regrets of i are learned and the strategy of player i + 1 is
// averaged, where it is sampled anyway. With two players that is the weighting of Lanctot 2013,
// "Monte Carlo sampling and regret minimization for equilibrium computation and decision-making in
// large extensive form games", chapter 4: the player's own reach cancels against its sampling. With
// three and more it is biased: the other sampled players' reach does not cancel, so that the
// average weights a row also by how often they play to it, and stands still wherever one of them
// never goes. It is what Pluribus did, and OpenSpiel's default (external_sampling_mccfr.h,
// AverageType, which lists the reasons); an unbiased average would need a walk of its own. The
// current strategy has no such bias.
//
// The schedule counts the deals of all units of a round, as if they ran in step with this one.
// tests/cfr/units_test.cc compares units on several tables with one process.
#include "solver/cfr/unit_traverser.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/enumerator.h"
#include "solver/cfr/outcome_pass_runner.h"
#include "solver/cfr/public_pass_runner.h"
#include "solver/cfr/schedule.h"

namespace nash {

int64_t MostChipsAtStake(const GameDefinition& game) {
  int64_t most = 0;
  // What a player wins is at most what the others put in.
  for (int player = 0; player < game.num_players; ++player) most += game.stack_chips[player];
  const int64_t dead = game.DeadChips();
  if (game.num_players == 2) {
    most = std::min(game.BetChipsMax(0), game.BetChipsMax(1)) + dead / 2;
  }
  if (game.betting == BettingKind::kNoLimit) return most;
  // In a limit game stacks are often unlimited, but raises are counted: no player can put in more
  // than the largest blind and every raise of every street.
  int64_t spent = *std::max_element(game.blind_chips.begin(), game.blind_chips.end());
  for (int street = 0; street < game.num_streets; ++street) {
    spent += int64_t{game.max_raises[street]} * game.raise_chips[street];
  }
  return std::min(most, spent * std::max(1, game.num_players - 1) + dead);
}

namespace {

int DepthsOf(const PublicTree& tree) {
  int depths = 1;
  for (const PublicNode& node : tree.nodes()) depths = std::max(depths, node.depth + 1);
  return depths;
}

}  // namespace

absl::Status CheckTrainingSetup(const TrainingSetup& setup) {
  const PublicTree& tree = setup.table->layout().tree();
  if (setup.options.chance == Chance::kEnumerated) return CheckEnumerable(setup);
  RETURN_IF_ERROR(CheckSchedule(setup.options, setup.shape, MostChipsAtStake(tree.game())));
  if (setup.shape.deals > kBatchDealsMax) {
    return absl::InvalidArgumentError("round.deals: a batch has at most 65536 deals");
  }
  CHECK_EQ(setup.table->layout().lanes(), FormOf(setup.options).lanes);
  CHECK(setup.options.sampler != Sampler::kPublic || setup.boards != nullptr);
  CHECK(setup.learner < 0 || setup.options.sampler == Sampler::kExternal);
  if (setup.shape.amplification > setup.shape.units) {
    return absl::InvalidArgumentError(
        absl::StrFormat("round.amplification: found %d; at most the %d units of the round",
                        setup.shape.amplification, setup.shape.units));
  }
  if (setup.shape.units == 1 && setup.shape.meet_every > 1) {
    return absl::InvalidArgumentError("round.lag: with one unit a round there is none to wait for");
  }
  return absl::OkStatus();
}

namespace {

// What a board adds to a bucket is a mean over pairs of hands, some ten-thousandths of what a hand
// wins; a quantum of a thousandth of the largest bet before anybody acts is noise, not learning
// (docs/measurements/public.md).
std::string WarningOfCoarseQuantum(const TrainingSetup& setup) {
  constexpr double kParts = 1000;
  if (setup.options.sampler != Sampler::kPublic) return "";
  const GameDefinition& game = setup.table->layout().tree().game();
  const auto blinds = absl::MakeConstSpan(game.blind_chips.data(), game.num_players);
  const double largest = *std::max_element(blinds.begin(), blinds.end());
  if (largest == 0 || setup.options.quantum_chips <= largest / kParts) return "";
  return absl::StrFormat(
      "algorithm.quantum: %g chips is coarse for sampler: public, where regrets are means over "
      "pairs "
      "of hands: rounding to it is most of what is learned; leave it out, or use %s",
      setup.options.quantum_chips, QuantumText(largest / (10 * kParts), 1));
}

}  // namespace

std::string WarningOf(const TrainingSetup& setup, uint64_t iterations) {
  if (setup.options.chance == Chance::kEnumerated) return "";
  if (const std::string coarse = WarningOfCoarseQuantum(setup); !coarse.empty()) return coarse;
  const TableLayout& layout = setup.table->layout();
  const double visits = static_cast<double>(iterations) / layout.NumBuckets(0);
  const double largest =
      LargestRegretExpected(setup.options, MostChipsAtStake(layout.tree().game()), visits);
  if (largest <= kRegretCeiling) return "";
  const double quantum = setup.options.quantum_chips * largest / kRegretCeiling;
  return absl::StrFormat(
      "algorithm.quantum: in %d iterations regrets will probably come to the ceiling of 2^30 "
      "quanta "
      "of %g chips, where they can grow no further and strategies go wrong: use a quantum of %s",
      iterations, setup.options.quantum_chips, QuantumText(quantum, 1));
}

namespace {

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wswitch"

std::unique_ptr<PassRunner> MakeRunner(const TrainingSetup& setup) {
  const PublicTree& tree = setup.table->layout().tree();
  switch (setup.options.sampler) {
    case Sampler::kExternal:
      return std::make_unique<ExternalPassRunner>(tree, setup.shape.deals, setup.pool);
    case Sampler::kOutcome:
      return std::make_unique<OutcomePassRunner>(tree, setup.options.exploration, setup.pool);
    case Sampler::kPublic:
      return std::make_unique<PublicPassRunner>(tree, *setup.boards, setup.shape.deals, setup.pool);
    case Sampler::kInvalid:
      break;
  }
  LOG(FATAL) << "no sampler";
}

#pragma GCC diagnostic pop

}  // namespace

UnitTraverser::UnitTraverser(const TrainingSetup& setup)
    : setup_(setup),
      tree_(setup.table->layout().tree()),
      preparer_(*setup.source,
                setup.options.pruning.enabled ? setup.options.pruning.explore_share : 0.0) {
  const int deals = static_cast<int>(setup.shape.deals);
  for (auto* batch : {&current_, &next_}) {
    if (!draws_deals()) break;
    *batch = std::make_unique<PreparedBatch>(tree_.num_players(), tree_.num_streets(),
                                             DepthsOf(tree_), deals);
  }
  runner_ = MakeRunner(setup);
}

void UnitTraverser::Prepare(const UnitId& unit, uint32_t batch) {
  if (!draws_deals()) return;
  const StreamName name = {setup_.seed, unit.round, unit.unit};
  const int deals = static_cast<int>(setup_.shape.deals);
  preparer_.Start(name, batch * setup_.shape.deals, deals, next_.get());
  // The one after it as well: a device then always has a batch to begin.
  if (batch + 1 < setup_.shape.batches) {
    setup_.source->Announce(name, (batch + 1) * setup_.shape.deals, deals);
  }
}

Pass UnitTraverser::MakePass(const BatchName& name, int traverser, uint64_t iterations,
                             float sum_unit, const UndoLogs& logs) const {
  const CfrOptions& options = setup_.options;
  Pass pass;
  pass.table = setup_.table;
  pass.batch = current_.get();
  pass.stream = {setup_.seed, name.id.round, name.id.unit};
  pass.first_deal = name.batch * setup_.shape.deals;
  pass.logs = logs;
  pass.num_deals = static_cast<int>(setup_.shape.deals);
  pass.traverser = traverser;
  // Every player is averaged in the pass of one other, so that a deal counts once for each.
  if (setup_.learner < 0 && iterations >= options.average_from_iterations) {
    pass.averaged = (traverser + 1) % tree_.num_players();
  }
  pass.regret_scale = static_cast<float>(1 / options.quantum_chips);
  pass.amplification = static_cast<int32_t>(setup_.shape.Amplification());
  pass.sum_unit = sum_unit;
  pass.regret_floor = RegretFloorOf(options);
  if (options.pruning.enabled && iterations >= options.pruning.from_iterations) {
    pass.prune_below =
        static_cast<int32_t>(options.pruning.threshold_chips / options.quantum_chips);
  }
  return pass;
}

std::optional<uint64_t> UnitTraverser::Run(const UnitId& unit, const std::optional<UnitId>& next,
                                           const UndoLogs& logs,
                                           const BetweenBatches& between_batches) {
  if (prepared_ != unit) Prepare(unit, 0);
  prepared_.reset();
  const SideWork prepare = [this](int) { return preparer_.Step(); };
  // The round's other units do as much as this one meanwhile.
  const uint64_t deals_of_all = uint64_t{setup_.shape.units} * setup_.shape.deals;
  uint64_t iterations = IterationsAfter(setup_.shape, unit.round);
  const float sum_unit = SumUnitAt(setup_.options.sampler, setup_.shape, iterations);
  uint64_t touches = 0;
  for (uint32_t batch = 0; batch < setup_.shape.batches; ++batch) {
    if (draws_deals()) preparer_.Finish(setup_.pool);
    std::swap(current_, next_);
    if (batch + 1 < setup_.shape.batches) {
      Prepare(unit, batch + 1);
    } else if (next.has_value()) {
      Prepare(*next, 0);
      prepared_ = next;
    }
    for (int traverser = 0; traverser < tree_.num_players(); ++traverser) {
      if (!setup_.Learns(traverser)) continue;
      touches +=
          runner_->Run(MakePass({unit, batch}, traverser, iterations, sum_unit, logs), prepare);
    }
    iterations += deals_of_all;
    if (!between_batches()) return std::nullopt;
  }
  return touches;
}

}  // namespace nash
