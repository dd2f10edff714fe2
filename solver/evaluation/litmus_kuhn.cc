// Players of three cards: low, middle, high. The first to act may bet the low card with any
// probability b up to 1/3, bets the high one 3 b and calls with the middle one b + 1/3; the other
// has one way to play. These are all equilibria (Kuhn 1950, table of optimal strategies).
#include "solver/evaluation/litmus_kuhn.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace nash {
namespace {

constexpr char kNames[][24] = {"kuhn_low_bet",         "kuhn_middle_bet",
                               "kuhn_high_bet",        "kuhn_middle_call",
                               "kuhn_second_low_bet",  "kuhn_second_middle_bet",
                               "kuhn_second_high_bet", "kuhn_second_middle_call"};
// Where training is short.
constexpr double kSlack = 0.05;
constexpr char kReason[] = "closed form (Kuhn 1950); 5 points for training that is short";

bool IsKuhnPoker(const GameDefinition& game) {
  return game.betting == BettingKind::kLimit && game.num_players == 2 && game.num_streets == 1 &&
         game.num_hole_cards == 1 && game.num_ranks == 3 && game.num_suits == 1 &&
         game.TotalBoardCards() == 0 && game.max_raises[0] == 1 && game.DeadChips() == 0 &&
         game.blind_chips[0] == game.blind_chips[1] && game.raise_chips[0] == game.blind_chips[0] &&
         game.first_player[0] == 0;
}

class KuhnPlayer {
 public:
  KuhnPlayer(const PublicTree& tree, const HandModel& hands, const Policy& policy, LitmusList* list)
      : tree_(tree), hands_(hands), policy_(policy), list_(list), deck_(MakeDeck(3, 1)) {}

  // The probability of the last action of the node after `betting`, with a card: the bet, and the
  // call where there is one.
  double Last(const char* betting, int card) {
    const NodeIndex node = *tree_.FindNode(betting);
    const Card hole[] = {deck_[card]};
    const uint32_t bucket = hands_.Bucket(0, hole, {});
    is_learned_ &= policy_.IsLearned(node, bucket);
    std::array<double, 2> probabilities;
    policy_.Probabilities(node, bucket, absl::MakeSpan(probabilities));
    return probabilities[1];
  }

  // `figure` is of what Last() was asked for since the last check.
  void Check(const char* name, double figure, double wanted_low, double wanted_high,
             double slack = kSlack) {
    if (is_learned_) {
      const LitmusBand band = {std::max(0.0, wanted_low - slack),
                               std::min(1.0, wanted_high + slack), kReason};
      const std::string range =
          wanted_low < wanted_high ? absl::StrCat(" to ", Percent(wanted_high)) : std::string();
      list_->Judge(name, figure, band, absl::StrCat(Percent(wanted_low), range, " wanted"));
    } else {
      list_->Skip(name, "training has not reached the decision");
    }
    is_learned_ = true;
  }

 private:
  const PublicTree& tree_;
  const HandModel& hands_;
  const Policy& policy_;
  LitmusList* const list_;
  const std::vector<Card> deck_;
  bool is_learned_ = true;
};

}  // namespace

void JudgeKuhn(const PublicTree& tree, const HandModel& hands, const Policy& policy,
               LitmusList* list) {
  if (!IsKuhnPoker(tree.game())) {
    for (const char* name : kNames) list->Skip(name, "for Kuhn poker");
    return;
  }
  enum { kLow, kMiddle, kHigh };
  KuhnPlayer player(tree, hands, policy, list);
  const double low_bet = player.Last("", kLow);
  player.Check(kNames[0], low_bet, 0, 1.0 / 3);
  player.Check(kNames[1], player.Last("", kMiddle), 0, 0);
  // The equilibrium that is meant: one that bets the low card too often has been told of already.
  const double b = std::min(low_bet, 1.0 / 3);
  // Three times as far off as the low card's bet may be.
  player.Check(kNames[2], player.Last("", kHigh), 3 * b, 3 * b, 3 * kSlack);
  player.Check(kNames[3], player.Last("cr", kMiddle), b + 1.0 / 3, b + 1.0 / 3);
  player.Check(kNames[4], player.Last("c", kLow), 1.0 / 3, 1.0 / 3);
  player.Check(kNames[5], player.Last("c", kMiddle), 0, 0);
  player.Check(kNames[6], player.Last("c", kHigh), 1, 1);
  player.Check(kNames[7], player.Last("r", kMiddle), 1.0 / 3, 1.0 / 3);
}

}  // namespace nash
