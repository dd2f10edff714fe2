// Hands of all players and a whole board are chosen, then the betting tree is walked once for them,
// with all actions of everybody:
//
//   for each board, street by street            one thread
//     for each hand of position 0, 1, ...       without the cards that are taken
//       walk: reach of each player down, chips of the traverser up
//
// Each deal counts alike. Decisions of early streets are walked once for every board, which costs
// time and nothing else: their sums are over all deals either way. This is slow and has no tricks;
// games for two players go by vectors (enumerated_ranges.h), and tests compare the two.
#include "solver/cfr/enumerated_deals.h"

#include <algorithm>
#include <array>
#include <utility>

#include "solver/game/public_tree.h"

namespace nash {
namespace {

constexpr uint32_t kNoHand = UINT32_MAX;

double Choose(double n, int k) {
  double ways = 1;
  for (int i = 0; i < k; ++i) ways = ways * (n - i) / (i + 1);
  return ways;
}

double CountDeals(const GameDefinition& game) {
  double live = game.num_ranks * game.num_suits;
  double deals = 1;
  for (int player = 0; player < game.num_players; ++player) {
    deals *= Choose(live, game.num_hole_cards);
    live -= game.num_hole_cards;
  }
  for (int s = 0; s < game.num_streets; ++s) {
    deals *= Choose(live, game.num_board_cards[s]);
    live -= game.num_board_cards[s];
  }
  return deals;
}

double CountBoards(const GameDefinition& game) {
  double live = game.num_ranks * game.num_suits;
  double boards = 1;
  for (int s = 0; s < game.num_streets; ++s) {
    boards *= Choose(live, game.num_board_cards[s]);
    live -= game.num_board_cards[s];
  }
  return boards;
}

struct Hand {
  CardSet cards = 0;
  int number = 0;
};

// A whole board: buckets by street and hand, and strengths. kNoHand where the board holds a card.
struct Board {
  CardSet cards = 0;
  std::array<std::vector<uint32_t>, kStreetsMax> buckets;
  std::vector<int32_t> strengths;
};

class EnumeratedDeals : public EnumeratedPass {
 public:
  EnumeratedDeals(const TableLayout& layout, const CardModel& cards, double chips_max,
                  ThreadPool* pool)
      : layout_(layout),
        tree_(layout.tree()),
        pool_(pool),
        deal_chance_(1 / CountDeals(tree_.game())),
        unit_(std::max(1.0, chips_max)),
        sums_(pool->num_threads()) {
    uint64_t values = 0;
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      nodes_.push_back(node);
      first_values_.push_back(values);
      values += uint64_t{layout.NumBuckets(node)} * (ActionsOf(node) + 1);
    }
    strategies_.resize(values);
    for (auto& sums : sums_) sums.resize(values);
    ListHands();
    std::vector<Card> none;
    AddBoards(cards, 0, 0, &none);
  }

  size_t num_groups() const override { return nodes_.size(); }
  absl::Span<const NodeIndex> Group(size_t group) const override { return {&nodes_[group], 1}; }

  void Run(int traverser) override {
    pool_->ForEach(boards_.size(), [&](size_t b, int thread) {
      Walk walk = {*this, boards_[b], traverser, (traverser + 1) % tree_.num_players(),
                   sums_[thread].data()};
      walk.Deal(0, boards_[b].cards);
    });
  }

  void TakeActionValues(size_t group, size_t member, uint32_t bucket,
                        absl::Span<double> values) override {
    for (size_t a = 0; a < values.size(); ++a) values[a] = Take(RowOf(group, bucket) + a);
  }
  double TakeReach(size_t group, size_t member, uint32_t bucket) override {
    return Take(RowOf(group, bucket) + ActionsOf(nodes_[group]));
  }
  void GetStrategy(size_t group, size_t member, uint32_t bucket,
                   absl::Span<double> strategy) const override {
    std::copy_n(strategies_.data() + RowOf(group, bucket), strategy.size(), strategy.data());
  }
  void SetStrategy(size_t group, size_t member, uint32_t bucket,
                   absl::Span<const double> strategy) override {
    std::copy(strategy.begin(), strategy.end(), strategies_.data() + RowOf(group, bucket));
  }

 private:
  // One board, in a pass of one traverser.
  struct Walk {
    const EnumeratedDeals& pass;
    const Board& board;
    const int traverser;
    const int averaged;
    int64_t* const sums;
    std::array<int, kPlayersMax> hands{};          // by position: in pass.hands_
    std::array<int32_t, kPlayersMax> strengths{};  // by position
    std::array<double, kPlayersMax> reach{};       // by position

    // Gives `player` and those after it every hand without the cards of `used`.
    void Deal(int player, CardSet used) {
      if (player == pass.tree_.num_players()) {
        reach.fill(1);
        ValueOf(0);
        return;
      }
      for (size_t h = 0; h < pass.hands_.size(); ++h) {
        if ((pass.hands_[h].cards & used) != 0) continue;
        hands[player] = static_cast<int>(h);
        strengths[player] = board.strengths[h];
        Deal(player + 1, used | pass.hands_[h].cards);
      }
    }

    double EndValue(const PublicEdge& edge) {
      switch (edge.kind()) {
        case EdgeKind::kFold:
          return edge.payload() == static_cast<uint32_t>(traverser) ? -edge.amount_chips
                                                                    : edge.amount_chips;
        case EdgeKind::kShowdown: {
          const int32_t own = strengths[traverser];
          const int32_t other = strengths[1 - traverser];
          return own == other ? 0 : own > other ? edge.amount_chips : -edge.amount_chips;
        }
        case EdgeKind::kMultiway:
          return MultiwayValue(
              pass.tree_.game(), pass.tree_.terminals()[edge.payload()], traverser,
              absl::MakeConstSpan(strengths.data(), pass.tree_.num_players()));
        case EdgeKind::kDecision:
          break;
      }
      return ValueOf(edge.payload());
    }

    double OthersReach() const {
      double product = pass.deal_chance_;
      for (int p = 0; p < pass.tree_.num_players(); ++p) product *= p == traverser ? 1 : reach[p];
      return product;
    }

    // Chips of the traverser from `node` on.
    double ValueOf(NodeIndex node) {
      const PublicNode& n = pass.tree_.nodes()[node];
      const uint32_t bucket = board.buckets[n.street][hands[n.player]];
      const uint64_t row = pass.RowOf(node, bucket);
      const double others = n.player == traverser ? OthersReach() : 0;
      if (n.player == averaged) {
        sums[row + n.num_actions] += pass.unit_.From(pass.deal_chance_ * reach[averaged]);
      }
      const double before = reach[n.player];
      double value = 0;
      for (int a = 0; a < n.num_actions; ++a) {
        const double share = pass.strategies_[row + a];
        // Its own later decisions are learned from whether or not the traverser plays to them.
        if (n.player != traverser) reach[n.player] = before * share;
        const double below = EndValue(pass.tree_.EdgesOf(node)[a]);
        if (n.player == traverser) sums[row + a] += pass.unit_.From(others * below);
        value += share * below;
      }
      reach[n.player] = before;
      return value;
    }
  };

  int ActionsOf(NodeIndex node) const { return tree_.nodes()[node].num_actions; }
  uint64_t RowOf(NodeIndex node, uint32_t bucket) const {
    return first_values_[node] + uint64_t{bucket} * (ActionsOf(node) + 1);
  }
  double Take(uint64_t value) {
    int64_t total = 0;
    for (auto& sums : sums_) total += std::exchange(sums[value], 0);
    return unit_.Of(total);
  }

  void ListHands() {
    const GameDefinition& game = tree_.game();
    BoardHands hands(MakeDeck(game.num_ranks, game.num_suits), game.num_hole_cards);
    hands.Set(0);
    for (int i = 0; i < hands.size(); ++i) {
      hands_.push_back({SetOf(hands.low()[i]) | SetOf(hands.high()[i]), hands.numbers()[i]});
    }
  }

  // Adds all whole boards that begin with `board`, which is dealt before `street`.
  void AddBoards(const CardModel& cards, int street, CardSet dealt, std::vector<Card>* board) {
    if (street == tree_.num_streets()) return AddBoard(cards, *board);
    AddCards(cards, street, tree_.game().num_board_cards[street], 0, dealt, board);
  }
  void AddCards(const CardModel& cards, int street, int num_cards, size_t next, CardSet dealt,
                std::vector<Card>* board) {
    if (num_cards == 0) return AddBoards(cards, street + 1, dealt, board);
    const std::vector<Card> deck = MakeDeck(tree_.game().num_ranks, tree_.game().num_suits);
    for (size_t i = next; i < deck.size(); ++i) {
      if ((SetOf(deck[i]) & dealt) != 0) continue;
      board->push_back(deck[i]);
      AddCards(cards, street, num_cards - 1, i + 1, dealt | SetOf(deck[i]), board);
      board->pop_back();
    }
  }
  void AddBoard(const CardModel& cards, const std::vector<Card>& board) {
    const GameDefinition& game = tree_.game();
    Board& out = boards_.emplace_back();
    for (const Card card : board) out.cards |= SetOf(card);
    BoardHands live(MakeDeck(game.num_ranks, game.num_suits), game.num_hole_cards);
    live.Set(out.cards);
    const auto by_hand = [&](auto values, auto none) {
      decltype(values) all(hands_.size(), none);
      for (size_t h = 0; h < hands_.size(); ++h) {
        const uint16_t position = live.PositionOf(hands_[h].number);
        if (position != kNoPosition) all[h] = values[position];
      }
      return all;
    };
    for (int s = 0; s < tree_.num_streets(); ++s) {
      std::vector<uint32_t> buckets(live.size());
      cards.FindBuckets(s, absl::MakeConstSpan(board.data(), game.BoardCardsOn(s)), live,
                        absl::MakeSpan(buckets));
      out.buckets[s] = by_hand(std::move(buckets), kNoHand);
    }
    std::vector<int32_t> strengths(live.size());
    cards.FindStrengths(board, live, absl::MakeSpan(strengths));
    out.strengths = by_hand(std::move(strengths), int32_t{0});
  }

  const TableLayout& layout_;
  const PublicTree& tree_;
  ThreadPool* const pool_;
  const double deal_chance_;
  const ExactUnit unit_;
  std::vector<NodeIndex> nodes_;
  std::vector<uint64_t> first_values_;      // by node
  std::vector<double> strategies_;          // [node][bucket][num_actions + 1]; the last is not used
  std::vector<std::vector<int64_t>> sums_;  // by thread: [node][bucket][actions, reach]
  std::vector<Hand> hands_;
  std::vector<Board> boards_;
};

}  // namespace

double CountEnumeratedVisits(const PublicTree& tree) {
  return CountDeals(tree.game()) * static_cast<double>(tree.nodes().size());
}

uint64_t EnumeratedDealsBytes(const TableLayout& layout, int num_threads) {
  const GameDefinition& game = layout.tree().game();
  uint64_t values = 0;
  for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
    values +=
        uint64_t{layout.NumBuckets(node)} * (layout.tree().nodes()[node].num_actions + 1);
  }
  const double hands = Choose(game.num_ranks * game.num_suits, game.num_hole_cards);
  const double cells = CountBoards(game) * hands * (game.num_streets + 1);
  return values * sizeof(double) * (num_threads + 1) + static_cast<uint64_t>(cells * 4);
}

std::unique_ptr<EnumeratedPass> MakeEnumeratedDeals(const TableLayout& layout,
                                                    const CardModel& cards, double chips_max,
                                                    ThreadPool* pool) {
  return std::make_unique<EnumeratedDeals>(layout, cards, chips_max, pool);
}

}  // namespace nash
