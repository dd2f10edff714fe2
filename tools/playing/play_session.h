// A person at a table of copies of a strategy: asks, tells, and reviews each hand when it is over.
//
// What the table does is a function of (plan, strategy, what was typed). Not thread-safe.
#ifndef NASHVILLE_TOOLS_PLAYING_PLAY_SESSION_H_
#define NASHVILLE_TOOLS_PLAYING_PLAY_SESSION_H_

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/history/hand_record.h"
#include "tools/playing/hand_schedule.h"
#include "tools/playing/session_file.h"
#include "tools/playing/session_score.h"
#include "tools/playing/table_view.h"
#include "tools/playing/typed_lines.h"

namespace nash {

struct TableOptions {
  SessionPlan plan;
  // That is played; a game that the strategy's CheckGame() accepts.
  GameDefinition game;
  uint32_t hands_max = 0;  // of the session, those before included; 0: until it is left
  bool shows_all = false;  // cards that were not shown down, after the hand
  bool prompts = false;    // a person types
  bool has_colour = false;
  FILE* out = nullptr;  // not owned
};

class PlaySession {
 public:
  // Nothing is owned; file may be null. record: hands of the session before.
  PlaySession(const StrategyPlayer& strategy, const TableOptions& options, TypedLines* lines,
              SessionFile* file, const std::optional<SessionRecord>& record);

  // Until the last hand, a q, or the end of what is typed; a hand that is left then is in the file.
  // Error: those of the file and of lines.
  absl::Status Play();

  const SessionScore& score() const { return score_; }
  bool is_left_in_hand() const { return !open_.empty(); }
  // All hands of the session that are over, those before included, with all cards.
  std::vector<HandRecord> Records() const;

 private:
  TableHand HandNumber(uint32_t number) const;
  void Finish(const TableHand& hand);
  absl::StatusOr<bool> PlayHand(TableHand* hand);
  absl::StatusOr<std::optional<ActionLabel>> AskPerson(const TableHand& hand,
                                                       const BettingState& state);
  absl::StatusOr<ActionLabel> AskStrategy(const TableHand& hand, int position) const;
  absl::StatusOr<PlayerAnswer> AnswerAt(const TableHand& hand, int position, size_t actions) const;
  absl::Status Review(const TableHand& hand);
  absl::Status ShowRanges(const TableHand& hand, absl::string_view words);
  void Say(absl::string_view text) const;
  uint32_t num_hands() const { return static_cast<uint32_t>(hands_.size()); }

  const StrategyPlayer& strategy_;
  const TableOptions options_;
  const GameDefinition& game_;  // of options_
  const TableView view_;
  TypedLines* const lines_;
  SessionFile* const file_;
  SessionScore score_;
  std::vector<std::vector<ActionLabel>> hands_;  // that are over
  std::vector<ActionLabel> open_;                // of the hand that was left
};

}  // namespace nash

#endif  // NASHVILLE_TOOLS_PLAYING_PLAY_SESSION_H_
