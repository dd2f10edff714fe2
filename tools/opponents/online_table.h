// A table of two with a public opponent: no-limit hold'em, blinds 50 and 100, stacks of 20,000 that
// begin anew each hand, which is the game of both that publish an interface.
//
// What is the same for all of them is here: the loop of a hand, and that every state which a server
// tells follows from the one before, by the rules. How it is asked is the subclasses'.
// Not thread-safe.
#ifndef NASHVILLE_TOOLS_OPPONENTS_ONLINE_TABLE_H_
#define NASHVILLE_TOOLS_OPPONENTS_ONLINE_TABLE_H_

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/history/hand_record.h"

namespace nash {

// "b200c/kb300": the actions, each legal; a bet is a total on its street. Error: InvalidArgument,
// with the place.
absl::StatusOr<std::vector<ActionLabel>> ParseOnlineBetting(const GameDefinition& game,
                                                            absl::string_view text);

// As the servers have it: f, k, c, or b with a total on the street.
struct OnlineAction {
  char letter = 'k';
  int32_t street_chips = 0;  // of a b
};
OnlineAction OnlineActionOf(const GameDefinition& game, const std::vector<ActionLabel>& actions,
                            ActionLabel action);

// What a server tells of a hand.
struct OnlineState {
  bool is_found = false;  // of a hand that was begun before, and is played on
  int position = 0;       // ours; 0 is the big blind, 1 the button with the small one
  std::vector<ActionLabel> actions;
  std::vector<Card> hole, board, other_hole;  // the other's may be empty
  std::optional<double> winnings;             // ours, in chips, of a hand that is over
  std::optional<double> adjusted_chips;       // the same with luck taken out, where it is told
};

struct OnlineHand {
  HandRecord record;
  double chips = 0;                      // ours
  std::optional<double> adjusted_chips;  // the same with luck taken out
};

// What the player does in a state in which it is on turn.
using OnlineDecision = std::function<absl::StatusOr<ActionLabel>(const MatchState& state)>;

class OnlineTable {
 public:
  virtual ~OnlineTable() = default;
  const GameDefinition& game() const { return game_; }
  // Says what takes luck out of results, for people: "less Slumbot's own result in the seat".
  virtual absl::string_view adjustment() const = 0;

  // How many hands the server holds open that an earlier run has left; PlayHand() plays them first.
  // Nobody else may be playing them. None where the server does not tell. Errors: as of PlayHand().
  virtual absl::StatusOr<size_t> FindOpenHands() { return 0; }

  // Plays one hand to its end; one whose connection breaks is asked for again where the server
  // holds it open. Errors: those of HttpClient; DataLoss where an answer makes no sense, with what;
  // FailedPrecondition where the server refuses; Unauthenticated where the hand is lost and the
  // next may be played all the same: the server has forgotten the session in its middle, or has
  // ended it while nobody heard; those of `decide`.
  absl::StatusOr<OnlineHand> PlayHand(uint32_t number, const OnlineDecision& decide);

 protected:
  explicit OnlineTable(absl::string_view opponent);

  virtual absl::StatusOr<OnlineState> Begin() = 0;
  // action: legal in `state`.
  virtual absl::StatusOr<OnlineState> Act(const OnlineState& state, ActionLabel action) = 0;
  // The hand of the last Begin() as the server holds it, after `broken` (Aborted), which is the
  // error where the server does not tell. Unauthenticated: it is over there.
  virtual absl::StatusOr<OnlineState> AskAgain(const absl::Status& broken) { return broken; }

  // Errors, in one line each, of words that a server may have chosen.
  absl::Status Senseless(absl::string_view what) const;
  absl::Status Refused(absl::string_view said) const;
  // A JSON object. Error: Senseless().
  absl::StatusOr<nlohmann::json> ParseObject(const std::string& body) const;
  // names: of all cards, joined. key: for the message.
  absl::StatusOr<std::vector<Card>> Cards(const std::string& names, absl::string_view key) const;

 private:
  absl::StatusOr<OnlineState> Proceed(const OnlineState& state, ActionLabel action, int* breaks);
  absl::Status CheckState(const OnlineState& state) const;
  absl::Status CheckFollows(const OnlineState& before, const OnlineState& after,
                            std::optional<ActionLabel> sent) const;
  absl::StatusOr<OnlineHand> Finish(const OnlineState& state, uint32_t number) const;

  const std::string opponent_;
  const GameDefinition game_;
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_OPPONENTS_ONLINE_TABLE_H_
