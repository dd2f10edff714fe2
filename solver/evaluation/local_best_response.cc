// What is the same in every hand is here: the bets that may be tried, equities before the flop
// (once for all hands, on all threads), and a workspace for each thread. A hand itself is
// lbr_hand.cc.
//
// Bets are fractions of the pot after calling, made legal and without repetitions (ListRaises): of
// a short stack many fractions are one all-in. They need not be on the strategy's menu, which then
// has to translate them; a menu without any bet could not, and is refused. Both seats are played on
// the same cards, so that the luck of cards is halved.
#include "solver/evaluation/local_best_response.h"

#include <glog/logging.h>

#include <algorithm>
#include <cmath>

#include "solver/evaluation/lbr_hand.h"
#include "solver/game/deal.h"

namespace nash {
namespace {

// The paper's: from a twentieth of the pot to some 95 pots.
constexpr double kLeastFraction = 0.05;
constexpr double kFractionStep = 1.15;

bool HasRaise(const PublicTree& tree) {
  for (NodeIndex node = 0; node < tree.nodes().size(); ++node) {
    if (tree.LabelsOf(node).back() > 0) return true;
  }
  return false;
}

}  // namespace

class LocalBestResponse::Workspace {
 public:
  explicit Workspace(const LocalBestResponse& lbr)
      : hand(lbr), cards(lbr.tree_.game().CardsPerDeal(), 1) {}
  LbrHand hand;
  CardBatch cards;
};

LocalBestResponse::LocalBestResponse(const PublicTree& tree, const CardModel& cards,
                                     const Policy& policy, const LbrOptions& options)
    : tree_(tree),
      cards_(cards),
      policy_(policy),
      options_(options),
      follows_all_(CountEnumeratedDeals(tree.game()) > 0),
      equity_(tree.game(), cards, options.translation.seed) {
  if (options.bets == LbrBets::kPotAndAllIn) fractions_ = {1};
  if (options.bets == LbrBets::kMany) {
    for (int k = 0; k < kLbrFractions; ++k) {
      fractions_.push_back(kLeastFraction * std::pow(kFractionStep, k));
    }
  }
}

absl::StatusOr<std::unique_ptr<LocalBestResponse>> LocalBestResponse::Make(
    const PublicTree& tree, const CardModel& cards, const Policy& policy, const LbrOptions& options,
    ThreadPool* pool) {
  if (options.bets != LbrBets::kNone && !HasRaise(tree)) {
    return absl::InvalidArgumentError(
        "the menu has no bets, so that none can be translated: answer with fold and call only");
  }
  std::unique_ptr<LocalBestResponse> lbr(new LocalBestResponse(tree, cards, policy, options));
  if (options.from_street == 0) lbr->equity_.Prepare(pool);
  return lbr;
}

void LocalBestResponse::WorkspaceDeleter::operator()(Workspace* workspace) const {
  delete workspace;
}

LocalBestResponse::WorkspacePtr LocalBestResponse::MakeWorkspace() const {
  return WorkspacePtr(new Workspace(*this));
}

DealChips LocalBestResponse::Play(const StreamName& name, uint32_t number,
                                  Workspace* workspace) const {
  DrawCards(tree_.game(), name, number, 1, &workspace->cards);
  DealChips chips;
  for (int position : {0, 1}) {
    chips[position] = workspace->hand.Play(name, number, workspace->cards, position);
  }
  return chips;
}

void LocalBestResponse::ListRaises(const BettingState& state, absl::Span<const double> fractions,
                                   std::vector<int32_t>* totals) {
  totals->clear();
  const double pot = double{1} * state.pot_chips() + state.owed_chips();
  const int32_t least = state.MinRaiseTo();
  const int32_t most = state.MaxCalledRaiseTo();
  for (double fraction : fractions) {
    const double total = state.max_spent_chips() + std::round(fraction * pot);
    totals->push_back(static_cast<int32_t>(std::clamp<double>(total, least, most)));
  }
  totals->push_back(most);
  std::sort(totals->begin(), totals->end());
  totals->erase(std::unique(totals->begin(), totals->end()), totals->end());
}

}  // namespace nash
