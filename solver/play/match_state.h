// Lines of the ACPC's protocol 2.0.0: states of a match, answers to them, and the dealer's log.
//
// Who reads is told of everything that makes no sense in the game: nothing of a line is trusted.
// Thread-safe: values and pure functions.
#ifndef NASHVILLE_SOLVER_PLAY_MATCH_STATE_H_
#define NASHVILLE_SOLVER_PLAY_MATCH_STATE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"
#include "solver/game/public_tree.h"

namespace nash {

inline constexpr absl::string_view kAcpcVersionLine = "VERSION:2.0.0";
// Of one line, its end included: more than any state of the games that are played.
inline constexpr size_t kAcpcLineBytesMax = 1 << 15;

// OK if the protocol has words for the game. Error: FailedPrecondition for antes, which no game
// file of the protocol states, and for board cards on the first street.
absl::Status CheckAcpcGame(const GameDefinition& game);

// What one player is told of a hand.
struct MatchState {
  int position = 0;  // of the player who is told
  uint32_t hand = 0;
  std::vector<ActionLabel> actions;
  std::array<std::vector<Card>, kPlayersMax> holes;  // by position; empty where unknown
  std::vector<Card> board;                           // as far as it is dealt

  friend bool operator==(const MatchState&, const MatchState&) = default;
};

// "MATCHSTATE:0:12:cr300c/:AhKd|/9c8d5h". Cards of the board that are not dealt yet are left out,
// as are hole cards that are empty.
std::string FormatMatchState(const GameDefinition& game, const MatchState& state);

// Reads "AhKd||/9c8d5h/2c" into `state`, whose actions say how much of the board there is. Error:
// InvalidArgument for cards that are too many, too few, twice there or not in the deck.
absl::Status ParseMatchCards(const GameDefinition& game, absl::string_view text, MatchState* state);

// Error: InvalidArgument, with what was found: another line, an action that is not legal, cards
// that are too many, too few, twice there or not in the deck.
absl::StatusOr<MatchState> ParseMatchState(const GameDefinition& game, absl::string_view line);

// The action after "STATE:" of an answer; `state_line` is what the player was told. Error:
// FailedPrecondition where it answers another state, InvalidArgument where its action makes no
// sense or is not legal.
absl::StatusOr<ActionLabel> ParseAnswer(const GameDefinition& game,
                                        absl::Span<const ActionLabel> actions,
                                        absl::string_view state_line, absl::string_view answer);

// Board cards that a hand in this state shows: those of the street; all of them once nobody can bet
// any more and more than one player is left.
int BoardCardsShown(const GameDefinition& game, absl::Span<const ActionLabel> actions);

// What a position has won when the hand is over, in chips. holes and board: all cards.
std::vector<double> HandValues(const GameDefinition& game, const MatchState& all_cards);

// "12.5", "-300": chips as the log has them.
std::string FormatChips(double chips);

}  // namespace nash

#endif  // NASHVILLE_SOLVER_PLAY_MATCH_STATE_H_
