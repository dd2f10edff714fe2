// Hands and boards are written out in full, for games where that is possible:
//
//   hands_                 every set of hole cards, the same list on every board
//   streets_[s].boards     every board; the children of board b are b * n to (b + 1) * n - 1
//   buckets                [boards][hands], kNoBucket where the two share a card
//   strengths_, order_     of the last street: strength by hand; possible hands, the weakest first
//
// A board is the set of its cards, but its place in the list also says what was dealt on which
// street, so that Leduc's and hold'em's boards are trees of the same kind. Since every deal of hole
// cards is as likely, the chance of a next board is one over the number of sets of what is left;
// hands that share its cards are left out by those who sum.
//
// Nothing is made canonical: suits stay what they are, which makes this slow and hard to get wrong.
#include "solver/evaluation/hand_space.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace nash {
namespace {

constexpr uint32_t kBoardsPerStep = 16;  // of one thread at a time

double Choose(int n, int k) {
  double ways = 1;
  for (int i = 0; i < k; ++i) ways = ways * (n - i) / (i + 1);
  return ways;
}

// All sets of `size` cards of `deck` without cards of `dead`, in lexicographic order.
void AppendSets(const std::vector<Card>& deck, CardSet dead, int size, size_t first, CardSet chosen,
                std::vector<CardSet>* sets) {
  if (size == 0) {
    sets->push_back(chosen);
    return;
  }
  for (size_t i = first; i < deck.size(); ++i) {
    const CardSet card = SetOf(deck[i]);
    if ((card & dead) == 0) AppendSets(deck, dead, size - 1, i + 1, chosen | card, sets);
  }
}

std::vector<Card> CardsOf(CardSet set) {
  std::vector<Card> cards;
  for (; set != 0; set &= set - 1) cards.push_back(static_cast<Card>(std::countr_zero(set)));
  return cards;
}

}  // namespace

void HandModel::FindBuckets(int street, absl::Span<const Card> board, const BoardHands& hands,
                            absl::Span<uint32_t> buckets) const {
  for (int i = 0; i < hands.size(); ++i) {
    const std::array<Card, 2> hole = {hands.low()[i], hands.high()[i]};
    buckets[i] = Bucket(street, absl::MakeConstSpan(hole.data(), hands.num_hole_cards()), board);
  }
}

void HandModel::FindStrengths(absl::Span<const Card> board, const BoardHands& hands,
                              absl::Span<int32_t> strengths) const {
  for (int i = 0; i < hands.size(); ++i) {
    const std::array<Card, 2> hole = {hands.low()[i], hands.high()[i]};
    strengths[i] = Strength(absl::MakeConstSpan(hole.data(), hands.num_hole_cards()), board);
  }
}

double CountBoards(const GameDefinition& game, int street) {
  int left = game.num_ranks * game.num_suits;
  double boards = 1;
  for (int s = 0; s <= street; ++s) {
    boards *= Choose(left, game.num_board_cards[s]);
    left -= game.num_board_cards[s];
  }
  return boards;
}

double CountHands(const GameDefinition& game) {
  return Choose(game.num_ranks * game.num_suits, game.num_hole_cards);
}

double CountHandCells(const GameDefinition& game) {
  double boards = 0;
  for (int street = 0; street < game.num_streets; ++street) boards += CountBoards(game, street);
  // The last street's boards count three times: buckets, strengths and order.
  boards += 2 * CountBoards(game, game.num_streets - 1);
  return boards * CountHands(game);
}

double CountJointHands(const GameDefinition& game) {
  int left = game.num_ranks * game.num_suits;
  double deals = 1;
  for (int player = 0; player < game.num_players; ++player) {
    deals *= Choose(left, game.num_hole_cards);
    left -= game.num_hole_cards;
  }
  return deals;
}

absl::Status CheckHandSpace(const GameDefinition& game) {
  const double cells = CountHandCells(game);
  if (cells > kHandCellsMax) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "the game has %.3g pairs of hand and board; an exact evaluation holds at most %.3g: use a "
        "game with a smaller deck",
        cells, kHandCellsMax));
  }
  return absl::OkStatus();
}

absl::StatusOr<HandSpace> HandSpace::Make(const GameDefinition& game, const HandModel& model,
                                          ThreadPool* pool, const ProgressCallback& progress) {
  RETURN_IF_ERROR(CheckHandSpace(game));
  ThreadPool alone(1);
  if (pool == nullptr) pool = &alone;
  HandSpace space;
  space.last_street_ = game.num_streets - 1;
  space.deck_ = MakeDeck(game.num_ranks, game.num_suits);
  AppendSets(space.deck_, 0, game.num_hole_cards, 0, 0, &space.hands_);
  uint64_t num_boards = 0;
  for (int street = 0; street < game.num_streets; ++street) {
    space.AddBoards(game, street);
    num_boards += space.num_boards(street);
  }
  StageCounter counter({"hands and boards", 0, num_boards, "boards"}, progress);
  for (int street = 0; street < game.num_streets; ++street) {
    const uint32_t n = space.num_boards(street);
    pool->ForEach((n + kBoardsPerStep - 1) / kBoardsPerStep, [&](size_t step, int thread) {
      const uint32_t first = static_cast<uint32_t>(step) * kBoardsPerStep;
      const uint32_t end = std::min(n, first + kBoardsPerStep);
      for (uint32_t b = first; b < end; ++b) {
        space.FillBuckets(model, street, b);
        if (street == space.last_street_) space.FillStrengths(model, b);
      }
      counter.Add(end - first, thread);
    });
  }
  counter.Finish();
  return space;
}

void HandSpace::AddBoards(const GameDefinition& game, int street) {
  Street& s = streets_[street];
  const int num_cards = game.num_board_cards[street];
  const std::vector<CardSet> root = {0};
  for (CardSet parent : street == 0 ? root : streets_[street - 1].boards) {
    const size_t first = s.boards.size();
    AppendSets(deck_, parent, num_cards, 0, 0, &s.boards);
    for (size_t b = first; b < s.boards.size(); ++b) s.boards[b] |= parent;
    s.siblings = static_cast<uint32_t>(s.boards.size() - first);
  }
  const int dealt = game.num_players * game.num_hole_cards + game.BoardCardsOn(street) - num_cards;
  s.probability = 1 / Choose(static_cast<int>(deck_.size()) - dealt, num_cards);
  s.buckets.resize(s.boards.size() * hands_.size());
  if (street != last_street_) return;
  // Equal boards leave equally many hands.
  order_size_ = std::count_if(hands_.begin(), hands_.end(),
                              [&](CardSet hand) { return (hand & s.boards[0]) == 0; });
  strengths_.resize(s.buckets.size());
  order_.resize(s.boards.size() * order_size_);
}

void HandSpace::FillBuckets(const HandModel& model, int street, uint32_t b) {
  const std::vector<Card> board_cards = BoardCards(street, b);
  uint32_t* const buckets = streets_[street].buckets.data() + size_t{b} * num_hands();
  for (uint32_t h = 0; h < num_hands(); ++h) {
    buckets[h] = (hands_[h] & board(street, b)) != 0
                     ? kNoBucket
                     : model.Bucket(street, CardsOf(hands_[h]), board_cards);
  }
}

void HandSpace::FillStrengths(const HandModel& model, uint32_t b) {
  const std::vector<Card> board_cards = BoardCards(last_street_, b);
  int32_t* const strengths = strengths_.data() + size_t{b} * num_hands();
  uint32_t* const order = order_.data() + size_t{b} * order_size_;
  uint32_t* next = order;
  for (uint32_t h = 0; h < num_hands(); ++h) {
    const bool is_possible = (hands_[h] & board(last_street_, b)) == 0;
    if (is_possible) *next++ = h;
    strengths[h] = is_possible ? model.Strength(CardsOf(hands_[h]), board_cards) : 0;
  }
  std::stable_sort(order, next,
                   [&](uint32_t h, uint32_t k) { return strengths[h] < strengths[k]; });
}

// The cards of a board, street by street.
std::vector<Card> HandSpace::BoardCards(int street, uint32_t b) const {
  std::vector<Card> cards;
  CardSet before = 0;
  if (street > 0) {
    const uint32_t parent = b / streets_[street].siblings;
    cards = BoardCards(street - 1, parent);
    before = board(street - 1, parent);
  }
  const std::vector<Card> dealt = CardsOf(board(street, b) & ~before);
  cards.insert(cards.end(), dealt.begin(), dealt.end());
  return cards;
}

}  // namespace nash
