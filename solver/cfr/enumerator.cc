// An iteration, for each player i in turn:
//
//   pass       walk all deals: the worth of i's actions, and the reach of the player after i
//   learn      rows of i: regrets, by the rule of the variant (row_rules.h), and its next strategy
//   average    rows of the player after i: its strategy, weighted by its reach
//
// So every player is averaged once an iteration, as where chance is sampled; but the reach is the
// player's own, and averages are right for any number of players.
//
// A row holds doubles: regrets, sums, and for variants that predict the last regrets. Strategies
// follow from rows and the iteration's number, so that a checkpoint needs nothing else.
#include "solver/cfr/enumerator.h"

#include <glog/logging.h>

#include <array>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/enumerated_deals.h"
#include "solver/cfr/enumerated_ranges.h"
#include "solver/cfr/row_rules.h"

namespace nash {
namespace {

constexpr size_t kGroupMembersMax = 8;

bool GoesByRanges(const PublicTree& tree) { return tree.num_players() == 2; }

// The doubles of a row.
struct RowParts {
  RowParts(int32_t* row, int num_actions)
      : regrets(reinterpret_cast<double*>(row)),
        sums(regrets + num_actions),
        last(sums + num_actions) {}
  double* regrets;
  double* sums;
  double* last;  // where the layout has them
};

}  // namespace

absl::Status CheckEnumerable(const TrainingSetup& setup) {
  const PublicTree& tree = setup.table->layout().tree();
  if (setup.shape.units != 1 || setup.shape.deals != 1) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "round: {units: %d, deals: %d}: with chance: enumerate an iteration is all deals, and is "
        "trained by one process: units and deals must be 1; batches is how many iterations a round "
        "has",
        setup.shape.units, setup.shape.deals));
  }
  if (GoesByRanges(tree)) {
    const double slots = CountEnumeratedSlots(tree, *setup.cards);
    if (slots <= kEnumeratedSlotsMax) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrFormat(
        "algorithm.chance: enumerate: an iteration would take %.3g steps (actions times hands times "
        "boards) for each player, at most %.3g make sense: use a smaller deck, fewer bet sizes, or "
        "sampler: public",
        slots, kEnumeratedSlotsMax));
  }
  const double visits = CountEnumeratedVisits(tree);
  if (visits <= kEnumeratedVisitsMax) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "algorithm.chance: enumerate: an iteration would take %.3g steps (decisions times deals) for "
      "each player, at most %.3g make sense: use a smaller deck, fewer bet sizes, or sampler: "
      "external",
      visits, kEnumeratedVisitsMax));
}

absl::StatusOr<std::unique_ptr<Enumerator>> Enumerator::Make(const TrainingSetup& setup,
                                                             int64_t chips_max, uint64_t done) {
  const TableLayout& layout = setup.table->layout();
  CHECK(layout.has_doubles());
  const auto most = static_cast<double>(chips_max);
  std::unique_ptr<EnumeratedPass> pass;
  if (GoesByRanges(layout.tree())) {
    ASSIGN_OR_RETURN(pass, MakeEnumeratedRanges(layout, *setup.cards, most, setup.pool));
  } else {
    pass = MakeEnumeratedDeals(layout, *setup.cards, most, setup.pool);
  }
  return std::unique_ptr<Enumerator>(new Enumerator(setup, std::move(pass), done));
}

uint64_t Enumerator::BytesNeeded(const TableLayout& layout, int num_threads) {
  return GoesByRanges(layout.tree()) ? EnumeratedRangesBytes(layout, num_threads)
                                     : EnumeratedDealsBytes(layout, num_threads);
}

Enumerator::Enumerator(const TrainingSetup& setup, std::unique_ptr<EnumeratedPass> pass,
                       uint64_t done)
    : setup_(setup), pass_(std::move(pass)), done_(done) {
  TakeStrategies();
}

template <typename Work>
void Enumerator::ForEachRow(UndoLog* checkpoint_log, const Work& work) {
  const TableLayout& layout = setup_.table->layout();
  setup_.pool->ForEach(pass_->num_groups(), [&](size_t group, int thread) {
    const absl::Span<const NodeIndex> nodes = pass_->Group(group);
    std::array<std::optional<UndoLog::Saver>, kGroupMembersMax> savers;
    for (size_t m = 0; m < nodes.size(); ++m) savers[m].emplace(checkpoint_log, nodes[m], thread);
    for (uint32_t bucket = 0; bucket < layout.NumBuckets(nodes[0]); ++bucket) {
      for (size_t m = 0; m < nodes.size(); ++m) {
        if (savers[m]->saves()) savers[m]->Save(bucket);
        work(group, m, nodes[m], bucket);
      }
    }
  });
}

// As the rows have it.
void Enumerator::TakeStrategies() {
  const PublicTree& tree = setup_.table->layout().tree();
  RowRule rule = RuleOf(setup_.options, std::max<uint64_t>(done_, 1));
  ForEachRow(nullptr, [&](size_t group, size_t member, NodeIndex node, uint32_t bucket) {
    const int n = tree.nodes()[node].num_actions;
    const RowParts row(setup_.table->Row(node, bucket), n);
    std::array<double, kActionsMax> strategy;
    const auto actions = absl::MakeSpan(strategy.data(), n);
    StrategyAfter(rule, row.regrets, row.last, actions);
    pass_->SetStrategy(group, member, bucket, actions);
  });
}

uint64_t Enumerator::Run(UndoLog* checkpoint_log) {
  const PublicTree& tree = setup_.table->layout().tree();
  const RowRule rule = RuleOf(setup_.options, ++done_);
  for (int traverser = 0; traverser < tree.num_players(); ++traverser) {
    const int averaged = (traverser + 1) % tree.num_players();
    pass_->Run(traverser);
    ForEachRow(checkpoint_log, [&](size_t group, size_t member, NodeIndex node, uint32_t bucket) {
      const PublicNode& n = tree.nodes()[node];
      if (n.player != traverser && n.player != averaged) return;
      const RowParts row(setup_.table->Row(node, bucket), n.num_actions);
      std::array<double, kActionsMax> strategy_room, value_room;
      const auto strategy = absl::MakeSpan(strategy_room.data(), n.num_actions);
      pass_->GetStrategy(group, member, bucket, strategy);
      if (n.player == averaged) {
        const double reach = pass_->TakeReach(group, member, bucket);
        if (rule.averages) AddToSums(rule, reach, strategy, row.sums);
        return;
      }
      const auto values = absl::MakeSpan(value_room.data(), n.num_actions);
      pass_->TakeActionValues(group, member, bucket, values);
      double mean = 0;
      for (size_t a = 0; a < values.size(); ++a) mean += strategy[a] * values[a];
      for (double& value : values) value -= mean;
      LearnRegrets(rule, values, row.regrets, row.last);
      StrategyAfter(rule, row.regrets, row.last, strategy);
      pass_->SetStrategy(group, member, bucket, strategy);
    });
  }
  return 2 * setup_.table->layout().num_rows();
}

}  // namespace nash
