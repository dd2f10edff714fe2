// A local best response: a cheap opponent that knows the strategy it plays against, and bets more
// than the strategy's menu has.
//
// Lisy & Bowling 2017, "Equilibrium approximation quality of current no-limit poker bots". It keeps
// the range of the strategy's hands by Bayes' rule, and in its turn takes what is worth most if
// both would check and call from then on, assuming that a bet makes the strategy fold what it folds
// at once. With w the chance to win against the range that is left, m what both have put in after
// the action, and F the chance that a bet is folded to:
//
//     fold    what it has put in is lost
//     call    (2w - 1) m
//     bet     F (what the strategy has put in) + (1 - F) (2w' - 1) m,  w' against what calls
//
// What it wins is a lower bound of what the strategy can lose, whatever the bets; a loss says
// nothing. Its choices look at no card that it could not know. Bets off the menu are translated
// (translated_hand.h): then the bound is of the strategy with this translation. How its own bets
// were taken is known to it afterwards, as the strategy is.
//
// A deal is played in both positions with the same cards for each seat. In each the hand is worth
// its expectation over all the strategy's hands that fit the line ("imaginary observations"), and
// over the cards to come where all chips are in and these can be enumerated. Games that DrawCards()
// enumerates are not sampled at all: every action of the strategy is followed, and
// every bet of the menu that one of ours may be taken for.
//
// Two players with one or two hole cards. Thread-safe after Make(): Play() takes a workspace.
#ifndef NASHVILLE_SOLVER_EVALUATION_LOCAL_BEST_RESPONSE_H_
#define NASHVILLE_SOLVER_EVALUATION_LOCAL_BEST_RESPONSE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/rng.h"
#include "common/thread_pool.h"
#include "solver/evaluation/head_to_head.h"
#include "solver/evaluation/policy.h"
#include "solver/evaluation/run_out_equity.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/card_model.h"
#include "solver/translation/translated_hand.h"

namespace nash {

enum class LbrBets : uint8_t {
  kNone = 0,         // fold and call
  kPotAndAllIn = 1,  // and these two
  kMany = 2,         // 55 fractions of the pot, 0.05 * 1.15^k, and all-in
};
inline constexpr int kLbrFractions = 55;

struct LbrOptions {
  LbrBets bets = LbrBets::kMany;
  int from_street = 0;  // it checks and calls before
  TranslationOptions translation;
};

class LocalBestResponse {
 public:
  class Workspace;  // of one thread
  struct WorkspaceDeleter {
    void operator()(Workspace* workspace) const;
  };
  using WorkspacePtr = std::unique_ptr<Workspace, WorkspaceDeleter>;

  // Needs CanWalkRanges(tree.game()). All must outlive this. pool: for the tables of equities
  // before the flop, if they are needed; not kept.
  // Error: InvalidArgument for bets where the menu has none at all, so that nothing can be
  // translated.
  static absl::StatusOr<std::unique_ptr<LocalBestResponse>> Make(const PublicTree& tree,
                                                                 const CardModel& cards,
                                                                 const Policy& policy,
                                                                 const LbrOptions& options,
                                                                 ThreadPool* pool);

  WorkspacePtr MakeWorkspace() const;

  // Plays deal `number` of the stream `name`. What it wins in position 0, and in position 1: a
  // function of the arguments alone.
  DealChips Play(const StreamName& name, uint32_t number, Workspace* workspace) const;

  // By the rules of the game, what fractions of the pot and all-in come to in a state: distinct
  // totals, ascending. A fraction that is not legal is the least raise, or all-in.
  static void ListRaises(const BettingState& state, absl::Span<const double> fractions,
                         std::vector<int32_t>* totals);

 private:
  friend class LbrHand;
  LocalBestResponse(const PublicTree& tree, const CardModel& cards, const Policy& policy,
                    const LbrOptions& options);

  const PublicTree& tree_;
  const CardModel& cards_;
  const Policy& policy_;
  const LbrOptions options_;
  const bool follows_all_;  // actions of the strategy
  std::vector<double> fractions_;
  RunOutEquity equity_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_LOCAL_BEST_RESPONSE_H_
