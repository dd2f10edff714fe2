// What a player wins in expectation, answering stored strategies with real cards: from the first
// street on, or from a later one, before which it plays its stored strategy.
//
// The public tree is walked street by street (Johanson et al. 2011, s. 3): on a board all blocks of
// the street carry the opponent's range down, then each board of the next street is walked with the
// ranges at its roots, then values come up. Only boards that differ by more than the names of
// suits are walked; what they give counts for all they stand for.
//
// Sums are in one order: the result has the same bits for any number of threads. In doubles it is
// that of pairs of hands to 1e-9; floats take some 55% of the time, and five digits are right, six
// in small games (tests/evaluation/range_response_test.cc). Memory: BytesNeeded(). No allocation in
// the walk of a board. Thread-compatible.
#ifndef NASHVILLE_SOLVER_RANGES_RESPONSE_WALK_H_
#define NASHVILLE_SOLVER_RANGES_RESPONSE_WALK_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "common/thread_pool.h"
#include "solver/game/public_tree.h"
#include "solver/ranges/block_walk.h"
#include "solver/ranges/card_model.h"
#include "solver/ranges/strategy_blocks.h"
#include "solver/ranges/street_blocks.h"
#include "solver/ranges/suit_boards.h"
#include "solver/ranges/walk_board.h"
#include "solver/ranges/walk_journal.h"

namespace nash {

// Subtrees that go side by side in walks of doubles and of floats.
using ResponsePack = Pack<double, 8>;
using FastResponsePack = Pack<float, 16>;

// Another one where sums come in another order or are rounded otherwise: a journal's sum must not
// be gone on with then, nor one of other lanes.
inline constexpr int kResponseWalkVersion = 2;

// Nothing is owned.
template <typename P>
struct ResponseWalkSetup {
  const PublicTree* tree = nullptr;
  const std::vector<StreetBlocks>* streets = nullptr;
  const StrategyBlocks<P>* strategies = nullptr;
  const CardModel* cards = nullptr;
  const SuitBoards* boards = nullptr;
  int responder = 0;
  // The first street on which the responder answers; the number of streets: it never does.
  int from_street = 0;
  // [threads] who is told of decisions by each thread of Exact(), or empty. Needs from_street
  // beyond the last.
  std::vector<WalkListener<P>*> listeners;
};

template <typename P>
class ResponseWalk {
 public:
  // thread: which of setup.listeners is ours.
  explicit ResponseWalk(const ResponseWalkSetup<P>& setup, int thread = 0);
  ResponseWalk(const ResponseWalk&) = delete;
  ResponseWalk& operator=(const ResponseWalk&) = delete;

  // Over all boards, exactly: chips a hand. `progress` is called now and then, by the calling
  // thread, with the boards that were walked of street ProgressStreet(), of boards.CountBoards() in
  // all. journal: or null.
  double Exact(ThreadPool* pool, const std::function<void(uint64_t boards)>& progress,
               WalkJournal* journal = nullptr);
  static int ProgressStreet(const PublicTree& tree);
  // Actions times hands times boards of such a walk. boards: by street, of SuitBoards.
  static double CountSlots(const PublicTree& tree, absl::Span<const uint64_t> boards);

  // Given that the cards of streets [0, street] are these; the streets after are enumerated. Its
  // mean over boards is the value, as long as the responder does not answer before it knows them:
  // needs from_street >= street. board: street by street.
  double OnBoard(absl::Span<const Card> board, int street);

  // What a walk holds, and what Exact() takes beside with that many threads.
  static uint64_t BytesNeeded(const PublicTree& tree, const std::vector<StreetBlocks>& streets);
  static uint64_t BytesNeededExact(const PublicTree& tree, const std::vector<StreetBlocks>& streets,
                                   int num_threads);

 private:
  // Takes the values of a block's roots: [hands of the board].
  using TakeValues = absl::FunctionRef<void(size_t block, const P* values)>;

  // A street: its board, and what lies at its roots, [block][hand of the board before].
  struct Level {
    Level(const WalkDeck& deck, int num_hole_cards) : board(deck, num_hole_cards, 1) {}

    WalkBoard board;
    std::vector<BoardStep> steps;  // that were found to this street
    std::vector<P> reach;
    std::vector<P> values;
  };
  // What one board gives to the board before, kept until its turn.
  struct StepValues {
    std::vector<P> values;  // [block][hand]
    std::vector<uint16_t> targets;
    int num_images = 0;
    int num_hands = 0;
  };

  void FixStreets(int street);
  SuitGroup GroupOf(absl::Span<const Card> board) const;
  void Run(int street, const P* reach, int hands_before, TakeValues take);
  const P* RunUp(int street, const WalkBoard& board, size_t block, const P* reach);
  void RunBelow(int street);
  // Adds what all boards of `street` after `before` give to values: [block][hands before].
  void RunSteps(int street, const WalkBoard& before, const P* reach, P* values);
  void RunStepsTogether(int street, const WalkBoard& before, const P* reach, P* values);
  void RunLastSteps(const WalkBoard& before, const P* reach, P* values);
  // Finds the steps to `street`.
  const std::vector<BoardStep>& StepsAfter(int street, const WalkBoard& before);
  // How many of num_steps steps are done already: their sum is in values.
  size_t BeginSteps(int street, size_t num_steps, absl::Span<P> values);
  void EndStep(int street, size_t steps_done, absl::Span<const P> values);
  void AddValues(absl::Span<const uint16_t> targets, int num_images, int num_hands, double factor,
                 const P* values, P* sums) const;
  BlockOnBoard<P> BlockAt(int street, const WalkBoard& board, size_t block) const;
  void TakeReach(int street, size_t block, uint32_t edge, const P* reach);
  void GiveValues(int street, size_t block, uint32_t edge, P* values) const;
  double Root(int live_cards, absl::FunctionRef<void(const P* reach, P* values)> run);

  const ResponseWalkSetup<P> setup_;
  WalkListener<P>* const listener_;  // or null
  const std::vector<StreetBlocks>& streets_;
  const int last_street_;
  const WalkDeck deck_;
  const WalkBoard no_cards_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::vector<std::unique_ptr<WalkBoard>> last_boards_;  // that are walked block by block
  BlockWalk<P> walk_;
  std::vector<P> vectors_;                           // a block's range and values
  std::array<double, kStreetsMax> probabilities_{};  // of each board of a street, given the hands
  int fixed_street_ = -1;                            // OnBoard(): streets up to here are given

  // Exact() only.
  ThreadPool* pool_ = nullptr;
  int together_street_ = -1;
  WalkJournal* journal_ = nullptr;
  int journal_street_ = -1;                             // the first with cards
  std::vector<std::unique_ptr<ResponseWalk>> helpers_;  // one a thread
  std::vector<StepValues> step_values_;
  std::function<void(uint64_t)> progress_;
  uint64_t boards_done_ = 0;
};

}  // namespace nash

#endif  // NASHVILLE_SOLVER_RANGES_RESPONSE_WALK_H_
