#include "solver/cfr/trainer.h"

#include <algorithm>
#include <utility>

#include "common/status_macros.h"
#include "solver/cfr/outcome_pass_runner.h"
#include "solver/cfr/schedule.h"

namespace nash {
namespace {

// Nodes that a thread sweeps at a time.
constexpr size_t kNodesPerSweep = 64;

int64_t MostChipsAtStake(const GameDefinition& game) {
  int64_t most = 0;
  // What a player wins is at most what the others put in.
  for (int player = 0; player < game.num_players; ++player) most += game.stack_chips[player];
  if (game.num_players == 2) most = std::min(game.stack_chips[0], game.stack_chips[1]);
  if (game.betting == BettingKind::kNoLimit) return most;
  int64_t spent = *std::max_element(game.blind_chips.begin(), game.blind_chips.end());
  for (int street = 0; street < game.num_streets; ++street) {
    spent += int64_t{game.max_raises[street]} * game.raise_chips[street];
  }
  return std::min(most, spent * std::max(1, game.num_players - 1));
}

int DepthsOf(const PublicTree& tree) {
  int depths = 1;
  for (const PublicNode& node : tree.nodes()) depths = std::max(depths, node.depth + 1);
  return depths;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Trainer>> Trainer::Make(const Setup& setup, const Progress& start) {
  const PublicTree& tree = setup.table->layout().tree();
  RETURN_IF_ERROR(CheckSchedule(setup.options, setup.shape, MostChipsAtStake(tree.game())));
  if (setup.shape.units != 1) {
    return absl::InvalidArgumentError("round.units: one process trains with one unit a round");
  }
  if (setup.shape.deals > kBatchDealsMax) {
    return absl::InvalidArgumentError("round.deals: a batch has at most 65536 deals");
  }
  return std::unique_ptr<Trainer>(new Trainer(setup, start, DepthsOf(tree)));
}

Trainer::Trainer(const Setup& setup, const Progress& start, int depths)
    : setup_(setup),
      tree_(setup.table->layout().tree()),
      progress_(start),
      preparer_(*setup.source,
                setup.options.pruning.enabled ? setup.options.pruning.explore_share : 0.0) {
  const int deals = static_cast<int>(setup.shape.deals);
  for (auto* batch : {&current_, &next_}) {
    *batch =
        std::make_unique<PreparedBatch>(tree_.num_players(), tree_.num_streets(), depths, deals);
  }
  if (setup.options.sampler == Sampler::kOutcome) {
    runner_ = std::make_unique<OutcomePassRunner>(tree_, setup.options.exploration, setup.pool);
  } else {
    runner_ = std::make_unique<ExternalPassRunner>(tree_, setup.shape.deals, setup.pool);
  }
  StartPreparing(progress_.rounds, 0, next_.get());
}

void Trainer::StartPreparing(uint64_t round, uint32_t batch, PreparedBatch* out) {
  const StreamName name = {setup_.seed, round, 0};
  const int deals = static_cast<int>(setup_.shape.deals);
  preparer_.Start(name, batch * setup_.shape.deals, deals, out);
}

Pass Trainer::MakePass(const PreparedBatch& batch, int traverser, uint64_t iterations,
                       TableSnapshot* snapshot) const {
  const CfrOptions& options = setup_.options;
  Pass pass;
  pass.table = setup_.table;
  pass.batch = &batch;
  pass.snapshot = snapshot;
  pass.num_deals = static_cast<int>(setup_.shape.deals);
  pass.traverser = traverser;
  // Every player is averaged in the pass of one other, so that a deal counts once for each.
  if (iterations >= options.average_from_iterations) {
    pass.averaged = (traverser + 1) % tree_.num_players();
  }
  pass.regret_scale = static_cast<float>(1 / options.quantum_chips);
  pass.sum_unit = SumUnitAt(options.sampler, iterations);
  pass.regret_floor = RegretFloorOf(options);
  if (options.pruning.enabled && iterations >= options.pruning.from_iterations) {
    pass.prune_below =
        static_cast<int32_t>(options.pruning.threshold_chips / options.quantum_chips);
  }
  return pass;
}

void Trainer::RunBatch(uint32_t batch, TableSnapshot* snapshot) {
  preparer_.Finish(setup_.pool);
  std::swap(current_, next_);
  const bool is_last = batch + 1 == setup_.shape.batches;
  StartPreparing(progress_.rounds + is_last, is_last ? 0 : batch + 1, next_.get());
  const SideWork prepare = [this](int) { return preparer_.Step(); };
  for (int traverser = 0; traverser < tree_.num_players(); ++traverser) {
    const Pass pass = MakePass(*current_, traverser, progress_.iterations, snapshot);
    progress_.touches += runner_->Run(pass, prepare);
  }
  progress_.iterations += setup_.shape.deals;
}

void Trainer::EndRound(TableSnapshot* snapshot) {
  const RoundEnd end = EndOfRound(setup_.options, setup_.shape, progress_.rounds);
  ++progress_.rounds;
  if (!end.sweeps) return;
  const size_t num_nodes = tree_.nodes().size();
  const int32_t floor = RegretFloorOf(setup_.options);
  setup_.pool->ForEach(
      (num_nodes + kNodesPerSweep - 1) / kNodesPerSweep, [&](size_t i, int thread) {
        const size_t last = std::min(num_nodes, (i + 1) * kNodesPerSweep);
        for (size_t node = i * kNodesPerSweep; node < last; ++node) {
          TableSnapshot::Saver saver(snapshot, static_cast<NodeIndex>(node), thread);
          if (saver.saves()) saver.SaveAll();
          SweepNode(end, floor, static_cast<NodeIndex>(node), setup_.table);
        }
      });
}

void Trainer::RunRound(TableSnapshot* snapshot, const Interlude& interlude) {
  for (uint32_t batch = 0; batch < setup_.shape.batches; ++batch) {
    RunBatch(batch, snapshot);
    interlude();
  }
  EndRound(snapshot);
}

}  // namespace nash
