// A pass is ResponseWalk::Exact() of a responder that answers nowhere: both play their strategies,
// and what the walk finds at each decision on its way is added up by bucket:
//
//   the learner's nodes      found[bucket][action][lane] += weight * value of each hand
//   the opponent's nodes     found[bucket][reach][lane]  += weight * reach of each hand
//
// A bucket's regret is its action's sum less the mean by its strategy, which all of its hands
// share, so that it is made when the row is changed and not here. weight: chance, of the board and
// of those that it stands for by a renaming of suits.
//
// Threads have sums of their own. A double becomes an integer by adding 1.5 * 2^52, which leaves
// the number in the low bits: exact below 2^51, and AVX2 has nothing else.
#include "solver/cfr/enumerated_ranges.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "common/status_macros.h"
#include "solver/cfr/enumerated_rows.h"
#include "solver/ranges/response_walk.h"
#include "solver/ranges/suit_boards.h"

namespace nash {
namespace {

using P = ResponsePack;
constexpr int kLanes = P::kLanes;
// Beyond it boards are not counted: it would take minutes.
constexpr double kBoardsCountedMax = 1e8;

double Choose(double n, int k) {
  double ways = 1;
  for (int i = 0; i < k; ++i) ways = ways * (n - i) / (i + 1);
  return ways;
}

std::vector<uint32_t> BucketsOf(const TableLayout& layout) {
  std::vector<uint32_t> buckets;
  for (int s = 0; s < layout.tree().num_streets(); ++s) buckets.push_back(layout.num_buckets_on(s));
  return buckets;
}

// By how much the boards of all streets, taken with their weights, are more than one: a board's
// weight is its chance given two hands, and each pair of hands leaves fewer boards.
double WeightOfBoards(const GameDefinition& game) {
  double weight = 1;
  double live = game.num_ranks * game.num_suits;
  for (int s = 0; s < game.num_streets; ++s) {
    const int n = game.num_board_cards[s];
    weight *= Choose(live, n) / Choose(live - 2 * game.num_hole_cards, n);
    live -= n;
  }
  return weight;
}

// What lies side by side: the nodes of a block, group by group, in the order of StrategyBlocks.
struct Groups {
  Groups(const std::vector<StreetBlocks>& streets, const std::vector<uint32_t>& buckets) {
    for (size_t s = 0; s < streets.size(); ++s) {
      first.push_back(nodes.size());
      for (const SubtreeBlock& block : streets[s].blocks()) {
        const std::vector<ShapeNode>& shape = streets[s].shape_of(block).nodes;
        for (size_t n = 0; n < shape.size(); ++n) {
          const NodeIndex* const lanes = streets[s].nodes(block, static_cast<int>(n));
          nodes.emplace_back(lanes, lanes + block.num_lanes);
          num_values += uint64_t{buckets[s]} * shape[n].num_actions;
          num_rows += buckets[s];
        }
      }
    }
  }
  size_t Of(int street, const SubtreeBlock& block, uint32_t node) const {
    return first[street] + block.first_node + node;
  }
  std::vector<size_t> first;  // by street
  std::vector<std::vector<NodeIndex>> nodes;
  uint64_t num_values = 0;
  uint64_t num_rows = 0;
};

using Rows = EnumeratedRows<kLanes>;

// Adds up what a thread's walk finds.
class Listener : public WalkListener<P> {
 public:
  Listener(const Groups& groups, int thread, Rows* rows)
      : groups_(groups), thread_(thread), rows_(rows) {}

  void TakeActionValues(const BlockOnBoard<P>& at, uint32_t node, int action,
                        const P* values) override {
    Add(at, node, action, values);
  }
  void TakeRange(const BlockOnBoard<P>& at, uint32_t node, const P* reach) override {
    Add(at, node, at.blocks->shape_of(*at.block).nodes[node].num_actions, reach);
  }

 private:
  void Add(const BlockOnBoard<P>& at, uint32_t node, int column, const P* values) {
    const int columns = at.blocks->shape_of(*at.block).nodes[node].num_actions + 1;
    Rows::Sums* const found =
        rows_->Found(groups_.Of(at.street, *at.block, node), thread_) + column;
    const double factor = at.weight * rows_->unit().per_unit();
    constexpr double kShift = 0x1.8p52;
    for (int i = 0, n = at.hands->size(); i < n; ++i) {
      Rows::Sums& sums = found[uint64_t{at.buckets[i]} * columns];
      const double* const lanes = reinterpret_cast<const double*>(values + i);
      for (int k = 0; k < kLanes; ++k) {
        sums[k] +=
            std::bit_cast<int64_t>(lanes[k] * factor + kShift) - std::bit_cast<int64_t>(kShift);
      }
    }
  }

  const Groups& groups_;
  const int thread_;
  Rows* const rows_;
};

class EnumeratedRanges : public EnumeratedPass {
 public:
  EnumeratedRanges(const TableLayout& layout, const CardModel& cards, ThreadPool* pool,
                   std::vector<StreetBlocks> streets, StrategyBlocks<P> strategies)
      : pool_(pool),
        streets_(std::move(streets)),
        strategies_(std::move(strategies)),
        boards_(layout.tree().game(), cards.SuitsAreAlike()),
        groups_(streets_, BucketsOf(layout)) {
    const PublicTree& tree = layout.tree();
    setup_ = {&tree, &streets_, &strategies_, &cards, &boards_, 0, tree.num_streets(), {}};
  }

  absl::Status TakeMemory(const TableLayout& layout, const ExactUnit& unit) {
    const int num_threads = pool_->num_threads();
    P* const strategies = strategies_.MutableRows(0, streets_[0].blocks()[0], 0);
    ASSIGN_OR_RETURN(Rows rows, Rows::Make(layout, groups_.nodes, unit, num_threads,
                                           reinterpret_cast<Rows::Values*>(strategies)));
    rows_ = std::make_unique<Rows>(std::move(rows));
    for (int thread = 0; thread < num_threads; ++thread) {
      listeners_.push_back(std::make_unique<Listener>(groups_, thread, rows_.get()));
      setup_.listeners.push_back(listeners_.back().get());
    }
    for (const int player : {0, 1}) {
      setup_.responder = player;
      walks_.push_back(std::make_unique<ResponseWalk<P>>(setup_));
    }
    return absl::OkStatus();
  }

  void Run(int learner, int averaged) override {
    walks_[learner]->Exact(pool_, [](uint64_t) {});
  }
  void Update(const RowRule& rule, int learner, int averaged) override {
    rows_->Update(rule, learner, averaged, pool_);
  }
  void Load(const RowRule& rule, Table* table) override { rows_->Load(rule, table, pool_); }
  void Store(Table* table, UndoLog* checkpoint_log) override {
    rows_->Store(table, checkpoint_log, pool_);
  }

 private:
  ThreadPool* const pool_;
  const std::vector<StreetBlocks> streets_;
  StrategyBlocks<P> strategies_;
  const SuitBoards boards_;
  const Groups groups_;
  std::unique_ptr<Rows> rows_;
  std::vector<std::unique_ptr<Listener>> listeners_;  // by thread
  ResponseWalkSetup<P> setup_;
  std::vector<std::unique_ptr<ResponseWalk<P>>> walks_;  // by learner
};

}  // namespace

double CountEnumeratedSlots(const PublicTree& tree, const CardModel& cards) {
  const GameDefinition& game = tree.game();
  double boards = 1;
  double live = game.num_ranks * game.num_suits;
  for (int s = 0; s < game.num_streets; ++s) {
    boards *= Choose(live, game.num_board_cards[s]);
    live -= game.num_board_cards[s];
  }
  if (boards > kBoardsCountedMax) return std::numeric_limits<double>::infinity();
  return ResponseWalk<P>::CountSlots(tree, SuitBoards(game, cards.SuitsAreAlike()).CountBoards());
}

uint64_t EnumeratedRangesBytes(const TableLayout& layout, int num_threads) {
  const std::vector<StreetBlocks> streets = StreetBlocks::Build(layout.tree(), kLanes);
  const std::vector<uint32_t> buckets = BucketsOf(layout);
  const Groups groups(streets, buckets);
  return StrategyBlocks<P>::BytesNeeded(streets, buckets) +
         Rows::BytesNeeded(layout, groups.num_values, groups.num_rows, num_threads) +
         2 * ResponseWalk<P>::BytesNeededExact(layout.tree(), streets, num_threads);
}

absl::StatusOr<std::unique_ptr<EnumeratedPass>> MakeEnumeratedRanges(const TableLayout& layout,
                                                                     const CardModel& cards,
                                                                     double chips_max,
                                                                     ThreadPool* pool) {
  std::vector<StreetBlocks> streets = StreetBlocks::Build(layout.tree(), kLanes);
  ASSIGN_OR_RETURN(auto strategies, StrategyBlocks<P>::Make(streets, BucketsOf(layout)));
  const GameDefinition& game = layout.tree().game();
  // A value is chips times the opponent's hands, a reach at most one, of all hands on all boards.
  const int live = game.num_ranks * game.num_suits;
  const double hands = Choose(live, game.num_hole_cards);
  const double pairs = CountHandPairs(live, game.num_hole_cards);
  const double most = WeightOfBoards(game) * hands * hands / pairs * std::max(1.0, chips_max);
  auto pass = std::make_unique<EnumeratedRanges>(layout, cards, pool, std::move(streets),
                                                 std::move(strategies));
  RETURN_IF_ERROR(pass->TakeMemory(layout, ExactUnit(most)));
  return pass;
}

}  // namespace nash
