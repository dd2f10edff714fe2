// A pass is ResponseWalk::Exact() of a responder that answers nowhere: both play their strategies,
// and what the walk finds at each decision on its way is added up by bucket:
//
//   the traverser's nodes    sums[bucket][action][lane] += weight * value of each hand
//   the opponent's nodes     sums[bucket][last][lane]   += weight * reach of each hand
//
// A bucket's regret is its action's sum less the mean by its strategy, which all of its hands
// share, so that it is made when the row is changed and not here. weight: chance, of the board and
// of those that it stands for by a renaming of suits.
//
// Threads have sums of their own. A double becomes an integer by adding 1.5 * 2^52, which leaves the
// number in the low bits: exact below 2^51, and AVX2 has nothing else.
#include "solver/cfr/enumerated_ranges.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/huge_array.h"
#include "common/status_macros.h"
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

// Nodes of blocks by street, and where their sums begin: [bucket][num_actions + 1] packs.
struct Places {
  explicit Places(const std::vector<StreetBlocks>& streets, const std::vector<uint32_t>& buckets) {
    for (size_t s = 0; s < streets.size(); ++s) {
      first.emplace_back();
      for (const SubtreeBlock& block : streets[s].blocks()) {
        for (const ShapeNode& node : streets[s].shape_of(block).nodes) {
          first.back().push_back(packs);
          packs += uint64_t{buckets[s]} * (node.num_actions + 1);
        }
      }
    }
  }
  std::vector<std::vector<uint64_t>> first;
  uint64_t packs = 0;
};

// A thread's sums.
class Sums : public WalkListener<P> {
 public:
  Sums(const Places& places, double unit, HugeArray memory)
      : places_(places), unit_(unit), memory_(std::move(memory)) {}

  void TakeActionValues(const BlockOnBoard<P>& at, uint32_t node, int action,
                        const P* values) override {
    Add(at, node, action, values);
  }
  void TakeRange(const BlockOnBoard<P>& at, uint32_t node, const P* reach) override {
    Add(at, node, at.blocks->shape_of(*at.block).nodes[node].num_actions, reach);
  }
  int64_t* PackAt(uint64_t pack) { return reinterpret_cast<int64_t*>(memory_.data()) + pack * kLanes; }

 private:
  void Add(const BlockOnBoard<P>& at, uint32_t node, int column, const P* values) {
    const int columns = at.blocks->shape_of(*at.block).nodes[node].num_actions + 1;
    const uint64_t first = places_.first[at.street][at.block->first_node + node] + column;
    const double factor = at.weight * unit_;
    constexpr double kShift = 0x1.8p52;
    for (int i = 0, n = at.hands->size(); i < n; ++i) {
      int64_t* const sums = PackAt(first + uint64_t{at.buckets[i]} * columns);
      const double* const lanes = reinterpret_cast<const double*>(values + i);
      for (int k = 0; k < kLanes; ++k) {
        sums[k] += std::bit_cast<int64_t>(lanes[k] * factor + kShift) -
                   std::bit_cast<int64_t>(kShift);
      }
    }
  }

  const Places& places_;
  const double unit_;
  HugeArray memory_;  // int64_t[packs][lanes]
};

class EnumeratedRanges : public EnumeratedPass {
 public:
  EnumeratedRanges(const TableLayout& layout, const CardModel& cards, double most, ThreadPool* pool,
                   std::vector<StreetBlocks> streets, StrategyBlocks<P> strategies)
      : tree_(layout.tree()),
        pool_(pool),
        streets_(std::move(streets)),
        strategies_(std::move(strategies)),
        boards_(tree_.game(), cards.SuitsAreAlike()),
        places_(streets_, BucketsOf(layout)),
        unit_(most) {
    for (uint8_t s = 0; s < streets_.size(); ++s) {
      for (uint32_t b = 0; b < streets_[s].blocks().size(); ++b) {
        const uint32_t nodes = streets_[s].shape_of(streets_[s].blocks()[b]).nodes.size();
        for (uint32_t n = 0; n < nodes; ++n) groups_.push_back({s, b, n});
      }
    }
    setup_ = {&tree_, &streets_, &strategies_, &cards, &boards_, 0, tree_.num_streets(), {}};
  }

  absl::Status TakeMemory() {
    for (int thread = 0; thread < pool_->num_threads(); ++thread) {
      ASSIGN_OR_RETURN(HugeArray memory,
                       HugeArray::Make(places_.packs * kLanes * sizeof(int64_t)));
      sums_.push_back(std::make_unique<Sums>(places_, unit_.per_unit(), std::move(memory)));
      setup_.listeners.push_back(sums_.back().get());
    }
    for (const int player : {0, 1}) {
      setup_.responder = player;
      walks_.push_back(std::make_unique<ResponseWalk>(setup_));
    }
    return absl::OkStatus();
  }

  size_t num_groups() const override { return groups_.size(); }
  absl::Span<const NodeIndex> Group(size_t group) const override {
    const Place& at = groups_[group];
    const SubtreeBlock& block = BlockOf(at);
    return {streets_[at.street].nodes(block, at.node), static_cast<size_t>(block.num_lanes)};
  }

  void Run(int traverser) override { walks_[traverser]->Exact(pool_, [](uint64_t) {}); }

  void TakeActionValues(size_t group, size_t lane, uint32_t bucket,
                        absl::Span<double> values) override {
    const uint64_t row = FirstSum(group) + bucket * (values.size() + 1);
    for (size_t a = 0; a < values.size(); ++a) values[a] = Take(row + a, lane);
  }
  double TakeReach(size_t group, size_t lane, uint32_t bucket) override {
    const int num_actions = ActionsOf(groups_[group]);
    return Take(FirstSum(group) + uint64_t{bucket} * (num_actions + 1) + num_actions, lane);
  }
  void GetStrategy(size_t group, size_t lane, uint32_t bucket,
                   absl::Span<double> strategy) const override {
    const Place& at = groups_[group];
    const P* const row = strategies_.Rows(at.street, BlockOf(at), at.node) + bucket * strategy.size();
    for (size_t a = 0; a < strategy.size(); ++a) strategy[a] = row[a][static_cast<int>(lane)];
  }
  void SetStrategy(size_t group, size_t lane, uint32_t bucket,
                   absl::Span<const double> strategy) override {
    const Place& at = groups_[group];
    P* const row = strategies_.MutableRows(at.street, BlockOf(at), at.node) + bucket * strategy.size();
    for (size_t a = 0; a < strategy.size(); ++a) row[a].Set(static_cast<int>(lane), strategy[a]);
  }

 private:
  struct Place {
    uint8_t street;
    uint32_t block;
    uint32_t node;  // of the block's shape
  };
  const SubtreeBlock& BlockOf(const Place& at) const {
    return streets_[at.street].blocks()[at.block];
  }
  int ActionsOf(const Place& at) const {
    return streets_[at.street].shape_of(BlockOf(at)).nodes[at.node].num_actions;
  }
  uint64_t FirstSum(size_t group) const {
    const Place& at = groups_[group];
    return places_.first[at.street][BlockOf(at).first_node + at.node];
  }
  double Take(uint64_t pack, size_t lane) {
    int64_t total = 0;
    for (const auto& sums : sums_) total += std::exchange(sums->PackAt(pack)[lane], 0);
    return unit_.Of(total);
  }

  const PublicTree& tree_;
  ThreadPool* const pool_;
  const std::vector<StreetBlocks> streets_;
  StrategyBlocks<P> strategies_;
  const SuitBoards boards_;
  const Places places_;
  const ExactUnit unit_;
  std::vector<Place> groups_;
  std::vector<std::unique_ptr<Sums>> sums_;  // by thread
  ResponseWalkSetup setup_;
  std::vector<std::unique_ptr<ResponseWalk>> walks_;  // by traverser
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
  return ResponseWalk::CountSlots(tree, SuitBoards(game, cards.SuitsAreAlike()).CountBoards());
}

uint64_t EnumeratedRangesBytes(const TableLayout& layout, int num_threads) {
  const std::vector<StreetBlocks> streets = StreetBlocks::Build(layout.tree(), kLanes);
  const std::vector<uint32_t> buckets = BucketsOf(layout);
  return StrategyBlocks<P>::BytesNeeded(streets, buckets) +
         num_threads * Places(streets, buckets).packs * kLanes * sizeof(int64_t) +
         2 * ResponseWalk::BytesNeededExact(layout.tree(), streets, num_threads);
}

absl::StatusOr<std::unique_ptr<EnumeratedPass>> MakeEnumeratedRanges(const TableLayout& layout,
                                                                     const CardModel& cards,
                                                                     double chips_max,
                                                                     ThreadPool* pool) {
  std::vector<StreetBlocks> streets = StreetBlocks::Build(layout.tree(), kLanes);
  ASSIGN_OR_RETURN(auto strategies, StrategyBlocks<P>::Make(streets, BucketsOf(layout)));
  const GameDefinition& game = layout.tree().game();
  // A value is chips times the opponent's hands, a reach at most one, of all hands on all boards.
  const double hands = Choose(game.num_ranks * game.num_suits, game.num_hole_cards);
  const double most = WeightOfBoards(game) * hands * std::max(1.0, hands * chips_max);
  auto pass = std::make_unique<EnumeratedRanges>(layout, cards, most, pool, std::move(streets),
                                                 std::move(strategies));
  RETURN_IF_ERROR(pass->TakeMemory());
  return pass;
}

}  // namespace nash
