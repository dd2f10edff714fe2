// Hands of all players and a whole board are chosen, then the betting tree is walked once for them,
// with all actions of everybody:
//
//   for each board, street by street            one thread
//     for each hand of position 0, 1, ...       without the cards that are taken
//       walk: reach of each player down, chips of the learner up
//
// Each deal counts alike. Decisions of early streets are walked once for every board, which costs
// time and nothing else: their sums are over all deals either way. This is slow and has no tricks;
// games for two players go by vectors (enumerated_ranges.h), and tests compare the two.
#include "solver/cfr/enumerated_deals.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/status_macros.h"
#include "solver/cfr/enumerated_rows.h"
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

using Rows = EnumeratedRows<1>;

class EnumeratedDeals : public EnumeratedPass {
 public:
  EnumeratedDeals(const TableLayout& layout, const CardModel& cards, ThreadPool* pool)
      : tree_(layout.tree()), pool_(pool), deal_chance_(1 / CountDeals(tree_.game())) {
    uint64_t values = 0;
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) {
      values += uint64_t{layout.NumBuckets(node)} * tree_.nodes()[node].num_actions;
    }
    strategies_.resize(values);
    ListHands();
    std::vector<Card> none;
    AddBoards(cards, 0, 0, &none);
  }

  absl::Status TakeMemory(const TableLayout& layout, const ExactUnit& unit) {
    std::vector<std::vector<NodeIndex>> groups;
    for (NodeIndex node = 0; node < layout.num_nodes(); ++node) groups.push_back({node});
    ASSIGN_OR_RETURN(Rows rows, Rows::Make(layout, std::move(groups), unit, pool_->num_threads(),
                                           strategies_.data()));
    rows_ = std::make_unique<Rows>(std::move(rows));
    return absl::OkStatus();
  }

  void Run(int learner, int averaged) override {
    pool_->ForEach(boards_.size(), [&](size_t b, int thread) {
      Walk walk = {*this, boards_[b], learner, averaged, thread};
      walk.Deal(0, boards_[b].cards);
    });
  }
  void Update(const RowRule& rule, int learner, int averaged) override {
    rows_->Update(rule, learner, averaged, pool_);
  }
  void Load(const RowRule& rule, Table* table) override { rows_->Load(rule, table, pool_); }
  void Store(Table* table, UndoLog* checkpoint_log) override {
    rows_->Store(table, checkpoint_log, pool_);
  }

 private:
  // One board, in a pass of one learner.
  struct Walk {
    const EnumeratedDeals& pass;
    const Board& board;
    const int learner;
    const int averaged;
    const int thread;
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

    double ValueOf(const PublicEdge& edge) {
      switch (edge.kind()) {
        case EdgeKind::kFold:
          return edge.payload() == static_cast<uint32_t>(learner) ? -edge.amount_chips
                                                                  : edge.amount_chips;
        case EdgeKind::kShowdown: {
          const int32_t own = strengths[learner];
          const int32_t other = strengths[1 - learner];
          return own == other ? 0 : own > other ? edge.amount_chips : -edge.amount_chips;
        }
        case EdgeKind::kMultiway:
          return MultiwayValue(pass.tree_.game(), pass.tree_.terminals()[edge.payload()], learner,
                               absl::MakeConstSpan(strengths.data(), pass.tree_.num_players()));
        case EdgeKind::kDecision:
          break;
      }
      return ValueOf(edge.payload());
    }

    double OthersReach() const {
      double product = pass.deal_chance_;
      for (int p = 0; p < pass.tree_.num_players(); ++p) product *= p == learner ? 1 : reach[p];
      return product;
    }

    // Chips of the learner from `node` on.
    double ValueOf(NodeIndex node) {
      const PublicNode& n = pass.tree_.nodes()[node];
      const uint32_t bucket = board.buckets[n.street][hands[n.player]];
      const Rows::Values* const strategy = pass.rows_->Strategies(node) + bucket * n.num_actions;
      Rows::Sums* const found =
          pass.rows_->Found(node, thread) + bucket * (uint32_t{n.num_actions} + 1);
      const ExactUnit& unit = pass.rows_->unit();
      if (n.player == averaged) {
        found[n.num_actions][0] += unit.From(pass.deal_chance_ * reach[averaged]);
      }
      const double others = n.player == learner ? OthersReach() : 0;
      const double before = reach[n.player];
      double value = 0;
      for (int a = 0; a < n.num_actions; ++a) {
        const double share = strategy[a][0];
        // The learner's later decisions are learned from whether or not it plays to them.
        if (n.player != learner) reach[n.player] = before * share;
        const double below = ValueOf(pass.tree_.EdgesOf(node)[a]);
        if (n.player == learner) found[a][0] += unit.From(others * below);
        value += share * below;
      }
      reach[n.player] = before;
      return value;
    }
  };

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

  const PublicTree& tree_;
  ThreadPool* const pool_;
  const double deal_chance_;
  std::vector<Rows::Values> strategies_;  // [node][bucket][action]
  std::unique_ptr<Rows> rows_;
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
    values += uint64_t{layout.NumBuckets(node)} * layout.tree().nodes()[node].num_actions;
  }
  const double hands = Choose(game.num_ranks * game.num_suits, game.num_hole_cards);
  const double cells = CountBoards(game) * hands * (game.num_streets + 1);
  return values * sizeof(double) + static_cast<uint64_t>(cells * sizeof(uint32_t)) +
         Rows::BytesNeeded(layout, values, layout.num_rows(), num_threads);
}

absl::StatusOr<std::unique_ptr<EnumeratedPass>> MakeEnumeratedDeals(const TableLayout& layout,
                                                                    const CardModel& cards,
                                                                    double chips_max,
                                                                    ThreadPool* pool) {
  auto pass = std::make_unique<EnumeratedDeals>(layout, cards, pool);
  // What a player wins and how often it comes somewhere are means over all deals.
  RETURN_IF_ERROR(pass->TakeMemory(layout, ExactUnit(std::max(1.0, chips_max))));
  return pass;
}

}  // namespace nash
