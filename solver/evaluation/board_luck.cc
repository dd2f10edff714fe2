// In hold'em for two: 256 of 1,712,304 boards before the flop, 990 on it, 44 on the turn. What is
// drawn before the flop adds noise: of an edge a 16th at most, beside some 0.4 that the flop itself
// moves it by. tests/evaluation/board_luck_test.cc counts boards in another way.
#include "solver/evaluation/board_luck.h"

#include <algorithm>
#include <utility>

#include "solver/cards/combinations.h"
#include "solver/evaluation/board_fill.h"

namespace nash {

BoardLuck::BoardLuck(const GameDefinition& game)
    : game_(game),
      hands_(game.ranking),
      cards_(game.CardsPerDeal(), 1),
      holes_(game.num_players),
      strengths_(game.num_streets),
      edges_(game.num_streets) {}

void BoardLuck::Deal(const StreamName& name, uint32_t number) {
  name_ = name;
  number_ = number;
  DrawCards(game_, name, number, 1, &cards_);
  int slot = 0;
  for (std::vector<Card>& hole : holes_) {
    hole.clear();
    for (int h = 0; h < game_.num_hole_cards; ++h) hole.push_back(cards_.slot(slot++)[0]);
    std::sort(hole.begin(), hole.end());
  }
  board_.clear();
  for (int street = 0; street < game_.num_streets; ++street) {
    const size_t begin = board_.size();
    for (int c = 0; c < game_.num_board_cards[street]; ++c) {
      board_.push_back(cards_.slot(slot++)[0]);
    }
    std::sort(board_.begin() + begin, board_.end());
  }
  for (std::vector<int32_t>& strengths : strengths_) strengths.clear();
}

double BoardLuck::Edge(int street) {
  if (strengths_[street].empty()) {
    edges_[street] = Mean(street, [](absl::Span<const int32_t> strengths) {
      return (strengths[0] > strengths[1]) - (strengths[0] < strengths[1]);
    });
  }
  return edges_[street];
}

const std::vector<int32_t>& BoardLuck::Strengths(int street) {
  std::vector<int32_t>& strengths = strengths_[street];
  if (!strengths.empty()) return strengths;
  const int known = game_.BoardCardsOn(street);
  CardSet dead = 0;
  for (const std::vector<Card>& hole : holes_) {
    for (const Card card : hole) dead |= SetOf(card);
  }
  for (int c = 0; c < known; ++c) dead |= SetOf(board_[c]);
  std::vector<Card> left;
  for (const Card card : MakeDeck(game_.num_ranks, game_.num_suits)) {
    if ((dead & SetOf(card)) == 0) left.push_back(card);
  }
  const uint64_t all = Choose(static_cast<int>(left.size()), game_.TotalBoardCards() - known);
  if (all <= (game_.num_players == 2 ? kAllOfTwo : kAllOfMore)) {
    TakeAll(known, left, &strengths);
  } else {
    DrawSome(street, std::move(left), &strengths);
  }
  return strengths;
}

void BoardLuck::AddRunOut(const std::vector<Card>& board, std::vector<int32_t>* strengths) const {
  for (const std::vector<Card>& hole : holes_) strengths->push_back(hands_.Strength(hole, board));
}

void BoardLuck::TakeAll(int known, const std::vector<Card>& left,
                        std::vector<int32_t>* strengths) const {
  std::vector<Card> board = board_;
  ForEachFill(left, absl::MakeSpan(board).subspan(known), [&] { AddRunOut(board, strengths); });
}

void BoardLuck::DrawSome(int street, std::vector<Card> left,
                         std::vector<int32_t>* strengths) const {
  const int run_outs = game_.num_players == 2 ? kDrawnOfTwo : kDrawnOfMore;
  constexpr int kBlocks = (kBoardCardsMax + 3) / 4;
  std::vector<Card> board = board_;
  for (int index = 0; index < run_outs; ++index) {
    const int first = (street * run_outs + index) * kBlocks;
    DrawFill(
        game_, street, absl::MakeSpan(left),
        [&](int i) { return Draw(name_, DrawPurpose::kEvaluation, number_, first + i); },
        absl::MakeSpan(board));
    AddRunOut(board, strengths);
  }
}

}  // namespace nash
