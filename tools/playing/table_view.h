// A hand as lines of text for who plays it.
//
// Thread-safe: values and pure functions.
#ifndef NASHVILLE_TOOLS_PLAYING_TABLE_VIEW_H_
#define NASHVILLE_TOOLS_PLAYING_TABLE_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "solver/game/betting_state.h"
#include "solver/play/match_state.h"
#include "solver/play/strategy_player.h"
#include "tools/playing/session_score.h"

namespace nash {

// One hand of a session. all.actions: as far as it is played; all.hand: its number in the session.
struct TableHand {
  MatchState all;     // with the cards that nobody sees yet
  int position = 0;   // the person's
  uint32_t deal = 0;  // under which the strategy draws
};

class TableView {
 public:
  // The game must outlive this.
  TableView(const GameDefinition& game, bool has_colour) : game_(game), has_colour_(has_colour) {}

  // "you", "strategy", with more than two players "strategy 2": counted from the person's left.
  std::string SeatName(const TableHand& hand, int position) const;
  // Hand, seats, stacks, cards.
  std::string Beginning(const TableHand& hand) const;
  // "  seat 0  strategy raises ..." of an action that comes next.
  std::string Action(const TableHand& hand, const BettingState& before, ActionLabel action) const;
  // "flop  9c8d5h, pot 600".
  std::string Street(const TableHand& hand, const BettingState& state) const;
  // What the person may do now.
  std::string Turn(const TableHand& hand, const BettingState& state) const;
  // Cards that are shown, and what the person has won.
  std::string End(const TableHand& hand, const BettingState& state, bool shows_all) const;
  // "fold 2%, call 71%, raise to 900 27%".
  std::string Distribution(const BettingState& state, const PlayerAnswer& answer) const;
  // "so far 40 hands, won 300 chips: +75 +-120 mbb/g (95%, 40 hands)".
  std::string Score(const SessionScore& score, bool is_duplicate) const;

  std::string Cards(absl::Span<const Card> cards) const;
  double big_blind_chips() const;

 private:
  const GameDefinition& game_;
  const bool has_colour_;
};

// The hand after its actions.
BettingState StateOf(const GameDefinition& game, absl::Span<const ActionLabel> actions);

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_TABLE_VIEW_H_
