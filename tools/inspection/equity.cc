// For each board: hands sorted by strength, then one sweep gives wins less losses and the weight of
// the opponent's hands that are possible at the same time. A pack's first lane is the first
// player's responder, its second lane the second's, so one sweep serves both.
//
//   equity(h) = sum over boards of (wins + ties / 2) / sum over boards of (weight of hands met)
//
// The sweep gives `ahead`, wins less losses, and `all`, the weight of all hands that share no card
// with h; so wins + ties / 2 = (all + ahead) / 2, and ties need no count of their own. Each board
// is one of the ways for the cards to come and counts once; hands that hold one of its cards are
// not met there.
//
// tests/tools/browse_test.sh compares with an evaluator of its own, hand against hand, in games of
// one and two hole cards and where a third player has folded.
#include "tools/inspection/equity.h"

#include <algorithm>

#include "solver/cards/combinations.h"
#include "solver/ranges/board_hands.h"
#include "solver/ranges/hand_values.h"
#include "solver/ranges/pack.h"

namespace nash {
namespace {

using Lanes = Pack<double, 4>;

// Adds up over boards.
class EquitySums {
 public:
  EquitySums(const LoadedRun& run, const Decision& decision, std::array<int, 2> seats)
      : run_(run),
        decision_(decision),
        seats_(seats),
        hands_(Deck(run), run.tree().game().num_hole_cards),
        reach_(kRangeHandsMax),
        strengths_(kRangeHandsMax),
        index_of_(kRangeHandsMax, -1) {
    for (size_t i = 0; i < decision.hands.size(); ++i) {
      const std::vector<Card>& hole = decision.hands[i].hole;
      index_of_[hole.size() == 2 ? HandNumber(hole[1], hole[0]) : HandNumber(hole[0])] =
          static_cast<int>(i);
    }
    for (int k = 0; k < 2; ++k) {
      won_[k].assign(decision.hands.size(), 0);
      met_[k].assign(decision.hands.size(), 0);
    }
  }

  static std::vector<Card> Deck(const LoadedRun& run) {
    const GameDefinition& game = run.tree().game();
    return MakeDeck(game.num_ranks, game.num_suits);
  }

  // Streets share cards in any order, since strengths do not look at it.
  void AddBoard(absl::Span<const Card> board) {
    CardSet cards = 0;
    for (const Card card : board) cards |= SetOf(card);
    hands_.Set(cards);
    const auto strengths = absl::MakeSpan(strengths_).first(hands_.size());
    run_.cards().FindStrengths(board, hands_, strengths);
    hands_.SortByStrength(strengths);
    for (int i = 0; i < hands_.size(); ++i) {
      const DecisionHand& hand = decision_.hands[index_of_[hands_.numbers()[i]]];
      reach_[i] = Lanes::Zero();
      for (int k = 0; k < 2; ++k) reach_[i].Set(k, hand.reach[seats_[1 - k]]);
    }
    HandEnds<Lanes> ends;
    ends.has_fold = ends.has_showdown = true;
    ends.fold_chips = ends.showdown_chips = Lanes::Broadcast(1);
    SummedRange<Lanes> range = {reach_.data(), &sums_};
    HandValues<Lanes>(hands_).EachOwnEnd(
        ends, &range, [&]<bool kFold, bool kShow>(int i, const Lanes& all, const Lanes& ahead) {
          const int hand = index_of_[hands_.numbers()[i]];
          for (int k = 0; k < 2; ++k) {
            won_[k][hand] += 0.5 * (all[k] + ahead[k]);
            met_[k][hand] += all[k];
          }
        });
  }

  Equities Take() const {
    // What rounding leaves of a range from which all hands were taken away.
    constexpr double kNothing = 1e-12;
    Equities out;
    out.seats = seats_;
    for (int k = 0; k < 2; ++k) {
      for (size_t i = 0; i < won_[k].size(); ++i) {
        out.equity[k].push_back(met_[k][i] > kNothing
                                    ? std::optional(std::clamp(won_[k][i] / met_[k][i], 0.0, 1.0))
                                    : std::nullopt);
      }
    }
    return out;
  }

 private:
  const LoadedRun& run_;
  const Decision& decision_;
  const std::array<int, 2> seats_;
  BoardHands hands_;
  std::vector<Lanes> reach_;
  CardSums<Lanes> sums_;
  std::vector<int32_t> strengths_;
  std::vector<int> index_of_;  // of the decision's hands, by number
  std::array<std::vector<double>, 2> won_, met_;
};

}  // namespace

std::optional<Equities> EquitiesOf(const LoadedRun& run, const Decision& decision) {
  const GameDefinition& game = run.tree().game();
  std::vector<int> seats;
  for (int p = 0; p < game.num_players; ++p) {
    if ((decision.betting.in_hand() >> p & 1) != 0) seats.push_back(p);
  }
  std::vector<Card> live;
  for (const Card card : EquitySums::Deck(run)) {
    if (std::count(decision.board.begin(), decision.board.end(), card) == 0) live.push_back(card);
  }
  const int to_come =
      game.BoardCardsOn(game.num_streets - 1) - static_cast<int>(decision.board.size());
  if (seats.size() != 2 || Choose(live.size(), to_come) > kRunoutsMax) {
    return std::nullopt;
  }
  EquitySums sums(run, decision, {seats[0], seats[1]});
  std::vector<Card> board = decision.board;
  const auto deal = [&](const auto& deal_rest, size_t first, int left) -> void {
    if (left == 0) return sums.AddBoard(board);
    for (size_t c = first; c < live.size(); ++c) {
      board.push_back(live[c]);
      deal_rest(deal_rest, c + 1, left - 1);
      board.pop_back();
    }
  };
  deal(deal, 0, to_come);
  return sums.Take();
}

}  // namespace nash
