// A strategy at an ACPC dealer's table: lines in, lines out. Knows no socket.
//
// Not thread-safe.
#ifndef NASHVILLE_TOOLS_ACPC_ACPC_PLAYER_H_
#define NASHVILLE_TOOLS_ACPC_ACPC_PLAYER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "solver/play/match_state.h"
#include "solver/play/strategy_player.h"

namespace nash {

class AcpcPlayer {
 public:
  // game: at the table, one that CheckGame() accepts. Both must outlive us.
  AcpcPlayer(const StrategyPlayer& strategy, const GameDefinition& game)
      : strategy_(strategy), game_(game) {}

  // What to send for a line of the dealer's, if anything. Lines that begin with '#' or ';' are
  // comments; a state that came before is not answered again. Error: DataLoss where the line makes
  // no sense, or contradicts those before: other cards, another seat, other actions in one hand.
  absl::StatusOr<std::optional<std::string>> Answer(const std::string& line);
  // The same for a state that was not sent as text. Needs that the position is on turn.
  absl::StatusOr<ActionLabel> ActionAt(const MatchState& state) const;

  uint64_t num_hands() const { return num_hands_; }  // that are over
  uint64_t num_answers() const { return num_answers_; }
  bool is_between_hands() const { return !last_.has_value() || is_over_; }

 private:
  absl::Status CheckFollows(const MatchState& state) const;

  const StrategyPlayer& strategy_;
  const GameDefinition& game_;
  std::optional<MatchState> last_;
  bool is_over_ = false;  // the hand of last_
  uint64_t num_hands_ = 0;
  uint64_t num_answers_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_ACPC_ACPC_PLAYER_H_
