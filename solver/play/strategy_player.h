// A strategy that answers: hole cards, board, actions so far, stacks; what to do, and how likely it
// was to do each thing.
//
// Reads no flag and no clock. What it draws (its own action, and what bets that its menu lacks are
// taken for) is a function of (seed, hand, decision), so that a hand that is played again is played
// alike. Each answer follows the hand from its start: there is no state between questions.
//
// Thread-safe. Cost: a few microseconds an action, and what the memory takes to come.
#ifndef NASHVILLE_SOLVER_PLAY_STRATEGY_PLAYER_H_
#define NASHVILLE_SOLVER_PLAY_STRATEGY_PLAYER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "solver/abstraction/abstraction.h"
#include "solver/play/strategy_file.h"
#include "solver/translation/translated_hand.h"

namespace nash {

struct PlayerOptions {
  // Where bucket files are looked for that do not lie beside the strategy. They are not built here.
  std::string bucket_folder;
  TranslationOptions translation;  // its seed is that of the player's own actions, too
};

// Where the player sits and what it has seen. Nothing is owned.
struct PlayedHand {
  // The game at the table; null: the one that the strategy was trained for.
  const GameDefinition* game = nullptr;
  int position = 0;
  uint64_t number = 0;  // of the hand: names what is drawn
  absl::Span<const Card> hole;
  absl::Span<const Card> board;  // as dealt; those of later streets are not looked at
  absl::Span<const ActionLabel> actions;
};

struct WeighedAction {
  ActionLabel action = kCallLabel;  // as BettingState takes it: a raise is a total over the hand
  double probability = 0;
};

struct PlayerAnswer {
  // The actions that the strategy considers, fold, call, raises ascending, each once. Sum 1.
  std::vector<WeighedAction> actions;
  size_t chosen = 0;
  // The hand has left what the strategy knows: it checks and calls.
  bool is_off_tree = false;

  ActionLabel action() const { return actions[chosen].action; }
};

// Whether a strategy may sit at tables with other stakes than it was trained for.
enum class StakesRule : uint8_t {
  kRefuse = 0,  // blinds, antes and stacks must be those it was trained for
  kScale = 1,  // blinds may be a multiple of them, and stacks any: bets keep their share of the pot
};

class StrategyPlayer {
 public:
  // Errors: those of StrategyFile::Open() and Abstraction::Open(); FailedPrecondition where buckets
  // are not those of the strategy.
  static absl::StatusOr<std::unique_ptr<StrategyPlayer>> Open(const std::string& path,
                                                              const PlayerOptions& options);

  const RunDefinition& definition() const { return file_->content().definition; }
  const GameDefinition& game() const { return definition().game; }
  const StrategyFile& file() const { return *file_; }

  // OK if hands of `played` may be asked about. Error: FailedPrecondition, with what differs and
  // what to do.
  absl::Status CheckGame(const GameDefinition& played, StakesRule rule) const;

  // Needs a game that CheckGame() accepts by kScale, and actions that are legal in it. Errors:
  // InvalidArgument where it is not the position's turn, or cards are missing, twice there or of no
  // deck of the game.
  absl::StatusOr<PlayerAnswer> Ask(const PlayedHand& hand) const;

 private:
  StrategyPlayer(std::unique_ptr<StrategyFile> file, Abstraction abstraction,
                 const TranslationOptions& translation);
  // The cards that the player sees on `street`, hole cards first.
  absl::StatusOr<std::vector<Card>> SeenCards(const PlayedHand& hand, int street) const;
  template <typename Hand>
  absl::StatusOr<PlayerAnswer> AskIn(const PlayedHand& hand, Hand replay) const;

  const std::unique_ptr<StrategyFile> file_;
  const Abstraction abstraction_;
  const TranslationOptions translation_;
  CardSet deck_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_PLAY_STRATEGY_PLAYER_H_
