// An iteration, for each player i in turn:
//
//   pass       walks all deals: the worth of i's actions, and the reach of the player after i
//   learn      rows of i: regrets, by the rule of the variant (row_rules.h), and its next strategy
//   average    rows of the player after i: its strategy, weighted by its reach
//
// So every player is averaged once an iteration, as where chance is sampled; but the reach is the
// player's own, and averages are right for any number of players.
//
// Rows are trained where walks have them side by side (enumerated_rows.h), and copied to the table
// at a round's end. A row holds doubles: regrets, sums, and for variants that predict the last
// regrets. Strategies follow from rows and the iteration's number, so that a checkpoint needs
// nothing else.
#include "solver/cfr/enumerator.h"

#include <glog/logging.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "solver/cfr/enumerated_deals.h"
#include "solver/cfr/enumerated_ranges.h"
#include "solver/cfr/row_rules.h"

namespace nash {
namespace {

bool GoesByRanges(const PublicTree& tree) { return tree.num_players() == 2; }

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
        "algorithm.chance: enumerate: an iteration would take %.3g steps (actions times hands "
        "times "
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
    ASSIGN_OR_RETURN(pass, MakeEnumeratedDeals(layout, *setup.cards, most, setup.pool));
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
  pass_->Load(RuleOf(setup_.options, std::max<uint64_t>(done_, 1)), setup_.table);
}

uint64_t Enumerator::Run() {
  const int num_players = setup_.table->layout().tree().num_players();
  const RowRule rule = RuleOf(setup_.options, ++done_);
  for (int learner = 0; learner < num_players; ++learner) {
    const int averaged = (learner + 1) % num_players;
    pass_->Run(learner, averaged);
    pass_->Update(rule, learner, averaged);
  }
  return 2 * setup_.table->layout().num_rows();
}

void Enumerator::Store(UndoLog* checkpoint_log) { pass_->Store(setup_.table, checkpoint_log); }

}  // namespace nash
