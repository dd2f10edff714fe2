// What the board is expected to bring to hands that are all known, street by street: what AIVAT's
// terms for the cards are made of (aivat_match.h).
//
// A run-out is a complete board that goes on from the cards of a street. Where there are few they
// are all taken, else some are drawn, apart from cards and dice of the deal (DrawPurpose): a mean
// over them is then off, but in the mean it is right.
//
// Found when asked for. Thread-compatible. Memory: 4 bytes for each run-out, player and street.
#ifndef NASHVILLE_SOLVER_EVALUATION_BOARD_LUCK_H_
#define NASHVILLE_SOLVER_EVALUATION_BOARD_LUCK_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "common/rng.h"
#include "solver/cards/card.h"
#include "solver/evaluation/abstraction_hands.h"
#include "solver/game/deal.h"
#include "solver/game/game_definition.h"

namespace nash {

class BoardLuck {
 public:
  // With two players a mean takes one look at each run-out, with more it is a showdown of all
  // hands.
  static constexpr uint64_t kAllOfTwo = 1000;  // hold'em has 990 on the flop
  static constexpr uint64_t kAllOfMore = 100;
  static constexpr int kDrawnOfTwo = 256;
  static constexpr int kDrawnOfMore = 64;

  // The order in which a board is dealt must not matter to the strength of hands.
  explicit BoardLuck(const GameDefinition& game);

  // From here on it is about deal `number` of the stream `name` (DrawCards()).
  void Deal(const StreamName& name, uint32_t number);

  // The mean of value(strengths) over the run-outs from `street` on; strengths: by position, the
  // higher wins. On the last street it is that of the board as it came.
  template <typename Value>
  double Mean(int street, const Value& value) {
    const std::vector<int32_t>& strengths = Strengths(street);
    const size_t players = game_.num_players;
    double sum = 0;
    for (size_t at = 0; at < strengths.size(); at += players) {
      sum += value(absl::MakeConstSpan(&strengths[at], players));
    }
    return sum / (strengths.size() / players);
  }
  // Two players: how much more often the hand in the first position wins than loses.
  double Edge(int street);

 private:
  // [run-out][position], of the deal.
  const std::vector<int32_t>& Strengths(int street);
  void AddRunOut(const std::vector<Card>& board, std::vector<int32_t>* strengths) const;
  void TakeAll(int known, const std::vector<Card>& left, std::vector<int32_t>* strengths) const;
  void DrawSome(int street, std::vector<Card> left, std::vector<int32_t>* strengths) const;

  const GameDefinition game_;
  const UnbucketedHands hands_;
  StreamName name_;
  uint32_t number_ = 0;
  CardBatch cards_;
  std::vector<std::vector<Card>> holes_;  // by position
  std::vector<Card> board_;
  // By street; empty: not found yet.
  std::vector<std::vector<int32_t>> strengths_;
  std::vector<double> edges_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_BOARD_LUCK_H_
