// How often a hand wins if nobody bets any more, against each hand of the other player.
//
// Cards to come are enumerated where there are few (hold'em from the flop on), else drawn: before
// the flop once for each hand, suits aside, from boards that no deal depends on. Equities are means
// over boards that leave both hands possible; a tie is half a win.
//
// Thread-safe after Prepare(): const member functions with a workspace for each thread. Memory: 5
// KB for each hand before the flop.
#ifndef NASHVILLE_SOLVER_EVALUATION_RUN_OUT_EQUITY_H_
#define NASHVILLE_SOLVER_EVALUATION_RUN_OUT_EQUITY_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "common/thread_pool.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"
#include "solver/ranges/board_hands.h"
#include "solver/ranges/card_model.h"

namespace nash {

inline constexpr uint64_t kRunOutsMax = 1200;  // that are enumerated; hold'em has 1081 on the flop
inline constexpr uint32_t kDrawnRunOuts = 4000;

class RunOutEquity {
 public:
  // For one thread at a time.
  class Workspace {
   public:
    explicit Workspace(const GameDefinition& game);

   private:
    friend class RunOutEquity;
    BoardHands hands_;
    std::vector<int32_t> strengths_;
    std::vector<int32_t> half_wins_;  // by number of hand
    std::vector<int32_t> boards_;     // by number of hand
    std::vector<Card> deck_;          // of cards that may come
    std::vector<Card> board_;
  };

  // A game for ranges (CanWalkRanges()). The order in which a board is dealt must not matter to the
  // strengths of `cards`. Both outlive this. seed: of boards that are drawn.
  RunOutEquity(const GameDefinition& game, const CardModel& cards, uint64_t seed);

  // Whether equities of a street are over all cards to come.
  bool IsExact(int street) const;
  // Looks up what Find() needs on the first street: in hold'em some 5 seconds of one core. Needed
  // only if it is asked for a street that is not exact.
  void Prepare(ThreadPool* pool);

  // board: the cards dealt by `street`, street by street, ascending within a street. hole:
  // ascending. hands: some that share no card with either. equities: [hands.size()], written.
  void Find(int street, absl::Span<const Card> board, absl::Span<const Card> hole,
            const BoardHands& hands, absl::Span<float> equities, Workspace* workspace) const;

 private:
  // Writes equities by number of hand.
  void Count(int street, absl::Span<const Card> board, absl::Span<const Card> hole,
             Workspace* workspace) const;
  void CountBoard(int own_number, Workspace* workspace) const;

  const GameDefinition& game_;
  const CardModel& cards_;
  const uint64_t seed_;
  const std::vector<Card> deck_;
  // By canonical number of the own hand: equities by number of the other's. Empty: not prepared.
  std::vector<std::vector<float>> first_street_;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_RUN_OUT_EQUITY_H_
