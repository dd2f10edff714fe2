// Bands are set by what a reader can check: the rules, the odds that a bet lays, papers and charts.
// What is left above zero in the first kind is for the average, which keeps a little of what the
// first rounds did, and for buckets: hands that must not be folded share them with hands that may.
//
// litmus_test.cc and litmus_openings_test.cc have strategies that pass, and for each check one that
// breaks it and no other.
#include "solver/evaluation/litmus.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "solver/evaluation/litmus_kuhn.h"
#include "solver/evaluation/litmus_list.h"
#include "solver/evaluation/litmus_openings.h"

namespace nash {
namespace {

constexpr LitmusBand kAcesFolded = {
    0, 0.002, "no hand is ahead of them, and a fold gives up the pot; 0.2% for the first rounds"};
constexpr LitmusBand kNutsFolded = {
    0, 0.005, "they cannot lose; 0.5% for the first rounds and for buckets shared with others"};
constexpr LitmusBand kNutsNotRaised = {
    0, 0.1, "a raise costs nothing and may be called; 10% for it may gain little, learnt late"};
constexpr LitmusBand kNothingCalled = {
    0, 0.02, "such a hand cannot win; 2% for the first rounds and for shared buckets"};
constexpr LitmusBand kRiverFoldExcess = {-0.15, 0.15,
                                         "bluffs gain by more folds than bet / (pot + bet), and "
                                         "stop with fewer (Chen and Ankenman 2006, "
                                         "ch. 11); 15 points for hands that win unbluffed"};
constexpr int kRiverBoardCards = 5;

void JudgePlayedHands(const GameDefinition& game, const LitmusTally& tally, LitmusList* list) {
  if (game.num_hole_cards == 2 && game.num_suits >= 2) {
    list->Judge("aces_folded", tally.aces_fold, kAcesFolded,
                "folds offered to aces before the flop");
  } else {
    list->Skip("aces_folded", "for games with two hole cards");
  }
  list->Judge("nuts_folded", tally.nuts_fold, kNutsFolded,
              "bets on the last street faced with the nuts");
  list->Judge("nuts_not_raised", tally.nuts_pass, kNutsNotRaised,
              "decisions with the nuts, last to act, where the menu has a raise");
  list->Judge("nothing_called", tally.nothing_call, kNothingCalled,
              "last calls offered to a hand that beats none");
  if (game.num_players != 2 || game.num_hole_cards != 2 ||
      game.TotalBoardCards() != kRiverBoardCards) {
    list->Skip("river_fold_excess", "for two players and a board of five cards");
    return;
  }
  list->Judge("river_fold_excess", tally.fold_excess, kRiverFoldExcess, "bets faced on the river",
              tally.bet_fold.decisions() == 0
                  ? ""
                  : absl::StrCat(Percent(tally.bet_fold.mean()), " folds where ",
                                 Percent(tally.bet_fold.mean() - tally.fold_excess.mean()),
                                 " leave bluffs even"));
}

}  // namespace

std::vector<LitmusCheck> JudgeLitmus(const PublicTree& tree, const HandModel& hands,
                                     const Policy& policy, const LitmusTally& tally) {
  LitmusList list;
  JudgePlayedHands(tree.game(), tally, &list);
  JudgeOpenings(tree, hands, policy, &list);
  JudgeKuhn(tree, hands, policy, &list);
  return list.Take();
}

}  // namespace nash
