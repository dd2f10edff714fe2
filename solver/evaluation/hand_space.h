// Every hand and every board of a game with few cards, with buckets and showdown strengths.
//
// A hand is a player's hole cards as a set. Boards form a tree as streets are dealt; a board is a
// set per street, so each stands for all orders of dealing. All deals are equally likely, which
// makes every chance probability one division. Immutable and thread-safe once built. Memory: 4
// bytes for each hand on each board.
#ifndef NASHVILLE_SOLVER_EVALUATION_HAND_SPACE_H_
#define NASHVILLE_SOLVER_EVALUATION_HAND_SPACE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/stage_progress.h"
#include "common/thread_pool.h"
#include "solver/cards/card.h"
#include "solver/game/game_definition.h"

namespace nash {

inline constexpr double kHandCellsMax = 1 << 28;   // hands times boards: 1 GiB
inline constexpr uint32_t kNoBucket = UINT32_MAX;  // the hand holds a card of the board

// What an evaluation asks of the cards. Const member functions must be thread-safe.
class HandModel {
 public:
  virtual ~HandModel() = default;
  // Bucket of a hand on `street`. hole: ascending. board: the cards dealt by then, street by
  // street, ascending within a street.
  virtual uint32_t Bucket(int street, absl::Span<const Card> hole,
                          absl::Span<const Card> board) const = 0;
  // Strength at showdown: the higher wins, equals split. board: complete, in the same order.
  virtual int32_t Strength(absl::Span<const Card> hole, absl::Span<const Card> board) const = 0;
};

// Number of hands of one player: sets of hole cards.
double CountHands(const GameDefinition& game);
// Number of hands times boards that HandSpace::Make() would hold.
double CountHandCells(const GameDefinition& game);
// Number of boards that can be seen on `street`; a board is a sequence of sets.
double CountBoards(const GameDefinition& game, int street);
// Deals of hole cards to all players, players told apart: the joint hands.
double CountJointHands(const GameDefinition& game);

// Whether a HandSpace of the game may be made.
// Error: ResourceExhausted when CountHandCells(game) > kHandCellsMax.
absl::Status CheckHandSpace(const GameDefinition& game);

class HandSpace {
 public:
  // pool: null is the calling thread alone; changes nothing of the result.
  // Errors: those of CheckHandSpace().
  static absl::StatusOr<HandSpace> Make(
      const GameDefinition& game, const HandModel& model, ThreadPool* pool = nullptr,
      const ProgressCallback& progress = [](const StageProgress&) {});

  uint32_t num_hands() const { return static_cast<uint32_t>(hands_.size()); }
  absl::Span<const CardSet> hands() const { return hands_; }

  // Boards of a street. Children of board b of street s are the boards
  // [b * children_per_board(s), (b + 1) * children_per_board(s)) of street s + 1.
  uint32_t num_boards(int street) const {
    return static_cast<uint32_t>(streets_[street].boards.size());
  }
  CardSet board(int street, uint32_t b) const { return streets_[street].boards[b]; }
  uint32_t children_per_board(int street) const { return streets_[street + 1].siblings; }
  // The probability of each board of `street` given the board before it and all players' hands, if
  // it shares no card with them.
  double board_probability(int street) const { return streets_[street].probability; }
  // [num_hands] buckets on a board; kNoBucket where a hand shares a card with it.
  absl::Span<const uint32_t> buckets(int street, uint32_t b) const {
    return absl::MakeConstSpan(streets_[street].buckets)
        .subspan(size_t{b} * num_hands(), num_hands());
  }
  // The hands that a board of the last street leaves possible, the weakest first.
  absl::Span<const uint32_t> order(uint32_t b) const {
    return absl::MakeConstSpan(order_).subspan(size_t{b} * order_size_, order_size_);
  }
  // [num_hands] strengths on a board of the last street.
  absl::Span<const int32_t> strengths(uint32_t b) const {
    return absl::MakeConstSpan(strengths_).subspan(size_t{b} * num_hands(), num_hands());
  }

 private:
  struct Street {
    std::vector<CardSet> boards;
    uint32_t siblings = 0;  // boards of one parent
    double probability = 0;
    std::vector<uint32_t> buckets;
  };

  HandSpace() = default;
  void AddBoards(const GameDefinition& game, int street);
  // Fill in one board: its hands' buckets; on the last street their strengths and order.
  void FillBuckets(const HandModel& model, int street, uint32_t b);
  void FillStrengths(const HandModel& model, uint32_t b);
  std::vector<Card> BoardCards(int street, uint32_t b) const;

  int last_street_ = 0;
  std::vector<Card> deck_;
  std::vector<CardSet> hands_;
  std::array<Street, kStreetsMax> streets_;
  std::vector<int32_t> strengths_;
  std::vector<uint32_t> order_;
  size_t order_size_ = 0;  // hands of one board
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_EVALUATION_HAND_SPACE_H_
