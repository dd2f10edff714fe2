// What opening charts show, and what follows from it for the players behind. Frequencies are over
// all hands alike; what the opener's own two cards take from the others' hands is left out, which
// is worth a point or two, and the bands allow for it.
//
// A check is a figure, a band and a reason, and the band says how it was come by: from a proof (a
// raise that is folded to often enough gains with any cards), from charts of solved games with room
// for other stacks and menus, or from an order that must hold (later seats play more). A check that
// a game is not made for, or that training has not come to, is skipped with its reason: it neither
// passes nor fails. tests/evaluation/litmus_openings_test.cc gives strategies that are wrong in one
// way each.
#include "solver/evaluation/litmus_openings.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "solver/evaluation/opening_frequencies.h"

namespace nash {
namespace {

constexpr LitmusBand kSuitedFoldsMore = {
    0, 0.02, "a suited hand is never worth less than its offsuit twin; 2 points for noise"};
constexpr LitmusBand kFreeSteal = {
    -1, 0.05,
    "beyond risk / (risk + pot) any two cards gain by the raise, and a fold is a mistake; 5 points "
    "for the cards that the opener holds"};
constexpr LitmusBand kWideningBySeat = {
    -0.01, 1, "fewer are left to act behind each later seat; 1 point for noise"};
constexpr LitmusBand kWideningToButton = {
    0.05, 1, "charts for four seats and more widen by 15 points and more; a third of that"};
constexpr LitmusBand kTrashFolded = {
    0.95, 1, "no chart for four seats and more opens 72o or 32o first; 5% for noise"};
constexpr LitmusBand kFirstOfSix = {
    0.10, 0.28,
    "solved 6-max charts of 100 big blinds open 15 to 18% (888poker.com, GTO opening raising: "
    "17.9%); wide, for other stacks and menus"};
constexpr LitmusBand kButtonOfSix = {
    0.33, 0.62,
    "solved 6-max charts of 100 big blinds open 42 to 50% (poker.skillhowto.com, preflop opening "
    "ranges); wide, for other stacks and menus"};
constexpr LitmusBand kHeadsUpButton = {0.60, 0.97,
                                       "solved charts open about 80% (getcoach.poker, heads-up "
                                       "guide); wide, for other stacks and menus"};
constexpr LitmusBand kLimitLimps = {
    0, 0.05, "the solved game limps 0.06% of hands (Bowling and others 2015); 5% for buckets"};
constexpr LitmusBand kLimitCaps = {
    0, 0.05, "the solved game almost never caps as the dealer (Bowling and others 2015)"};

constexpr double kUsedShareMin = 0.01;  // of an action that is worth a look
constexpr double kFoldShareMin = 0.05;  // of a seat that could steal with more hands than it does
constexpr double kDeepBlinds = 40;      // charts are for deep stacks
constexpr int kChartSeats = 6;
constexpr int kPositionPlayersMin = 4;  // with fewer, at most one seat has no blind
constexpr char kUnreached[] = "training has not reached the decision";
constexpr char kForMany[] = "for four and more players";

class Openings {
 public:
  Openings(const PublicTree& tree, const CardModel& cards, const Policy& policy, LitmusList* list)
      : tree_(tree), game_(tree.game()), frequencies_(tree, cards, policy), list_(list) {
    for (const OpeningSeat& seat : frequencies_.seats()) {
      shares_.push_back(frequencies_.SharesAt(seat.node));
    }
  }

  void JudgeSuited() {
    double most = -1;
    std::string numbers;
    for (size_t s = 0; s < seats().size(); ++s) {
      if (tree_.LabelsOf(seats()[s].node)[0] != kFoldLabel) continue;
      const double more = frequencies_.SuitedFoldsMore(seats()[s].node);
      if (more < 0) continue;
      most = std::max(most, more);
      absl::StrAppend(&numbers, numbers.empty() ? "by seat, first to act first: " : ", ",
                      Percent(more));
    }
    if (most < 0) return list_->Skip("suited_folded_more", kUnreached);
    list_->Judge("suited_folded_more", most, kSuitedFoldsMore, numbers);
  }

  // The most that a raise of any seat is folded to beyond what makes it free.
  void JudgeSteals() {
    std::string numbers;
    double most = -2;
    for (size_t s = 0; s < seats().size(); ++s) {
      if (shares_[s].learned == 0 || shares_[s].fold < kFoldShareMin) continue;
      const absl::Span<const ActionLabel> labels = tree_.LabelsOf(seats()[s].node);
      for (size_t a = 0; a < labels.size(); ++a) {
        if (labels[a] <= kCallLabel || shares_[s].actions[a] < kUsedShareMin) continue;
        const double folded = frequencies_.FoldedThrough(tree_.EdgesOf(seats()[s].node)[a]);
        if (folded < 0) continue;
        const double enough = FreeStealShare(seats()[s].player, labels[a]);
        if (folded - enough <= most) continue;
        most = folded - enough;
        numbers =
            absl::StrCat("the most, of position ", seats()[s].player, " to ", labels[a],
                         " chips: ", Percent(folded), " folds, ", Percent(enough), " are enough");
      }
    }
    if (most < -1) {
      return list_->Skip("free_steal", "no seat that folds hands raises others to an answer");
    }
    list_->Judge("free_steal", most, kFreeSteal, numbers);
  }

  void JudgePositions() {
    std::vector<ActionShares> open;  // of seats without a blind
    for (size_t s = 0; s < seats().size(); ++s) {
      if (!seats()[s].has_blind) open.push_back(shares_[s]);
    }
    const bool are_reached =
        std::all_of(open.begin(), open.end(), [](const ActionShares& o) { return o.learned > 0; });
    if (game_.num_players < kPositionPlayersMin || open.size() < 2 || !are_reached) {
      const char* why = game_.num_players < kPositionPlayersMin ? kForMany
                        : open.size() < 2 ? "for two and more seats without a blind"
                                          : kUnreached;
      for (const char* name : {"widening_by_seat", "widening_to_button"}) list_->Skip(name, why);
      return;
    }
    std::string numbers = "hands played by seat, first to act first:";
    double least = 1;
    for (size_t s = 0; s < open.size(); ++s) {
      absl::StrAppend(&numbers, " ", Percent(1 - open[s].fold));
      if (s > 0) least = std::min(least, open[s - 1].fold - open[s].fold);
    }
    list_->Judge("widening_by_seat", least, kWideningBySeat, numbers);
    list_->Judge("widening_to_button", open.front().fold - open.back().fold, kWideningToButton,
                 numbers);
  }

  void JudgeTrash() {
    if (game_.num_players < kPositionPlayersMin || !game_.IsHoldem()) {
      return list_->Skip("trash_folded_first", "for four and more players and a full deck");
    }
    // Deuces lie first in the deck: ranks and suits as MakeCard() has them.
    const NodeIndex root = 0;
    const ActionShares seven = frequencies_.SharesOf(root, MakeCard(0, 0), MakeCard(5, 1));
    const ActionShares three = frequencies_.SharesOf(root, MakeCard(0, 0), MakeCard(1, 1));
    if (seven.learned == 0 || three.learned == 0) {
      return list_->Skip("trash_folded_first", kUnreached);
    }
    list_->Judge("trash_folded_first", std::min(seven.fold, three.fold), kTrashFolded,
                 absl::StrCat("72o ", Percent(seven.fold), ", 32o ", Percent(three.fold)));
  }

  void JudgeCharts() {
    const bool is_six = game_.num_players == kChartSeats && IsDeepNoLimit();
    const OpeningSeat* button = nullptr;
    size_t button_at = 0;
    for (size_t s = 0; s < seats().size(); ++s) {
      if (seats()[s].has_blind) continue;
      button = &seats()[s];
      button_at = s;
    }
    if (is_six && button != nullptr) {
      JudgeShares("first_of_six_plays", shares_[0], 1 - shares_[0].fold, kFirstOfSix);
      JudgeShares("button_of_six_plays", shares_[button_at], 1 - shares_[button_at].fold,
                  kButtonOfSix);
    } else {
      for (const char* name : {"first_of_six_plays", "button_of_six_plays"}) {
        list_->Skip(name, "for no-limit hold'em, six players, 40 big blinds and more");
      }
    }
    if (game_.num_players == 2 && IsDeepNoLimit()) {
      JudgeShares("heads_up_button_plays", shares_[0], 1 - shares_[0].fold, kHeadsUpButton);
    } else {
      list_->Skip("heads_up_button_plays",
                  "for no-limit hold'em, two players, 40 big blinds and more");
    }
  }

  void JudgeLimit() {
    const bool is_limit = game_.betting == BettingKind::kLimit && game_.num_players == 2 &&
                          game_.IsHoldem() && game_.num_streets == kStreetsMax;
    if (!is_limit) {
      for (const char* name : {"limit_button_limps", "limit_button_caps"}) {
        list_->Skip(name, "for heads-up limit hold'em");
      }
      return;
    }
    JudgeShares("limit_button_limps", shares_[0], shares_[0].call, kLimitLimps);
    const absl::StatusOr<NodeIndex> cap = tree_.FindNode("rr");
    if (!cap.ok() || tree_.LabelsOf(*cap).back() <= kCallLabel) {
      return list_->Skip("limit_button_caps", "the menu has no third raise before the flop");
    }
    // Among the hands that raised first.
    const int raise = static_cast<int>(tree_.LabelsOf(0).size()) - 1;
    const ActionShares shares = frequencies_.SharesAfter({0, raise}, *cap);
    JudgeShares("limit_button_caps", shares, shares.raise, kLimitCaps);
  }

 private:
  const std::vector<OpeningSeat>& seats() const { return frequencies_.seats(); }

  void JudgeShares(const char* name, const ActionShares& shares, double figure,
                   const LitmusBand& band) {
    if (shares.learned == 0) return list_->Skip(name, kUnreached);
    std::string numbers = absl::StrCat("raises ", Percent(shares.raise), ", calls ",
                                       Percent(shares.call), ", folds ", Percent(shares.fold));
    if (shares.learned < 0.9995) {
      absl::StrAppend(&numbers, "; training has reached ", Percent(shares.learned));
    }
    list_->Judge(name, figure, band, numbers);
  }

  // A raise to `total` that is folded to more often than this gains with any two cards, compared
  // with a fold: it risks what it adds to the own blind, and wins all that is in the pot.
  double FreeStealShare(int player, ActionLabel total) const {
    double pot = game_.DeadChips();
    for (const int32_t blind : game_.blind_chips) pot += blind;
    const double risk = total - game_.blind_chips[player];
    return risk / (risk + pot);
  }

  bool IsDeepNoLimit() const {
    const int32_t big_blind = *std::max_element(game_.blind_chips.begin(), game_.blind_chips.end());
    const int32_t least =
        *std::min_element(game_.stack_chips.begin(), game_.stack_chips.begin() + game_.num_players);
    return game_.betting == BettingKind::kNoLimit && game_.IsHoldem() &&
           game_.num_streets == kStreetsMax && game_.DeadChips() == 0 &&
           least >= kDeepBlinds * big_blind;
  }

  const PublicTree& tree_;
  const GameDefinition& game_;
  const OpeningFrequencies frequencies_;
  LitmusList* const list_;
  std::vector<ActionShares> shares_;  // by seat
};

}  // namespace

void JudgeOpenings(const PublicTree& tree, const CardModel& cards, const Policy& policy,
                   LitmusList* list) {
  if (tree.game().num_hole_cards != 2) {
    for (const char* name :
         {"suited_folded_more", "free_steal", "widening_by_seat", "widening_to_button",
          "trash_folded_first", "first_of_six_plays", "button_of_six_plays",
          "heads_up_button_plays", "limit_button_limps", "limit_button_caps"}) {
      list->Skip(name, "for games with two hole cards");
    }
    return;
  }
  Openings openings(tree, cards, policy, list);
  openings.JudgeSuited();
  openings.JudgeSteals();
  openings.JudgePositions();
  openings.JudgeTrash();
  openings.JudgeCharts();
  openings.JudgeLimit();
}

}  // namespace nash
