// A table with Slumbot, by the HTTP interface that it publishes: heads-up no-limit, blinds 50 and
// 100, stacks of 20,000 that begin anew each hand.
//
// POST /api/new_hand {token} and /api/act {token, incr}; answers hold old_action, action,
// client_pos (0: the big blind), hole_cards, board, token, and when the hand is over winnings and
// perhaps bot_hole_cards; or error_msg. A token that an answer brings replaces the one before. Bets
// are totals on their street there, over the hand here. Every field is checked.
// Not thread-safe.
#ifndef NASHVILLE_TOOLS_OPPONENTS_SLUMBOT_H_
#define NASHVILLE_TOOLS_OPPONENTS_SLUMBOT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/history/hand_record.h"
#include "tools/opponents/http_post.h"

namespace nash {

// "b200c/kb300": the actions, each legal. Error: InvalidArgument, with the place.
absl::StatusOr<std::vector<ActionLabel>> ParseSlumbotBetting(const GameDefinition& game,
                                                             absl::string_view text);

// What the player does in a state in which it is on turn.
using OnlineDecision = std::function<absl::StatusOr<ActionLabel>(const MatchState& state)>;

class SlumbotTable {
 public:
  // server: not owned.
  explicit SlumbotTable(HttpPost* server);
  const GameDefinition& game() const { return game_; }

  // Sends name and password, for results that the server adds up. Errors: as PlayHand().
  absl::Status LogIn(const std::string& name, const std::string& password);
  // Plays one hand to its end. Errors: those of HttpPost; DataLoss where an answer makes no sense,
  // with what; FailedPrecondition where the server refuses (error_msg); those of `decide`.
  absl::StatusOr<HandRecord> PlayHand(uint32_t number, const OnlineDecision& decide);

 private:
  struct Answer;
  absl::StatusOr<Answer> Ask(const std::string& path, const std::string& increment);
  absl::StatusOr<Answer> Read(const std::string& body);
  absl::Status CheckFollows(const Answer& before, const Answer& after, ActionLabel sent) const;
  absl::StatusOr<HandRecord> Finish(const Answer& answer) const;

  HttpPost* const server_;
  const GameDefinition game_;
  std::string token_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_OPPONENTS_SLUMBOT_H_
