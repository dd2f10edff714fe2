// Exploitability is the mean of what both players win by answering. Over all boards it is a number;
// over drawn boards an interval of 95%, by the normal approximation: each board gives the mean of
// both players' answers, which is one observation. Boards are drawn by (seed, index), alike for any
// number of threads, from a stream that no match draws from (kBoardsRound).
//
//   setup   strategies laid out by block (strategy_blocks.h), once for both responders
//   exact   one ResponseWalk over all boards on all threads
//   drawn   a ResponseWalk for each thread and responder; a place for the result of each board
//
// The walk itself is solver/ranges/response_walk.h; here are its memory, which is asked for before
// it is taken, the count of what it will visit, and the drawing of boards.
// tests/evaluation/range_response_test.cc compares exact walks with pairs of hands on all boards,
// and drawn boards with their mean.
#include "solver/evaluation/range_response.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "absl/strings/str_format.h"
#include "common/huge_array.h"
#include "common/rng.h"
#include "common/status_macros.h"
#include "solver/cards/card.h"

namespace nash {
namespace {

// Keeps the boards apart from the deals of a match with the same seed.
constexpr uint64_t kBoardsRound = uint64_t{1} << 40;
constexpr double kHalfWidthErrors = 1.96;  // of a 95% interval

std::vector<uint32_t> BucketsOf(const PublicTree& tree, const CardModel& cards) {
  std::vector<uint32_t> buckets;
  for (int s = 0; s < tree.num_streets(); ++s) buckets.push_back(cards.NumBuckets(s));
  return buckets;
}

double HandsOn(const GameDefinition& game, int street) {
  const double live = game.num_ranks * game.num_suits - game.BoardCardsOn(street);
  return game.num_hole_cards == 1 ? live : live * (live - 1) / 2;
}

// All boards up to a street alike, in the order that CardModel asks for.
std::vector<Card> DrawBoard(const GameDefinition& game, const BoardSample& boards, uint32_t index) {
  std::vector<Card> deck = MakeDeck(game.num_ranks, game.num_suits);
  const int num_cards = game.BoardCardsOn(boards.street);
  const StreamName name = {boards.seed, kBoardsRound, 0};
  RandomBlock random{};
  for (int c = 0; c < num_cards; ++c) {
    if (c % 4 == 0) random = Draw(name, DrawPurpose::kEvaluation, index, c / 4);
    const uint32_t left = static_cast<uint32_t>(deck.size()) - c;
    std::swap(deck[c], deck[c + UniformBelow(random[c % 4], left)]);
  }
  auto first = deck.begin();
  for (int s = 0; s <= boards.street; ++s) {
    std::sort(first, first + game.num_board_cards[s]);
    first += game.num_board_cards[s];
  }
  return {deck.begin(), first};
}

}  // namespace

bool CanWalkRanges(const GameDefinition& game) {
  return game.num_players == 2 && game.num_hole_cards <= kRangeHoleCardsMax;
}

ChipsInterval ExploitabilityOf(const std::vector<BoardChips>& boards) {
  const double n = static_cast<double>(boards.size());
  double sum = 0;
  for (const BoardChips& board : boards) sum += (board[0] + board[1]) / 2;
  const double mean = sum / n;
  double squares = 0;
  for (const BoardChips& board : boards) {
    const double difference = (board[0] + board[1]) / 2 - mean;
    squares += difference * difference;
  }
  return {mean, kHalfWidthErrors * std::sqrt(squares / (n - 1) / n)};
}

double CountSlots(const PublicTree& tree, const CardModel& cards) {
  return ResponseWalk<ResponsePack>::CountSlots(
      tree, SuitBoards(tree.game(), cards.SuitsAreAlike()).CountBoards());
}

double CountSlots(const PublicTree& tree, const BoardSample& drawn) {
  const GameDefinition& game = tree.game();
  std::array<double, kStreetsMax> boards{};
  double below = 1;
  int left = game.num_ranks * game.num_suits - game.BoardCardsOn(drawn.street);
  for (int s = 0; s < tree.num_streets(); ++s) {
    for (int c = 0; s > drawn.street && c < game.num_board_cards[s]; ++c) {
      below = below * left-- / (c + 1);
    }
    boards[s] = below;
  }
  double slots = 0;
  for (const PublicNode& node : tree.nodes()) {
    const int street = std::max<int>(node.street, drawn.street);
    slots += node.num_actions * HandsOn(game, street) * boards[node.street];
  }
  return slots * drawn.num_boards;
}

template <typename P>
absl::StatusOr<std::unique_ptr<RangeResponse<P>>> RangeResponse<P>::Make(const PublicTree& tree,
                                                                         const CardModel& cards,
                                                                         const Policy& policy,
                                                                         ThreadPool* pool) {
  const uint64_t needed = BytesNeeded(tree, cards, pool->num_threads());
  if (needed > AvailableMemoryBytes()) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("best responses need %.1f GB for strategies and ranges, %.1f GB are free: "
                        "use fewer threads "
                        "or a machine with more memory",
                        needed / 1e9, AvailableMemoryBytes() / 1e9));
  }
  std::vector<StreetBlocks> streets = StreetBlocks::Build(tree, P::kLanes);
  const std::vector<uint32_t> buckets = BucketsOf(tree, cards);
  ASSIGN_OR_RETURN(auto strategies, StrategyBlocks<P>::Make(streets, buckets));
  strategies.Fill(
      streets,
      [&policy](NodeIndex node, uint32_t bucket, absl::Span<double> probabilities) {
        policy.Probabilities(node, bucket, probabilities);
      },
      pool);
  return std::unique_ptr<RangeResponse>(
      new RangeResponse(tree, cards, pool, std::move(streets), std::move(strategies)));
}

template <typename P>
uint64_t RangeResponse<P>::BytesNeeded(const PublicTree& tree, const CardModel& cards,
                                       int num_threads) {
  const std::vector<StreetBlocks> streets = StreetBlocks::Build(tree, P::kLanes);
  // OnBoards() has two walks a thread.
  return StrategyBlocks<P>::BytesNeeded(streets, BucketsOf(tree, cards)) +
         std::max(ResponseWalk<P>::BytesNeededExact(tree, streets, num_threads),
                  2 * num_threads * ResponseWalk<P>::BytesNeeded(tree, streets));
}

template <typename P>
ResponseWalkSetup<P> RangeResponse<P>::SetupOf(int player, int from_street) const {
  return {&tree_, &streets_, &strategies_, &cards_, &boards_, player, from_street};
}

template <typename P>
double RangeResponse<P>::Response(int player, int from_street, const WalkProgress& progress,
                                  WalkJournal* journal) {
  if (num_progress_boards_ == 0) {
    num_progress_boards_ = boards_.CountBoards()[ResponseWalk<P>::ProgressStreet(tree_)];
  }
  ResponseWalk<P> walk(SetupOf(player, from_street));
  const double chips = walk.Exact(
      pool_,
      [&](uint64_t boards) {
        progress(static_cast<double>(boards) / static_cast<double>(num_progress_boards_));
      },
      journal);
  return chips + tree_.OwnChips(player);
}

// A board is one thread's; each has a place of its own for what it gives.
template <typename P>
std::vector<BoardChips> RangeResponse<P>::OnBoards(const BoardSample& boards,
                                                   const WalkProgress& progress,
                                                   const std::function<bool()>& stops) {
  const int num_threads = pool_->num_threads();
  std::vector<std::array<std::unique_ptr<ResponseWalk<P>>, 2>> walks(num_threads);
  for (auto& walk : walks) {
    for (int player : {0, 1}) {
      walk[player] = std::make_unique<ResponseWalk<P>>(SetupOf(player, boards.street));
    }
  }
  std::vector<BoardChips> chips(boards.num_boards);
  const uint32_t step = 4 * num_threads;
  for (uint32_t first = 0; first < boards.num_boards; first += step) {
    if (first >= 2 && stops()) {
      chips.resize(first);
      break;
    }
    const uint32_t n = std::min(step, boards.num_boards - first);
    pool_->ForEach(n, [&](size_t k, int thread) {
      const uint32_t index = first + static_cast<uint32_t>(k);
      const std::vector<Card> board = DrawBoard(tree_.game(), boards, index);
      for (int player : {0, 1}) {
        chips[index][player] =
            walks[thread][player]->OnBoard(board, boards.street) + tree_.OwnChips(player);
      }
    });
    progress(static_cast<double>(first + n) / boards.num_boards);
  }
  return chips;
}

template class RangeResponse<ResponsePack>;
template class RangeResponse<FastResponsePack>;

}  // namespace nash
