// A board of street s is entered, walked down, and up again when all boards below it have given
// their values:
//
//   Run(s)          the board of levels_[s]
//     Down          each block: ranges at the roots of s + 1            levels_[s + 1].reach
//     RunBelow      RunSteps(s + 1): Enter() and Run() for each board of the next street that
//                   stands for others by a renaming of suits; AddValues() for all it stands for
//     Up            each block: values at the roots of s, from          levels_[s + 1].values
//
// On the last street the loops are the other way round (RunLastSteps): each block is walked on all
// boards in turn, so that its strategy and what lies at its roots stay in a core's cache.
//
// A level's vectors are written over by each board, so depth costs memory and boards do not. Up
// loads ranges once more rather than keep them. At one street (ProgressStreet) boards go to the
// pool's threads, each with a walk of its own; what they give waits in step_values_ and is added in
// the order of boards, which keeps every bit. Lanes without a root must hold zero (FixStreets):
// they are computed with like the others.
//
// The first street with cards has few boards, each of them long (1,755 flops), and all that their
// walks leave behind is one sum: that sum and how many of them are in it is what a journal keeps.
// What comes before them is done anew. tests/evaluation/range_response_test.cc compares with
// pairs of hands on all boards.
#include "solver/ranges/response_walk.h"

#include <glog/logging.h>

#include <algorithm>
#include <bit>

#include "solver/cards/combinations.h"

namespace nash {
namespace {

// Boards whose values are kept until it is their turn to be added.
constexpr int kStepsTogetherMax = 64;
// Boards of the last street that each block is walked on in turn: all rivers of a turn.
constexpr int kLastBoardsMax = 64;

int LiveCards(const GameDefinition& game, int street) {
  return game.num_ranks * game.num_suits - (street < 0 ? 0 : game.BoardCardsOn(street));
}

// Hands of a board of `street`; of the board without cards at -1.
uint64_t HandsOn(const GameDefinition& game, int street) {
  return Choose(LiveCards(game, street), game.num_hole_cards);
}

// The first street with cards; the number of streets where there is none.
int FirstStreetWithCards(const GameDefinition& game) {
  int street = 0;
  while (street < game.num_streets && game.num_board_cards[street] == 0) ++street;
  return street;
}

template <typename P>
void LoadRange(const WalkBoard& board, const P* __restrict from, P* __restrict range) {
  for (int i = 0, n = board.hands->size(); i < n; ++i) range[i] = from[board.targets[i]];
}

int StepsTogether(int num_threads) { return std::min(kStepsTogetherMax, 16 * num_threads); }

}  // namespace

template <typename P>
ResponseWalk<P>::ResponseWalk(const ResponseWalkSetup<P>& setup, int thread)
    : setup_(setup),
      listener_(setup.listeners.empty() ? nullptr : setup.listeners[thread]),
      streets_(*setup.streets),
      last_street_(setup.tree->num_streets() - 1),
      deck_{setup.cards, setup.boards, last_street_},
      no_cards_(
          deck_, setup.tree->game().num_hole_cards,
          1 / CountHandPairs(LiveCards(setup.tree->game(), -1), setup.tree->game().num_hole_cards)),
      walk_(streets_),
      vectors_(2 * kVectorStride<P>) {
  const GameDefinition& game = setup.tree->game();
  for (int s = 0; s <= last_street_; ++s) {
    levels_.push_back(std::make_unique<Level>(deck_, game.num_hole_cards));
    const size_t packs = streets_[s].blocks().size() * HandsOn(game, s - 1);
    levels_[s]->reach.assign(packs, P::Zero());
    levels_[s]->values.assign(packs, P::Zero());
    const int undealt = LiveCards(game, s - 1) - 2 * game.num_hole_cards;
    probabilities_[s] = 1.0 / static_cast<double>(Choose(undealt, game.num_board_cards[s]));
  }
}

template <typename P>
uint64_t ResponseWalk<P>::BytesNeeded(const PublicTree& tree,
                                      const std::vector<StreetBlocks>& streets) {
  uint64_t packs = 0;
  for (int s = 0; s < tree.num_streets(); ++s) {
    packs += 2 * streets[s].blocks().size() * HandsOn(tree.game(), s - 1);
  }
  const uint64_t hands = HandsOn(tree.game(), tree.num_streets() - 1);
  return packs * sizeof(P) + BlockWalk<P>::BytesNeeded(streets) +
         kLastBoardsMax * WalkBoard::BytesNeeded(hands);
}

template <typename P>
uint64_t ResponseWalk<P>::BytesNeededExact(const PublicTree& tree,
                                           const std::vector<StreetBlocks>& streets,
                                           int num_threads) {
  const int street = ProgressStreet(tree);
  const uint64_t step = streets[street].blocks().size() * HandsOn(tree.game(), street) * sizeof(P);
  return (num_threads + 1) * BytesNeeded(tree, streets) + StepsTogether(num_threads) * step;
}

// The street before the last, unless that is the first: its boards are many, and each is long.
template <typename P>
int ResponseWalk<P>::ProgressStreet(const PublicTree& tree) {
  return std::min(tree.num_streets() - 1, std::max(1, tree.num_streets() - 2));
}

template <typename P>
double ResponseWalk<P>::CountSlots(const PublicTree& tree, absl::Span<const uint64_t> boards) {
  double slots = 0;
  for (const PublicNode& node : tree.nodes()) {
    slots += static_cast<double>(node.num_actions) * HandsOn(tree.game(), node.street) *
             static_cast<double>(boards[node.street]);
  }
  return slots;
}

template <typename P>
double ResponseWalk<P>::Exact(ThreadPool* pool, const std::function<void(uint64_t)>& progress,
                              WalkJournal* journal) {
  pool_ = pool;
  progress_ = progress;
  journal_ = journal;
  journal_street_ = journal == nullptr ? -1 : FirstStreetWithCards(setup_.tree->game());
  boards_done_ = 0;
  FixStreets(-1);
  together_street_ = ProgressStreet(*setup_.tree);
  step_values_.resize(StepsTogether(pool->num_threads()));
  while (helpers_.size() < static_cast<size_t>(pool->num_threads())) {
    helpers_.push_back(std::make_unique<ResponseWalk>(setup_, static_cast<int>(helpers_.size())));
  }
  const double chips = Root(LiveCards(setup_.tree->game(), -1), [&](const P* reach, P* values) {
    RunSteps(0, no_cards_, reach, values);
  });
  together_street_ = journal_street_ = -1;
  return chips;
}

template <typename P>
double ResponseWalk<P>::OnBoard(absl::Span<const Card> board, int street) {
  CHECK_GE(setup_.from_street, street) << "cards must be known where answers are chosen";
  const GameDefinition& game = setup_.tree->game();
  FixStreets(street);
  WalkBoard& fixed = levels_[street]->board;
  fixed.SetHands(deck_, street, board);
  for (int s = 0; s <= street; ++s) {
    levels_[s]->board.Hold(deck_, s, board.first(game.BoardCardsOn(s)), fixed.own_hands.board(),
                           s == street ? GroupOf(board) : 1, fixed.own_hands);
  }
  const int num_hands = fixed.own_hands.size();
  return Root(LiveCards(game, street), [&](const P* reach, P* values) {
    Run(0, reach, num_hands, [&](size_t b, const P* block) {
      AddValues(levels_[0]->board.targets, 1, num_hands, 1, block, values + b * num_hands);
    });
  });
}

// Lanes that no root is in must stay zero, wherever the vectors of a block begin.
template <typename P>
void ResponseWalk<P>::FixStreets(int street) {
  if (fixed_street_ == street) return;
  fixed_street_ = street;
  for (const auto& level : levels_) std::fill(level->reach.begin(), level->reach.end(), P::Zero());
}

// The renamings of suits that leave each street of a board as it is.
template <typename P>
SuitGroup ResponseWalk<P>::GroupOf(absl::Span<const Card> board) const {
  const GameDefinition& game = setup_.tree->game();
  SuitGroup group = 0;
  for (SuitGroup left = setup_.boards->root_group(); left != 0; left &= left - 1) {
    const int r = std::countr_zero(left);
    bool is_same = true;
    for (size_t s = 0, n = 0; n < board.size(); n += game.num_board_cards[s++]) {
      CardSet dealt = 0;
      for (int c = 0; c < game.num_board_cards[s]; ++c) dealt |= SetOf(board[n + c]);
      is_same &= setup_.boards->Rename(dealt, r) == dealt;
    }
    if (is_same) group |= SuitGroup{1} << r;
  }
  return group;
}

// The one root of the first street is in the first lane of the first block.
template <typename P>
double ResponseWalk<P>::Root(int live_cards,
                             absl::FunctionRef<void(const P* reach, P* values)> run) {
  CHECK_EQ(streets_[0].blocks().size(), 1u);
  Level& root = *levels_[0];
  P one = P::Zero();
  one.Set(0, 1);
  std::fill(root.reach.begin(), root.reach.end(), one);
  std::fill(root.values.begin(), root.values.end(), P::Zero());
  run(root.reach.data(), root.values.data());
  double chips = 0;
  for (const P& value : root.values) chips += value[0];
  return chips / CountHandPairs(live_cards, setup_.tree->game().num_hole_cards);
}

template <typename P>
BlockOnBoard<P> ResponseWalk<P>::BlockAt(int street, const WalkBoard& board, size_t block) const {
  BlockOnBoard<P> at;
  at.blocks = &streets_[street];
  at.block = &streets_[street].blocks()[block];
  at.strategies = setup_.strategies;
  at.street = street;
  at.hands = board.hands;
  at.buckets = board.buckets.data();
  at.responder = setup_.responder;
  at.responds = street >= setup_.from_street;
  at.weight = board.weight;
  at.listener = listener_;
  return at;
}

// Walks the board of levels_[street] and all below it. reach: [block][hands_before].
template <typename P>
void ResponseWalk<P>::Run(int street, const P* reach, int hands_before, TakeValues take) {
  const WalkBoard& board = levels_[street]->board;
  const size_t num_blocks = streets_[street].blocks().size();
  if (street != last_street_) {
    P* const range = vectors_.data();
    for (size_t b = 0; b < num_blocks; ++b) {
      LoadRange(board, reach + b * hands_before, range);
      walk_.Down(BlockAt(street, board, b), range,
                 [&](uint32_t edge, const P* at_edge) { TakeReach(street, b, edge, at_edge); });
    }
    RunBelow(street);
  }
  for (size_t b = 0; b < num_blocks; ++b) {
    take(b, RunUp(street, board, b, reach + b * hands_before));
  }
}

// The values of a block's roots, [hands]. reach: [hands before].
template <typename P>
const P* ResponseWalk<P>::RunUp(int street, const WalkBoard& board, size_t block, const P* reach) {
  P* const range = vectors_.data();
  P* const values = range + kVectorStride<P>;
  LoadRange(board, reach, range);
  walk_.Up(BlockAt(street, board, block), range, values,
           [&](uint32_t edge, P* at_edge) { GiveValues(street, block, edge, at_edge); });
  return values;
}

// From the reach at the roots of the next street to their values.
template <typename P>
void ResponseWalk<P>::RunBelow(int street) {
  const WalkBoard& board = levels_[street]->board;
  Level& next = *levels_[street + 1];
  std::fill(next.values.begin(), next.values.end(), P::Zero());
  if (street >= fixed_street_) {
    RunSteps(street + 1, board, next.reach.data(), next.values.data());
    return;
  }
  const int n = board.hands->size();
  Run(street + 1, next.reach.data(), n, [&](size_t b, const P* values) {
    AddValues(next.board.targets, 1, n, 1, values, next.values.data() + b * n);
  });
}

template <typename P>
const std::vector<BoardStep>& ResponseWalk<P>::StepsAfter(int street, const WalkBoard& before) {
  std::vector<BoardStep>& steps = levels_[street]->steps;
  setup_.boards->FindSteps(before.board, before.group, setup_.tree->game().num_board_cards[street],
                           &steps);
  return steps;
}

template <typename P>
void ResponseWalk<P>::RunSteps(int street, const WalkBoard& before, const P* reach, P* values) {
  if (street == together_street_) return RunStepsTogether(street, before, reach, values);
  // A journal counts boards one by one.
  if (street == last_street_ && street != journal_street_) {
    return RunLastSteps(before, reach, values);
  }
  const std::vector<BoardStep>& steps = StepsAfter(street, before);
  WalkBoard& board = levels_[street]->board;
  const int hands_before = before.hands->size();
  const absl::Span<P> sums(values, streets_[street].blocks().size() * hands_before);
  for (size_t k = BeginSteps(street, steps.size(), sums); k < steps.size(); ++k) {
    board.Enter(deck_, street, before, steps[k], probabilities_[street]);
    Run(street, reach, hands_before, [&](size_t b, const P* block) {
      AddValues(board.targets, board.num_images, board.hands->size(), probabilities_[street], block,
                values + b * hands_before);
    });
    EndStep(street, k + 1, sums);
  }
}

// Block by block, each on many boards: its strategy and what lies at its roots stay in the
// second-level cache meanwhile.
template <typename P>
void ResponseWalk<P>::RunLastSteps(const WalkBoard& before, const P* reach, P* values) {
  const int street = last_street_;
  const std::vector<BoardStep>& steps = StepsAfter(street, before);
  const int hands_before = before.hands->size();
  const size_t num_blocks = streets_[street].blocks().size();
  for (size_t first = 0; first < steps.size(); first += kLastBoardsMax) {
    const size_t n = std::min<size_t>(steps.size() - first, kLastBoardsMax);
    while (last_boards_.size() < n) {
      last_boards_.push_back(
          std::make_unique<WalkBoard>(deck_, setup_.tree->game().num_hole_cards, no_cards_.weight));
    }
    for (size_t k = 0; k < n; ++k) {
      last_boards_[k]->Enter(deck_, street, before, steps[first + k], probabilities_[street]);
    }
    for (size_t b = 0; b < num_blocks; ++b) {
      for (size_t k = 0; k < n; ++k) {
        const WalkBoard& board = *last_boards_[k];
        const P* const block = RunUp(street, board, b, reach + b * hands_before);
        AddValues(board.targets, board.num_images, board.hands->size(), probabilities_[street],
                  block, values + b * hands_before);
      }
    }
  }
}

template <typename P>
size_t ResponseWalk<P>::BeginSteps(int street, size_t num_steps, absl::Span<P> values) {
  if (street != journal_street_) return 0;
  const WalkState* const state = journal_->Begin();
  const size_t num_doubles = values.size() * P::kLanes;
  if (state == nullptr || state->steps > num_steps || state->values.size() != num_doubles) return 0;
  for (size_t i = 0; i < num_doubles; ++i) {
    values[i / P::kLanes].Set(i % P::kLanes, state->values[i]);
  }
  boards_done_ = state->boards;
  return state->steps;
}

template <typename P>
void ResponseWalk<P>::EndStep(int street, size_t steps_done, absl::Span<const P> values) {
  if (street != journal_street_ || !journal_->IsDue()) return;
  WalkState state = {steps_done, boards_done_, {}};
  state.values.reserve(values.size() * P::kLanes);
  for (const P& pack : values) {
    for (int lane = 0; lane < P::kLanes; ++lane) state.values.push_back(pack[lane]);
  }
  journal_->Save(state);
}

template <typename P>
void ResponseWalk<P>::RunStepsTogether(int street, const WalkBoard& before, const P* reach,
                                       P* values) {
  const std::vector<BoardStep>& steps = StepsAfter(street, before);
  const int hands_before = before.hands->size();
  const size_t num_blocks = streets_[street].blocks().size();
  const absl::Span<P> sums(values, num_blocks * hands_before);
  size_t first = BeginSteps(street, steps.size(), sums);
  while (first < steps.size()) {
    const size_t n = std::min(steps.size() - first, step_values_.size());
    pool_->ForEach(n, [&](size_t k, int thread) {
      ResponseWalk<P>& helper = *helpers_[thread];
      WalkBoard& board = helper.levels_[street]->board;
      board.Enter(deck_, street, before, steps[first + k], probabilities_[street]);
      StepValues& kept = step_values_[k];
      kept.num_hands = board.hands->size();
      kept.num_images = board.num_images;
      kept.targets = board.targets;
      kept.values.resize(num_blocks * kept.num_hands);
      helper.Run(street, reach, hands_before, [&](size_t b, const P* block) {
        std::copy_n(block, kept.num_hands, kept.values.data() + b * kept.num_hands);
      });
    });
    // Boards in their order, so that sums do not depend on who walked what.
    pool_->ForEach(num_blocks, [&](size_t b, int) {
      for (size_t k = 0; k < n; ++k) {
        const StepValues& kept = step_values_[k];
        AddValues(kept.targets, kept.num_images, kept.num_hands, probabilities_[street],
                  kept.values.data() + b * kept.num_hands, values + b * hands_before);
      }
    });
    boards_done_ += n;
    first += n;
    EndStep(street, first, sums);
    progress_(boards_done_);
  }
}

template <typename P>
void ResponseWalk<P>::AddValues(absl::Span<const uint16_t> targets, int num_images, int num_hands,
                                double factor, const P* values, P* sums) const {
  const P weight = P::Broadcast(factor);
  for (int k = 0; k < num_images; ++k) {
    const uint16_t* const to = targets.data() + size_t(k) * num_hands;
    for (int i = 0; i < num_hands; ++i) sums[to[i]] += weight * values[i];
  }
}

template <typename P>
void ResponseWalk<P>::TakeReach(int street, size_t block, uint32_t edge, const P* reach) {
  const StreetBlocks& blocks = streets_[street];
  const SubtreeBlock& from = blocks.blocks()[block];
  const uint32_t* const places = blocks.next_places(from, edge);
  const int n = levels_[street]->board.hands->size();
  P* const next = levels_[street + 1]->reach.data();
  for (int lane = 0; lane < from.num_lanes; ++lane) {
    P* const to = next + size_t{places[lane] / P::kLanes} * n;
    const int to_lane = places[lane] % P::kLanes;
    for (int i = 0; i < n; ++i) to[i].Set(to_lane, reach[i][lane]);
  }
}

template <typename P>
void ResponseWalk<P>::GiveValues(int street, size_t block, uint32_t edge, P* values) const {
  const StreetBlocks& blocks = streets_[street];
  const SubtreeBlock& at = blocks.blocks()[block];
  const uint32_t* const places = blocks.next_places(at, edge);
  const int n = levels_[street]->board.hands->size();
  const P* const next = levels_[street + 1]->values.data();
  if (at.num_lanes < P::kLanes) std::fill(values, values + n, P::Zero());
  for (int lane = 0; lane < at.num_lanes; ++lane) {
    const P* const from = next + size_t{places[lane] / P::kLanes} * n;
    const int from_lane = places[lane] % P::kLanes;
    for (int i = 0; i < n; ++i) values[i].Set(lane, from[i][from_lane]);
  }
}

template class ResponseWalk<ResponsePack>;
template class ResponseWalk<FastResponsePack>;

}  // namespace nash
